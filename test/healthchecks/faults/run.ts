import type { SimulatorEvent } from '../../../compose/simulator/src/simulator.ts';
import { probe } from '../../../healthchecks/probe.ts';
import { stagesOf } from '../../../healthchecks/stages/index.ts';
import type { Verdict } from '../../../healthchecks/verdict.ts';
import { decodeServerHello, FrameReader, WireError } from '../../../tws/index.ts';
import { stopped, type TestSimulator, WEDNESDAY } from '../../support/simulator.ts';
import { nameOf, printFields } from '../../support/transcript.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { echo } from '../support/settle.ts';
import { watchClients } from '../support/watch-clients.ts';
import type { FaultCase } from './case.ts';

export interface Seen {
  readonly verdict: Verdict;
  readonly wire: readonly string[];
}

/** Probes a simulator that has the fault, on clocks that move only when nothing else will happen. */
export async function probeWith(one: FaultCase): Promise<Seen> {
  let simulator: (TestSimulator & { clock: { advance(ms: number): void } }) | undefined;
  const set = () => simulator?.faults.set(one.fault, { ...one.settings });
  const onEvent = ({ kind, text }: SimulatorEvent) => {
    if (one.during && kind === 'request' && text.includes(one.during)) set();
  };
  simulator = await stopped(WEDNESDAY, { onEvent });
  if (!one.during) set();
  const wire = tap(simulator.port);
  const verdict = await probeOn(simulator.port, one, simulator.clock);
  return { verdict, wire: abridged(wire) };
}

async function probeOn(
  port: number,
  { level, gatewayTakes = 0 }: FaultCase,
  gateway: { advance(ms: number): void },
): Promise<Verdict> {
  const clock = new ManualClock(WEDNESDAY);
  const { settle } = await echo();
  let verdict: Verdict | undefined;
  const probing = probe({ host: '127.0.0.1', port, clientId: 5, level, timeoutMs: 10_000, clock }).then(
    (v) => {
      verdict = v;
    },
  );
  const idle = async () => {
    await stagesOf(level);
    for (let seen = -1; seen !== clock.changes; ) {
      seen = clock.changes;
      await settle();
    }
  };
  await idle();
  gateway.advance(gatewayTakes);
  await idle();
  while (!verdict) {
    // Between two stages, and while the stages are loaded, nothing waits yet.
    if (clock.waiting) clock.expire();
    await idle();
  }
  await probing;
  return verdict;
}

/** Writes down what the probe's connection receives, one readable line for each message. */
function tap(port: number): string[] {
  const lines: string[] = [];
  watchClients(port, (socket) => {
    const frames = new FrameReader();
    let version = 0;
    const take = (payload: Buffer) => {
      if (version > 0) lines.push(`${nameOf('gateway', payload, version)}: ${printFields(payload)}`);
      else {
        version = decodeServerHello(payload).serverVersion;
        lines.push(`hello: ${printFields(payload)}`);
      }
    };
    const read = (chunk: Buffer) => {
      try {
        frames.push(chunk, take);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        // What follows cannot be told apart any more, nor how much of it came at once.
        lines.push('(bytes that are no message)');
        socket.removeListener('data', read);
      }
    };
    socket.on('data', read);
    socket.on('end', () => {
      if (frames.pending > 0) lines.push(`(${frames.pending} bytes of a message)`);
      if (!socket.writableEnded) lines.push('(closed)');
    });
  });
  return lines;
}

/** What a stage that went well receives: it says nothing about what goes wrong later. */
const WELL: Readonly<Record<string, readonly string[]>> = {
  '(login)': ['hello', 'managedAccounts', 'nextValidId', 'error', 'error', 'error'],
  '(account)': ['currentTime', 'accountSummary', 'accountSummaryEnd'],
  '(contract)': ['contractDetails', 'contractDetailsEnd'],
};
const LONGEST = 110;
const MOST = 6;

function abridged(lines: readonly string[]): string[] {
  const short: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const [stage, messages] = wholeStage(lines.slice(at)) ?? [clip(lines[at] ?? ''), ['']];
    short.push(stage);
    at += messages.length;
  }
  return short.length > MOST ? [...short.slice(0, MOST), '...'] : short;
}

function wholeStage(lines: readonly string[]) {
  return Object.entries(WELL).find(([, messages]) =>
    messages.every((name, i) => lines[i]?.startsWith(`${name}: `)),
  );
}

function clip(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
