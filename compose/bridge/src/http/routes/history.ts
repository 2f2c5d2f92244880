import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import type { ContractWish } from '../../session/contracts.ts';
import { dayAt, nextDay } from '../../session/exchange-time.ts';
import type { HistoryRequest } from '../../session/history.ts';
import { isIntraday } from '../../session/history-plan.ts';
import { knownZone } from '../../session/zones.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { historyAnswer, historyQuery } from '../schemas/history.ts';

const route = createRoute({
  method: 'get',
  path: '/history',
  summary: 'Past bars of a stock or an option, as JSON or CSV',
  description:
    'Long ranges are split into several requests, and days that are over are kept: asking again for a range that ran out of time goes on from there. What is kept was adjusted for splits when it was fetched. IBKR allows 60 requests in ten minutes.',
  security: NEEDS_KEY,
  request: { query: historyQuery },
  responses: {
    200: {
      description: 'The bars that begin in the range, oldest first',
      content: {
        'application/json': { schema: historyAnswer },
        'text/csv': {
          schema: { type: 'string', example: 'time,open,high,low,close,volume,average,count\n' },
        },
      },
    },
    ...problems(
      'request-invalid',
      'history-range-too-long',
      'contract-unknown',
      'contract-ambiguous',
      ...GATEWAY_PROBLEMS,
    ),
  },
});

type History = z.infer<typeof historyAnswer>;
type HistoryBar = History['bars'][0];

export function addHistory(app: OpenAPIHono<AppEnv>, { session, data, timings, clock }: AppDeps): void {
  app.openapi(route, async (c) => {
    const query = c.req.valid('query');
    const { client } = session.require('read');
    const call = { deadline: timings.request, priority: 'request' } as const;
    const details = await data.contracts.details(client, query as ContractWish, call);
    const { contract, timeZone } = details;
    const { barSize, what, useRTH } = query;
    const range = rangeOf(query, dayAt(clock.now(), knownZone(timeZone)));
    const bars = (await data.history.bars({ details, ...range, barSize, what, useRth: useRTH })).map(viewOf);
    if (wantsCsv(c)) return c.body(csvOf(bars), 200, { 'Content-Type': 'text/csv; charset=utf-8' }) as never;
    return c.json({ contract, barSize, what, bars }, 200);
  });
}

function wantsCsv(c: Parameters<typeof accepts>[0]): boolean {
  const supports = ['application/json', 'text/csv'];
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/csv';
}

/** Without a start, as much as one looks at: a day, or a year of days and more. */
function rangeOf(
  { start, end, barSize }: z.infer<typeof historyQuery>,
  today: string,
): Pick<HistoryRequest, 'first' | 'last'> {
  const last = end?.replaceAll('-', '') ?? today;
  const first = start?.replaceAll('-', '') ?? (isIntraday(barSize) ? last : nextDay(last, -364));
  return { first: first > last ? last : first, last };
}

function viewOf({ time, volume, average, count, ...prices }: Bar): HistoryBar {
  const traded = { volume: volume ?? null, average: average ?? null, count: count ?? null };
  return { time: timeOf(time), ...prices, ...traded };
}

type Bar = Awaited<ReturnType<AppDeps['data']['history']['bars']>>[0];

function timeOf(time: number | string): string {
  if (typeof time === 'number') return new Date(time * 1_000).toISOString();
  return `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}`;
}

/** Nothing in it ever needs quotes. */
function csvOf(bars: readonly HistoryBar[]): string {
  const columns = ['time', 'open', 'high', 'low', 'close', 'volume', 'average', 'count'] as const;
  const lines = bars.map((bar) => columns.map((column) => bar[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
