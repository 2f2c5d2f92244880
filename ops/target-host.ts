import { containers } from './checks/containers.ts';
import { commandLine } from './commands/command.ts';
import { composePs } from './commands/compose.ts';
import { osLoginUser } from './commands/gcloud.ts';
import { rsync } from './commands/rsync.ts';
import type { SshTarget } from './commands/ssh.ts';
import { ssh, sshSession, sshTunnel } from './commands/ssh.ts';
import type { Remote } from './remote.ts';
import type { Target } from './target.ts';
import type { Surroundings, VerbContext } from './verb.ts';

/** OS Login gives every user an account of its own; docker and the site belong to root. */
const OS_LOGIN = { sudo: true };

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
    return reach({ ...instance, ...OS_LOGIN, user: stdout.trim() });
  };
  const connected = () => {
    connection ??= connect();
    return connection;
  };
  const named = { ...instance, ...OS_LOGIN, user: OS_LOGIN_USER };
  return {
    where: `${instance.host} (${instance.iap.project}, ${instance.iap.zone})`,
    run: async (command, onLine) => (await connected()).run(command, onLine),
    line: (command) => commandLine(ssh(named, command)),
    attach: async (command, signal) => (await connected()).attach(command, signal),
    session: async (line) => (await connected()).session(line),
    sessionLine: (line) => commandLine(sshSession(named, line)),
    tunnel: async (tunnel, watch) => (await connected()).tunnel(tunnel, watch),
    tunnelLine: (tunnel) => commandLine(sshTunnel(named, tunnel)),
    send: async (sending) => (await connected()).send(sending),
    sendLine: (sending) => commandLine(rsync(sending, { target: named })),
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
