import { type OpsError, opsError } from './errors.ts';
import type { StackVerb } from './stacks.ts';

/** Two options of which one would be passed over in silence, were it not refused. */
interface Rule {
  readonly option: string;
  /** It says nothing beside this one. */
  readonly apart?: string;
  /** It says nothing without this one. */
  readonly needs?: string;
  /** The one verb it is so for; all that take the option when left out. */
  readonly verb?: string;
  readonly why: string;
}

/** Which options go together, for every verb: what a verb takes at all is in its own line of the table of verbs. */
const RULES: readonly Rule[] = [
  { option: '--plan', apart: '--dry-run', why: 'one says it in words, the other prints the commands' },
  { option: '--with-gateway', apart: '--without-gateway', why: 'the gateway is either touched or left' },
  { option: '--force', apart: '--without-gateway', why: 'it is about when the gateway may be touched' },
  {
    option: '--schedule',
    apart: '--out',
    why: 'the host puts its backups into the bucket, and none comes here',
  },
  {
    option: '--untested',
    needs: '--finish',
    why: 'only then the bridge is asked whether it takes the new key',
  },
  {
    option: '--url',
    needs: '--finish',
    verb: 'rotate-api-key',
    why: 'only then the bridge is asked whether it takes the new key',
  },
  { option: '--now', apart: '--ssh', why: 'a machine that fetches its secrets is reached through IAP' },
  {
    option: '--sudo',
    needs: '--ssh',
    why: 'through IAP sudo is used anyway, and this machine is asked by nobody',
  },
  ...['--gateway-port', '--control-port', '--seed'].map((option) => ({
    option,
    apart: '--gateway',
    why: 'it is for the simulated gateway, and --gateway names another',
  })),
];

/** The error for options that do not go together, given as `--long`; undefined where all do. */
export function clashOf(
  { flag, verb }: Pick<StackVerb, 'flag' | 'verb'>,
  given: readonly string[],
): OpsError | undefined {
  for (const rule of RULES) {
    const { option, apart, needs, why } = rule;
    if (!given.includes(option) || (rule.verb !== undefined && rule.verb !== verb.name)) continue;
    if (apart !== undefined && given.includes(apart))
      return opsError('options-apart', option, apart, flag, why);
    if (needs !== undefined && !given.includes(needs))
      return opsError('option-alone', option, needs, flag, why);
  }
  return undefined;
}

/** For documentation: `--schedule` not with `--out`, and why. */
export function togetherRules(): readonly { readonly rule: string; readonly why: string }[] {
  return RULES.map(({ option, apart, needs, verb, why }) => {
    const of = verb === undefined ? '' : ` of --<stack>-${verb}`;
    const rule =
      apart === undefined
        ? `\`${option}\`${of} only with \`${needs}\``
        : `\`${option}\`${of} not with \`${apart}\``;
    return { rule, why };
  });
}
