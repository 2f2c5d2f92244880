import { budgetTable, type Measured, memoryBudget } from '../../compose/budget.ts';
import { OpsError } from '../errors.ts';
import { measureMemory } from '../measure.ts';
import { readTarget, type Target } from '../target.ts';
import { hostOfTarget, runsHere } from '../target-host.ts';
import type { VerbContext } from '../verb.ts';

/** What was measured and where; or why nothing was. */
type Measurement =
  | { readonly measured: Measured; readonly where: string }
  | { readonly measured?: undefined; readonly why: Pick<OpsError, 'message' | 'hint'> };

/** Prints the memory budget of a stack. It needs no host: without one the column of measured values stays empty. */
export async function budget(context: VerbContext): Promise<number> {
  const target = await readTarget(context.root, context.stack);
  const measurement = await measure(target, context);
  const reckoned = memoryBudget(target.config, measurement.measured);
  if (context.options.json)
    context.out.line(JSON.stringify({ stack: target.stack, ...reckoned, measurement }));
  else for (const line of [...budgetTable(reckoned), ...words(measurement)]) context.out.line(line);
  return 0;
}

async function measure(target: Target, context: VerbContext): Promise<Measurement> {
  const here = target.instance === undefined && context.options.ssh === undefined;
  if (here && !(await runsHere(target, context.local))) return nowhere(target);
  const host = await hostOfTarget(target, context);
  try {
    const linux = host !== context.local || process.platform === 'linux';
    return { measured: await measureMemory(host, target, { whole: linux }), where: host.where };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return { why: { message: error.message, hint: error.hint } };
  } finally {
    await host.close();
  }
}

function nowhere({ project }: Target): Measurement {
  const message = `no container of ${project} on this machine`;
  return { why: { message, hint: 'name its host with --ssh [USER@]HOST' } };
}

function words(measurement: Measurement): string[] {
  if (measurement.measured) return ['', `measured just now on ${measurement.where}`];
  const { message, hint } = measurement.why;
  return ['', `nothing measured: ${message}`, `Try: ${hint}`];
}
