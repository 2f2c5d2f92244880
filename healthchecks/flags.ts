import type { ProbeOptions } from './probe.ts';
import { VALUES, type ValueFlag, type ValueName } from './values.ts';
import type { Level } from './verdict.ts';

/** How a verdict is printed. */
export type Format = 'text' | 'json' | 'prometheus';

/** A flag that cannot be used: which, the rule it breaks, and what to type instead. */
export interface FlagError {
  readonly flag: string;
  readonly rule: string;
  /** What was given; undefined when nothing was. */
  readonly value?: string | undefined;
  readonly hint: string;
}

/** What a command line asks for: help, a probe, or nothing that can be done. */
export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'probe'; readonly options: ProbeOptions; readonly format: Format }
  | { readonly kind: 'invalid'; readonly errors: readonly FlagError[] };

const SWITCHES = ['json', 'prometheus', 'allow-live', 'help'] as const;

type SwitchName = (typeof SWITCHES)[number];

/** Reads a command line. Every mistake in it is reported, not the first only. */
export function parseFlags(args: readonly string[]): CommandLine {
  const errors: FlagError[] = [];
  const given = collect(args, errors);
  if (given.switches.has('help')) return { kind: 'help' };
  const options = {
    host: String(read(given, 'host', errors)),
    port: Number(read(given, 'port', errors)),
    clientId: Number(read(given, 'client-id', errors)),
    level: read(given, 'level', errors) as Level,
    timeoutMs: Number(read(given, 'timeout', errors)),
    symbol: String(read(given, 'symbol', errors)),
    allowLive: given.switches.has('allow-live'),
  };
  const format = formatOf(given, errors);
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'probe', options, format };
}

interface Given {
  readonly values: Map<ValueName, string | undefined>;
  readonly switches: Set<SwitchName>;
}

/** By hand: to load node's own parser would take a twentieth of the time of a whole probe. */
function collect(args: readonly string[], errors: FlagError[]): Given {
  const given: Given = { values: new Map(), switches: new Set() };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) errors.push(stray(arg));
    else if (isValue(name)) given.values.set(name, inline ?? rest.shift());
    else takeSwitch(given, name, inline, errors);
  }
  return given;
}

function takeSwitch({ switches }: Given, name: string, value: string | undefined, errors: FlagError[]): void {
  const flag = `--${name}`;
  if (!isSwitch(name))
    errors.push({ flag, rule: 'is not a flag of the probe', hint: 'see --help for the flags' });
  else if (value !== undefined) errors.push({ flag, rule: 'takes no value', value, hint: `type ${flag}` });
  else switches.add(name);
}

function stray(value: string): FlagError {
  return { flag: value, rule: 'belongs to no flag', hint: 'see --help for the flags' };
}

function read(given: Given, name: ValueName, errors: FlagError[]): string | number | undefined {
  const flag: ValueFlag = VALUES[name];
  const text = given.values.has(name) ? given.values.get(name) : flag.fallback;
  const value = text === undefined ? undefined : flag.read(text);
  if (value === undefined) {
    errors.push({
      flag: `--${name}`,
      rule: `must be ${flag.rule}`,
      value: text,
      hint: `for instance --${name} ${flag.fallback}`,
    });
  }
  return value;
}

function formatOf({ switches }: Given, errors: FlagError[]): Format {
  if (switches.has('json') && switches.has('prometheus')) {
    errors.push({ flag: '--prometheus', rule: 'cannot stand beside --json', hint: 'choose one of them' });
  }
  if (switches.has('json')) return 'json';
  return switches.has('prometheus') ? 'prometheus' : 'text';
}

function isValue(name: string): name is ValueName {
  return Object.hasOwn(VALUES, name);
}

function isSwitch(name: string): name is SwitchName {
  return (SWITCHES as readonly string[]).includes(name);
}
