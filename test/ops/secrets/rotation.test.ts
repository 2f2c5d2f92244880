import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { parseKeys } from '../../../compose/bridge/src/http/keys.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { begun, finished, keyToRotate, newKey } from '../../../ops/secrets/rotation.ts';
import { tryKey } from '../../../ops/secrets/try-key.ts';
import { freePort } from '../../support/port.ts';
import { run } from '../around.ts';
import { edgeAt, edgeServedBy, listening } from '../helpers.ts';
import { checkout, gcloud, handedOver, seenByOthers } from './stack.ts';

const [OLD, NEW, OTHER] = ['o', 'n', 'x'].map((letter) => letter.repeat(32)) as [string, string, string];
const FILE = `# keys\napp:read:${OLD}\n\nbot:read+trade:${OTHER}\n`;

describe('a keys file', () => {
  test('has both keys while a rotation is under way, and every other line as it was', () => {
    expect(begun(FILE, 'app', NEW)).toBe(
      `# keys\napp:read:${NEW}\napp.old:read:${OLD}\n\nbot:read+trade:${OTHER}`,
    );
  });

  test('keeps the first old key when a rotation is begun again', () => {
    const again = begun(begun(FILE, 'app', NEW), 'app', OTHER);
    expect(again).toContain(`app:read:${OTHER}\napp.old:read:${OLD}`);
    expect(again).not.toContain(NEW);
  });

  test('loses the old key at the end', () => {
    expect(finished(begun(FILE, 'app', NEW), 'app')).toBe(
      `# keys\napp:read:${NEW}\n\nbot:read+trade:${OTHER}`,
    );
  });

  test('of one bare key', () => {
    expect(begun(`${OLD}\n`, 'default', NEW)).toBe(
      `default:read+trade:${NEW}\ndefault.old:read+trade:${OLD}`,
    );
  });

  test('is one the bridge takes at each step', () => {
    const steps = [begun(FILE, 'app', NEW), finished(begun(FILE, 'app', NEW), 'app')];
    expect(steps.map((text) => parseKeys(text).map(({ name }) => name))).toEqual([
      ['app', 'app.old', 'bot'],
      ['app', 'bot'],
    ]);
  });

  test('names the only key there is, or wants a name', () => {
    expect(keyToRotate(begun(`app:read:${OLD}`, 'app', NEW), undefined)).toBe('app');
    expect(keyToRotate(FILE, 'bot')).toBe('bot');
    const refusal = (name?: string) => () => keyToRotate(FILE, name);
    expect(refusal()).toThrow('there are several API keys, and none was named');
    expect(refusal('ap')).toThrow('there is no API key named ap');
    expect(refusal('app.old')).toThrow('there is no API key named app.old');
  });
});

test('a new key is 32 characters no shell looks at, and never the same', () => {
  const keys = Array.from({ length: 50 }, newKey);
  expect(new Set(keys).size).toBe(50);
  expect(keys.every((key) => /^[\w-]{32}$/.test(key))).toBe(true);
});

