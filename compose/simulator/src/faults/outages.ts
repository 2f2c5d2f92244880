import { z } from 'zod';
import type { Request } from '../../../../tws/index.ts';
import { ALL_FARMS, FARMS, type Farm, type Notice } from '../farms.ts';
import type { World } from '../world.ts';
import { fault, type Interceptor } from './fault.ts';

const milliseconds = (usual: number) => z.number().int().min(0).max(3_600_000).default(usual);

const ORDERS: readonly Request['type'][] = ['placeOrder', 'cancelOrder', 'reqGlobalCancel'];

function tell(world: World, [code, text]: Notice): void {
  world.say('fault', `${code} ${text}`);
  for (const session of world.sessions.all()) session.notice(code, text);
}

/** What doesn't work while farms, and maybe the order server, are out of reach. */
function silence(farms: readonly Farm[], alsoRequests: readonly Request['type'][] = []): Interceptor {
  const answers = new Set(farms.flatMap((farm) => farm.answers));
  const requests = new Set([...farms.flatMap((farm) => farm.requests), ...alsoRequests]);
  return {
    answer: (_session, type) => (answers.has(type) ? 'stop' : 'pass'),
    request: (_session, { type }) => (requests.has(type) ? 'stop' : 'pass'),
  };
}

function restored(world: World, dataLost: boolean): void {
  if (dataLost) {
    for (const session of world.sessions.all()) session.closeStreams();
    tell(world, [
      1101,
      'Connectivity between IBKR and Trader Workstation has been restored - data lost. Market data subscriptions must be resubmitted.',
    ]);
    return;
  }
  const farms = 'All data farms are connected: usfarm; ushmds; secdefnj.';
  tell(world, [
    1102,
    `Connectivity between IBKR and Trader Workstation has been restored - data maintained. ${farms}`,
  ]);
}

const LOST = [1100, 'Connectivity between IBKR and Trader Workstation has been lost.'] as const;
const BROKEN = [
  2110,
  'Connectivity between Trader Workstation and server is broken. It will be restored automatically.',
] as const;

/** A client that logs in meanwhile is told what is broken, and that the other farms are OK. */
function toldAtLogin(broken: readonly Farm[], ...first: Notice[]): Interceptor {
  return {
    farms(session) {
      for (const notice of first) session.notice(...notice);
      for (const farm of ALL_FARMS) session.notice(...(broken.includes(farm) ? farm.broken : farm.ok));
      return 'stop';
    },
  };
}

/** What can go wrong between the gateway and IBKR, and with the gateway as a whole. */
export const outages = [
  fault({
    name: 'connection-lost',
    does: '1100: data stops and orders stay unanswered; clearing it (or `forMs`) brings 1102, or with `dataLost` 1101 and the end of all subscriptions.',
    parameters: z.object({ dataLost: z.boolean().default(false) }),
    start(world, { dataLost }) {
      tell(world, LOST);
      return {
        ...silence(ALL_FARMS, ORDERS),
        ...toldAtLogin(ALL_FARMS, LOST),
        cleared: () => restored(world, dataLost),
      };
    },
  }),
  fault({
    name: 'server-broken',
    does: '2110: the connection between the gateway and its server is broken; data stops and orders stay unanswered until it is cleared (1102).',
    parameters: z.object({}),
    start(world) {
      tell(world, BROKEN);
      return {
        ...silence(ALL_FARMS, ORDERS),
        ...toldAtLogin(ALL_FARMS, BROKEN),
        cleared: () => restored(world, false),
      };
    },
  }),
  fault({
    name: 'farm-broken',
    does: '2103, 2105 or 2157: the `farm` (market, history or secdef) is broken and what it serves stops; clearing it brings 2104, 2106 or 2158.',
    parameters: z.object({ farm: z.enum(['market', 'history', 'secdef']).default('market') }),
    start(world, { farm }) {
      tell(world, FARMS[farm].broken);
      const broken = [FARMS[farm]];
      return { ...silence(broken), ...toldAtLogin(broken), cleared: () => tell(world, FARMS[farm].ok) };
    },
  }),
  fault({
    name: 'nightly-reset',
    does: "IBKR's nightly reset, a minute long if `forMs` says nothing else: 1100 and broken farms, contracts wrongly unknown (200), then 1102 and the farms again.",
    parameters: z.object({}),
    forMs: 60_000,
    start(world) {
      tell(world, LOST);
      for (const farm of ALL_FARMS) tell(world, farm.broken);
      const { answer, request } = silence([FARMS.market, FARMS.history], ORDERS);
      return {
        ...(answer && { answer }),
        ...toldAtLogin(ALL_FARMS, LOST),
        request(session, asked) {
          if (asked.type !== 'reqContractDetails') return request?.(session, asked) ?? 'pass';
          session.error(asked.reqId, 200, 'No security definition has been found for the request');
          return 'stop';
        },
        cleared() {
          restored(world, false);
          for (const farm of ALL_FARMS) tell(world, farm.ok);
        },
      };
    },
  }),
  fault({
    name: 'restart',
    does: 'The gateway restarts: every session ends, connections are refused for `downMs` (10000), then it listens again. Orders are kept.',
    parameters: z.object({ downMs: milliseconds(10_000) }),
    start({ server, scope }, { downMs }) {
      server.shut();
      server.dropAll();
      scope.after(downMs, () => server.reopen());
      return undefined;
    },
  }),
  fault({
    name: 'port-changed',
    does: '1300: the socket port was changed in the settings; the notice names the new one and every connection drops.',
    parameters: z.object({ port: z.number().int().min(1).max(65_535).default(4_001) }),
    start(world, { port }) {
      tell(world, [
        1300,
        `TWS socket port has been reset and this connection is being dropped. Please reconnect on the new port -${port}`,
      ]);
      for (const session of world.sessions.all()) session.connection.close();
      return undefined;
    },
  }),
];
