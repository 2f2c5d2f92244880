import { beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { memoryBudget } from '../../compose/budget.ts';
import { JVM_BESIDE_HEAP_MB } from '../../compose/config/together.ts';
import { bundle } from '../../compose/release/bundle.ts';
import { buildRelease, type Release } from '../../compose/release.ts';
import type { CheckReport } from '../../ops/checks/diagnose.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { TOKEN } from './parts/vm/google.ts';
import { cloudConfig, lendImages, pdStandard, startCloudHost } from './support/cloud-host.ts';
import { cloudVerb, measuredRows } from './support/cloud-verbs.ts';
import { ask } from './support/https.ts';
import { containersOf, holdMemory, inUse, letGo } from './support/memory.ts';
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

describe('a Debian 13 of 1 GB, from its first boot on', { timeout: 1_200_000 }, () => {
  const engine = usePart(ensureDockerEngine);
  const config = cloudConfig();
  const host = usePart(() => startCloudHost(config));
  const key = 'vm-test-key-0123456789abcdef';
  const rotated = 'vm-test-key-that-came-later';
  let first: Release;
  let second: Release;
  let ca = '';

  // With its error: a reporter tells that at the end of the file, which is a quarter of an hour away.
  beforeEach(() =>
    onTestFailed(async ({ task }) => console.error(task.result?.errors?.[0]?.message, await host().story())),
  );

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
  /** What asks the gateway has its deadline, too, within which what is emulated may not come. */
  const letIn = (apiKey: string) =>
    until('the key is let in', async () => (await statusOf('/positions', apiKey)) === 200, PATIENT);
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
    expect(await host().step('done')).toBe('secrets not in place yet: bridge/API_KEYS');
    expect(await run('swapon --show=NAME,SIZE --bytes --noheadings --raw')).toMatch(
      /^\/swapfile 10737\d+\n\/dev\/zram0 3\d{8}$/,
    );
    expect(await run('findmnt --noheadings --output SOURCE,FSTYPE /var/lib/gatehouse')).toMatch(
      /^\/dev\/vdb +ext4$/,
    );
    expect(await run('findmnt --noheadings --output FSTYPE /run/gatehouse/secrets')).toBe('tmpfs');
    expect(await run("docker info --format '{{.LiveRestoreEnabled}}'")).toBe('true');
    expect(await run('cat /proc/sys/vm/swappiness')).toBe('180');
  });

  it('waits for a secret that is empty, and says which', async () => {
    const { metadata } = host().google;
    const waiting = () => metadata.guest.map(([, text]) => text).find((text) => text.includes('API_KEYS'));
    await until('it says so', () => waiting() !== undefined, PATIENT);
    expect(waiting()).toContain('gatehouse-api-keys: no version yet');
    expect(await run('docker ps --all --quiet')).toBe('');
  });

  it('serves the release the metadata names, through Caddy, on a disk as slow as the free one', async () => {
    host().google.secrets.set('gatehouse-api-keys', `app:read+trade:${key}\n`);
    await lendImages(engine(), host());
    await host().vm.throttle(pdStandard(config));
    first = await buildRelease(config);
    await host().deliver(first);
    expect(await host().outcome(first)).toMatchObject({ outcome: 'applied', release: first.id });
    ca = await run('cat /var/lib/gatehouse/data/caddy/caddy/pki/authorities/local/root.crt');
    await healthy();
    await letIn(key);
    expect(await statusOf('/positions')).toBe(401);
    expect(await current()).toBe(`releases/${first.id}`);
  });

  it('tells a person by ssh how it is, startup script and memory included', async () => {
    const rows = await measuredRows(host().vm, config);
    console.table(rows);
    const services = rows.filter(({ name }) => name !== 'system'); // that one has the verb's own commands in it
    expect(services.filter(({ limitMb, measuredMb = Infinity }) => measuredMb > limitMb)).toEqual([]);
    const url = `https://127.0.0.1:${host().vm.network.portTo(443)}`;
    const diagnose = async (): Promise<CheckReport[]> => {
      const { stdout } = await cloudVerb(host().vm, config, '--prod-diagnostics', '--json', '--url', url);
      return JSON.parse(stdout.join('')).checks;
    };
    // Again where a health check of Docker's took too long: what is emulated beside other tests may have a bad minute.
    await until(
      'what is of the machine has passed',
      async () => {
        const checks = await diagnose();
        console.table(checks.map(({ name, result, summary }) => ({ name, result, summary })));
        const passed = checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
        return ['startup', 'memory', 'docker', 'containers', 'release'].every((name) =>
          passed.includes(name),
        );
      },
      PATIENT,
    );
  });

  it('has room for a JVM as large as the budget says, each service within its limit', async () => {
    const containers = await containersOf(host().vm);
    const limits = new Map<string, number>(
      memoryBudget(config).rows.map(({ name, limitMb }) => [name, limitMb]),
    );
    await holdMemory(host().vm, containers.get('gateway') ?? '', HEAP_MB + JVM_BESIDE_HEAP_MB);
    await healthy();
    const used = await inUse(host().vm, containers);
    console.table(used);
    console.log(await run('free -m; swapon --show; cat /sys/block/zram0/mm_stat /proc/pressure/memory'));
    expect(used.filter(({ name, usedMb }) => usedMb > (limits.get(name) ?? 0))).toEqual([]);
    expect(used.find(({ name }) => name === 'gateway')?.usedMb).toBeGreaterThan(HEAP_MB);
    expect(await killed()).toBe('');
    await letGo(host().vm);
    await host().vm.throttle(undefined); // what comes now is about what is done, and no more about how it fits
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
    // Well while its image is made, where it has no settings, and not as a service.
    const program = 'process.exit(process.env.BRIDGE_RELEASE_ID === undefined ? 2 : 1)';
    const broken = (root: string, entry: string) =>
      entry === 'compose/bridge/src/main.ts' ? Promise.resolve(Buffer.from(program)) : bundle(root, entry);
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
    await letIn(rotated);
    expect(await statusOf('/positions', key)).toBe(401);
    expect(await run("docker inspect --format '{{.State.StartedAt}}' gatehouse-bridge-1")).toBe(before);
  });

  it('has killed nothing for its memory, and told no secret', async () => {
    expect(await killed()).toBe('');
    const told = [key, rotated, TOKEN].map((secret) => `-e ${secret}`).join(' ');
    expect(await run(`journalctl --no-pager --output cat | grep -F ${told} || true`)).toBe('');
    expect(await run(`docker inspect $(docker ps --all --quiet) | grep -F ${told} || true`)).toBe('');
  });

  it('comes back by itself after a reboot, with its secrets, and applies nothing again', async () => {
    const audit = await run(`cat ${SITE}/audit.jsonl`);
    await host().vm.reboot();
    await healthy();
    await letIn(rotated);
    expect(await current()).toBe(`releases/${second.id}`);
    expect(await run(`cat ${SITE}/audit.jsonl`)).toBe(audit);
    expect(await run('swapon --show=NAME --noheadings')).toBe('/swapfile\n/dev/zram0');
    expect(await killed()).toBe('');
  });
});
