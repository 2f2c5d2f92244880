import { z } from 'zod';
import { gcpKeys } from './gcp.ts';
import { absoluteFolder, clockTime, whole } from './rules.ts';

const secretsDir = absoluteFolder()
  .default('/run/gatehouse/secrets')
  .describe('Folder on the host with one folder a service and in it one file a secret.');

const gcp = z.strictObject({
  kind: z.literal('gcp').describe('A virtual machine on Google Cloud, made by pulumi up.'),
  project: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      'must be a project id: 6 to 30 lower-case letters, digits and hyphens',
    )
    .describe('The Google Cloud project everything is made in.'),
  zone: z
    .string()
    .regex(/^[a-z]+-[a-z]+\d+-[a-z]$/, 'must be a zone such as us-west1-b')
    .default('us-west1-b')
    .describe('Zone of the machine; us-west1, us-central1 and us-east1 are free of charge.'),
  machineType: z
    .enum(['e2-micro', 'e2-small', 'e2-medium'])
    .default('e2-micro')
    .describe('Size of the machine: 1, 2 or 4 GB of memory; only e2-micro is free of charge.'),
  bootDiskGb: whole(10, 100, 'GB').default(20).describe('Boot disk in GB; 30 GB in all are free of charge.'),
  dataDiskGb: whole(10, 100, 'GB').default(10).describe('Disk for settings, orders and certificates, in GB.'),
  swapMb: whole(0, 8192, 'MB').default(1024).describe('Swap file in MB.'),
  updatesAt: clockTime()
    .default('02:30')
    .describe(
      'When the host installs security updates, in gateway.timeZone, or UTC with a dialect without one; Docker and containerd are left out.',
    ),
  dataDir: absoluteFolder()
    .default('/var/lib/gatehouse/data')
    .describe('Folder on the host with one folder a service that keeps data.'),
  secretsDir,
  ...gcpKeys,
});

const local = z.strictObject({
  kind: z.literal('local').describe('The Docker engine of this machine.'),
  memoryMb: whole(512, 1_048_576, 'MB')
    .optional()
    .describe('Memory to fit into, in MB; without it no budget is checked.'),
  dataDir: absoluteFolder()
    .optional()
    .describe(
      'Folder on this machine with one folder a service that keeps data; without it, named volumes. The dialect gnzsnz needs it.',
    ),
  secretsDir,
});

export const hostSection = z
  .discriminatedUnion('kind', [gcp, local])
  .describe('Where the stack runs, and where it finds its data and secrets.');

export type HostConfig = z.output<typeof hostSection>;
export type GcpHostConfig = z.output<typeof gcp>;

const MACHINE_MEMORY_MB = { 'e2-micro': 1024, 'e2-small': 2048, 'e2-medium': 4096 } as const;

/** Memory and swap the stack must fit into, in MB, or undefined where nobody said. */
export function hostMemoryMb(host: HostConfig): { ram: number; swap: number } | undefined {
  if (host.kind === 'gcp') return { ram: MACHINE_MEMORY_MB[host.machineType], swap: host.swapMb };
  return host.memoryMb === undefined ? undefined : { ram: host.memoryMb, swap: 0 };
}
