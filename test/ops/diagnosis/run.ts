import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Diagnosis, diagnose } from '../../../ops/checks/diagnose.ts';
import { insideChecks } from '../../../ops/checks/inside.ts';
import { outsideChecks } from '../../../ops/checks/outside.ts';
import { deployedActions, readTarget } from '../../../ops/target.ts';
import type { VerbContext } from '../../../ops/verb.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '../certificate.ts';
import { emptyRoot } from '../dev/folder.ts';
import { listening } from '../helpers.ts';
import type { Way } from './way.ts';
import { wellHost } from './well.ts';

export const PROD = `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: gnzsnz }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;

/** Diagnoses a stack that is well but for the one thing, from recorded answers. */
export async function diagnosed({ by }: Way): Promise<Diagnosis> {
  const root = await emptyRoot();
  await writeFile(join(root, 'Pulumi.prod.yaml'), PROD);
  const target = await readTarget(root, 'prod');
  const host = wellHost(by.kind === 'host' ? by.answers : {});
  const actions = deployedActions(target, host, { stack: 'prod', options: {} });
  const options = { hostFolder: '/var/lib/gatehouse', ssh: 'gate' };
  const context = { root, options, local: host, stack: 'prod' } as unknown as VerbContext;
  const edge = {
    url: new URL(`https://localhost:${await served()}`),
    publicAuthority: false,
    timeoutMs: 10_000,
  };
  const checks = [
    ...outsideChecks({ edge, actions, apiKey: undefined, connectOnce: false, ...outside(by) }),
    ...(await insideChecks({ target, actions, host, context })),
  ];
  return diagnose(checks, { stack: 'prod', now: () => new Date() });
}

/** What stands around the name of the stack. */
function outside(by: Way['by']) {
  const broken = by.kind === 'edge' ? by.edge : undefined;
  return {
    lookup: async () =>
      broken === 'no-address'
        ? Promise.reject(new Error('getaddrinfo ENOTFOUND'))
        : [{ address: '127.0.0.1' }],
    expected: async () => (broken === 'other-address' ? '192.0.2.1' : '127.0.0.1'),
    now: () => (broken === 'expired' ? new Date('2200-01-01') : new Date()),
  };
}

/** A bridge behind its edge, as far as it is asked. */
async function served(): Promise<number> {
  const health = {
    status: 'ok',
    state: 'ready',
    since: 'now',
    accounts: [],
    serverVersion: 200,
    clientId: 10,
  };
  const server = createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, (_request, response) =>
    response.end(JSON.stringify({ ok: true, ...health })),
  );
  onTestFinished(() => server.closeAllConnections());
  return listening(server);
}
