import { catalogue } from '../../tws/message.ts';
import * as account from '../../tws/messages/account.ts';

export const { reqAccountSummary, cancelAccountSummary } = account.requests;

const { accountSummaryEnd } = account.answers;

export const accountAnswers = catalogue<typeof accountSummaryEnd>({ accountSummaryEnd });
