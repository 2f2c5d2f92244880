import { composeService, type Definitions } from '../render.ts';
import type { ServiceSpec, StackSpec } from '../spec.ts';
import { listing, type ReleaseFile, sha256 } from './files.ts';

/**
 * The hash of everything a service is made of, by service: what compose is told of it, and its files. A release
 * that leaves a definition as it was need not touch the service. 16 hex digits.
 */
export function definitionsOf(spec: StackSpec, files: readonly ReleaseFile[]): Definitions {
  return Object.fromEntries(spec.services.map((service) => [service.name, definition(service, spec, files)]));
}

function definition(service: ServiceSpec, spec: StackSpec, files: readonly ReleaseFile[]): string {
  const own = new Set(service.files.map(({ path }) => path));
  const told = sorted(composeService(service, spec, ''));
  return sha256(told + listing(files.filter(({ path }) => own.has(path)))).slice(0, 16);
}

/** JSON that does not depend on the order in which keys were written. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
