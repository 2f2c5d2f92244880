import { z } from 'zod';
import { requests } from '../../../../tws/index.ts';
import { catalogue } from './catalogue.ts';
import type { FaultKind } from './fault.ts';

const requestTypes = Object.keys(requests) as (keyof typeof requests)[];

/** Whom a fault concerns, how often and how long; what is left out doesn't narrow it. */
export const scopeSchema = z.object({
  /** Only this client. Before login no client id is known, and this narrows nothing. */
  clientId: z.number().int().optional(),
  /** Only requests of this type. */
  request: z.enum(requestTypes).optional(),
  /** How often it happens before it ends by itself. */
  times: z.number().int().min(1).optional(),
  /** Milliseconds until it ends by itself. */
  forMs: z.number().int().min(1).optional(),
});

export type Scope = z.infer<typeof scopeSchema>;

/** A fault that cannot be set: which, why, and what would do. */
export class FaultError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'FaultError';
    this.hint = hint;
  }
}

/** @throws FaultError for a name there isn't */
export function kindOf(name: string): FaultKind {
  const kind = catalogue.find((one) => one.name === name);
  if (kind) return kind;
  const names = catalogue.map((one) => one.name).join(', ');
  throw new FaultError(
    `there is no fault "${name}"`,
    `the faults are ${names}; GET /faults says what each does`,
  );
}

/** The settings a kind has of its own. */
export function keysOf(parameters: z.ZodType): string[] {
  return parameters instanceof z.ZodObject ? Object.keys(parameters.shape) : [];
}

/** @throws FaultError for a setting the fault doesn't have, or a value it can't take */
export function settingsOf(kind: FaultKind, input: Record<string, unknown>): Record<string, unknown> {
  const allowed = [...Object.keys(scopeSchema.shape), ...keysOf(kind.parameters)];
  const unknown = Object.keys(input).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) {
    throw new FaultError(
      `fault "${kind.name}" has no setting "${unknown.join('", "')}"`,
      `its settings are ${allowed.join(', ')}`,
    );
  }
  const common = scopeSchema.safeParse(input);
  const own = kind.parameters.safeParse(input);
  const issues = [...(common.error?.issues ?? []), ...(own.error?.issues ?? [])];
  if (issues.length > 0) {
    const said = issues.map(({ path, message }) => {
      const key = path.join('.');
      return `${key}: ${message}; got ${JSON.stringify(input[key])}`;
    });
    throw new FaultError(`fault "${kind.name}": ${said.join('. ')}`, 'GET /faults lists the settings');
  }
  return { ...common.data, ...(own.data as object) };
}
