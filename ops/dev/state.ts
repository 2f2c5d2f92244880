import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { get } from '../checks/edge.ts';
import { opsError } from '../errors.ts';

const SCHEMA = z.object({
  pid: z.int().positive(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** The rest is known once both listen. */
  url: z.string().optional(),
  gateway: z.object({ host: z.string(), port: z.int(), simulated: z.boolean() }).optional(),
});

/** Who runs npm start in this checkout, and where it listens. */
export type DevState = z.infer<typeof SCHEMA>;

/** The state as long as this process holds it. */
export interface DevClaim {
  /** Tells others where it listens. */
  publish(where: Required<Pick<DevState, 'url' | 'gateway'>>): Promise<void>;
  /** Takes the file away. */
  release(): Promise<void>;
}

/**
 * Takes the state file for this process: one journal cannot have two writers. A file left by a process that is gone
 * is replaced. Throws dev-running or dev-starting while the one that wrote it lives.
 */
export async function claimDevState(path: string, now: Date): Promise<DevClaim> {
  const own = { pid: process.pid, startedAt: now.toISOString() };
  if (!(await create(path, own))) {
    await refuseBeside(await readDevState(path), now);
    await rm(path, { force: true });
    if (!(await create(path, own))) throw opsError('dev-starting');
  }
  return {
    publish: (where) => replace(path, { ...own, ...where }),
    release: () => rm(path, { force: true }),
  };
}

async function refuseBeside(other: DevState | undefined, now: Date): Promise<void> {
  if (!other || !(await isRunning(other, now))) return;
  throw other.url === undefined ? opsError('dev-starting') : opsError('dev-running', other.url, other.pid);
}

/** The state that was left there, by a process that may be gone; undefined without a readable one. */
export async function readDevState(path: string): Promise<DevState | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return SCHEMA.safeParse(parse(text)).data;
}

/** Milliseconds within which a process that has not yet said where it listens counts as starting. */
const STARTING_MS = 60_000;

/** Milliseconds a running bridge has to answer; /ping is answered from memory. */
const PING_MS = 3000;

/**
 * Whether the process that wrote a state still runs the bridge it names. A living process of that number is not
 * enough: after a crash the number may belong to another program, which nobody must be told to end.
 */
export async function isRunning({ pid, url, startedAt }: DevState, now: Date): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (url === undefined) return now.getTime() - new Date(startedAt).getTime() < STARTING_MS;
  const edge = { url: new URL(url), publicAuthority: true, timeoutMs: PING_MS };
  return get(edge, '/ping').then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Signal 0 only asks; EPERM is the answer for a process of someone else. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function create(path: string, state: DevState): Promise<boolean> {
  try {
    await writeFile(path, text(state), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw opsError('folder-unusable', path, code ?? String(error));
  }
}

/** Renamed into place, so that a reader never sees half of it. */
async function replace(path: string, state: DevState): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, text(state), { mode: 0o600 });
  await rename(aside, path);
}

const text = (state: DevState) => `${JSON.stringify(state, null, 2)}\n`;

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
