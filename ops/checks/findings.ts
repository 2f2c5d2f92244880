import type { Finding } from './check.ts';
import { GATEWAY } from './findings/gateway.ts';
import { HOST } from './findings/host.ts';
import { OUTSIDE } from './findings/outside.ts';
import { STACK } from './findings/stack.ts';

/** What the checks of this room can find by themselves, outermost first. */
export const FINDINGS = { ...OUTSIDE, ...HOST, ...STACK, ...GATEWAY } as const satisfies Record<
  string,
  { message: string; hint: string }
>;

export type FindingCode = keyof typeof FINDINGS;

/** The finding of this code, with the command that comes next. */
export function finding(code: FindingCode, action: string): Finding {
  return { code, ...FINDINGS[code], action };
}
