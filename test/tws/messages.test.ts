import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerCatalogue,
  answers,
  encode,
  MAX_VERSION,
  MIN_VERSION,
  requestCatalogue,
  requests,
  WireError,
} from '../../tws/index.ts';
import type { Message } from '../../tws/message.ts';

const both = [
  ['requests', requests, requestCatalogue],
  ['answers', answers, answerCatalogue],
] as const;

function fieldsAt(message: Message, version: number): number {
  return encode(message, {} as never, version).split('\0').length - 1;
}

/** From which version on a message has how many fields more (or fewer) than before. */
function steps(message: Message): Record<number, number> {
  const found: Record<number, number> = {};
  for (let v = MIN_VERSION + 1; v <= MAX_VERSION; v += 1) {
    const step = fieldsAt(message, v) - fieldsAt(message, v - 1);
    if (step !== 0) found[v] = step;
  }
  return found;
}

describe.each(both)('%s', (_, messages, catalogue) => {
  it('keep every value through writing and reading, at every version', () => {
    // Mostly numbers: they are valid wherever text is, so that long messages are read to their end.
    const field = fc.constantFrom(
      '0',
      '1',
      '2',
      '3',
      '',
      '150',
      '0.5',
      '2147483647',
      'AAPL',
      'BAG',
      'FUND',
      'None',
    );
    const all = Object.values(messages) as Message[];
    let whole = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.integer({ min: MIN_VERSION, max: MAX_VERSION }),
        fc.array(field, { minLength: 0, maxLength: 200 }),
        (message, version, fields) => {
          const first = attempt(() =>
            catalogue.decode(Buffer.from(`${[message.id, ...fields].join('\0')}\0`), version),
          );
          if (first === undefined) return;
          whole += 1;
          const again = encode(message, first as never, version);
          expect(catalogue.decode(Buffer.from(again), version)).toEqual(first);
        },
      ),
      { numRuns: 5000, seed: 20260405 },
    );
    expect(whole).toBeGreaterThan(500);
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

describe('gates', () => {
  it.each([
    ['error', answers.error, { 166: 1, 194: 0 }],
    ['contractDetails', answers.contractDetails, { 163: 1, 164: 0, 182: 1, 186: 1 }],
    ['execDetails', answers.execDetails, { 178: 1, 198: 1 }],
    ['historicalData', answers.historicalData, { 196: -2 }],
    ['cancelOrder', requests.cancelOrder, { 169: 1, 187: 3, 190: -3, 192: 1 }],
    ['reqGlobalCancel', requests.reqGlobalCancel, { 192: 1 }],
    ['reqContractDetails', requests.reqContractDetails, { 176: 1 }],
    ['reqExecutions', requests.reqExecutions, { 200: 2 }],
    [
      'openOrder',
      answers.openOrder,
      {
        158: 1,
        160: 1,
        162: 1,
        170: 5,
        177: -1,
        183: 1,
        184: 1,
        185: 1,
        189: 1,
        193: 2,
        195: 13,
        198: 1,
        199: 1,
      },
    ],
    [
      'placeOrder',
      requests.placeOrder,
      {
        158: 1,
        160: 1,
        162: 1,
        166: 1,
        169: 1,
        177: -1,
        183: 1,
        184: 1,
        187: 2,
        189: 1,
        190: -2,
        192: 1,
        199: 1,
      },
    ],
  ])('%s gains and loses fields where the protocol does', (_, message, expected) => {
    const wanted = Object.fromEntries(Object.entries(expected).filter(([, n]) => n !== 0));
    expect(steps(message as Message)).toEqual(wanted);
  });

  it('a simple open order at 200 has the 156 fields a live gateway sends', () => {
    const simple = encode(answers.openOrder, { deltaNeutralOrderType: 'None' } as never, 200);
    expect(simple.split('\0').length - 1).toBe(156);
  });
});

describe('placeOrder', () => {
  it('has its fixed fields where every client puts them', () => {
    const values = {
      orderId: 7,
      contract: { symbol: 'AAPL' },
      action: 'BUY',
      totalQuantity: 1,
      transmit: true,
      hidden: true,
    };
    const fields = encode(requests.placeOrder, values as never, 200).split('\0');
    expect([fields[0], fields[1], fields[3], fields[16], fields[27], fields[34]]).toEqual([
      '3',
      '7',
      'AAPL',
      'BUY',
      '1',
      '1',
    ]);
  });

  it('is not written for a pegged order, whose tail is another', () => {
    const pegged = { orderId: 7, action: 'BUY', totalQuantity: 1, orderType: 'PEG BEST' };
    expect(() => encode(requests.placeOrder, pegged as never, 200)).toThrow(
      'order type "PEG BEST" is read, never sent',
    );
  });
});

describe('reading refuses, with the message and the field named', () => {
  it.each([
    ['nothing', '', 'empty-message', /no fields/],
    ['a cut-off message', '9\x001\x0012', 'unterminated', /no NUL: "9.1.12"/],
    ['too few fields', '9\x001\x00', 'missing-field', /^nextValidId, field 2: .* ends after 2 fields/],
    [
      'a word for a number',
      '9\x001\x00x\x00',
      'bad-field',
      /^nextValidId, field 3: expected a whole number, got "x"/,
    ],
    ['bytes outside ASCII', '4\x00-1\x002104\x00caf\xe9\x00', 'non-ascii', /outside ASCII/],
    ['no message id', 'hello\x00', 'unknown-message', /a message id was due, got "hello"/],
  ])('%s', (_, wire, code, message) => {
    const run = () => answerCatalogue.decode(Buffer.from(wire, 'latin1'), 200);
    expect(run).toThrow(message);
    expect(attemptCode(run)).toBe(code);
  });

  it('a message it has no table for is kept as it came', () => {
    expect(answerCatalogue.decode(Buffer.from('14\x001\x00news\x00'), 200)).toEqual({
      type: 'unknown',
      id: 14,
      fields: ['14', '1', 'news'],
    });
  });
});

function attemptCode(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  return undefined;
}
