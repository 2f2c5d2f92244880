import { Accounts } from './accounts/accounts.ts';
import { type Control, startControl } from './control.ts';
import { speaker } from './events.ts';
import { Faults } from './faults/faults.ts';
import { accountChanged } from './handlers/accounts.ts';
import { Market } from './market/market.ts';
import { DEFAULTS, type SimulatorOptions } from './options.ts';
import { Book } from './orders/book.ts';
import { Desk } from './orders/desk.ts';
import { Publisher } from './orders/publisher.ts';
import { Door } from './server/door.ts';
import { GatewayServer } from './server/server.ts';
import { Sessions } from './server/sessions.ts';
import { Scope, systemClock } from './time/clock.ts';
import type { World } from './world.ts';

export type { SimulatorEvent } from './events.ts';
export type { SimulatorOptions } from './options.ts';
export { ListenError } from './server/door.ts';

/** A simulated gateway that listens. */
export interface Simulator {
  readonly host: string;
  readonly port: number;
  /** Undefined when there is none. */
  readonly controlPort: number | undefined;
  /** What goes wrong on command: the same as at the control port. */
  readonly faults: Faults;
  /** Ends every connection and frees both ports. */
  close(): Promise<void>;
}

/**
 * Starts a gateway that isn't one: any TWS client can connect to it, trade on its paper account, and be shown what
 * goes wrong. The same seed and the same requests at the same times give the same numbers, prices and fills.
 * @throws ListenError when a port is taken or not allowed; nothing is left listening then
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = { ...DEFAULTS, ...options };
  const { world, server } = build(settings);
  await world.door.open();
  const control = await openControl(settings.controlPort, world);
  world.say('server', `listening on ${settings.host}:${world.door.port}`);
  return {
    host: settings.host,
    port: world.door.port,
    controlPort: control?.port,
    faults: world.faults,
    async close() {
      world.door.shut();
      world.scope.close();
      server.dropAll();
      await control?.close();
    },
  };
}

type Settings = SimulatorOptions & Required<Pick<SimulatorOptions, keyof typeof DEFAULTS>>;

/** The world, and the server that lets clients into it. */
function build(settings: Settings): { world: World; server: GatewayServer } {
  const { seed, tradingMode, readOnly, masterClientId, clock = systemClock } = settings;
  const scope = new Scope(clock);
  const sessions = new Sessions();
  const market = new Market(seed, settings.hours, settings.tickMs);
  const accounts = new Accounts(seed, settings.accounts, tradingMode);
  const say = speaker(clock, settings.onEvent);
  const desk = new Desk({
    seed,
    clock,
    scope,
    say,
    market,
    accounts,
    book: new Book(seed),
    publisher: new Publisher(sessions, masterClientId),
    onFill: (account) => accountChanged(world, account),
  });
  const door = new Door(
    settings.host,
    settings.port,
    (socket) => server.accept(socket),
    (error) => say('problem', `accepting a connection failed: ${error.message}`),
  );
  const faults = new Faults();
  const world: World = {
    seed,
    tradingMode,
    readOnly,
    masterClientId,
    clock,
    scope,
    say,
    market,
    accounts,
    desk,
    sessions,
    faults,
    door,
    get server() {
      return server;
    },
  };
  const server = new GatewayServer(world);
  faults.attach(world);
  return { world, server };
}

/** A simulator without its control port would be half a simulator: the API port is freed when it cannot open. */
async function openControl(port: number | null, world: World): Promise<Control | undefined> {
  if (port === null) return undefined;
  try {
    return await startControl(port, world);
  } catch (error) {
    world.door.shut();
    throw error;
  }
}
