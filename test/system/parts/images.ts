import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureCommand } from './apt.ts';
import { ensureCaddy } from './caddy.ts';
import type { DockerEngine } from './docker-engine.ts';
import { digestOf, layOut, type Rootfs } from './rootfs.ts';
import { sh } from './shell.ts';

/** Marks an image made here, with the digest of what it was made from. */
const LABEL = 'gatehouse.test-image';

/**
 * A base image with the pinned Node at /usr/local/bin/node, its shared libraries, busybox (sh, wget, ...) and the user
 * `node` (1000:1000), under `tag`: stands in for the official image where none can be pulled.
 * @throws MissingPart
 */
export async function ensureNodeBaseImage(engine: DockerEngine, tag: string): Promise<void> {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
  await ensureImage(engine, tag, ['CMD ["node"]'], async () =>
    withBusybox({ [node]: '/usr/local/bin/node' }),
  );
}

/**
 * An image with the pinned Caddy at /usr/bin/caddy and busybox, under `tag`, with the command, folders and environment
 * of the official one.
 * @throws MissingPart
 */
export async function ensureCaddyImage(engine: DockerEngine, tag: string): Promise<void> {
  const config = [
    'ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data',
    'WORKDIR /srv',
    'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
  ];
  await ensureImage(engine, tag, config, async () =>
    withBusybox({ [(await ensureCaddy()).path]: '/usr/bin/caddy' }),
  );
}

/**
 * An image under that tag that was not made here is the real one and stays; on an engine that is not ours the real one
 * is tried for before anything is made.
 */
async function ensureImage(
  engine: DockerEngine,
  tag: string,
  config: string[],
  contents: () => Promise<Rootfs>,
): Promise<void> {
  if (tag.includes('@'))
    throw new Error(`${tag}: an image made here cannot have a given digest; name a tag alone`);
  const there = await labelOf(engine, tag);
  if (there === '') return;
  if (there === undefined && !engine.ours && (await pulled(engine, tag))) return;
  const rootfs = await contents();
  const digest = await digestOf(rootfs, config);
  if (there === digest) return;
  await importImage(engine, tag, [...config, `LABEL ${LABEL}=${digest}`], rootfs);
}

/** Our label on the image under a tag: empty when it has none, undefined when there is no such image. */
function labelOf(engine: DockerEngine, tag: string): Promise<string | undefined> {
  const format = `{{with .Config.Labels}}{{index . "${LABEL}"}}{{end}}`;
  return engine.docker('image', 'inspect', '--format', format, tag).catch(() => undefined);
}

function pulled(engine: DockerEngine, tag: string): Promise<boolean> {
  return engine.docker('pull', '--quiet', tag).then(
    () => true,
    () => false,
  );
}

async function importImage(
  engine: DockerEngine,
  tag: string,
  config: string[],
  rootfs: Rootfs,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-image-'));
  try {
    await layOut(rootfs, folder);
    const changes = config.flatMap((line) => ['--change', line]);
    await sh({ env: engine.env })`tar --create --directory ${folder} --owner 0 --group 0 --numeric-owner . \
      | docker import ${changes} - ${tag}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withBusybox(programs: Record<string, string>): Promise<Rootfs> {
  const busybox = await ensureCommand('busybox', 'busybox', ['busybox-static']);
  const { stdout } = await sh`${busybox} --list`;
  const applets = stdout.split('\n').filter((applet) => applet && applet !== 'busybox');
  return {
    programs: { ...programs, [busybox]: '/bin/busybox' },
    files: {
      '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
      '/etc/group': 'root:x:0:\nnode:x:1000:\n',
      '/etc/nsswitch.conf': 'hosts: files dns\n',
    },
    folders: { '/tmp': 0o1777, '/var/tmp': 0o1777, '/root': 0o700, '/home/node': 0o755, '/run': 0o755 },
    links: Object.fromEntries(applets.map((applet) => [`/bin/${applet}`, 'busybox'])),
  };
}
