import { type Catalogue, entry, withLines } from './entry.ts';

/** Errors of bringing a release onto a host, of going back, and of the image of the gateway. */
export const DEPLOY_ERRORS = {
  'plan-changed': (where: string) =>
    entry(1, `${where} was changed while this run was getting ready: nothing was done`, 'run it again'),
  stopped: (where: string) =>
    entry(1, `stopped before the services of ${where} were touched`, 'run it again to go on'),
  'release-damaged': (folder: string, found: string, where: string) =>
    entry(
      1,
      `${folder} on ${where} holds ${found || 'nothing readable'}`,
      'move that folder aside on the host, see who changed it, and run it again',
    ),
  'apply-failed': (release: string, where: string, how: string, why: string, hint: string) =>
    entry(1, withLines(`${release} does not serve on ${where}; ${how}`, why), hint),
  'apply-unseen': (release: string, where: string, lines: string) =>
    entry(
      1,
      withLines(
        `the connection to ${where} ended while ${release} was applied; the host sees it through`,
        lines,
      ),
      'npx gatehouse --<stack>-releases tells how it ended',
    ),
  'release-unknown': (id: string, where: string, known: string) =>
    entry(2, `there is no release ${id} on ${where} to go back to`, `it has ${known}`),
  'release-none-before': (where: string) =>
    entry(
      2,
      `no release was applied on ${where} before the current one`,
      'npx gatehouse --<stack>-releases lists them',
    ),
  'gateway-image-none': (stack: string, dialect: string) =>
    entry(
      2,
      `the gateway of ${stack} has no image of its own (gateway.dialect: ${dialect})`,
      'nothing is to be upgraded',
    ),
  'version-invalid': (version: string) =>
    entry(
      2,
      `a version of a gateway image must be a tag that does not move; got "${version}"`,
      'such as 10.45.1j, or 10.45.1j@sha256:... with its digest',
    ),
  'image-differs': (reference: string, wanted: string, found: string) =>
    entry(
      1,
      `${reference} has the digest ${found}, not ${wanted}`,
      'find out which is right before it logs in to an account',
    ),
} as const satisfies Catalogue;
