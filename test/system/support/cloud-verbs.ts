import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Config } from '../../../compose/config.ts';
import { gatehouse } from '../../../ops/main.ts';
import { localRemote, sshRemote } from '../../../ops/remote.ts';
import { collector } from '../../ops/helpers.ts';
import type { Machine } from '../parts/vm/machine.ts';

/** How a verb ended, and what it wrote. */
export interface Said {
  readonly status: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** Runs a verb of the stack `prod` against the guest, by ssh, as a person would. */
export async function cloudVerb(vm: Machine, config: Config, ...argv: string[]): Promise<Said> {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-vm-'));
  try {
    const keys = Object.entries(config).map(([key, value]) => [`gatehouse:${key}`, value] as const);
    await writeFile(join(root, 'Pulumi.prod.yaml'), stringify({ config: Object.fromEntries(keys) }));
    const out = collector();
    const status = await gatehouse([...argv, '--ssh', 'host'], {
      root,
      env: {},
      out,
      local: localRemote(),
      reach: () => sshRemote(vm.ssh),
      onStop: () => () => {},
    });
    return { status, stdout: out.stdout, stderr: out.stderr };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A line of what `--prod-budget` prints, in MB. */
export interface MeasuredRow {
  readonly name: string;
  readonly limitMb: number;
  readonly measuredMb?: number;
}

/** What each service has in use and may have. @throws Error with what was said where nothing was measured */
export async function measuredRows(vm: Machine, config: Config): Promise<MeasuredRow[]> {
  const { status, stdout, stderr } = await cloudVerb(vm, config, '--prod-budget', '--json');
  const { rows, measurement } = status === 0 ? JSON.parse(stdout.join('')) : {};
  if (measurement?.measured === undefined) throw new Error([...stdout, ...stderr].join('\n'));
  return rows;
}
