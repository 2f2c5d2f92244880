import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Execution } from '../../compose/bridge/src/client/types.ts';
import { ExecutionBook } from '../../compose/bridge/src/session/execution-book.ts';

/** As decoding makes one: each text is cut from the message, each object is new. */
function told(n: number, padding = 0, exchange = 'NASDAQ'): { execution: Execution; at: number } {
  const id = `0000e0d5.1a1db9e2.${String(n).padStart(8, '0')}.01`;
  const message = ['AAPL', 'STK', 'USD', 'NMS', id, '20261118 10:00:00 US/Eastern', 'DU1005015', exchange];
  const fields = `${message.join('\0')}\0${' '.repeat(padding)}`.split('\0');
  const [symbol = '', secType = '', currency = '', tradingClass = '', execId = '', time = '', account = ''] =
    fields;
  const contract = { conId: 265598, symbol, secType, exchange: 'SMART', currency, tradingClass };
  const rest = { orderId: n, clientId: 100, permId: n, side: 'BOT', price: 270, quantity: 1 };
  return { execution: { ...rest, execId, account, contract, time, exchange, orderRef: `r${n}` }, at: n };
}

test('executions are kept as they were told, with one contract for all that say the same', () => {
  const book = new ExecutionBook();
  const other = told(3);
  const odd = {
    ...other,
    execution: { ...other.execution, contract: { ...other.execution.contract, strike: 9 } },
  };
  for (const each of [told(1), told(2), odd]) book.add(each);
  book.addCommission({ execId: told(1).execution.execId, commission: 1, currency: 'USD', realizedPnl: -0.5 });
  book.addCommission({ execId: 'of-one-that-is-not-known', commission: 1, currency: 'USD' });
  const [first, second, third] = book.list;
  expect(first).toEqual({
    ...told(1),
    commission: { execId: told(1).execution.execId, commission: 1, currency: 'USD', realizedPnl: -0.5 },
  });
  expect(second).toEqual(told(2));
  expect(third).toEqual(odd);
  expect(second?.execution.contract).toBe(first?.execution.contract);
  expect(book.addCommission({ execId: told(1).execution.execId, commission: 1, currency: 'USD' })).toBe(
    false,
  );
});

test('more kinds than are kept for others lose nothing', () => {
  const book = new ExecutionBook();
  const all = Array.from({ length: 2_500 }, (_, n) => told(n, 0, `X${n}`));
  for (const each of all) book.add(each);
  expect(book.list).toEqual(all);
});

test('what is kept of a message does not keep the message', () => {
  const book = new ExecutionBook();
  const before = used();
  for (let n = 0; n < 1_000; n++) {
    const { execution, at } = told(n, 20_000);
    book.add({ execution, at });
    book.addCommission({ execId: told(n, 20_000).execution.execId, commission: 1, currency: 'USD' });
  }
  // The messages are 40 MB.
  expect(used() - before).toBeLessThan(5_000_000);
  expect(book.list).toHaveLength(1_000);
});

/** Bytes of the heap once what nobody holds is gone. */
function used(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
