// What Pulumi loads first (`main: infra/` in Pulumi.yaml), in plain JavaScript: `pulumi up` runs the `node` of the
// PATH, and one too old to strip types would end in a syntax error somewhere in index.ts.
import { readFileSync } from 'node:fs';
import { RunError } from '@pulumi/pulumi/errors.js';

function refuseOldNode() {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const needed = Number(/\d+/.exec(manifest.engines.node)[0]);
  const found = process.versions.node;
  if (Number(found.split('.')[0]) >= needed) return;
  throw new RunError(
    `Node ${found} is too old, ${needed} or later is needed: run npm ci, then put its own Node first: PATH="$PWD/node_modules/.bin:$PATH" pulumi up`,
  );
}

/** Pulumi calls this; what it returns are the outputs of the stack. */
export default async function main() {
  refuseOldNode();
  const { program } = await import('./index.ts');
  return program();
}
