import { answerCatalogue, answers, encode, requestCatalogue, requests } from '../../tws/index.ts';
import type { Message } from '../../tws/message.ts';

/** One message of a recorded conversation: who said it, its name, its payload. */
export interface Line {
  readonly from: 'client' | 'gateway';
  readonly type: string;
  readonly payload: Buffer;
}

/** A conversation as it went over the wire, behind the hello. */
export interface Transcript {
  readonly title: string;
  readonly version: number;
  readonly lines: readonly Line[];
}

const ARROW = { client: '>', gateway: '<' } as const;

/** A payload as one readable line: fields ended by `|`, with `\p`, `\n` and `\\` for what would break it. */
export function printFields(payload: Buffer): string {
  const escaped = payload
    .toString('latin1')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\p')
    .replaceAll('\n', '\\n');
  return escaped.replaceAll('\0', '|');
}

/** The payload a line stands for. */
export function parseFields(line: string): Buffer {
  const plain: Record<string, string> = { '\\p': '|', '\\n': '\n', '\\\\': '\\' };
  return Buffer.from(
    line.replaceAll('|', '\0').replace(/\\[pn\\]/g, (c) => plain[c] ?? c),
    'latin1',
  );
}

/** The name of a message, or `unknown` for one without a table. */
export function nameOf(from: Line['from'], payload: Buffer, version: number): string {
  return (from === 'client' ? requestCatalogue : answerCatalogue).decode(payload, version).type;
}

export function printTranscript(transcript: Transcript): string {
  const lines = transcript.lines.map(
    (l) => `${ARROW[l.from]} ${l.type.padEnd(22)} ${printFields(l.payload)}`,
  );
  return [`# ${transcript.title}`, `version ${transcript.version}`, ...lines, ''].join('\n');
}

/** @throws Error naming the line that is neither a comment, a version nor a message. */
export function parseTranscript(text: string): Transcript {
  const rows = text.split('\n').filter((row) => row !== '');
  const title = rows.find((row) => row.startsWith('# '))?.slice(2) ?? '';
  const version = Number(rows.find((row) => row.startsWith('version '))?.slice(8));
  const lines = rows.filter((row) => !/^(# |version )/.test(row)).map(parseLine);
  return { title, version, lines };
}

function parseLine(row: string): Line {
  const match = /^([<>]) (\S+) +(.*)$/.exec(row);
  if (!match) throw new Error(`not a line of a transcript: "${row}"`);
  const [, arrow, type = '', fields = ''] = match;
  return { from: arrow === '>' ? 'client' : 'gateway', type, payload: parseFields(fields) };
}

/** What our own table writes for the values it read: the same bytes, if the table is right. */
export function rewrite(line: Line, version: number): Buffer {
  const fromClient = line.from === 'client';
  const decoded = (fromClient ? requestCatalogue : answerCatalogue).decode(line.payload, version);
  const table = (fromClient ? requests : answers) as Record<string, Message>;
  return Buffer.from(encode(table[decoded.type] as Message, decoded as never, version), 'latin1');
}
