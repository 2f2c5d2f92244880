import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generated } from './generated.ts';

describe('generated pages say what the code does (npm run docs writes them)', () => {
  it.each(generated.map((g) => [g.file, g.render] as const))('%s', (file, render) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(render());
  });
});
