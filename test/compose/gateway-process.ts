import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FakeImage } from './gateway-image.ts';

/** Starts an image's entrypoint as its container would. What a failed test leaves running is ended with it. */
export function startGateway({ environment, scripts }: FakeImage, extra: Record<string, string> = {}) {
  const child = spawn(join(scripts, 'entrypoint.sh'), { env: { ...environment, ...extra }, detached: true });
  onTestFinished(() => endGroup(child));
  let text = '';
  const heard: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
      for (const listener of heard) listener();
    });
  }
  // Its output is closed by the last that writes to it: what it counts and keeps by that is there by then.
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, ended, output: () => text, said: (part: string) => until(part) };

  function until(part: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => text.includes(part) && resolve();
      heard.push(look);
      ended.then(() => reject(new Error(`ended without saying "${part}":\n${text}`)));
      look();
    });
  }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended by itself.
  }
}

/** IBC's command server: one line is a command, and it answers. */
export async function ibcServer(onCommand: () => unknown) {
  let text = '';
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', async (part) => {
      text += part;
      await onCommand();
      socket.write('OK\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return { port: String((server.address() as { port: number }).port), received: () => text };
}
