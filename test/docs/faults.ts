import { catalogue } from '../../compose/simulator/src/faults/catalogue.ts';
import { CAUSES } from '../../healthchecks/causes.ts';
import type { FaultCase } from '../healthchecks/faults/case.ts';
import { cases } from '../healthchecks/faults/cases.ts';

/** docs/faults.md: from the cases that test/healthchecks/faults.test.ts runs, and the probe's own catalogue. */
export function renderFaults(): string {
  return [
    '# What goes wrong with a gateway, and what the probe says',
    '',
    '<!-- Written by `npm run docs` from test/healthchecks/faults/cases.ts and healthchecks/causes.ts: change those. -->',
    '',
    'Each fault can be set on the simulated gateway (`npm run simulator`), at its control port:',
    '',
    '```sh',
    'curl -X POST localhost:4005/faults -H \'Content-Type: application/json\' -d \'{"name": "mute"}\'',
    'npm run probe -- --level account',
    'curl -X DELETE localhost:4005/faults/mute',
    '```',
    '',
    'The lines under "on the wire" are what the gateway sends, `|` ending a field; `(login)`, `(account)` and `(contract)`',
    'stand for what a gateway that works answers at that stage.',
    '',
    '## Faults',
    '',
    ...cases.flatMap(section),
    '## Causes',
    '',
    'What a verdict can name as its `cause`, and what to do about it.',
    '',
    '| cause | what is wrong | what to do |',
    '| --- | --- | --- |',
    ...Object.entries(CAUSES).map(([code, { message, hint }]) => `| \`${code}\` | ${message} | ${hint} |`),
    '',
  ].join('\n');
}

function section(one: FaultCase): string[] {
  const { message, hint } = CAUSES[one.cause];
  return [
    `### ${one.fault}${one.settings ? ` \`${JSON.stringify(one.settings)}\`` : ''}${one.during ? ', in the middle of a session' : ''}`,
    '',
    catalogue.find(({ name }) => name === one.fault)?.does ?? '',
    '',
    ...onTheWire(one),
    `The probe, from level \`${one.level}\` on: **${one.cause}**. ${message}`,
    ...(one.cause === 'ok' ? [] : ['', `What to do: ${hint}`]),
    '',
  ];
}

function onTheWire({ wire, cause }: FaultCase): string[] {
  if (cause === 'refused') return [];
  if (wire.length === 0) return ['On the wire: nothing.', ''];
  return ['On the wire:', '', '```text', ...wire, '```', ''];
}
