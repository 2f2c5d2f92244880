import type { Config } from '../../compose/config.ts';
import type { ServicePlan } from '../../compose/plan.ts';
import { inWindow, windowOf, windowWords } from '../../compose/window.ts';
import type { GatewayWhen } from '../commands/host-apply.ts';
import { whyNotNow } from '../situation/deferral.ts';
import type { Wish } from './intent.ts';

/** When the gateway may be touched, and what time it is. */
export interface GatewayWish {
  readonly when: GatewayWhen;
  readonly at: Date;
}

/** What the stack file says where nobody says otherwise. */
export function policyOf({ gateway }: Config): GatewayWhen {
  return gateway.dialect === 'external' ? 'now' : gateway.changes;
}

/**
 * Whether the gateway part of a release may be done now, by the rules of compose/host/lib/gateway.sh: a gateway that
 * is not there, or was never started, has no session to lose.
 */
export function mayChange(change: ServicePlan['change'], config: Config, { when, at }: GatewayWish): boolean {
  if (when === 'now' || ((change === 'new' || change === 'stopped') && when !== 'leave')) return true;
  return when === 'window' && inWindow(windowOf(config.gateway), at);
}

/** What a gateway part that has to wait waits for. */
export function waitsFor(config: Config, { when }: GatewayWish): string {
  if (when === 'window') return windowWords(windowOf(config.gateway));
  return 'a person to ask for it (--with-gateway)';
}

/**
 * The same wish, or one that leaves the gateway's restart for later where it was asked for at a bad moment, which
 * `say` is told. A stack whose own window is open has chosen the moment itself.
 */
export function unlessBadMoment(
  intent: { readonly now: readonly ServicePlan[] },
  config: Config,
  wish: Wish,
  say: (line: string) => void,
): Wish {
  const restarts = intent.now.some(({ name, change }) => name === 'gateway' && change !== 'new');
  const policy = policyOf(config);
  const chosen = policy === 'window' && inWindow(windowOf(config.gateway), wish.at);
  const bad = whyNotNow(config.gateway, wish.at);
  if (!restarts || wish.when !== 'now' || chosen || bad === undefined) return wish;
  const later: Wish = { ...wish, when: policy === 'now' ? 'ask' : policy };
  say(`the gateway is left for later; ${bad.message}. ${bad.hint}`);
  return later;
}
