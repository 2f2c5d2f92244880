import { stackSecrets } from '../../compose/secrets.ts';
import { stackSpec } from '../../compose/stack.ts';
import { composeDown, composeVolumesRemove, foldersRemove } from '../commands/teardown.ts';
import type { Site } from '../deploy/site.ts';
import type { Target } from '../target.ts';
import type { Teardown } from './teardown.ts';

/** Removes a stack from a machine that stays: its containers and networks, and its data if that is to go, too. */
export function teardownOnHost(
  { stack, config, project }: Target,
  { folder, host }: Site,
  { deleteData }: { readonly deleteData: boolean },
): Teardown {
  const { volumes } = stackSpec(config);
  const data = volumes.flatMap(({ hostFolder }) => hostFolder ?? []);
  const secrets = [...new Set(stackSecrets(config).map(({ service }) => service))].map(
    (service) => `${config.host.secretsDir}/${service}`,
  );
  const folders = [...data, ...secrets, folder];
  const words = [
    `${data.join(', ') || 'the volumes'}: gateway settings, order journal, certificates`,
    `the secrets in ${secrets.join(', ')}`,
    `${folder}: releases and audit`,
  ];
  return {
    deletes: [`the containers and networks of ${project} on ${host.where}`, ...(deleteData ? words : [])],
    keeps: [
      ...(deleteData ? [] : [...words, `  to delete them, too: --${stack}-teardown --delete-data`]),
      'the images, which docker image prune --all removes',
      `what pulumi up made on a Docker engine: npx pulumi destroy --stack ${stack} removes it`,
      `Pulumi.${stack}.yaml, and the machine itself`,
    ],
    steps: [
      { title: 'stopping the stack', command: composeDown(project) },
      ...(deleteData ? [{ title: 'removing volumes', command: composeVolumesRemove(project) }] : []),
      ...(deleteData ? [{ title: 'removing folders', command: foldersRemove(...folders) }] : []),
    ],
  };
}
