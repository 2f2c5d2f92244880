import { bucketName } from '../../compose/config/gcp.ts';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import { stackSecrets } from '../../compose/secrets.ts';
import { deletionProtectionOff, stackDestroy, stackUnprotect } from '../commands/teardown.ts';
import type { Target } from '../target.ts';
import type { Teardown } from './teardown.ts';

/** Deletes what `pulumi up` made: all but the protected data disk and bucket, unless these are to go, too. */
export function teardownOnGoogle(
  { stack, config }: Target,
  host: GcpHostConfig,
  { deleteData }: { readonly deleteData: boolean },
): Teardown {
  const { name } = config;
  const data = dataOf(name, host);
  const off = host.deletionProtection
    ? [{ title: "lifting Google's protection of the machine", command: deletionProtectionOff(name, host) }]
    : [];
  const unprotect = { title: 'lifting the protection of disk and bucket', command: stackUnprotect(stack) };
  const destroy = {
    title: 'deleting, which takes minutes',
    command: stackDestroy(stack, { excludeProtected: !deleteData }),
  };
  return {
    deletes: [
      `the machine ${name} (${host.project}, ${host.zone}) and its boot disk`,
      'its address: the next one is another, and DNS has to follow',
      `the secrets with all they hold: ${stackSecrets(config)
        .map(({ id }) => id)
        .join(', ')}`,
      'network, firewall, service account, uptime check, alerts and budget of the stack',
      ...(deleteData ? data : []),
    ],
    keeps: [
      ...(deleteData ? [] : [...data, `  to delete them, too: --${stack}-teardown --delete-data`]),
      ...(host.snapshots === 'none' ? [] : ['snapshots of the data disk made so far, which are billed']),
      `the project ${host.project} and the APIs that are on in it`,
      `Pulumi.${stack}.yaml and the history of the stack: npx pulumi stack rm ${stack} removes both`,
    ],
    steps: deleteData ? [...off, unprotect, destroy] : [...off, destroy],
  };
}

function dataOf(name: string, host: GcpHostConfig): string[] {
  return [
    `the data disk ${name}-data: gateway settings, order journal, certificates`,
    `the bucket ${bucketName(host, name)}: releases and backups`,
  ];
}
