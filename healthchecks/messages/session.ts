import { catalogue } from '../../tws/message.ts';
import * as session from '../../tws/messages/session.ts';

export const { startApi, reqCurrentTime } = session.requests;

const { error, nextValidId, managedAccounts, currentTime } = session.answers;
const ANSWERS = { error, nextValidId, managedAccounts, currentTime };

export const sessionAnswers = catalogue<(typeof ANSWERS)[keyof typeof ANSWERS]>(ANSWERS);
