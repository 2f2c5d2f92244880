import { isAscii } from './ascii.ts';
import { Cursor } from './cursor.ts';
import { excerpt, WireError } from './errors.ts';
import { Sink } from './sink.ts';
import { type Fields, type Inputs, type Struct, struct, type Values } from './struct.ts';

/** One message of the protocol: its id on the wire, its name here, its fields in order. */
export interface Message<N extends string = string, F extends Fields = Fields> {
  readonly type: N;
  readonly id: number;
  readonly body: Struct<F>;
}

/** A decoded message: its name and its fields. */
export type Decoded<M> = M extends Message<infer N, infer F> ? { readonly type: N } & Values<F> : never;

/** A message this project has no table for; its fields are kept as they came. */
export interface UnknownMessage {
  readonly type: 'unknown';
  readonly id: number;
  readonly fields: readonly string[];
}

/** Defines a message. Field names are those of the official API wherever it has one. */
export function message<const N extends string, const F extends Fields>(
  type: N,
  id: number,
  fields: F,
): Message<N, F> {
  return { type, id, body: struct(fields) };
}

/**
 * The fields of a payload.
 * @throws WireError `empty-message`, `unterminated` (cut off), `non-ascii`.
 */
export function fieldsOf(payload: Buffer): string[] {
  checkEnd(payload);
  if (!isAscii(payload)) {
    throw new WireError('non-ascii', `bytes outside ASCII in "${excerpt(payload.toString('latin1'))}"`);
  }
  return payload.toString('latin1', 0, payload.length - 1).split('\0');
}

function checkEnd(payload: Buffer): void {
  if (payload.length === 0) throw new WireError('empty-message', 'a message of no fields');
  if (payload[payload.length - 1] !== 0) {
    throw new WireError(
      'unterminated',
      `the last field has no NUL: "${excerpt(payload.toString('latin1', Math.max(0, payload.length - 20)))}"`,
    );
  }
}

/** The payload of one message, NUL-terminated fields with the id first. @throws WireError `cannot-encode`. */
export function encode<N extends string, F extends Fields>(
  definition: Message<N, F>,
  values: Inputs<F>,
  version: number,
): string {
  return written(definition, values, version).payload();
}

/** The same with its length before it: what goes on the socket. */
export function encodeFrame<N extends string, F extends Fields>(
  definition: Message<N, F>,
  values: Inputs<F>,
  version: number,
): Buffer {
  return written(definition, values, version).frame();
}

let sink: Sink | undefined;

/** One sink serves every message: it is written whole, and copied out, before the next begins. */
function written<F extends Fields>(definition: Message<string, F>, values: Inputs<F>, version: number): Sink {
  sink ??= new Sink();
  sink.begin(version);
  sink.field(String(definition.id));
  definition.body.write(sink, values, values);
  return sink;
}

/** All messages of one direction, and how to read any of them. */
export interface Catalogue<M extends Message> {
  readonly byId: ReadonlyMap<number, M>;
  /**
   * Reads one payload. Fields behind the known ones are passed over: newer gateways append.
   * @throws WireError for anything that isn't this message at this version; a message without a table is returned
   * as `unknown`.
   */
  decode(payload: Buffer, version: number): Decoded<M> | UnknownMessage;
}

/** Builds a catalogue; two messages with one id are a mistake of this project. */
export function catalogue<M extends Message>(messages: Record<string, M>): Catalogue<M> {
  const byId = new Map<number, M>();
  for (const m of Object.values(messages)) {
    if (byId.has(m.id))
      throw new Error(`messages ${byId.get(m.id)?.type} and ${m.type} share the id ${m.id}`);
    byId.set(m.id, m);
  }
  return {
    byId,
    decode(payload, version) {
      checkEnd(payload);
      const cursor = new Cursor(payload, version);
      const id = idOf(cursor);
      const definition = byId.get(id);
      if (!definition) return { type: 'unknown', id, fields: fieldsOf(payload) };
      return read(definition, cursor) as Decoded<M>;
    },
  };
}

function idOf(cursor: Cursor): number {
  const id = cursor.id();
  if (id !== undefined) return id;
  throw new WireError('unknown-message', `a message id was due, got "${excerpt(cursor.text())}"`);
}

function read(definition: Message, cursor: Cursor): unknown {
  try {
    const values = definition.body.read(cursor, {}) as Record<string, unknown>;
    values.type = definition.type;
    return values;
  } catch (error) {
    if (error instanceof WireError) {
      throw new WireError(error.code, `${definition.type}, field ${cursor.field}: ${error.message}`);
    }
    throw error;
  }
}
