import type { Config } from './config.ts';
import { SECRETS, USERS } from './spec.ts';

/** One secret of a stack: what it is called where it is kept, and which file it becomes on the host. */
export interface StackSecret {
  /** Name of the file, and of the secret in an operator's mouth: TWS_PASSWORD. */
  readonly name: string;
  /** Folder below secretsDir: the service that reads it, or `host` for what the host itself uses. */
  readonly service: 'gateway' | 'bridge' | 'host';
  /** Its id in a secret store that several stacks may share: gatehouse-tws-password. */
  readonly id: string;
  /** Numeric owner of the file, which has mode 0400. */
  readonly owner: number;
  /** Whether the stack waits for it before it starts. */
  readonly required: boolean;
}

/** Credentials of alert channels, as one JSON object, since each active version of a secret counts. */
export const ALERTS_SECRET = 'ALERTS';

/** The secrets a configuration needs, in the order a person fills them. Pure. */
export function stackSecrets(config: Config): StackSecret[] {
  const secret = (
    service: StackSecret['service'],
    name: string,
    owner: number,
    required = true,
  ): StackSecret => ({ name, service, id: secretId(config.name, name), owner, required });
  return [
    ...gatewayNames(config.gateway).map((name) => secret('gateway', name, gatewayUser(config.gateway))),
    ...(config.services.bridge ? [secret('bridge', SECRETS.bridge.apiKeys, USERS.bridge)] : []),
    secret('host', ALERTS_SECRET, 0, false),
  ];
}

/** Letters, digits, hyphens and underscores are what Secret Manager takes. */
function secretId(stack: string, name: string): string {
  return `${stack}-${name.toLowerCase().replaceAll('_', '-')}`;
}

function gatewayNames(gateway: Config['gateway']): string[] {
  if (gateway.dialect !== 'gnzsnz' && gateway.dialect !== 'extrange') return [];
  const { userId, password, userIdPaper, passwordPaper, vncPassword } = SECRETS.gateway;
  return [
    userId,
    password,
    ...(gateway.tradingMode === 'both' ? [userIdPaper, passwordPaper] : []),
    ...(gateway.dialect === 'gnzsnz' && gateway.vncPort !== undefined ? [vncPassword] : []),
  ];
}

function gatewayUser({ dialect }: Config['gateway']): number {
  return dialect === 'extrange' ? USERS.extrange : USERS.gnzsnz;
}
