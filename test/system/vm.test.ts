import { beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { JVM_BESIDE_HEAP_MB } from '../../compose/config/together.ts';
import { bundle } from '../../compose/release/bundle.ts';
import { buildRelease, type Release } from '../../compose/release.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { TOKEN } from './parts/vm/google.ts';
import { cloudConfig, lendImages, pdStandard, startCloudHost } from './support/cloud-host.ts';
import { ask } from './support/https.ts';
import { budgetOf, holdMemory } from './support/memory.ts';
import { IMAGES } from './support/stack.ts';

/** Heap of a gateway as gateway.heapMb has it by default, in MB. */
const HEAP_MB = 256;

const METADATA = 'http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token';
/** What a container is told when it asks for the machine's token, and for a name. The headers are none: it is refused before. */
const ASK_OUTSIDE = `
  const tell = (what) => new Promise((resolve) => what((said) => resolve(said)));
  const token = tell((say) => require("http").get("${METADATA}", (r) => say(r.statusCode)).on("error", (e) => say(e.code)));
  const name = tell((say) => require("dns").resolve4("broker.example", (e, found) => say(e?.code ?? found[0])));
  Promise.all([token, name]).then(([t, n]) => console.log("token: " + t + "\\nname: " + n));`;

const SITE = '/var/lib/gatehouse/stacks/gatehouse';

/** Minutes: emulated, and perhaps beside others. */
const PATIENT = { limit: 900_000, every: 1000 };

/** By request (GATEHOUSE_VM=1): a quarter of an hour on two free cores, and its health checks fail on busy ones. */
const ASKED_FOR = process.env.GATEHOUSE_VM === '1';

describe.runIf(ASKED_FOR)('a Debian 13 of 1 GB, from its first boot on', { timeout: 1_200_000 }, () => {
  const engine = usePart(ensureDockerEngine);
  const config = cloudConfig();
  const host = usePart(() => startCloudHost(config));
  const key = 'vm-test-key-0123456789abcdef';
  const rotated = 'vm-test-key-that-came-later';
  let first: Release;
  let second: Release;
  let ca = '';

  beforeEach(() => onTestFailed(async () => console.error(await host().story())));

  const run = (script: string) => host().vm.run(script);
  const get = (path: string, apiKey?: string) =>
    ask({
      port: host().vm.network.portTo(443),
      path,
      ca,
      ...(apiKey !== undefined && { headers: { 'x-api-key': apiKey } }),
    });
  /** 0 while nothing answers. */
  const statusOf = (path: string, apiKey?: string) =>
    get(path, apiKey).then(
      ({ status }) => status,
      () => 0,
    );
  const healthy = () =>
    until(
      'the bridge says ok through Caddy',
      async () => (await get('/health').catch(() => undefined))?.json?.status === 'ok',
      PATIENT,
    );
  /** Container and start of the gateway: another of either is a login. */
  const gateway = () => run("docker inspect --format '{{.Id}} {{.State.StartedAt}}' gatehouse-gateway-1");
  const current = () => run(`readlink ${SITE}/current`);
  const killed = () =>
    run(`journalctl --dmesg --boot --no-pager | grep -iE 'out of memory|oom-kill|killed process' || true
      awk '$1 == "oom_kill" && $2 > 0 { print FILENAME, $0 }' /sys/fs/cgroup/memory.events /sys/fs/cgroup/*/memory.events /sys/fs/cgroup/*/*/memory.events 2>/dev/null || true`);

  it('has swap, the data disk and Docker at the end of its startup script', async () => {
    expect(await host().step('done')).toBe('');
    expect(await run('swapon --show=NAME,SIZE --bytes --noheadings --raw')).toMatch(/^\/swapfile 10737\d+$/);
    expect(await run('findmnt --noheadings --output SOURCE,FSTYPE /var/lib/gatehouse')).toMatch(
      /^\/dev\/vdb +ext4$/,
    );
    expect(await run('findmnt --noheadings --output FSTYPE /run/gatehouse/secrets')).toBe('tmpfs');
    expect(await run("docker info --format '{{.LiveRestoreEnabled}}'")).toBe('true');
    expect(await run('cat /proc/sys/vm/swappiness')).toBe('30');
  });

  it('waits for a secret that is empty, and says which', async () => {
    const { metadata } = host().google;
    const waiting = () => metadata.guest.map(([, text]) => text).find((text) => text.includes('API_KEYS'));
    await until('it says so', () => waiting() !== undefined, PATIENT);
    expect(waiting()).toContain('gatehouse-api-keys: no version yet');
    expect(await run('docker ps --all --quiet')).toBe('');
  });

  it('serves the release the metadata names, through Caddy, on a disk as slow as the free one', async () => {
    await lendImages(engine(), host());
    await host().vm.throttle(pdStandard(config));
    host().google.secrets.set('gatehouse-api-keys', `app:read+trade:${key}\n`);
    first = await buildRelease(config);
    await host().deliver(first);
    expect(await host().outcome(first)).toMatchObject({ outcome: 'applied', release: first.id });
    ca = await run('cat /var/lib/gatehouse/data/caddy/caddy/pki/authorities/local/root.crt');
    await healthy();
    expect(await statusOf('/portfolio', key)).toBe(200);
    expect(await statusOf('/portfolio')).toBe(401);
    expect(await current()).toBe(`releases/${first.id}`);
  });

  it('has room for a JVM as large as the budget says, each service within its limit', async () => {
    await holdMemory(host().vm, 'gatehouse-gateway-1', HEAP_MB + JVM_BESIDE_HEAP_MB);
    await healthy();
    const { rows, table } = await budgetOf(host().vm, config);
    console.log([...table, await run('free -m'), await run('swapon --show')].join('\n'));
    const over = rows.filter(({ limitMb, measuredMb = Infinity }) => measuredMb > limitMb);
    expect(over).toEqual([]);
  });

  it('keeps its metadata from containers, and lets them resolve names', async () => {
    expect(await run(`curl -sS -H 'Metadata-Flavor: Google' ${METADATA}`)).toContain(TOKEN);
    const container = `docker run --rm --network gatehouse_public ${IMAGES.node}`;
    expect(await run(`${container} node -e '${ASK_OUTSIDE}'`)).toBe(
      'token: ECONNREFUSED\nname: 169.254.169.254',
    );
  });

  it('applies another release the moment the metadata names it, and leaves the gateway alone', async () => {
    const before = await gateway();
    second = await buildRelease(cloudConfig({ bridge: { logLevel: 'debug' } }));
    await host().deliver(second);
    expect(await host().outcome(second)).toMatchObject({
      outcome: 'applied',
      gateway: 'untouched',
      services: expect.arrayContaining([
        { name: 'gateway', change: 'untouched', done: false },
        { name: 'bridge', change: 'changed', done: true },
      ]),
    });
    await healthy();
    expect(await gateway()).toBe(before);
    expect(await current()).toBe(`releases/${second.id}`);
  });

  it('goes back from a release whose bridge does not start', async () => {
    const before = await gateway();
    const broken = (root: string, entry: string) =>
      entry === 'compose/bridge/src/main.ts'
        ? Promise.resolve(Buffer.from("throw new Error('a bad release')"))
        : bundle(root, entry);
    const bad = await buildRelease(config, { bundler: broken });
    await host().deliver(bad);
    expect(await host().outcome(bad)).toMatchObject({ outcome: 'went-back', gateway: 'untouched' });
    await healthy();
    expect(await gateway()).toBe(before);
    expect(await current()).toBe(`releases/${second.id}`);
  });

  it('sees a secret that was rotated, without a restart', async () => {
    const before = await run("docker inspect --format '{{.State.StartedAt}}' gatehouse-bridge-1");
    host().google.secrets.set('gatehouse-api-keys', `app:read+trade:${rotated}\n`);
    await run('systemctl start gatehouse-secrets.service'); // as its timer does every few minutes
    await until(
      'the new key is let in',
      async () => (await statusOf('/portfolio', rotated)) === 200,
      PATIENT,
    );
    expect(await statusOf('/portfolio', key)).toBe(401);
    expect(await run("docker inspect --format '{{.State.StartedAt}}' gatehouse-bridge-1")).toBe(before);
  });

  it('has killed nothing for its memory, and told no secret', async () => {
    expect(await killed()).toBe('');
    const told = [key, rotated, TOKEN].map((secret) => `-e ${secret}`).join(' ');
    expect(await run(`journalctl --no-pager | grep -F ${told} || true`)).toBe('');
    expect(await run(`docker inspect $(docker ps --all --quiet) | grep -F ${told} || true`)).toBe('');
  });

  it('comes back by itself after a reboot, with its secrets, and applies nothing again', async () => {
    const audit = await run(`cat ${SITE}/audit.jsonl`);
    await host().vm.reboot();
    await healthy();
    expect(await statusOf('/portfolio', rotated)).toBe(200);
    expect(await current()).toBe(`releases/${second.id}`);
    expect(await run(`cat ${SITE}/audit.jsonl`)).toBe(audit);
    expect(await run('swapon --show=NAME --noheadings')).toBe('/swapfile');
    expect(await killed()).toBe('');
  });
});
