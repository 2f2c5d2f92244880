import type { Command } from '../commands/command.ts';
import { locked } from '../deploy/lock.ts';
import { siteOf } from '../deploy/site.ts';
import { opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import { holderOf } from '../runbook/holder.ts';
import { readTarget, type Target } from '../target.ts';
import { hostOfTarget } from '../target-host.ts';
import { teardownOnGoogle } from '../teardown/on-google.ts';
import { teardownOnHost } from '../teardown/on-host.ts';
import { type Teardown, teardownWords } from '../teardown/teardown.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds the lock of a host is ours at most. */
const SECONDS = 900;

const NO_SSH = '--ssh is for a machine of your own: this one was made by pulumi up';

/** Deletes a stack: says what goes and what stays, and wants the stack's name before it begins. */
export async function teardown(context: VerbContext): Promise<number> {
  const target = await readTarget(context.root, context.stack);
  const { host } = target.config;
  const wish = { deleteData: context.options.deleteData === true };
  if (host.kind === 'gcp') {
    if (context.options.ssh !== undefined)
      throw opsError('usage-wrong', NO_SSH, `--${target.stack}-teardown`);
    const run = (command: Command) => context.local.run(command);
    return perform(teardownOnGoogle(target, host, wish), target, context.local, context, (work) => work(run));
  }
  const remote = await hostOfTarget(target, context);
  const site = siteOf(remote, String(context.options.hostFolder), target.project);
  const holder = holderOf('teardown', SECONDS, context);
  try {
    return await perform(teardownOnHost(target, site, wish), target, remote, context, (work) =>
      locked(site, holder, () => work((command) => remote.run(command)), context.out.note),
    );
  } finally {
    await remote.close();
  }
}

type Work = (run: Remote['run']) => Promise<void>;

/** Says, asks, does. What fails between two steps is gone on with by the same verb. */
async function perform(
  plan: Teardown,
  { stack }: Target,
  where: Remote,
  context: VerbContext,
  under: (work: Work) => Promise<void>,
): Promise<number> {
  const { options, out } = context;
  if (options.dryRun) {
    for (const { command } of plan.steps) out.line(where.line(command));
    return 0;
  }
  for (const line of teardownWords(plan)) out.line(line);
  if (options.plan) return 0;
  await confirmed(stack, context);
  await under(async (run) => {
    for (const { title, command } of plan.steps) {
      out.progress(title);
      await run(command);
    }
  });
  out.line(`${stack} is torn down`);
  return 0;
}

/** A yes is typed too easily. Throws teardown-unconfirmed unless the name of the stack was given. */
async function confirmed(stack: string, { options, ask }: VerbContext): Promise<void> {
  const given = options.confirm ?? (await ask?.(`The name of the stack, to delete it: `));
  if (given === undefined || String(given).trim() !== stack) throw opsError('teardown-unconfirmed', stack);
}
