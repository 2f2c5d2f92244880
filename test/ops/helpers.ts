import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Actions } from '../../ops/checks/check.ts';
import type { Edge } from '../../ops/checks/edge.ts';
import { createOutput, type Output } from '../../ops/output.ts';

/** Commands that name what they are for. */
export const ACTIONS: Actions = {
  withKey: 'do with-key',
  address: 'do address',
  machine: 'do machine',
  logs: (service) => `do logs ${service}`,
  probe: 'do probe',
  verb: (name, ...more) => ['do verb', name, ...more].join(' '),
};

/** An output that keeps what was printed. */
export function collector({ isTTY = false, env = {} } = {}): Output & { stdout: string[]; stderr: string[] } {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const keep = (lines: string[]) => ({ isTTY, write: (text: string) => lines.push(text.replace(/\n$/, '')) });
  return { ...createOutput(keep(stdout), keep(stderr), env), stdout, stderr };
}

/** Listens on a loopback port of the system's choice until the test ends. */
export async function listening<S extends NetServer>(server: S): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** An edge behind which `answer` is. */
export async function edgeServedBy(answer: RequestListener): Promise<Edge> {
  const server: Server = createServer(answer);
  onTestFinished(() => server.closeAllConnections());
  return edgeAt(await listening(server));
}

export function edgeAt(port: number, timeoutMs = 10_000): Edge {
  return { url: new URL(`http://127.0.0.1:${port}`), publicAuthority: true, timeoutMs };
}
