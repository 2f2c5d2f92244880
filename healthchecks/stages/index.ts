import type { StageMaker } from '../stage.ts';
import { type Level, STAGES_OF, type StageName } from '../verdict.ts';
import { connect } from './connect.ts';
import { hello } from './hello.ts';
import { session } from './session.ts';

/** A stage as a level lists it. */
export interface NamedStage {
  readonly name: StageName;
  readonly make: StageMaker;
}

/** The stages of a level, in their order. */
export function stagesOf(level: Level): Promise<NamedStage[]> {
  return Promise.all(STAGES_OF[level].map(async (name) => ({ name, make: await load(name) })));
}

/**
 * Those behind the session are loaded when a level asks for them: their tables of fields would cost a health check
 * of the session, which runs every few seconds, a tenth of its time.
 */
async function load(name: StageName): Promise<StageMaker> {
  if (name === 'account') return (await import('./account.ts')).account;
  if (name === 'data') return (await import('./data.ts')).data;
  if (name === 'orders') return (await import('./orders.ts')).orders;
  return { connect, hello, session }[name];
}
