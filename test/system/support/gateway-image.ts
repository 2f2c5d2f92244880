import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../../../compose/release/bundle.ts';
import { STOCK_CONFIG, STOCK_INI, STOCK_VMOPTIONS } from '../../compose/gateway-image-files.ts';
import type { DockerEngine } from '../parts/docker-engine.ts';
import { sh } from '../parts/shell.ts';

/** The image stands in for gnzsnz/ib-gateway: its folders, its user, and the simulated gateway in place of java. */
export const GATEWAY_IMAGE = 'gatehouse-test/ib-gateway:10.45.1j';

const VERSION = '10.45.1j';
const HOME = '/home/ibgateway';

const DOCKERFILE = (base: string) => `FROM ${base}
COPY root/ /
COPY --chown=1000:1000 home/ ${HOME}/
ENV HOME=${HOME} TWS_PATH=${HOME}/Jts TWS_INI=jts.ini TWS_INI_TMPL=jts.ini.tmpl \\
  IBC_INI_TMPL=${HOME}/ibc/config.ini.tmpl IB_GATEWAY_VERSION=${VERSION} SCRIPT_PATH=${HOME}/scripts
USER 1000:1000
`;

/** Builds it on the node base image, with this machine's bash. */
export async function ensureGatewayImage(engine: DockerEngine, base: string): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'gatehouse-gateway-'));
  const put = async (path: string, text: string | Buffer, mode = 0o644) => {
    const file = join(context, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode });
    await chmod(file, mode);
  };
  try {
    await programs(context);
    await put('Dockerfile', DOCKERFILE(base));
    await put(`home/Jts/ibgateway/${VERSION}/ibgateway.vmoptions`, STOCK_VMOPTIONS);
    await put('home/Jts/jts.ini.tmpl', STOCK_INI);
    await put('home/ibc/config.ini.tmpl', STOCK_CONFIG.gnzsnz);
    await put('home/scripts/run.sh', `#!/bin/bash\nexec node ${HOME}/stand-in.mjs\n`, 0o755);
    await copyFile(join(import.meta.dirname, 'gateway-stand-in.mjs'), join(context, 'home/stand-in.mjs'));
    await put(
      'home/simulator.mjs',
      await bundle(join(import.meta.dirname, '../../..'), 'compose/simulator/src/main.ts'),
    );
    await engine.docker('build', '--quiet', '--tag', GATEWAY_IMAGE, context);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** This machine's bash, and its tar, since busybox has another: as the real image, which is an Ubuntu. */
async function programs(context: string): Promise<void> {
  const { stdout } = await sh`ldd /bin/bash /bin/tar`;
  const libraries = (stdout.match(/\s\/\S+(?= \()/g) ?? []).map(
    (path) => [path.trim(), path.trim()] as const,
  );
  // Not over /bin/tar: that is a link to busybox, and a copy would follow it.
  for (const [from, to] of [
    ['/bin/bash', '/bin/bash'],
    ['/bin/tar', '/usr/local/bin/tar'],
    ...libraries,
  ] as const) {
    await mkdir(join(context, 'root', dirname(to)), { recursive: true });
    await copyFile(from, join(context, 'root', to));
  }
}
