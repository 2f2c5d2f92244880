/**
 * The TWS wire protocol as a gateway speaks it, both ends. Pure: bytes in, values out; no sockets, no clocks.
 * `frame.ts` cuts the stream, `hello.ts` opens it, `catalogue.ts` names every message, `codes.ts` explains errors.
 */
export type { Answer, AnswerOf, Request, RequestOf } from './catalogue.ts';
export { answerCatalogue, answers, requestCatalogue, requests } from './catalogue.ts';
export { codes, type Explanation, explain, isReadOnlyRefusal, type Severity } from './codes.ts';
export type { AnswerContract, RequestContract } from './contract.ts';
export { WireError, type WireErrorCode } from './errors.ts';
export { FrameReader, frame, MAX_FRAME } from './frame.ts';
export {
  type ClientHello,
  decodeServerHello,
  encodeClientHello,
  encodeServerHello,
  HelloReader,
  negotiate,
  type ServerHello,
} from './hello.ts';
export { type Decoded, encode, encodeFrame, type Message, type UnknownMessage } from './message.ts';
export { MAX_VERSION, MIN_VERSION, SINCE } from './versions.ts';
