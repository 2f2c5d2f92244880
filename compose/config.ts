import { ConfigError, mistakesIn, ruleFor } from './config/mistakes.ts';
import { CONFIG_SCHEMA, type Config } from './config/schema.ts';
import { mistakesTogether } from './config/together.ts';

export { ConfigError, type Mistake } from './config/mistakes.ts';
export type { Config } from './config/schema.ts';
export { ownKeysFromPulumi, readStackFile } from './config/stack-file.ts';

/**
 * The one place a configuration is read: from what stands in Pulumi.<stack>.yaml under `gatehouse:` to a Config
 * with every default filled in. Throws a ConfigError that lists every mistake at once.
 */
export function readConfig(input: Readonly<Record<string, unknown>>): Config {
  const parsed = CONFIG_SCHEMA.safeParse(input, { error: ruleFor });
  const mistakes = [
    ...mistakesIn(parsed.error?.issues ?? [], input),
    ...mistakesTogether(parsed.data ?? validSections(input)),
  ];
  if (parsed.data === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  return parsed.data;
}

/** The sections that are right by themselves, so that rules over several are checked in the same pass. */
function validSections(input: Readonly<Record<string, unknown>>): Partial<Config> {
  const sections = Object.entries(CONFIG_SCHEMA.shape).map(([key, schema]) => {
    return [key, schema.safeParse(input[key]).data] as const;
  });
  return Object.fromEntries(sections.filter(([, value]) => value !== undefined));
}
