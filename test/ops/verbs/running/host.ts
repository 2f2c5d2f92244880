import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import type { Clock } from '../../../../ops/clock.ts';
import type { Command } from '../../../../ops/commands/command.ts';
import { type RecordingRemote, recordingRemote } from '../../../../ops/recording.ts';
import { type RunOptions, run } from '../../around.ts';

const stackOf = (gateway: string) => `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: ${gateway} }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;

export const SITE = '/var/lib/gatehouse/stacks/gatehouse';
export const ME = `${userInfo().username}@${hostname()}`;
/** A Wednesday afternoon in New York. */
const NOON = Date.parse('2026-01-14T20:00:00.000Z');

/** The stacks prod, sim and ext in a folder of the test file's own. @returns runs a verb there */
export function stacks() {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'gatehouse-running-'));
    await writeFile(join(root, 'Pulumi.prod.yaml'), stackOf('gnzsnz, tradingMode: live'));
    await writeFile(join(root, 'Pulumi.sim.yaml'), stackOf('simulated'));
    await writeFile(join(root, 'Pulumi.ext.yaml'), stackOf('external'));
    return () => rm(root, { recursive: true });
  });
  return (line: string, on: RecordingRemote, options: RunOptions = {}) => {
    const [flag = '', ...more] = line.split(' ');
    return run(root, [flag, '--ssh', 'gate', ...more], { host: on, clock: clockAt(), ...options });
  };
}

/** Time that passes only when somebody waits for it. */
export function clockAt(start = NOON): Clock & { readonly waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

export const verdict = (healthy: boolean, stage = 'account') =>
  JSON.stringify({
    healthy,
    level: 'account',
    stage,
    cause: healthy ? 'ok' : 'refused',
    message: '',
    hint: 'a hint',
    evidence: [],
    timingsMs: {},
  });

type Answer = { exit?: number; stdout?: string } | undefined;
export type Says = (line: string, command: Command) => Answer;

/** A host whose stack runs, but for what is said. `facts` are the sections of its site. */
export function host(says: Says = () => undefined, facts = ''): RecordingRemote {
  return recordingRemote((command) => {
    const line = [command.program, ...command.args].join(' ');
    const said = says(line, command);
    if (said) return said;
    if (line.includes(' site ')) return { stdout: `== current\nreleases/r-1\n${facts}` };
    if (line.startsWith('docker ps'))
      return { stdout: ['gateway', 'bridge', 'caddy'].map(listed).join('\n') };
    if (line.includes(' ps --all'))
      return { stdout: ['gateway', 'bridge', 'caddy'].map((name) => composed(name)).join('\n') };
    if (line.includes('probe.mjs')) return { stdout: verdict(true) };
    if (line.startsWith('readlink')) return { stdout: 'releases/r-1\n' };
    if (line.includes(' ibc ')) return { stdout: '7462 OK done\r\n' };
    return undefined;
  });
}

const listed = (service: string) =>
  JSON.stringify({
    service,
    definition: 'd',
    folder: '/f',
    name: `gatehouse-${service}-1`,
    image: 'ib:1',
    state: 'running',
    status: 'Up',
  });
const composed = (service: string, state = 'running') =>
  JSON.stringify({
    Service: service,
    Name: `gatehouse-${service}-1`,
    State: state,
    Health: state === 'running' ? 'healthy' : '',
    ExitCode: 0,
  });
export const allEnded: Says = (line) =>
  line.startsWith('docker compose') && line.includes(' ps --all')
    ? { stdout: ['gateway', 'bridge', 'caddy'].map((name) => composed(name, 'exited')).join('\n') }
    : undefined;

/** What changed something, in short, and the waits in between. */
export const deeds = (on: RecordingRemote) =>
  on.lines.flatMap((line) => {
    const script = /^sh -c '[\s\S]*' (lock|unlock|audit|mark|later) /.exec(line)?.[1];
    if (script) return [script];
    const compose = /^docker compose -p gatehouse (restart|stop|start|exec)(.*)$/s.exec(line);
    if (compose)
      return / exec /.test(line)
        ? [/probe|ibc \w+|reset-logins/.exec(line)?.[0] ?? line]
        : [`${compose[1]}${compose[2]?.replace(' --no-deps', '')}`];
    if (line.includes('/host/apply ')) return ['apply'];
    return /^(docker (update|run)|rm) /.test(line) ? [line.split(' ').slice(0, 3).join(' ')] : [];
  });
export const audited = (on: RecordingRemote) => {
  const line = on.commands.find(({ args }) => args.includes('audit'))?.args.at(-1);
  return line === undefined ? undefined : JSON.parse(line);
};
