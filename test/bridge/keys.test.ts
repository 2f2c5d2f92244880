import { expect, test } from 'vitest';
import { BridgeError } from '../../compose/bridge/src/errors.ts';
import { keyFinder, parseKeys } from '../../compose/bridge/src/http/keys.ts';

const LONG = 'k'.repeat(32);

test('a named key with its scopes, a bare key that may do everything, comments and blank lines', () => {
  expect(parseKeys(`# who\n\nbot:read+trade:${LONG}\n chart:read:${LONG}2 \n`)).toEqual([
    { name: 'bot', scopes: ['read', 'trade'], key: LONG },
    { name: 'chart', scopes: ['read'], key: `${LONG}2` },
  ]);
  expect(parseKeys(`${LONG}\r\n`)).toEqual([{ name: 'default', scopes: ['read', 'trade'], key: LONG }]);
});

test('every mistake is told by its line and rule, and no key is', () => {
  const text = `bot:read:${LONG}\nbot:trade:${LONG}\nx:admin:${LONG}\nshort\ny:read:a:${LONG}`;
  const message = messageOf(() => parseKeys(text));
  expect(message).toContain('line 2: name is used twice');
  expect(message).toContain('line 3: a scope must be read or trade');
  expect(message).toContain('line 4: the key must have at least 16 characters');
  expect(message).toContain('line 5: the key must have at least 16 characters and no colon');
  expect(message).not.toContain(LONG);
  expect(message).not.toContain('short');
});

test('a file without a key is refused', () => {
  expect(messageOf(() => parseKeys('# later\n'))).toBe('there is no key in it');
});

test('finds the key that was sent, whatever the lengths', () => {
  const find = keyFinder(parseKeys(`a:read:${LONG}\nb:trade:${LONG}b`));
  expect(find(LONG)?.name).toBe('a');
  expect(find(`${LONG}b`)?.name).toBe('b');
  expect(find(LONG.slice(1))).toBeUndefined();
  expect(find('')).toBeUndefined();
});

test.each(['x', 'é', '€', '😀', '\ud800', 'é'.repeat(1_000)])(
  'a key with "%s" behind it is another',
  (more) => {
    const find = keyFinder(parseKeys(`a:read:${LONG}\nb:trade:${LONG}b`));
    expect(find(`${LONG}${more}`)).toBeUndefined();
    expect(find(`${LONG}b${more}`)).toBeUndefined();
    expect(find(LONG)?.name).toBe('a');
  },
);

test('without keys none is found', () => {
  expect(keyFinder([])('')).toBeUndefined();
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'keys-file-invalid') return error.message;
  }
  throw new Error('keys-file-invalid was not thrown');
}
