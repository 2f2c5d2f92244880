import type { StageName, Verdict } from '../verdict.ts';

/** Puts a colour on a text, or leaves it as it is where no one would see it. */
export type Paint = (colour: 'green' | 'red' | 'dim', text: string) => string;

/** A verdict for a person: what, why, what to do, and what it rests on. */
export function toText(verdict: Verdict, paint: Paint): string {
  return [
    headline(verdict, paint),
    ...(verdict.healthy ? [] : [`  ${verdict.message}`, `  try: ${verdict.hint}`]),
    `  ${timings(verdict)}`,
    ...(verdict.gateway.accounts?.length ? [`  accounts: ${verdict.gateway.accounts.join(', ')}`] : []),
    ...verdict.evidence.map((line) => paint('dim', `  | ${line}`)),
    '',
  ].join('\n');
}

function headline({ healthy, level, failedStage, cause, gateway, clientId }: Verdict, paint: Paint): string {
  const where = `${gateway.host}:${gateway.port}, client id ${clientId}`;
  if (healthy) return `${paint('green', 'healthy')} as far as ${level}: ${where}`;
  return `${paint('red', 'unhealthy')} at ${failedStage}, ${cause}: ${where}`;
}

function timings({ timingsMs, failedStage }: Verdict): string {
  return Object.entries(timingsMs)
    .map(
      ([stage, ms]) =>
        `${stage} ${ms} ms${stage === (failedStage satisfies StageName | undefined) ? ' (failed)' : ''}`,
    )
    .join(', ');
}
