import { readFileSync } from 'node:fs';
import { COMPOSE_ERRORS } from '../../compose/errors.ts';
import { CAUSES } from '../../healthchecks/causes.ts';
import { FINDINGS } from '../../ops/checks/findings.ts';
import { OPS_ERRORS } from '../../ops/errors.ts';
import { togetherRules } from '../../ops/together.ts';
import { VERBS } from '../../ops/verbs/table.ts';
import { WAYS } from '../ops/diagnosis/cases.ts';
import { isReal } from '../ops/diagnosis/way.ts';

/** docs/operations.md as it should be: every verb, every state a diagnosis can end with, every operator's error. */
export function renderOperations(): string {
  return [
    '# Operations',
    '',
    '<!-- Generated from ops/, healthchecks/ and compose/ by `npm run docs`; edit those instead. -->',
    '',
    '`npx gatehouse --<stack>-<verb>`, where the stack is `dev` (what `npm start` runs) or any with a `Pulumi.<stack>.yaml`.',
    'Exit status: 0 done or healthy, 1 failed or unhealthy, 2 not understood. `NO_COLOR=1` for no colours.',
    '',
    'Restarts, stops, the lending of the session and the tunnels have [a page of their own](running.md).',
    '',
    table(['verb', 'what it does', 'options'], VERBS.map(verbRow)),
    '',
    'A line runs one verb. An option that a verb does not take, or that would say nothing beside the others, is refused by its name:',
    '',
    table(
      ['options', 'why'],
      togetherRules().map(({ rule, why }) => [rule, why]),
    ),
    '',
    '`--dry-run --json` prints `{stack, verb, dryRun, commands}`, where a command that begins with `#` is said and not run. A line through',
    'IAP is `npx gatehouse --<stack>-ssh -- ...`, which knows the user name there and the host keys. A command that is told as',
    'the next one names the machine as the line did: `--ssh`, `--sudo` and `--host-folder` are repeated.',
    '',
    '## What a diagnosis can find',
    '',
    'Checks run from the outermost layer in and stop at the first that fails. What points inward (a port that is closed, a 502, a',
    'session that is not ready) lets those behind it go on, and the state is the innermost finding. [Backups and bundles](backup.md).',
    '',
    table(['state', 'what it means', 'what to do'], rows(FINDINGS)),
    '',
    '## Ways to break a stack, and what the diagnosis says',
    '',
    ...WAYS_INTRODUCTION,
    '',
    table(['what was broken', 'state', 'next step', 'shown'], WAYS.map(wayRow)),
    '',
    '## What the probe can find',
    '',
    '`npm run probe` says one of these as its cause, and `--prod-diagnostics` ends with it where the gateway is what fails.',
    '',
    table(['cause', 'what it means', 'what to do'], rows(CAUSES)),
    '',
    '## Errors of the command line',
    '',
    table(['code', 'message', 'what to do'], Object.entries(OPS_ERRORS).map(errorRow)),
    '',
    '## What apply says when it fails',
    '',
    'The host puts a release into force by itself ([how](apply.md)), and its `why` is one of these.',
    '',
    table(['code', 'what to do'], applyErrors()),
    '',
    '## Errors of `npm run release`',
    '',
    table(['code', 'what to do'], Object.entries(COMPOSE_ERRORS)),
    '',
  ].join('\n');
}

const WAYS_INTRODUCTION = [
  'Each of them is a test (`test/ops/diagnosis/cases/`), on the stack `prod` of the project `gatehouse`. *real*: it was done to a',
  'stack on a real Docker engine with the simulated gateway, behind a real Caddy, its host reached by a real sshd; what IBC would',
  'print was written into the log of the real container. *recorded*: the host answered, or the edge was, as a recording has it.',
  `All ${WAYS.length} are named as they stand here, or the tests fail. The next step is the command as it reads on the host.`,
];

function wayRow(way: (typeof WAYS)[number]): string[] {
  return [way.broken, `\`${way.state}\``, `\`${way.action}\``, isReal(way) ? 'real' : 'recorded'];
}

function verbRow({ name, on, summary, options, operands = [] }: (typeof VERBS)[number]): string[] {
  const flag = on === 'checkout' ? name : `--${on === 'dev' ? 'dev' : '<stack>'}-${name}`;
  const line = [
    flag,
    ...operands.map((one) => (one.required ? one.name().toUpperCase() : `[${one.name().toUpperCase()}]`)),
  ];
  return [`\`${line.join(' ')}\``, summary, options.map((o) => `\`${o.flags}\``).join(', ')];
}

function rows(catalogue: Record<string, { message: string; hint: string }>): string[][] {
  return Object.entries(catalogue).map(([code, { message, hint }]) => [`\`${code}\``, message, hint]);
}

/** The catalogue of compose/host/apply, which is bash. */
export function applyErrors(): [code: string, hint: string][] {
  const text = readFileSync(new URL('../../compose/host/lib/errors.sh', import.meta.url), 'utf8');
  return [...text.matchAll(/^ {2}\[([\w-]+)\]='(.*)'$/gm)].map(([, code = '', hint = '']) => [
    `\`${code}\``,
    hint,
  ]);
}

/** Each error with an ellipsis where a fact of the moment stands. */
function errorRow([code, make]: [string, unknown]): string[] {
  const facts = Array.from({ length: 6 }, () => '…');
  const { message, hint } = (make as (...facts: string[]) => { message: string; hint: string })(...facts);
  return [`\`${code}\``, message.replaceAll('\n', ' ').replaceAll(' | …', '…'), hint];
}

function table(head: string[], body: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