describe('a bridge that is shown a key', () => {
  const answers = async (status: number, code?: string) =>
    tryKey(
      async () => edgeServedBy((_, response) => response.writeHead(status).end(JSON.stringify({ code }))),
      NEW,
    );

  test('takes it, or knows it without the right to look', async () => {
    expect(await answers(200)).toBe('taken');
    expect(await answers(403, 'scope-missing')).toBe('taken');
  });

  test('does not know it', async () => {
    expect(await answers(401, 'api-key-unknown')).toBe('refused');
  });

  test('says nothing about it', async () => {
    expect(await answers(502)).toEqual({ unreachable: '/orders answers 502' });
    expect(await answers(403)).toEqual({ unreachable: '/orders answers 403' });
    expect(await tryKey(async () => edgeAt(await freePort()), NEW)).toEqual({
      unreachable: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

/** A bridge that takes the keys it is told to, and the URL option that leads there. */
async function bridge(...known: string[]): Promise<string[]> {
  const server = createServer((request, response) => {
    const knows = known.includes(String(request.headers['x-api-key']));
    response.writeHead(knows ? 200 : 401).end(knows ? '[]' : '{"code":"api-key-unknown"}');
  });
  return ['--url', `http://127.0.0.1:${await listening(server)}`];
}

describe('--prod-rotate-api-key', () => {
  test('--dry-run prints what reads the keys and what writes them, and runs neither', async () => {
    const local = recordingRemote();
    const { stdout } = await run(await checkout(), ['--prod-rotate-api-key', '--dry-run'], { local });
    const words = stdout.map((line) => line.split(' ')[3]);
    expect([words, local.lines]).toEqual([['list', 'access', 'add', 'list', 'destroy'], []]);
  });

  test('stores both keys by standard input, and prints the new one once, alone on standard output', async () => {
    const local = recordingRemote(gcloud({ value: FILE }));
    const ran = await run(await checkout(), ['--prod-rotate-api-key', 'app'], { local });
    const [key = ''] = ran.stdout;
    expect(ran).toMatchObject({ status: 0, stdout: [expect.stringMatching(/^[\w-]{32}$/)] });
    expect(handedOver(local)).toEqual([begun(FILE, 'app', key)]);
    expect(seenByOthers(local)).not.toContain(key);
    expect(seenByOthers(local)).not.toContain(OLD);
    expect(ran.stderr.join('\n')).not.toContain(key);
    expect(ran.stderr.at(-1)).toBe(
      'Give it to those who use app, then: npx gatehouse --prod-rotate-api-key app --finish',
    );
  });

  test('--json for machines', async () => {
    const local = recordingRemote(gcloud({ value: FILE }));
    const { stdout } = await run(await checkout(), ['--prod-rotate-api-key', 'bot', '--json'], { local });
    const { name, key } = JSON.parse(stdout[0] ?? '');
    expect([name, handedOver(local)]).toEqual(['bot', [begun(FILE, 'bot', key)]]);
  });

  test('--finish removes the old key once the bridge takes the new one', async () => {
    const local = recordingRemote(gcloud({ value: begun(FILE, 'app', NEW) }));
    const argv = ['--prod-rotate-api-key', 'app', '--finish', ...(await bridge(NEW))];
    const ran = await run(await checkout(), argv, { local });
    expect([ran.status, handedOver(local)]).toEqual([0, [finished(begun(FILE, 'app', NEW), 'app')]]);
    expect(ran.stdout).toEqual([
      'app.old is gone from gatehouse-api-keys of project acme-trading; the machine sees it within 25 minutes.',
    ]);
  });

  test('--finish leaves the old key to a bridge that has not seen the new one', async () => {
    const local = recordingRemote(gcloud({ value: begun(FILE, 'app', NEW) }));
    const argv = ['--prod-rotate-api-key', 'app', '--finish', ...(await bridge(OLD))];
    const ran = await run(await checkout(), argv, { local });
    expect([ran.status, handedOver(local)]).toEqual([1, []]);
    expect(ran.stderr[0]).toBe(
      'Error: the bridge does not take the new key app yet: the old one was not removed',
    );
  });

  test('--finish wants --untested where the bridge cannot be asked', async () => {
    const root = await checkout();
    const away = [
      '--prod-rotate-api-key',
      'app',
      '--finish',
      '--url',
      `http://127.0.0.1:${await freePort()}`,
    ];
    const local = () => recordingRemote(gcloud({ value: begun(FILE, 'app', NEW) }));
    const [one, other] = [local(), local()];
    expect((await run(root, away, { local: one })).stderr.at(-1)).toBe(
      'Try: once you know that the new one works: the same with --untested',
    );
    expect((await run(root, [...away, '--untested'], { local: other })).status).toBe(0);
    expect([handedOver(one).length, handedOver(other).length]).toEqual([0, 1]);
  });

  test('--finish without a beginning', async () => {
    const local = recordingRemote(gcloud({ value: FILE }));
    const ran = await run(await checkout(), ['--prod-rotate-api-key', 'app', '--finish'], { local });
    expect([ran.status, ran.stderr[0]]).toEqual([2, 'Error: there is no old key app.old to remove']);
  });

  test('on a host of one’s own it is the file', async () => {
    const host = recordingRemote(({ stdin }) => (stdin === undefined ? { stdout: FILE } : {}));
    const argv = ['--home-rotate-api-key', 'bot', '--ssh', 'gate'];
    const ran = await run(await checkout(), argv, { host });
    const after = begun(FILE, 'bot', ran.stdout[0] ?? '');
    expect(handedOver(host)).toEqual([`${Buffer.byteLength(after)}\n${after}`]);
    expect(seenByOthers(host)).not.toContain(ran.stdout[0]);
  });

  test('before there is any key it makes the first', async () => {
    const host = recordingRemote(({ stdin }) => (stdin === undefined ? { exit: 66 } : {}));
    const argv = ['--home-rotate-api-key', '--ssh', 'gate'];
    const { status, stdout } = await run(await checkout(), argv, { host });
    const line = `app:read+trade:${stdout[0]}`;
    expect([status, handedOver(host)]).toEqual([
      0,
      [
        `${line.length}
${line}`,
      ],
    ]);
    expect(seenByOthers(host)).not.toContain(stdout[0]);
    const finish = await run(await checkout(), [...argv, '--finish'], { host });
    expect(finish.stderr[0]).toBe('Error: there is no old key app.old to remove');
  });
});
