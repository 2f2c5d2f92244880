import { containers } from './checks/containers.ts';
import { type Command, commandLine, quote } from './commands/command.ts';
import { composePs } from './commands/compose.ts';
import { hostKeys, osLoginUser } from './commands/gcloud.ts';
import { rsync } from './commands/rsync.ts';
import type { SshTarget } from './commands/ssh.ts';
import { asRoot, sshSession, sshTunnel } from './commands/ssh.ts';
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
export async function hostOfTarget({ instance, stack }: Target, context: VerbContext): Promise<Remote> {
  const named = context.options.ssh as SshTarget | undefined;
  if (named) return context.reach(context.options.sudo === true ? { ...named, sudo: true } : named);
  return instance ? throughIap(instance, stack, context) : context.local;
}

function throughIap(
  instance: NonNullable<Target['instance']>,
  stack: string,
  { local, reach }: Surroundings,
): Remote {
  let connection: Promise<Remote> | undefined;
  const connect = async () => {
    const [{ stdout }, keys] = await Promise.all([local.run(osLoginUser()), hostKeysOf(instance, local)]);
    const known = keys.length > 0 && { hostKeys: keys };
    return reach({ ...instance, ...OS_LOGIN, user: stdout.trim(), ...known });
  };
  const connected = () => {
    connection ??= connect();
    return connection;
  };
  const named = { ...instance, ...OS_LOGIN, user: OS_LOGIN_USER };
  return {
    where: `${instance.host} (${instance.iap.project}, ${instance.iap.zone})`,
    run: async (command, onLine) => (await connected()).run(command, onLine),
    line: (command) => byVerb(stack, command),
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

/** Only the verb knows one's user name there and the host keys: a bare ssh would have to be told both. */
function byVerb(stack: string, { stdin, stdinFrom, ...there }: Command): string {
  const line = quote(commandLine(asRoot(OS_LOGIN, there)));
  const given = stdin === undefined ? undefined : (stdinFrom ?? `${Buffer.byteLength(stdin)} bytes`);
  return `npx gatehouse --${stack}-ssh -- ${line}${given === undefined ? '' : ` < ${given}`}`;
}

/** As a known_hosts file has a key behind the name: nothing else of what was said gets into that file. */
const HOST_KEY = /^(ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp\d+)\s+([A-Za-z\d+/]+=*)$/;

/** What Google says are the keys of the instance; none where it cannot be asked: then ssh's own file decides. */
async function hostKeysOf({ host, iap }: NonNullable<Target['instance']>, local: Remote): Promise<string[]> {
  const said = await local.run(hostKeys(host, iap)).catch(() => undefined);
  return (said?.stdout ?? '').split('\n').flatMap((line) => {
    const [, type, key] = HOST_KEY.exec(line.trim()) ?? [];
    return type === undefined ? [] : [`${type} ${key}`];
  });
}

/** Whether this machine's own engine has containers of the stack, stopped ones too. */
export async function runsHere({ project }: Target, local: Remote): Promise<boolean> {
  return local.run(composePs(project)).then(
    ({ stdout }) => containers(stdout).length > 0,
    () => false,
  );
}
