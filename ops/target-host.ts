import { containers } from './checks/containers.ts';
import { commandLine } from './commands/command.ts';
import { composePs } from './commands/compose.ts';
import { osLoginUser } from './commands/gcloud.ts';
import { rsync } from './commands/rsync.ts';
import type { SshTarget } from './commands/ssh.ts';
import { ssh } from './commands/ssh.ts';
import type { Remote } from './remote.ts';
import type { Target } from './target.ts';
import type { Surroundings, VerbContext } from './verb.ts';

/** Stands for the user name that OS Login gives, in lines to paste. */
const OS_LOGIN_USER = 'OS_LOGIN_USER';

/**
 * The machine a stack's containers run on: by --ssh, else through IAP, else this one. Nothing is connected and
 * nobody asked until the first command runs, so that a dry run and the checks from outside need neither.
 */
export async function hostOfTarget({ instance }: Target, context: VerbContext): Promise<Remote> {
  const named = context.options.ssh as SshTarget | undefined;
  if (named) return context.reach(named);
  return instance ? throughIap(instance, context) : context.local;
}

function throughIap(instance: NonNullable<Target['instance']>, { local, reach }: Surroundings): Remote {
  let connection: Promise<Remote> | undefined;
  const connect = async () => {
    const { stdout } = await local.run(osLoginUser());
    return reach({ ...instance, user: stdout.trim() });
  };
  const connected = () => {
    connection ??= connect();
    return connection;
  };
  return {
    where: `${instance.host} (${instance.iap.project}, ${instance.iap.zone})`,
    run: async (command) => (await connected()).run(command),
    line: (command) => commandLine(ssh({ ...instance, user: OS_LOGIN_USER }, command)),
    send: async (sending) => (await connected()).send(sending),
    sendLine: (sending) => commandLine(rsync(sending, { target: { ...instance, user: OS_LOGIN_USER } })),
    close: async () => {
      const made = await connection?.catch(() => undefined);
      await made?.close();
    },
  };
}

/** Whether this machine's own engine has containers of the stack, stopped ones too. */
export async function runsHere({ project }: Target, local: Remote): Promise<boolean> {
  return local.run(composePs(project)).then(
    ({ stdout }) => containers(stdout).length > 0,
    () => false,
  );
}
