import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { systemClock } from '../clock.ts';
import { OpsError, opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import type { VerbContext } from '../verb.ts';
import type { Address } from './api-address.ts';

/** What a tunnel is for. */
export interface Purpose {
  /** What is reached: `the API of prod`. */
  readonly what: string;
  /** Port of this machine's loopback; 0 lets the system choose. */
  readonly port: number;
  /** Where it is as the host sees it: asked anew each time, since a new container has a new address. */
  readonly address: () => Promise<Address>;
  /** What to do with it, printed when it stands. */
  readonly use: (port: number) => string;
}

/** Milliseconds to wait before the next attempt: doubled each time, up to the most. */
const FIRST_WAIT_MS = 1000;
const MOST_WAIT_MS = 30_000;

/** What no further attempt would mend. */
const FINAL = new Set(['ssh-denied', 'ssh-key-changed', 'ssh-key-unknown', 'program-missing']);

/**
 * Keeps a tunnel up until Ctrl-C, and makes it anew when it breaks. The first attempt must succeed: what fails then is
 * mostly a wrong name. Returns 0. Throws port-taken, or why there is no tunnel.
 */
export async function keepUp(host: Remote, purpose: Purpose, context: VerbContext): Promise<0> {
  const abort = new AbortController();
  const ignore = context.onStop(() => abort.abort());
  try {
    return await again(host, { ...purpose, port: await free(purpose) }, context, abort.signal);
  } finally {
    ignore();
  }
}

async function again(
  host: Remote,
  purpose: Purpose,
  { out, clock = systemClock }: VerbContext,
  signal: AbortSignal,
): Promise<0> {
  let [waitMs, ups] = [FIRST_WAIT_MS, 0];
  while (!signal.aborted) {
    const onUp = () => {
      waitMs = FIRST_WAIT_MS;
      ups += 1;
      out.line(ups === 1 ? purpose.use(purpose.port) : `${time(clock.now())} it stands again`);
    };
    const error = await attempt(host, purpose, { signal, onUp });
    if (signal.aborted || error === undefined) break;
    if (ups === 0 || (error instanceof OpsError && FINAL.has(error.code))) throw error;
    out.note(
      `${time(clock.now())} the tunnel broke (${error.message.split('\n').at(-1)?.trim()}): again in ${waitMs / 1000} s`,
    );
    await clock.sleep(waitMs, signal);
    waitMs = Math.min(2 * waitMs, MOST_WAIT_MS);
  }
  return 0;
}

async function attempt(
  host: Remote,
  { port, address }: Purpose,
  watch: { signal: AbortSignal; onUp: () => void },
): Promise<Error | undefined> {
  try {
    return await host.tunnel({ local: port, ...(await address()) }, watch);
  } catch (error) {
    return error as Error;
  }
}

/** The port itself, or one of the system's choice: ssh cannot choose one. Throws port-taken. */
async function free({ port, what }: Purpose): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    throw opsError(
      'port-taken',
      `the tunnel to ${what}`,
      `127.0.0.1:${port}`,
      'name another with --port, or 0',
    );
  } finally {
    server.close();
  }
}

const time = (at: Date) => at.toLocaleTimeString('en-GB');
