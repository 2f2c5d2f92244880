import { catalogue } from '../../tws/message.ts';
import * as contracts from '../../tws/messages/contracts.ts';
import * as market from '../../tws/messages/market.ts';

export const { reqContractDetails } = contracts.requests;
export const { reqMarketDataType, reqMktData, cancelMktData } = market.requests;

const { contractDetails } = contracts.answers;
const { tickPrice, tickSize } = market.answers;
const ANSWERS = { contractDetails, tickPrice, tickSize };

export const dataAnswers = catalogue<(typeof ANSWERS)[keyof typeof ANSWERS]>(ANSWERS);
