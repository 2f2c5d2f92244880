import type { Answer, Request } from '../../../tws/index.ts';

/** A code and its text. */
export type Notice = readonly [code: number, text: string];

type AnswerTypes = readonly Answer['type'][];
type RequestTypes = readonly Request['type'][];

/** What a farm serves: the answers that stop while it is broken, and the requests it then leaves unanswered. */
export interface Farm {
  readonly broken: Notice;
  readonly ok: Notice;
  readonly answers: AnswerTypes;
  readonly requests: RequestTypes;
}

export const FARMS: Readonly<Record<'market' | 'history' | 'secdef', Farm>> = {
  market: {
    broken: [2103, 'Market data farm connection is broken:usfarm'],
    ok: [2104, 'Market data farm connection is OK:usfarm'],
    answers: [
      'tickPrice',
      'tickSize',
      'tickString',
      'tickGeneric',
      'tickOptionComputation',
      'tickSnapshotEnd',
      'updateMktDepth',
      'updateMktDepthL2',
      'tickByTick',
      'realtimeBar',
    ],
    requests: [],
  },
  history: {
    broken: [2105, 'HMDS data farm connection is broken:ushmds'],
    ok: [2106, 'HMDS data farm connection is OK:ushmds'],
    answers: ['historicalDataUpdate'],
    requests: ['reqHistoricalData', 'reqHeadTimestamp'],
  },
  secdef: {
    broken: [2157, 'Sec-def data farm connection is broken:secdefnj'],
    ok: [2158, 'Sec-def data farm connection is OK:secdefnj'],
    answers: [],
    requests: ['reqContractDetails', 'reqSecDefOptParams', 'reqMatchingSymbols'],
  },
};

/** In the order a gateway tells of them at login. */
export const ALL_FARMS: readonly Farm[] = Object.values(FARMS);
