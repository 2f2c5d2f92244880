import type { Config } from '../../compose/config.ts';
import { stackSecrets } from '../../compose/secrets.ts';
import { SECRETS } from '../../compose/spec.ts';
import { stackSpec } from '../../compose/stack.ts';
import { HOST_FOLDER_OPTION } from '../options.ts';

/** What to type after `gatehouse init`, in order. On Google Cloud the machine makes its folders itself. */
export function nextCommands(stack: string, config: Config): string[] {
  const gcp = config.host.kind === 'gcp';
  const there = gcp ? '' : ' --ssh you@host';
  const secrets = stackSecrets(config).filter(({ required }) => required);
  return [
    gcp ? `npx pulumi up --stack ${stack}` : foldersCommand(config),
    ...secrets.map(({ name }) =>
      name === SECRETS.bridge.apiKeys
        ? `npx gatehouse --${stack}-rotate-api-key${there}`
        : `npx gatehouse --${stack}-set-secret ${name}${there}`,
    ),
    ...(gcp ? [] : [`npx gatehouse --${stack}-all --with-gateway${there}`]),
    `npx gatehouse --${stack}-diagnostics${there}`,
  ];
}

/** Compose mounts only folders that are there, and each has to be its container's user's. */
function foldersCommand(config: Config): string {
  const data = stackSpec(config).volumes.flatMap(({ hostFolder, owner }) =>
    hostFolder === undefined ? [] : [`sudo install -d -o ${owner} -g ${owner} ${hostFolder}`],
  );
  const site = `sudo install -d -o "$USER" ${HOST_FOLDER_OPTION.defaultValue}/stacks`;
  return `ssh -t you@host '${[site, ...data].join('; ')}'`;
}
