import { DEV_STACK, type StackVerb } from './stacks.ts';

/**
 * The list of verbs. Those of deployed stacks are told once, for the first: the others have the same, and a list of
 * each would be several screens.
 */
export function overview(verbs: readonly StackVerb[]): string {
  const deployed = [...new Set(verbs.filter(({ verb }) => verb.on === 'deployed').map(({ stack }) => stack))];
  const [first, ...others] = deployed;
  const of = (stack: string | undefined) => verbs.filter((one) => one.stack === stack);
  const width = Math.max(...verbs.map((one) => (others.includes(one.stack) ? 0 : typed(one).length)));
  const rows = (some: readonly StackVerb[]) =>
    some.map((one) => `  ${typed(one).padEnd(width)}  ${one.verb.summary}`);
  const same =
    others.length > 0 ? [`  The same for ${others.map((stack) => `--${stack}-...`).join(', ')}`] : [];
  return [
    'Usage: npx gatehouse --<stack>-<verb> [options]',
    '',
    'What npm start runs on this machine, without Docker',
    ...rows(of(DEV_STACK)),
    '',
    `A stack with a Pulumi.<stack>.yaml${first === undefined ? '' : `, such as ${first}`}`,
    ...rows(of(first)),
    ...same,
    '',
    'A new stack',
    ...rows(verbs.filter(({ verb }) => verb.on === 'checkout')),
    '',
    'A verb with --help lists its options. With --plan a verb says what it would do and what that costs, with --dry-run',
    'it prints the exact commands, with --json it gives one object.',
    'Exit status: 0 done or healthy, 1 failed or unhealthy, 2 not understood. NO_COLOR=1 for no colours.',
  ].join('\n');
}

/** `--prod-rollback [ID]`. */
function typed({ flag, verb: { operands = [] } }: StackVerb): string {
  const names = operands.map((one) =>
    one.required ? one.name().toUpperCase() : `[${one.name().toUpperCase()}]`,
  );
  return [flag, ...names].join(' ');
}
