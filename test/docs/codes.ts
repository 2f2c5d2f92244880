import { codes } from '../../tws/index.ts';

/** docs/tws-codes.md as it should be: the code catalogue as a table. */
export function renderCodes(): string {
  const rows = codes.map((c) => `| ${c.code} | ${c.severity} | ${c.cause} | ${c.hint} |`);
  return [
    '# TWS API message codes',
    '',
    '<!-- Generated from tws/codes.ts by `npm run docs`; edit that file instead. -->',
    '',
    'What a code means to the person who runs the gateway. **info** needs nothing done, **warning** works less well,',
    '**error** ends the request or order it names, **fatal** ends the connection or keeps it from working.',
    '',
    '| code | severity | likeliest cause | what to do |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
