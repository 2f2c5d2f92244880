import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Portfolio } from '../../session/portfolio.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { accountAnswer, accountQuery, pnlAnswer, positionsAnswer } from '../schemas/portfolio.ts';

function describe<Schema extends z.ZodType>(
  path: string,
  summary: string,
  description: string,
  schema: Schema,
) {
  return createRoute({
    method: 'get',
    path,
    summary,
    security: NEEDS_KEY,
    request: { query: accountQuery },
    responses: {
      200: { description, content: { 'application/json': { schema } } },
      ...problems('request-invalid', 'account-unknown', ...GATEWAY_PROBLEMS),
    },
  });
}

const positions = describe(
  '/positions',
  'What the accounts hold',
  'A row for each account and contract; short positions are negative',
  positionsAnswer,
);
const account = describe(
  '/account',
  'What the accounts are worth',
  "A row for each account, with IBKR's names",
  accountAnswer,
);
const pnl = describe(
  '/pnl',
  "The day's profit and loss of the accounts",
  'In the base currency of each account; null is what the gateway has not worked out yet',
  pnlAnswer,
);

/** GET /positions, /account and /pnl: of all accounts of the login, or of the one named. */
export function addPortfolio(app: OpenAPIHono<AppEnv>, { data: { portfolio } }: AppDeps): void {
  app.openapi(positions, async (c) =>
    c.json({ positions: await portfolio.positions(c.req.valid('query').account) }, 200),
  );
  app.openapi(account, async (c) =>
    c.json({ accounts: byAccount(await portfolio.values(c.req.valid('query').account)) }, 200),
  );
  app.openapi(pnl, async (c) => {
    const rows = await portfolio.pnl(c.req.valid('query').account);
    const accounts = rows.map(({ account, daily = null, unrealized = null, realized = null }) => {
      return { account, daily, unrealized, realized };
    });
    return c.json({ accounts }, 200);
  });
}

type AccountRow = z.infer<typeof accountAnswer>['accounts'][0];

/** The gateway sends numbers as text, and a few values that are text. */
function byAccount(values: Awaited<ReturnType<Portfolio['values']>>): AccountRow[] {
  const rows = new Map<string, AccountRow>();
  for (const { account, tag, value, currency } of values) {
    const row = rows.get(account) ?? { account, values: {} };
    rows.set(account, row);
    const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
    row.values[tag] = { value: isNumber ? Number(value) : value, currency: currency || null };
  }
  return [...rows.values()];
}
