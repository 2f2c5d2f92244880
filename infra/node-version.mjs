// Plain JavaScript, which an old Node can read: `pulumi` runs the `node` of the PATH, and one too old to strip types
// would end in an error somewhere in the first .ts file.
import { readFileSync } from 'node:fs';
import { RunError } from '@pulumi/pulumi/errors.js';

/** Throws a RunError, which Pulumi prints as one line, under a Node that cannot run what comes next. */
export function refuseOldNode() {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const needed = Number(/\d+/.exec(manifest.engines.node)[0]);
  const found = process.versions.node;
  if (Number(found.split('.')[0]) >= needed) return;
  throw new RunError(
    `Node ${found} is too old, ${needed} or later is needed: run npm ci, then npx pulumi in place of pulumi, which brings its own Node`,
  );
}
