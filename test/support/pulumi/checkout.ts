import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What the program is made of. */
const SOURCES = ['infra', 'compose', 'healthchecks', 'tws', 'package.json'];

/**
 * A copy of the checkout with the program as it is and our provider in the place of Google's, which only Pulumi.yaml
 * says. `stack` is the content of Pulumi.prod.yaml.
 */
export async function recordingCheckout(at: string, stack: string): Promise<void> {
  await mkdir(at, { recursive: true });
  for (const name of SOURCES) await cp(join(ROOT, name), join(at, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(at, 'node_modules'));
  const project = await readFile(join(ROOT, 'Pulumi.yaml'), 'utf8');
  await writeFile(
    join(at, 'Pulumi.yaml'),
    `${project}plugins:\n  providers:\n    - name: gcp\n      path: ./plugin\n`,
  );
  await writeFile(join(at, 'Pulumi.prod.yaml'), stack);
  await writePlugin(join(at, 'plugin'));
}

/** A folder with the program an engine starts for a provider named gcp. */
async function writePlugin(folder: string): Promise<void> {
  const main = fileURLToPath(new URL('provider-main.ts', import.meta.url));
  const file = join(folder, 'pulumi-resource-gcp');
  await mkdir(folder);
  await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  await chmod(file, 0o755);
}
