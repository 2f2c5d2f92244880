import {
  answers,
  encodeFrame,
  encodeServerHello,
  FrameReader,
  frame,
  HelloReader,
  negotiate,
  type Request,
  requestCatalogue,
} from '../../../tws/index.ts';
import type { Message } from '../../../tws/message.ts';
import type { Fields, Inputs } from '../../../tws/struct.ts';
import { type Line, type Peer, type PeerOptions, peer } from './peer.ts';

/** A connection on which the hello was said. */
export interface Talk extends Line {
  send<F extends Fields>(message: Message<string, F>, values: Partial<Inputs<F>>): void;
  error(id: number, errorCode: number, errorMsg: string): void;
}

/** What a scripted gateway does; whatever is left out it does as a gateway that works. */
export interface Script {
  /** The version it says in its hello. */
  readonly version?: number;
  /** In the place of its hello. */
  readonly hello?: (line: Line) => void;
  /** Called for each request; true when that is all the answer there is. */
  readonly on?: (request: Request, talk: Talk) => boolean;
  readonly accounts?: string;
}

/** A gateway of a few lines, so that each fault stands in its test in full. */
export function gateway(script: Script = {}, options: PeerOptions = {}): Promise<Peer> {
  return peer((line) => converse(line, script), options);
}

function converse(line: Line, script: Script): void {
  const hello = new HelloReader();
  const frames = new FrameReader();
  let talk: (Talk & { version: number }) | undefined;
  const read = (bytes: Buffer) =>
    frames.push(bytes, (payload) => {
      if (talk) answer(requestCatalogue.decode(payload, talk.version) as Request, talk, script);
    });
  line.socket.on('data', (bytes) => {
    if (talk) return read(bytes);
    const client = hello.push(bytes);
    if (!client) return undefined;
    if (script.hello) return script.hello(line);
    const serverVersion = script.version ?? negotiate(client);
    talk = talkOn(line, serverVersion);
    line.write(frame(encodeServerHello({ serverVersion, connectionTime: '20260406 10:00:00 EST' })));
    return read(hello.rest);
  });
}

function talkOn(line: Line, version: number): Talk & { version: number } {
  const talk = {
    ...line,
    version,
    send<F extends Fields>(message: Message<string, F>, values: Partial<Inputs<F>>) {
      line.write(encodeFrame(message, values as Inputs<F>, version));
    },
    error(id: number, errorCode: number, errorMsg: string) {
      talk.send(answers.error, { id, errorCode, errorMsg, advancedOrderRejectJson: '', errorTime: 0 });
    },
  };
  return talk;
}

function answer(request: Request, talk: Talk, script: Script): void {
  if (script.on?.(request, talk)) return;
  if (request.type === 'startApi') {
    talk.send(answers.managedAccounts, { accountsList: script.accounts ?? 'DU1234567' });
    talk.send(answers.nextValidId, { orderId: 7 });
    talk.error(-1, 2104, 'Market data farm connection is OK:usfarm');
  }
  if (request.type === 'reqCurrentTime') talk.send(answers.currentTime, { time: 1775484000 });
  if (request.type === 'reqAccountSummary') talk.send(answers.accountSummaryEnd, { reqId: request.reqId });
  if (request.type === 'reqMktData') {
    talk.send(answers.tickPrice, { reqId: request.reqId, tickType: 4, price: 512.3, size: 100, attrMask: 0 });
  }
  if (request.type === 'reqExecutions') talk.send(answers.execDetailsEnd, { reqId: request.reqId });
  if (request.type === 'reqCompletedOrders') talk.send(answers.completedOrdersEnd, {});
  if (request.type === 'placeOrder') {
    talk.send(answers.openOrder, whatIf(request) as Partial<Inputs<typeof answers.openOrder.body.fields>>);
  }
}

function whatIf(request: Extract<Request, { type: 'placeOrder' }>) {
  const { type: _, ...order } = request;
  return { ...order, status: 'PreSubmitted', initMarginChange: '75.5' };
}
