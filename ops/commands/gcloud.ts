import { type Command, command } from './command.ts';

/** The user name OS Login gives the account gcloud is logged in with (user_domain_com or sa_<uniqueId>). */
export function osLoginUser(): Command {
  const format = '--format=value(posixAccounts[0].username)';
  return command('gcloud', 'compute', 'os-login', 'describe-profile', format);
}

/** Whether an instance runs: one word. */
export function instanceStatus(
  instance: string,
  { project, zone }: { project: string; zone: string },
): Command {
  const where = [`--project=${project}`, `--zone=${zone}`];
  return command('gcloud', 'compute', 'instances', 'describe', instance, ...where, '--format=value(status)');
}

/** The host keys of an instance, which its guest agent writes into its guest attributes: type and key, one a line. */
export function hostKeys(instance: string, { project, zone }: { project: string; zone: string }): Command {
  const what = ['--query-path=hostkeys/', '--format=value(key,value)'];
  const where = [`--project=${project}`, `--zone=${zone}`];
  return command('gcloud', 'compute', 'instances', 'get-guest-attributes', instance, ...what, ...where);
}
