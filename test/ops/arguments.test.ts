import { describe, expect, test } from 'vitest';
import { readArguments } from '../../ops/arguments.ts';
import type { OpsError } from '../../ops/errors.ts';
import { hostAndPort } from '../../ops/options.ts';
import { stackVerbs } from '../../ops/stacks.ts';
import type { Verb } from '../../ops/verb.ts';
import { VERBS } from '../../ops/verbs/table.ts';
import { collector } from './helpers.ts';

const verbs = stackVerbs(['dev', 'prod', 'staging-2'], VERBS);
const read = (line: string, out = collector()) => readArguments(line.split(' ').filter(Boolean), verbs, out);
const chosen = (line: string) => {
  const request = read(line);
  return request.kind === 'verb'
    ? [request.chosen.stack, request.chosen.verb.name, request.options]
    : request.kind;
};
const refused = (line: string): Pick<OpsError, 'code' | 'message' | 'hint' | 'exit'> => {
  try {
    read(line);
  } catch (error) {
    return error as OpsError;
  }
  return expect.unreachable(`${line} was taken`);
};

test('every stack has its verbs, dev those of npm start, and those of no stack come last', () => {
  const verb = (name: string, on: Verb['on']): Verb => {
    return { name, on, summary: '', options: [], run: async () => 0 };
  };
  const some = [verb('start', 'dev'), verb('init', 'checkout'), verb('all', 'deployed')];
  expect(stackVerbs(['dev', 'prod', 'staging-2'], some).map(({ flag }) => flag)).toEqual([
    '--dev-start',
    '--prod-all',
    '--staging-2-all',
    'init',
  ]);
});

