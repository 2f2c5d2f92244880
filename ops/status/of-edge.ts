import { z } from 'zod';
import { type Edge, get, jsonOf } from '../checks/edge.ts';
import { shownBy } from '../checks/tls.ts';
import { type Row, span } from './row.ts';

const DAY_MS = 86_400_000;

/** Days left from which on a certificate should have been renewed: Caddy's short-lived ones live for 6. */
const FEW_DAYS = 2;

/** Of /health, what the screen shows; a bridge of another version may say more. */
const HEALTH = z.object({
  status: z.string(),
  state: z.string(),
  since: z.string(),
  cause: z.string().nullish(),
  gateway: z.string(),
  serverVersion: z.number().nullish(),
  clientId: z.number().nullish(),
  accounts: z.array(z.string()).catch([]),
  tradingMode: z.string().nullish(),
  readOnly: z.boolean().catch(false),
  farms: z.array(z.object({ name: z.string(), state: z.string() })).catch([]),
});

type Health = z.output<typeof HEALTH>;

/** What the bridge says of the gateway, its session and its farms. */
export async function sessionRows(edge: () => Promise<Edge>, now: Date): Promise<Row[]> {
  const answer = await get(await edge(), '/health?connect=false');
  const { success, data } = HEALTH.safeParse(jsonOf(answer));
  if (!success) throw new Error(`status ${answer.status}, and no health`);
  return [gateway(data), session(data, now), farms(data)];
}

function gateway({ gateway, serverVersion, accounts, tradingMode, readOnly }: Health): Row {
  const version = serverVersion ? `API version ${serverVersion}` : 'not heard of yet';
  const account = accounts.length > 0 ? `, ${accounts.join(' ')}` : '';
  const text = `${gateway}, ${tradingMode ?? ''}${account}, ${version}${readOnly ? ', read-only' : ''}`;
  return { name: 'gateway', title: 'gateway', text };
}

function session({ status, state, since, cause, clientId }: Health, now: Date): Row {
  const why = cause ? `: ${cause}` : '';
  const text = `${status}${why}, ${state} for ${span(new Date(since), now)}, client id ${clientId}`;
  return { name: 'session', title: 'session', text, bad: status !== 'ok' };
}

function farms({ farms }: Health): Row {
  const broken = farms.filter(({ state }) => state === 'broken');
  const text = farms.map(({ name, state }) => `${name} ${state}`).join(', ') || 'none told yet';
  return { name: 'farms', title: 'farms', text, bad: broken.length > 0 };
}

/** How long the certificate lasts. */
export async function certificateRow(edge: () => Promise<Edge>, now: Date): Promise<Row[]> {
  const found = await edge();
  if (found.url.protocol !== 'https:') return [];
  const { to, issuer } = await shownBy(found);
  const left = (to.getTime() - now.getTime()) / DAY_MS;
  // An internal certificate lives for half a day and is renewed all the time.
  const bad = found.publicAuthority ? left < FEW_DAYS : left <= 0;
  const text =
    left <= 0 ? `expired ${span(to, now)} ago, by ${issuer}` : `${span(now, to)} left, by ${issuer}`;
  return [{ name: 'certificate', title: 'certificate', text, bad }];
}
