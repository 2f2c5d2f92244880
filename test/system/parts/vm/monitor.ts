import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { DiskLimits } from './machine.ts';

/** The emulator's control socket (QMP: one JSON object a line). */
export interface Monitor {
  throttle(disk: string, limits: DiskLimits | undefined): Promise<void>;
  close(): void;
}

interface Answer {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

export async function openMonitor(path: string): Promise<Monitor> {
  const socket = connect({ path });
  await once(socket, 'connect');
  const lines = createInterface({ input: socket });
  const waiting: ((answer: Answer) => void)[] = [];
  lines.on('line', (line) => {
    const answer: Answer = JSON.parse(line);
    if ('return' in answer || 'error' in answer) waiting.shift()?.(answer); // the rest are its greeting and events
  });

  async function execute(command: string, args: Record<string, unknown> = {}): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.push(resolve);
    socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    const { error } = await promise;
    if (error) throw new Error(`${command}: ${error.desc}`);
  }

  await execute('qmp_capabilities');
  return {
    throttle: (disk, limits) => execute('block_set_io_throttle', throttleArguments(disk, limits)),
    close: () => socket.destroy(),
  };
}

/** 0 is no limit. One group, since Google's limit is on all disks of a machine together. */
function throttleArguments(disk: string, limits: DiskLimits | undefined) {
  const { bytes = 0, reads = 0, writes = 0 } = limits ?? {};
  return {
    device: disk,
    group: 'disks',
    bps: bytes,
    bps_rd: 0,
    bps_wr: 0,
    iops: 0,
    iops_rd: reads,
    iops_wr: writes,
  };
}
