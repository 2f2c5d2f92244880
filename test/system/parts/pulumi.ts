import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';

/**
 * The folder of a real Pulumi CLI on the PATH, or undefined. npm's `pulumi` is a script that downloads one, which a
 * test must not do: it stands in node_modules.
 */
export function pulumiOnPath(path = process.env.PATH ?? ''): string | undefined {
  return path.split(delimiter).find((folder) => {
    try {
      const file = join(folder, 'pulumi');
      accessSync(file, constants.X_OK);
      return !realpathSync(file).split(sep).includes('node_modules');
    } catch {
      return false;
    }
  });
}
