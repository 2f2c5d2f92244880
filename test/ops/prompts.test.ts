import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askOnTerminal } from '../../ops/ask.ts';
import { type Prompts, pipedText, terminalPrompts } from '../../ops/prompts.ts';

/** A terminal that answers whenever something new is asked, and keeps what it was shown. */
function terminal(...keys: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    // A prompt listens for keys from the moment it is drawn.
    if (chunk.includes('?') && keys.length > 0) setImmediate(() => void input.write(keys.shift() ?? ''));
  });
  return { prompts: terminalPrompts(input, output) as Prompts, shown: () => shown };
}

describe('a question with a line for an answer', () => {
  const asked = (key: string) => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    output.once('data', () => setImmediate(() => void input.write(key)));
    return askOnTerminal('Go on? [y/N] ', input, output);
  };

  test('is answered by Return', async () => {
    expect(await asked('y\r')).toBe('y');
  });

  test.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('is not answered by %s, which is no mistake', async (_, key) => {
    await expect(asked(key)).rejects.toMatchObject({ code: 'not-answered' });
  });

  test('is not asked where there is no terminal', async () => {
    expect(await askOnTerminal('Go on?', new PassThrough(), new PassThrough())).toBeUndefined();
  });
});

describe('on a terminal', () => {
  test('a hidden answer is never shown, not a character of it, and no key reveals it', async () => {
    const { prompts, shown } = terminal('hunter2\x14', '\r');
    expect(await prompts.hidden('TWS_PASSWORD:')).toBe('hunter2');
    expect(shown()).toContain('TWS_PASSWORD:');
    for (const part of ['hunter2', 'hunter', 'hu', '*', '•', 'ctrl']) expect(shown()).not.toContain(part);
  });

  test('an answer is asked for again until there is no complaint', async () => {
    const { prompts, shown } = terminal('wrong', '\r', '\x7f'.repeat(5), ' right ', '\r');
    const complaint = (text: string) => (text === 'right' ? undefined : `must be right; got ${text}`);
    expect(await prompts.text({ message: 'Which?', complaint })).toBe('right');
    expect(shown()).toContain('must be right; got wrong');
  });

  test('Return takes what is proposed', async () => {
    expect(await terminal('\r').prompts.text({ message: 'Zone?', initial: 'us-west1-b' })).toBe('us-west1-b');
  });

  test('one of several', async () => {
    expect(await terminal('\x1b[B', '\r').prompts.choose('TLS?', ['domain', 'address'], 'domain')).toBe(
      'address',
    );
  });

  test('Ctrl-C is an answer of its own', async () => {
    await expect(terminal('\x03').prompts.hidden('Key:')).rejects.toMatchObject({
      code: 'not-answered',
      exit: 1,
    });
  });
});

test('without a terminal nobody is asked', () => {
  expect(terminalPrompts(new PassThrough(), new PassThrough())).toBeUndefined();
});

test('what is piped in is read to its end; a terminal is not read', async () => {
  const piped = new PassThrough();
  piped.write('é');
  piped.end('\n');
  expect(await pipedText(piped)).toBe('é\n');
  expect(await pipedText(Object.assign(new PassThrough(), { isTTY: true }))).toBeUndefined();
});
