import type { GcpHostConfig } from '../../compose/config/host.ts';
import { type Config, readConfig } from '../../compose/config.ts';
import type { StackSpec } from '../../compose/spec.ts';
import { stackSpec } from '../../compose/stack.ts';
import { GcpStack, type GcpStackArgs } from '../../infra/gcp/stack.ts';
import { type Made, made } from '../support/pulumi/mocks.ts';

type Section = Readonly<Record<string, unknown>>;

/** A stack on Google Cloud with some keys of its sections written otherwise. */
export function gcpConfig(changes: Readonly<Record<string, Section>> = {}): GcpStackArgs['config'] {
  const base: Readonly<Record<string, Section>> = {
    host: { kind: 'gcp', project: 'acme-trading', zone: 'us-central1-c', dataDiskGb: 12, bootDiskGb: 18 },
    gateway: { dialect: 'gnzsnz' },
    caddy: { tls: 'domain', domain: 'gate.example.com' },
  };
  const names = new Set([...Object.keys(base), ...Object.keys(changes)]);
  const sections = [...names].map((key) => [key, given({ ...base[key], ...changes[key] })]);
  const config: Config = readConfig({ name: 'gate', ...Object.fromEntries(sections) });
  return { ...config, host: config.host as GcpHostConfig };
}

/** A key that is undefined is not written. */
function given(section: Section): Section {
  return Object.fromEntries(Object.entries(section).filter(([, value]) => value !== undefined));
}

/** What a stack of this configuration registers, run against Pulumi's mocks. */
export async function madeOf(
  config: GcpStackArgs['config'],
  spec: StackSpec = stackSpec(config),
  startupScript = '#!/bin/bash\n',
): Promise<Made & { readonly outputs: Readonly<Record<string, unknown>> }> {
  let stack: GcpStack | undefined;
  const release = { id: 'r-0123456789abcdef', spec };
  const args = { config, release, archive: '/out/r-0123456789abcdef.tar.gz', startupScript };
  const all = await made('prod', (options) => {
    stack = new GcpStack(config.name, args, options);
  });
  return { ...all, outputs: stack?.outputs ?? {} };
}
