import type { GcpHostConfig } from '../config/host.ts';
import type { Config } from '../config.ts';
import { gatewayPart } from '../gateway/gateway.ts';
import { stackSecrets } from '../secrets.ts';
import { PATHS, PROBE_CLIENT_IDS } from '../spec.ts';
import { stackSpec } from '../stack.ts';
import { HOST_FOLDER, siteFolder } from './folders.ts';

/** Where a host asks Google; a test has servers of its own. */
export interface Endpoints {
  /** Up to and with computeMetadata/v1. */
  readonly metadata: string;
  /** Up to and with v1. */
  readonly secretManager: string;
  /** Before /download and /upload. */
  readonly storage: string;
}

export const GOOGLE: Endpoints = {
  metadata: 'http://metadata.google.internal/computeMetadata/v1',
  secretManager: 'https://secretmanager.googleapis.com/v1',
  storage: 'https://storage.googleapis.com',
};

/**
 * /etc/gatehouse/host.env: what the scripts of a host know of its stack, for bash and for systemd. No value holds
 * anything but letters, digits and `/:.,_=-`, and spaces between the entries of a list. No secret is in it.
 */
export function hostEnvironment(config: Config, host: GcpHostConfig, endpoints: Endpoints): string {
  const values = {
    GATEHOUSE_PROJECT: config.name,
    GATEHOUSE_HOST_FOLDER: HOST_FOLDER,
    GATEHOUSE_SITE: siteFolder(config.name),
    GATEHOUSE_FOLDERS: dataFolders(config),
    GATEHOUSE_SWAP_MB: String(host.swapMb),
    GATEHOUSE_GCP_PROJECT: host.project,
    GATEHOUSE_SECRETS_DIR: host.secretsDir,
    GATEHOUSE_SECRETS: secretFiles(config),
    ...probeValues(config),
    METADATA_URL: endpoints.metadata,
    SECRET_MANAGER_URL: endpoints.secretManager,
    STORAGE_URL: endpoints.storage,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
  return `# Written by the startup script, from the configuration of the stack.\n${lines.join('')}`;
}

/** folder:owner, one a volume. */
function dataFolders(config: Config): string {
  return stackSpec(config)
    .volumes.flatMap(({ hostFolder, owner }) => (hostFolder === undefined ? [] : [`${hostFolder}:${owner}`]))
    .join(' ');
}

/** service/NAME:id:owner:required or optional, one a secret. */
function secretFiles(config: Config): string {
  return stackSecrets(config)
    .map(
      ({ service, name, id, owner, required }) =>
        `${service}/${name}:${id}:${owner}:${required ? 'required' : 'optional'}`,
    )
    .join(' ');
}

/** The probe of the timer, in a container beside the bridge; empty where no bridge has it in its image. */
function probeValues(config: Config) {
  if (!config.services.bridge) return { GATEHOUSE_PROBE: '', GATEHOUSE_PROBE_NETWORK: '' };
  const { host, port } = gatewayPart(config).endpoint;
  const gateway = `--host ${host} --port ${port} --client-id ${PROBE_CLIENT_IDS.timer}`;
  return {
    GATEHOUSE_PROBE: `${PATHS.bridgeApp}/probe.mjs ${gateway} --level session --json`,
    GATEHOUSE_PROBE_NETWORK: host === 'gateway' ? 'api' : 'broker',
  };
}
