import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketName } from '../../../compose/config/gcp.ts';
import type { GcpHostConfig } from '../../../compose/config/host.ts';
import { type Config, readConfig } from '../../../compose/config.ts';
import { startupScript } from '../../../compose/host/startup.ts';
import { releaseArchive } from '../../../compose/release/archive.ts';
import type { Release } from '../../../compose/release.ts';
import type { DockerEngine } from '../parts/docker-engine.ts';
import { ensureCaddyImage, ensureNodeBaseImage } from '../parts/images.ts';
import { until } from '../parts/until.ts';
import { ensureVmBase } from '../parts/vm/base.ts';
import { type Google, startGoogle } from '../parts/vm/google.ts';
import { type DiskLimits, type Machine, startMachine } from '../parts/vm/machine.ts';
import { IMAGES } from './stack.ts';

/** Ends a wait that has no end; emulated and beside other tests, a step takes minutes. */
const LIMIT = 900_000;

/** An e2-micro as `pulumi up` leaves it, with Google around it. */
export interface CloudHost {
  readonly vm: Machine;
  readonly google: Google;
  readonly config: Config;
  /** Puts a release into the bucket and names it in the metadata, as `pulumi up` does. */
  deliver(release: Release): Promise<void>;
  /** Waits for what came of a release. @returns the object its `apply` ended with */
  outcome(release: Release): Promise<Outcome>;
  /** Waits until the startup script of this boot has marked a step, with what it said there. */
  step(name: string): Promise<string>;
  /** Journal of our units, and the logs of the containers. */
  story(): Promise<string>;
  log(): string;
  close(): Promise<void>;
}

/** What host/apply says at its end. */
export interface Outcome {
  readonly release: string;
  readonly outcome: string;
  readonly gateway?: string;
  readonly services?: readonly { readonly name: string; readonly change: string; readonly done: boolean }[];
  readonly why?: unknown;
}

/** The stack of the test: simulated, and with the memory limit a real gateway has. Other keys replace these. */
export function cloudConfig(more: Record<string, unknown> = {}): Config {
  return readConfig({
    name: 'gatehouse',
    host: { kind: 'gcp', project: 'test-project', updatesAt: hoursAway() },
    gateway: { dialect: 'simulated', memoryMb: 640 },
    caddy: { tls: 'internal', names: ['localhost'] },
    images: IMAGES,
    ...more,
  });
}

/** Half a day from now, so that no update comes into the test. */
function hoursAway(): string {
  const hour = (new Date().getUTCHours() + 12) % 24;
  return `${String(hour).padStart(2, '0')}:30`;
}

/** Boots the machine with the startup script of a configuration, and without a release or a secret. @throws MissingPart */
export async function startCloudHost(config: Config): Promise<CloudHost> {
  const host = config.host as GcpHostConfig;
  const base = await ensureVmBase();
  const vm = await startMachine(base, {
    memoryMb: 1024,
    cpus: 2,
    dataDisk: { name: 'gatehouse-data', sizeGb: host.dataDiskGb },
  });
  const google = await startGoogle(vm.network, base);
  const bucket = bucketName(host, config.name);
  google.metadata.set({ 'startup-script': startupScript(config), 'gatehouse-bucket': bucket });
  return {
    vm,
    google,
    config,
    deliver: async (release) => {
      google.objects.set(`${bucket}/releases/${release.id}.tar.gz`, await releaseArchive(release.files));
      google.metadata.set({ 'gatehouse-release': release.id });
    },
    outcome: (release) => outcomeOf(google, release),
    step: (name) => stepOf(google, name),
    story: () => vm.run(STORY).catch((error) => `the guest does not tell: ${error}`),
    log: () => vm.console(),
    close: async () => {
      await google.close();
      await vm.close();
    },
  };
}

const STORY = `free -m; swapon --show; systemctl --failed --no-pager
journalctl --boot --no-pager --output short-monotonic --lines 150 --unit 'gatehouse*' --unit docker --unit google-startup-scripts
docker ps --all
for container in $(docker ps --all --quiet); do docker logs --tail 30 "$container" 2>&1; done
cat /var/lib/gatehouse/stacks/*/audit.jsonl
journalctl --dmesg --boot --no-pager --lines 20`;

/** A release that waits says so first; that is not its outcome. */
async function outcomeOf({ metadata }: Google, { id }: Release): Promise<Outcome> {
  const last = (): Outcome | undefined =>
    metadata.guest
      .filter(([name]) => name === 'gatehouse/release')
      .map(([, text]): Outcome => JSON.parse(text))
      .findLast(({ release, outcome }) => release === id && outcome !== 'waiting');
  await until(`the host says what came of ${id}`, () => last() !== undefined, { limit: LIMIT, every: 250 });
  return last() as Outcome;
}

interface Mark {
  readonly step: string;
  readonly ok: boolean;
  readonly detail: string;
}

async function stepOf({ metadata }: Google, wanted: string): Promise<string> {
  const found = (): Mark | undefined =>
    metadata.guest
      .filter(([name]) => name === 'gatehouse/startup')
      .map(([, text]): Mark => JSON.parse(text))
      .findLast(({ step, ok }) => step === wanted && ok);
  await until(`the startup script reaches ${wanted}`, () => found() !== undefined, {
    limit: LIMIT,
    every: 250,
  });
  return (found() as Mark).detail;
}

/** What a disk of Google's kind pd-standard does in a second for each GB it has; all disks of a machine share it. */
const PD_STANDARD = { bytes: 0.12 * 1024 ** 2, reads: 0.75, writes: 1.5 };

/** The limits of a machine's disks, from their sizes. */
export function pdStandard({ host }: Config): DiskLimits {
  const { bootDiskGb, dataDiskGb } = host as GcpHostConfig;
  const gb = bootDiskGb + dataDiskGb;
  return {
    bytes: Math.round(gb * PD_STANDARD.bytes),
    reads: Math.round(gb * PD_STANDARD.reads),
    writes: Math.round(gb * PD_STANDARD.writes),
  };
}

/** Hands the guest's engine the images no registry gives it here, as the engine of this machine has them. */
export async function lendImages(engine: DockerEngine, { vm, google }: CloudHost): Promise<void> {
  await ensureNodeBaseImage(engine, IMAGES.node);
  await ensureCaddyImage(engine, IMAGES.caddy);
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-images-'));
  try {
    const file = join(folder, 'images.tar');
    await engine.docker('save', '--output', file, IMAGES.node, IMAGES.caddy);
    google.lent.set('images.tar', file);
    await vm.run('curl -fsS http://metadata.google.internal/lent/images.tar | docker load --quiet');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
