import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Where a release came from. It stands beside the hashed files: the same release may be built twice. */
export interface Provenance {
  readonly release: string;
  readonly stack?: string;
  readonly builtAt: string;
  /** Commit of the sources, with `-dirty` when they had been changed since. */
  readonly commit?: string;
  readonly node: string;
}

/** The commit the sources are at, or undefined where there is no git or no commit yet. */
export async function commitOf(root: string): Promise<string | undefined> {
  const describe = ['describe', '--always', '--abbrev=40', '--dirty', '--exclude=*'];
  try {
    const { stdout } = await promisify(execFile)('git', describe, { cwd: root });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
