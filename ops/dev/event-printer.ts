import type { Output } from '../output.ts';

/** An event of the bridge or of the simulator. */
export interface DevEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  readonly hint?: string;
}

/** One line an event, between the banner and the end. */
export interface EventPrinter {
  readonly fromSimulator: (event: DevEvent) => void;
  readonly fromBridge: (event: DevEvent) => void;
  /** Prints what came so far, and from now on at once. */
  begin(): void;
  /** Prints nothing more: what happens while all is being closed is no news. */
  end(): void;
}

/** Every request is too much to read: what came of it is told. That it listens stands in the banner. */
const NO_NEWS = new Set(['request', 'server']);

/** What the simulator tells better than the bridge: it sees the orders of every client. */
const BY_SIMULATOR = new Set(['order', 'execution']);

export function eventPrinter(out: Output): EventPrinter {
  let state: 'waiting' | 'printing' | 'ended' = 'waiting';
  let simulated = false;
  const waiting: DevEvent[] = [];
  const take = (event: DevEvent) => {
    if (state === 'printing') out.line(eventLine(event, out));
    else if (state === 'waiting') waiting.push(event);
  };
  return {
    fromSimulator: (event) => {
      simulated = true;
      if (!NO_NEWS.has(event.kind)) take(event);
    },
    fromBridge: (event) => {
      if (!simulated || !BY_SIMULATOR.has(event.kind)) take(event);
    },
    begin: () => {
      state = 'printing';
      waiting.splice(0).forEach(take);
    },
    end: () => {
      state = 'ended';
    },
  };
}

/** Widest kind either of them has. */
const KIND_WIDTH = 'connection'.length;

/** One event, one line: the clock of the person who reads it, what it is about, what happened. */
function eventLine({ at, kind, text, hint }: DevEvent, out: Output): string {
  const time = new Date(at).toLocaleTimeString('en-GB');
  const advice = hint === undefined ? '' : out.style('yellow', `. Try: ${hint}`);
  return `${out.style('dim', time)}  ${out.style('cyan', kind.padEnd(KIND_WIDTH))}  ${text}${advice}`;
}
