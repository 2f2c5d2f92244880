import { catalogue, type Decoded } from './message.ts';
import * as account from './messages/account.ts';
import * as contracts from './messages/contracts.ts';
import * as history from './messages/history.ts';
import * as market from './messages/market.ts';
import * as orders from './messages/orders.ts';
import * as session from './messages/session.ts';

/** Every message a client sends, by name. */
export const requests = {
  ...session.requests,
  ...account.requests,
  ...contracts.requests,
  ...market.requests,
  ...history.requests,
  ...orders.requests,
};

/** Every message a gateway sends, by name. */
export const answers = {
  ...session.answers,
  ...account.answers,
  ...contracts.answers,
  ...market.answers,
  ...history.answers,
  ...orders.answers,
};

type Requests = typeof requests;
type Answers = typeof answers;

/** A decoded request, told apart by `type`; `RequestOf<'placeOrder'>` is one of them. */
export type Request = { [K in keyof Requests]: Decoded<Requests[K]> }[keyof Requests];
export type RequestOf<N extends Request['type']> = Extract<Request, { type: N }>;
/** A decoded answer, told apart by `type`. */
export type Answer = { [K in keyof Answers]: Decoded<Answers[K]> }[keyof Answers];
export type AnswerOf<N extends Answer['type']> = Extract<Answer, { type: N }>;

/** Reads what clients send. */
export const requestCatalogue = catalogue<Requests[keyof Requests]>(requests);
/** Reads what gateways send. */
export const answerCatalogue = catalogue<Answers[keyof Answers]>(answers);
