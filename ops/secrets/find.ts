import { nearest } from '../../compose/config/nearest.ts';
import { secretsMinutes } from '../../compose/host/times.ts';
import { type StackSecret, stackSecrets } from '../../compose/secrets.ts';
import { opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import type { Target } from '../target.ts';
import { hostOfTarget } from '../target-host.ts';
import type { VerbContext } from '../verb.ts';
import { googleStore, hostStore, type SecretStore, secretFile } from './store.ts';

/** The secret of this name. Throws secret-unknown, which does not repeat what may be a value. */
export function secretOf({ config }: Target, name: string): StackSecret {
  const known = stackSecrets(config);
  const found = known.find((secret) => secret.name === name);
  if (found) return found;
  const names = known.map((secret) => secret.name);
  throw opsError('secret-unknown', nearest(name, names), names.join(', '));
}

/**
 * Does the work with the store of a secret: Secret Manager for a machine on Google Cloud, else the host's own file.
 * Throws secret-elsewhere for --ssh to a machine whose secrets are in Secret Manager, or as the work does.
 */
export async function withStore<T>(
  target: Target,
  secret: StackSecret,
  context: VerbContext,
  work: (store: SecretStore, host: Remote | undefined) => Promise<T>,
): Promise<T> {
  const { host, name } = target.config;
  const minutes = secretsMinutes(stackSecrets(target.config).length);
  if (host.kind === 'gcp') {
    if (context.options.ssh !== undefined) throw opsError('secret-elsewhere', name, host.project);
    return work(googleStore({ id: secret.id, project: host.project }, context.local, minutes), undefined);
  }
  const remote = await hostOfTarget(target, context);
  try {
    return await work(hostStore(secretFile(secret, host.secretsDir), remote), remote);
  } finally {
    await remote.close();
  }
}
