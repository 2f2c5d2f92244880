import type { z } from 'zod';
import type { Answer, ClientHello, Request } from '../../../../tws/index.ts';
import type { Connection } from '../server/connection.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';

/**
 * What a fault made of a matter: `pass`, it left it alone; `noted`, it added something and the simulator goes on;
 * `stop`, it dealt with it and the simulator does nothing more about it.
 */
export type Verdict = 'pass' | 'noted' | 'stop';

/** Where a fault may step in. Faults are asked in the order they were set, until one stops the matter. */
export interface Interceptor {
  /** A client's socket was accepted. */
  accepted?(connection: Connection): Verdict;
  /** Its hello came and is about to be answered. */
  hello?(connection: Connection, hello: ClientHello): Verdict;
  /** It asked to start the API under a client id. */
  start?(connection: Connection, clientId: number): Verdict;
  /** nextValidId is about to be sent at login. */
  nextValidId?(session: Session): Verdict;
  /** The state of the farms is about to be told at login. */
  farms?(session: Session): Verdict;
  /** A logged-in client asked for something. */
  request?(session: Session, request: Request): Verdict;
  /** An answer is about to be written to a session. */
  answer?(session: Session, type: Answer['type']): Verdict;
  /** Bytes are about to leave. */
  write?(connection: Connection, bytes: Buffer): Verdict;
  /** The fault is over. */
  cleared?(): void;
}

/** One thing that can go wrong on command. */
export interface FaultKind<P extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** What a client sees, in one or two sentences. */
  readonly does: string;
  /** What may be set on it beside the scope every fault has. */
  readonly parameters: P;
  /** How often it happens where `times` isn't given; without end, if absent. */
  readonly times?: number;
  /** Milliseconds until it ends by itself where `forMs` isn't given; never, if absent. */
  readonly forMs?: number;
  /** Puts the fault in force. One that happens at once, and is over then, returns nothing. */
  start(world: World, settings: z.output<P>): Interceptor | undefined;
}

/** Defines a kind of fault. */
export function fault<P extends z.ZodType>(kind: FaultKind<P>): FaultKind<P> {
  return kind;
}
