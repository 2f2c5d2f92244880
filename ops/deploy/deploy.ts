import type { Config } from '../../compose/config.ts';
import { buildRelease, type Release } from '../../compose/release.ts';
import { systemClock } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import { agreed } from '../runbook/agreed.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';
import { policyOf, unlessBadMoment } from './gateway-part.ts';
import { type Intent, intentFor, intentJson, intentWords, nothingToDo, type Wish } from './intent.ts';
import { perform } from './perform.ts';
import { rehearse } from './rehearse.ts';

/** What a verb that deploys is to do. */
export interface Order {
  /** Name of the verb, for the lock and the audit line. */
  readonly name: string;
  /** Services to touch; all when empty. */
  readonly only: readonly string[];
  /** In place of what the stack file says. */
  readonly config?: Config;
  /** What is done before all else, and is no part of the release. */
  readonly first?: Command;
  /** Is done once the person has agreed, before anything else. */
  readonly onConsent?: () => Promise<void>;
}

/** One deployment, as far as it is known before anything is done. */
export interface Run {
  readonly order: Order;
  readonly place: Place;
  readonly release: Release;
  readonly wish: Wish;
  readonly intent: Intent;
  readonly context: VerbContext;
}

/** Makes the release of the checkout, says what it changes, asks, and has the host put it into force. */
export function deploy(order: Order, context: VerbContext): Promise<number> {
  return atPlace(context, async (found) => {
    const place = { ...found, target: { ...found.target, config: order.config ?? found.target.config } };
    const release = await buildRelease(place.target.config, { stack: context.stack });
    const run = await intended(order, place, release, context);
    tell(run);
    if (context.options.plan || nothingToDo(run.intent, release.id)) return 0;
    if (context.options.dryRun) return rehearse(run);
    const agreedTo = await consented(run);
    await order.onConsent?.();
    return perform(agreedTo);
  });
}

async function intended(order: Order, place: Place, release: Release, context: VerbContext): Promise<Run> {
  const { site, target } = place;
  const { out, options, clock = systemClock } = context;
  const wish = { only: order.only, when: whenOf(place, context), at: clock.now() };
  const run = (given: Wish, intent: Intent) => ({ order, place, release, wish: given, intent, context });
  const intent = await intentFor(site, target, release, wish);
  const better = options.force ? wish : unlessBadMoment(intent, target.config, wish, out.note);
  return run(better, better === wish ? intent : await intentFor(site, target, release, better));
}

function whenOf({ target }: Place, { options }: VerbContext): Wish['when'] {
  if (options.withGateway) return 'now';
  return options.withoutGateway ? 'leave' : policyOf(target.config);
}

function tell({ order, place, intent, release, context: { out, options, stack } }: Run): void {
  const nothing = nothingToDo(intent, release.id) ? { outcome: 'nothing' } : {};
  const first = order.first && (options.plan || options.dryRun) ? [place.site.host.line(order.first)] : [];
  if (!options.json) for (const line of [...first, ...intentWords(intent, release.id)]) out.line(line);
  else if (options.dryRun) for (const line of first) out.line(line);
  else if (options.plan || 'outcome' in nothing)
    out.line(
      JSON.stringify({
        stack,
        ...nothing,
        ...(first[0] && { first: first[0] }),
        ...intentJson(intent, release.id),
      }),
    );
}

/** Asks for the gateway part by itself, where the stack file wants a person to be asked, and for all of it. */
async function consented(run: Run): Promise<Run> {
  const { intent, wish, place, release, context } = run;
  const { ask, options } = context;
  if (wish.when === 'ask' && intent.waiting && ask && !options.yes) {
    const answer = await ask(`The gateway part, too, now? It costs: ${intent.waiting.service.cost}. [y/N] `);
    if (/^y(es)?$/i.test(answer?.trim() ?? '')) {
      const now: Wish = { ...wish, when: 'now' };
      return { ...run, wish: now, intent: await intentFor(place.site, place.target, release, now) };
    }
  }
  await agreed(
    {
      serious: intent.now.some(({ name }) => name === 'gateway'),
      costs: intent.now.flatMap(({ name, cost }) => (cost === undefined ? [] : [`${name}: ${cost}`])),
    },
    context,
  );
  return run;
}
