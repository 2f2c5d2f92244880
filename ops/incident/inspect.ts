import type { StackSpec } from '../../compose/spec.ts';
import { MASK } from './redact.ts';

interface Inspected {
  readonly Config?: {
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>>;
  };
}

/**
 * What docker inspect says, with the values of variables masked but for those the configuration itself gives: an
 * image, or a person, may have put anything into the others.
 */
export function redactInspect(text: string, spec: StackSpec): string {
  const known = new Set(
    spec.services.flatMap(({ environment }) => Object.entries(environment).map((pair) => pair.join('='))),
  );
  const masked = (variable: string) => (known.has(variable) ? variable : `${variable.split('=')[0]}=${MASK}`);
  const containers = JSON.parse(text) as Inspected[];
  const shown = containers.map((one) => ({
    ...one,
    Config: { ...one.Config, Env: (one.Config?.Env ?? []).map(masked) },
  }));
  return `${JSON.stringify(shown, undefined, 1)}\n`;
}
