import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFailed, onTestFinished } from 'vitest';
import { type Bridge, type BridgeOptions, startBridge } from '../../../compose/bridge/src/bridge.ts';
import type { BridgeEvent } from '../../../compose/bridge/src/events.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../compose/simulator/src/simulator.ts';

export const KEY = 'running-key-0123456789';

export interface RunningBridge {
  readonly bridge: Bridge;
  readonly dataDir: string;
  readonly lines: string[];
  /** Resolves when an event says so, in the past or yet to come. */
  heard(pattern: RegExp): Promise<BridgeEvent>;
  /** What was heard before does not count any more. */
  forget(): void;
  call(path: string, init?: RequestInit): Promise<{ status: number; body: Body }>;
  get(path: string): Promise<{ status: number; body: Body }>;
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Body }>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are judged by the test, member for member
export type Body = any;

export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator({ port: 0, controlPort: null, ...options });
  onTestFinished(() => started.close());
  return started;
}

/** What a bridge says once its session is ready. */
export const READY = /^session ready/;

/** A bridge whose session with a simulator of its own is ready. */
export async function readyBridge(
  options: Partial<BridgeOptions> = {},
  gatewayOptions: SimulatorOptions = {},
): Promise<RunningBridge & { gateway: Simulator }> {
  const gateway = await simulator(gatewayOptions);
  const running = await bridgeTo(gateway.port, options);
  await running.heard(READY);
  return { gateway, ...running };
}

/** Deadlines short enough for a test to see them pass, and long enough for a busy machine to keep within. */
const QUICK = { backoffFirst: 10, backoffLast: 50, staleSession: 10 };

/** A bridge on a real port before a gateway on `port`. What it said is printed when the test fails. */
export async function bridgeTo(port: number, options: Partial<BridgeOptions> = {}): Promise<RunningBridge> {
  const lines: string[] = [];
  const { heard, forget, onEvent } = hearing();
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const bridge = await startBridge({
    http: { host: '127.0.0.1', port: 0 },
    gateway: { host: '127.0.0.1', port },
    clientId: 100,
    tradingMode: 'paper',
    apiKeys: [{ name: 'test', key: KEY, scopes: ['read', 'trade'] }],
    log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    onEvent,
    // Or what is expected of the status would depend on the hour at which the tests run.
    isNightly: () => false,
    ...options,
    dataDir,
    timings: { ...QUICK, ...options.timings },
  });
  onTestFinished(() => bridge.close());
  onTestFailed(() => console.error(lines.join('')));
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { 'X-API-KEY': KEY, ...(init.headers as Record<string, string>) };
    const response = await fetch(`${bridge.url}${path}`, { ...init, headers });
    return { status: response.status, body: (await response.json()) as Body };
  };
  return {
    bridge,
    dataDir,
    lines,
    heard,
    forget,
    call,
    get: (path) => call(path),
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', ...headers },
      }),
  };
}

function hearing() {
  let events: BridgeEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    onEvent(event: BridgeEvent) {
      events.push(event);
      for (const wake of [...waiting]) wake();
    },
    forget() {
      events = [];
    },
    async heard(pattern: RegExp): Promise<BridgeEvent> {
      for (;;) {
        const found = events.find(({ text }) => pattern.test(text));
        if (found) return found;
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
  };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
