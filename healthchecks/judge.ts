import { maskAccount } from '../tws/accounts.ts';
import { CAUSES, type Finding, sentence } from './causes.ts';
import { clean } from './evidence.ts';
import type { Run } from './run.ts';
import {
  type GatewaySeen,
  type Level,
  STAGES_OF,
  type StageName,
  type Summary,
  type Verdict,
} from './verdict.ts';

/** How far a probe came. */
export interface Progress {
  readonly entered: StageName[];
  /** In the order they were met. */
  readonly failures: Map<StageName, Finding>;
  readonly timingsMs: Partial<Record<StageName, number>>;
}

/** What was asked for. */
export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  readonly level: Level;
  readonly at: string;
}

/** What a conversation came to. The first failure gives the cause; further ones stand in the evidence. */
export function verdict(asked: Asked, run: Run, progress: Progress): Verdict {
  const [failure, ...others] = progress.failures;
  for (const [stage, finding] of others) run.evidence.add(`${stage} failed too: ${sentence(finding)}`);
  const finding: Finding = failure?.[1] ?? { cause: 'ok' };
  return {
    healthy: failure === undefined,
    level: asked.level,
    stage: progress.entered.at(-1) ?? 'connect',
    ...(failure && { failedStage: failure[0] }),
    cause: finding.cause,
    message: clean(sentence(finding)),
    hint: finding.hint ?? CAUSES[finding.cause].hint,
    evidence: run.evidence.lines,
    timingsMs: progress.timingsMs,
    gateway: gatewaySeen(asked, run),
    clientId: asked.clientId,
    summary: summary(asked.level, progress),
    at: asked.at,
  };
}

function gatewaySeen({ host, port }: Asked, { hello, accounts }: Run): GatewaySeen {
  return {
    host,
    port,
    ...(hello && { serverVersion: hello.serverVersion, connectionTime: clean(hello.connectionTime) }),
    ...(accounts && { accounts: accounts.map(maskAccount) }),
  };
}

function summary(level: Level, progress: Progress): Summary {
  const asked = STAGES_OF[level];
  const passed = (stage: StageName) => progress.entered.includes(stage) && !progress.failures.has(stage);
  const part = (...stages: StageName[]) => {
    const due = stages.filter((stage) => asked.includes(stage));
    return due.length === 0 ? null : due.every(passed);
  };
  return {
    connected: part('connect', 'hello'),
    authenticated: part('session'),
    market_data: part('data'),
    account_access: part('account'),
    order_capability: part('orders'),
  };
}
