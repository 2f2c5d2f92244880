import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import type { Clock } from '../../../../ops/clock.ts';
import { type RecordingRemote, recordingRemote } from '../../../../ops/recording.ts';
import { type RunOptions, run } from '../../around.ts';
import { edgeServedBy } from '../../helpers.ts';

const stackOf = (gateway: string) => `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: ${gateway} }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;
const clock: Clock = { now: () => new Date('2026-01-14T20:00:00Z'), sleep: async () => {} };
const GB = 1024 ** 3;

/** A checkout with a stack of each kind for the tests of this file, and the verbs on them, at a moment that stands still. */
export function useStacks() {
  let root: string;
  beforeAll(async () => {
    root = await checkout();
    return () => rm(root, { recursive: true });
  });
  const verb = (line: string, on = host(), options: RunOptions = {}) => {
    const [flag = '', ...more] = line.split(' ');
    return run(root, [flag, '--ssh', 'gate', ...more], { host: on, clock, ...options });
  };
  return { verb, root: () => root };
}

async function checkout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-looking-'));
  const stacks = {
    prod: "gnzsnz, tradingMode: live, coldRestart: '07:00'",
    open: 'gnzsnz, apiPort: 4010, vncPort: 5901',
    both: 'gnzsnz, tradingMode: both, apiPort: 4010, memoryMb: 1024',
    web: "extrange, image: 'extrange/ibkr:1.2.3', vncPort: 6080",
    sim: 'simulated',
    desk: 'external',
    far: 'external, host: gw.example.com, tradingMode: live',
  };
  for (const [name, gateway] of Object.entries(stacks)) {
    const more = name === 'both' ? '  gatehouse:bridge: { tradingMode: paper }\n' : '';
    const text = stackOf(gateway) + more;
    await writeFile(
      join(root, `Pulumi.${name}.yaml`),
      name === 'both' ? text.replace('us-west1-b', 'us-west1-b, machineType: e2-medium') : text,
    );
  }
  return root;
}

/** A container as docker ps lists it. */
export const listed = (service: string, definition = `${service}-1`, status = 'Up 2 days (healthy)') =>
  JSON.stringify({
    service,
    definition,
    folder: '/f',
    name: `gatehouse-${service}-1`,
    image: 'i',
    state: status.startsWith('Up') ? 'running' : 'exited',
    status,
  });
const SERVICES = ['gateway', 'bridge', 'caddy'];
const MANIFEST = JSON.stringify({
  services: Object.fromEntries(SERVICES.map((name) => [name, `${name}-1`])),
});
/** What the site of a stack says that is well. */
export const FACTS = `== current
releases/r-1

== verdict.json
{"healthy":true,"level":"session","stage":"session","cause":"ok","at":"2026-01-14T19:55:00Z"}

== audit
{"at":"2026-01-14T18:00:00Z","who":"ann@desk","what":"--prod-all","outcome":"applied"}
`;

type Says = (line: string) => { exit?: number; stdout?: string } | undefined;

/** A host on which all is well, but for what `says` says. */
export const host = (says: Says = () => undefined): RecordingRemote =>
  recordingRemote(({ program, args }) => {
    const line = [program, ...args].join(' ');
    const said = says(line);
    if (said) return said;
    if (line.includes(' site ')) return { stdout: FACTS };
    if (line.startsWith('docker ps')) return { stdout: SERVICES.map((name) => listed(name)).join('\n') };
    if (line.startsWith('docker inspect'))
      return { stdout: 'gatehouse_broker 172.19.0.2\ngatehouse_api 172.18.0.2\n\n' };
    if (line.includes('manifest.json')) return { stdout: MANIFEST };
    if (program === 'df')
      return { stdout: '/dev/sda1 100 40 60 40% /\n/dev/sdb1 100 3 97 3% /var/lib/gatehouse\n' };
    if (program === 'free')
      return { stdout: `Mem: ${GB} 0 0 0 0 ${GB / 2}\nSwap: ${GB} ${GB / 4} ${(GB * 3) / 4}\n` };
    if (program === 'uptime') return { stdout: ' 20:00:00 up 12 days, load average: 0.10\n' };
    return undefined;
  });

const health = {
  status: 'ok',
  state: 'ready',
  since: '2026-01-14T17:00:00Z',
  cause: null,
  gateway: 'gateway:4003',
  serverVersion: 200,
  clientId: 100,
  accounts: ['U…1'],
  tradingMode: 'live',
  readOnly: false,
  farms: [{ name: 'usfarm', kind: 'market', state: 'ok', since: 'x' }],
};
/** What /health answers to whoever looks from outside. */
export const edge = (more: object = {}) =>
  edgeServedBy((_request, response) => void response.end(JSON.stringify({ ...health, ...more })));
