import { join } from 'node:path';
import { cachedFolder } from './cache.ts';
import { MissingPart, missing } from './missing-part.ts';
import { findCommand, sh } from './shell.ts';

const VERSION = 'v2.11.9';
const MODULE = 'github.com/caddyserver/caddy/v2';

/** The only way `caddy version` knows itself when it was built by `go install` (caddy.go: CustomVersion); unstripped it is twice the size. */
const LINKER_FLAGS = `-s -w -X ${MODULE}.CustomVersion=${VERSION}`;

/** A Caddy of the pinned version, statically linked. */
export interface Caddy {
  path: string;
  /** As `caddy version` prints it, `v2.11.9`. */
  version: string;
}

/**
 * Builds Caddy with Go into the cache (minutes, once); checked by `caddy version`.
 * @throws MissingPart without a Go that is new enough, or when the modules cannot be had.
 */
export async function ensureCaddy(): Promise<Caddy> {
  try {
    const folder = await cachedFolder(`caddy-${VERSION}`, { check, make });
    return { path: join(folder, 'caddy'), version: VERSION };
  } catch (error) {
    throw missing('Caddy', `go install of Caddy ${VERSION}`, error);
  }
}

async function check(folder: string): Promise<void> {
  const { stdout } = await sh`${join(folder, 'caddy')} version`;
  if (!stdout.startsWith(`${VERSION} `) && stdout.trim() !== VERSION) throw new Error(`it says ${stdout}`);
}

async function make(folder: string): Promise<void> {
  const go = (await findCommand('go')) ?? (await findCommand('/usr/local/go/bin/go'));
  if (!go) throw new MissingPart('Caddy', 'it is built with Go, and there is no go on PATH');
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0' };
  await sh({ env })`${go} install -trimpath -ldflags ${LINKER_FLAGS} ${MODULE}/cmd/caddy@${VERSION}`;
}
