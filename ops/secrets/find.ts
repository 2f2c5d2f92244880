import { nearest } from '../../compose/config/nearest.ts';
import { HOST_FOLDER } from '../../compose/host/folders.ts';
import { secretsMinutes } from '../../compose/host/times.ts';
import { type StackSecret, stackSecrets } from '../../compose/secrets.ts';
import { secretsFetch } from '../commands/secrets.ts';
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
  if (host.kind !== 'gcp' && context.options.now)
    throw unused('--now', context, 'only a machine on Google Cloud fetches its secrets');
  const minutes = secretsMinutes(stackSecrets(target.config).length);
  if (host.kind === 'gcp') {
    if (context.options.ssh !== undefined) throw opsError('secret-elsewhere', name, host.project);
    if (!context.options.now && context.options.hostFolder !== HOST_FOLDER)
      throw unused('--host-folder', context, 'without --now nothing is done on the machine');
    const store = googleStore({ id: secret.id, project: host.project }, context.local, minutes);
    return context.options.now ? fetchedNow(target, store, context, work) : work(store, undefined);
  }
  const remote = await hostOfTarget(target, context);
  try {
    return await work(hostStore(secretFile(secret, host.secretsDir), remote), remote);
  } finally {
    await remote.close();
  }
}

function unused(option: string, { verb }: VerbContext, why: string) {
  return opsError('option-unused', option, verb, why);
}

/** The same store, with the machine told after each write, by ssh. It keeps an audit of its own, as any host does. */
async function fetchedNow<T>(
  target: Target,
  store: SecretStore,
  context: VerbContext,
  work: (store: SecretStore, host: Remote | undefined) => Promise<T>,
): Promise<T> {
  const host = await hostOfTarget(target, context);
  const write = async (value: string) => {
    await store.write(value);
    await host.run(secretsFetch());
  };
  const plan = () => [...store.plan(), host.line(secretsFetch())];
  try {
    return await work({ ...store, seen: 'the machine fetches it now', write, plan }, host);
  } finally {
    await host.close();
  }
}
