import type { Answer } from '../answers.ts';
import type { Finding } from '../causes.ts';
import { accountAnswers, cancelAccountSummary, reqAccountSummary } from '../messages/account.ts';
import { reqCurrentTime } from '../messages/session.ts';
import type { Run } from '../run.ts';
import type { Outcome, Stage } from '../stage.ts';

/**
 * The gateway answers: its own clock, which it knows by itself, and the net liquidation value of every account,
 * for which it needs IBKR. Which of the two is missing tells a gateway that hangs from one request that does.
 */
export function account(run: Run): Stage {
  const reqId = run.requestId();
  let timeCame = false;
  let summaryCame = false;

  function see(answer: Answer): Outcome {
    const refused = run.refused(answer, reqId);
    if (refused) return refused;
    if (answer.type === 'currentTime') timeCame = true;
    if (answer.type === 'accountSummaryEnd' && answer.reqId === reqId) {
      summaryCame = true;
      run.send(cancelAccountSummary, { reqId });
    }
    return timeCame && summaryCame ? linkedToIbkr(run) : undefined;
  }

  function silence(): Finding {
    if (run.gateway.linkLost) return { cause: 'connection-to-ibkr-lost' };
    if (timeCame) return run.doubts.get(reqId) ?? { cause: 'request-unanswered', detail: 'account summary' };
    if (summaryCame) return { cause: 'request-unanswered', detail: 'current time' };
    return { cause: 'hung' };
  }

  return {
    name: 'account',
    start() {
      run.reader.learn(accountAnswers);
      run.send(reqCurrentTime, {});
      run.send(reqAccountSummary, { reqId, group: 'All', tags: 'NetLiquidation' });
      return undefined;
    },
    see: (seen) => (seen.kind === 'answer' ? see(seen.answer) : undefined),
    silence,
    ended: () => ({ cause: 'connection-closed' }),
  };
}

/** A gateway cut off from IBKR goes on answering from what it remembers. */
function linkedToIbkr(run: Run): Outcome {
  return run.gateway.linkLost ? { cause: 'connection-to-ibkr-lost' } : 'done';
}