describe('a verb', () => {
  test('is a flag, and stands anywhere', () => {
    const hostFolder = '/var/lib/gatehouse';
    const options = { json: true, apiKeyFile: 'k', hostFolder };
    expect(chosen('--prod-diagnostics --json --api-key-file k')).toEqual(['prod', 'diagnostics', options]);
    expect(chosen('--json --prod-diagnostics --api-key-file k')).toEqual(['prod', 'diagnostics', options]);
    expect(chosen('--staging-2-diagnostics')).toEqual(['staging-2', 'diagnostics', { hostFolder }]);
  });

  test('is looked for before -- alone: what stands behind is for the host', () => {
    const request = read('--prod-ssh -- npx gatehouse --prod-stop --json');
    expect(request).toMatchObject({ chosen: { flag: '--prod-ssh' } });
    expect(request.kind === 'verb' && request.args).toEqual(['npx', 'gatehouse', '--prod-stop', '--json']);
  });

  test('said twice is one', () => {
    expect(chosen('--dev-stop --dev-stop')).toEqual(['dev', 'stop', {}]);
  });

  test('has defaults for what is not said', () => {
    expect(chosen('--dev-start')).toEqual([
      'dev',
      'start',
      { port: 8788, gatewayPort: 4002, controlPort: 4005, seed: 7, tradingMode: 'paper' },
    ]);
  });

  test('has a help of its own, and the whole a list of verbs', () => {
    const [one, all] = [collector(), collector()];
    expect(read('--dev-start --help', one)).toEqual({ kind: 'help' });
    expect(one.stdout.join('\n')).toContain('--gateway <host:port>');
    expect(read('--help', all)).toEqual({ kind: 'help' });
    const text = all.stdout.join('\n');
    for (const { flag, stack } of verbs)
      expect(text.includes(`  ${flag} `), flag).toBe(stack !== 'staging-2');
    expect(text).toContain('The same for --staging-2-...');
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'verb-missing', 'no verb was given'],
    ['--prod-diagnostic', 'verb-unknown', '--prod-diagnostic is no verb'],
    ['prod-diagnostics', 'verb-unknown', 'prod-diagnostics is no verb'],
    ['--json', 'verb-unknown', '--json is no verb'],
    ['--prod-set-secret=hunter2', 'verb-unknown', '--prod-set-secret is no verb'],
    ['--prod-diagnostics --jso', 'option-unknown', '--prod-diagnostics takes no --jso'],
    ['--prod-status --password=hunter2', 'option-unknown', '--prod-status takes no --password'],
    ['--prod-stop --yes=1', 'option-bare', '--yes of --prod-stop takes no value'],
    ['--prod-lend', 'operand-missing', '--prod-lend wants DURATION: how long: 90m, 2h'],
    ['--prod-status -x', 'option-unknown', '--prod-status takes no -x'],
    [
      '--prod-stop --prod-start --yes',
      'verbs-several',
      '--prod-stop and --prod-start are two verbs, and a line runs one',
    ],
    ['init --prod-start', 'usage-wrong', 'too many arguments. Expected 0 arguments but got 1: init.'],
    [
      '--dev-restart-bridge',
      'verb-not-for-dev',
      '--dev-restart-bridge is no verb: dev is what npm start runs, one process without Docker',
    ],
    ['--dev-start more', 'usage-wrong', 'too many arguments. Expected 0 arguments but got 1: more.'],
    [
      '--prod-all --with-gateway --without-gateway',
      'options-apart',
      '--with-gateway and --without-gateway of --prod-all do not go together: the gateway is either touched or left',
    ],
    ['--dev-start --port', 'usage-wrong', "option '--port <port>' argument missing"],
    [
      '--dev-start --port 65536',
      'option-invalid',
      '--port must be a whole number from 0 to 65535; got "65536"',
    ],
    ['--dev-start --port 1e3', 'option-invalid', '--port must be a whole number from 0 to 65535; got "1e3"'],
    [
      '--dev-start --trading-mode real',
      'usage-wrong',
      "option '--trading-mode <mode>' argument 'real' is invalid. Allowed choices are paper, live.",
    ],
    [
      '--dev-start --gateway 4002',
      'option-invalid',
      '--gateway must be HOST:PORT, such as 127.0.0.1:4002; got "4002"',
    ],
    [
      '--prod-diagnostics --ssh -oProxyCommand=x',
      'option-invalid',
      '--ssh must be [USER@]HOST[:PORT]; got "-oProxyCommand=x"',
    ],
    [
      '--prod-diagnostics --url gate',
      'option-invalid',
      '--url must be a URL with https:// or http://; got "gate"',
    ],
  ])('%s', (line, code, message) => {
    expect(refused(line)).toMatchObject({ code, message, exit: 2 });
  });

  test('an unknown option names the nearest, and what the verb takes', () => {
    expect(refused('--dev-status --jso').hint).toBe('--json? it takes --json');
    expect(refused('--prod-budget --cold').hint).toBe('it takes --ssh, --sudo, --json');
  });

  test('two verbs are two lines', () => {
    expect(refused('--prod-stop --json --prod-start').hint).toBe(
      'npx gatehouse --prod-stop ..., and then npx gatehouse --prod-start ...',
    );
  });

  test('a verb that dev has not leads to a stack that has it', () => {
    expect(refused('--dev-restart-bridge').hint).toMatch(
      /^it has --dev-start, .*; a stack on this machine's Docker .* then --local-restart-bridge$/,
    );
  });

  test('an unknown verb names the nearest', () => {
    expect(refused('--prod-diagnostic').hint).toBe('npx gatehouse --prod-diagnostics');
    expect(refused('--dev-strat').hint).toBe('npx gatehouse --dev-start');
    expect(refused('--xyzzy').hint).toBe('npx gatehouse --help lists the verbs');
  });
});

test.each([
  ['127.0.0.1:4002', '127.0.0.1', 4002],
  ['desk-1.lan:7497', 'desk-1.lan', 7497],
  ['[2001:db8::1]:4001', '2001:db8::1', 4001],
])('a gateway at %s', (text, host, port) => {
  expect(hostAndPort('--gateway', text)).toEqual({ host, port });
});
