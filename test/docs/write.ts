import { writeFileSync } from 'node:fs';
import { generated } from './generated.ts';

for (const { file, render } of generated) {
  writeFileSync(new URL(`../../${file}`, import.meta.url), render());
  console.log(`wrote ${file}`);
}
