import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig, readStackFile } from '../../../compose/config.ts';
import { buildRelease, type Release } from '../../../compose/release.ts';
import type { Clock } from '../../../ops/clock.ts';
import type { Command } from '../../../ops/commands/command.ts';
import { type RecordingRemote, recordingRemote } from '../../../ops/recording.ts';
import { type Ran, type RunOptions, run } from '../around.ts';
import { listening } from '../helpers.ts';

export const PROD = `# What runs in production.
config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway:
    dialect: gnzsnz
    tradingMode: live
    # The version that was tried on paper first.
    image: ghcr.io/gnzsnz/ib-gateway:10.45.1j
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;

export const SITE = '/var/lib/gatehouse/stacks/gatehouse';
export const BEFORE = 'r-00000000000000aa';

/** A Friday noon in New York: no window is open, and IBKR does nothing out of the ordinary. */
export const NOON = new Date('2026-11-20T17:00:00Z');

/** A checkout with a stack, and the release it makes. */
export interface Checkout {
  readonly root: string;
  readonly release: Release;
}

export async function checkout(text = PROD): Promise<Checkout> {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-deploying-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'Pulumi.prod.yaml'), text);
  const release = await buildRelease(readConfig(await readStackFile(root, 'prod')), { stack: 'prod' });
  return { root, release };
}

type Said = { exit?: number; stdout?: string; stderr?: string } | undefined;
export type Says = (command: Command, line: string) => Said;

/** A host where these services run, each from the definition given or, where undefined, from the release's own. */
export function host(
  { release }: Checkout,
  running: Readonly<Record<string, string | undefined>>,
  says: Says = () => undefined,
): RecordingRemote {
  const answers: Says = (command, line) => {
    if (line.startsWith('docker ps')) return { stdout: containers(release, running) };
    if (line.startsWith('readlink')) return { stdout: `releases/${BEFORE}\n` };
    if (line.includes(' release-id ')) return { stdout: `${release.id}\n` };
    if (line.startsWith('rsync')) return { stdout: 'Total bytes sent: 12,345\n' };
    if (line.includes('/host/apply'))
      return { stdout: outcome(release.id), stderr: '   0 s  bridge: starting\n' };
    // No such folder, no such lock.
    return { exit: command.okExits?.includes(1) ? 1 : 0 };
  };
  return recordingRemote((command) => {
    const line = [command.program, ...command.args].join(' ');
    return says(command, line) ?? answers(command, line);
  });
}

function containers({ definitions }: Release, running: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(running)
    .map(([service, definition = definitions[service]]) => {
      const name = `gatehouse-${service}-1`;
      return JSON.stringify({
        service,
        definition,
        folder: `${SITE}/releases/${BEFORE}`,
        name,
        state: 'running',
      });
    })
    .join('\n');
}

/** What an apply says at its end. */
export function outcome(release: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    outcome: 'applied',
    release,
    before: BEFORE,
    services: [{ name: 'bridge', change: 'changed', done: true }],
    gateway: 'untouched',
    verdict: { before: 'healthy', after: 'healthy' },
    seconds: 7,
    ...more,
  });
}

/** Runs a verb on a host by ssh; from outside the stack answers as it should. */
export async function verb(
  { root }: Checkout,
  argv: readonly string[],
  on: RecordingRemote,
  options: RunOptions & { readonly answers?: boolean } = {},
): Promise<Ran> {
  const { answers = true } = options;
  const server = createServer((_, response) => response.writeHead(answers ? 200 : 502).end('{"ok":true}'));
  const url = `http://127.0.0.1:${await listening(server)}`;
  const [name = ''] = argv;
  const published = ['--prod-sync-bridge', '--prod-releases'].includes(name) ? [] : ['--url', url];
  const clock = clockAt(NOON);
  return run(root, [...argv, '--ssh', 'gate', ...published], { host: on, clock, ...options });
}

/** A clock that stands still. */
export function clockAt(at: Date): Clock {
  return { now: () => at, sleep: async () => {} };
}

/** What changed something, in short. */
export function deeds(on: RecordingRemote): string[] {
  return on.lines.flatMap((line) => {
    const apply = /\/releases\/(r-\w+)\/host\/apply (.*)$/.exec(line);
    if (apply) return [`apply ${apply[1]}${told(apply[2] ?? '')}`];
    const [, deed] = /^(?:sh -c '[\s\S]*' |docker )?(lock|unlock|rsync|mv|pull|stop) /.exec(line) ?? [];
    return deed === undefined ? [] : [deed];
  });
}

function told(args: string): string {
  return [...args.matchAll(/ --(?:only|gateway) \w+| --(?:plan|dry-run)/g)].join('');
}
