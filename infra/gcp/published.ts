import { isLoopback } from '../../compose/config/edge.ts';
import type { StackSpec } from '../../compose/spec.ts';

/** What the stack publishes to the world, in ascending order; ports bound to loopback are not. */
export function publicPorts(spec: StackSpec): number[] {
  return portsOf(spec, (bind) => !isLoopback(bind));
}

/** What it publishes on the machine's own loopback, where an ssh tunnel ends, in ascending order. */
export function loopbackPorts(spec: StackSpec): number[] {
  return portsOf(spec, isLoopback);
}

function portsOf(spec: StackSpec, wanted: (bind: string) => boolean): number[] {
  const ports = spec.services.flatMap(({ publish }) => publish).filter(({ bind }) => wanted(bind));
  return [...new Set(ports.map(({ published }) => published))].sort((a, b) => a - b);
}
