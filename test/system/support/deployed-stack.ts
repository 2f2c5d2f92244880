import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, onTestFailed } from 'vitest';
import type { SshTarget } from '../../../ops/commands/ssh.ts';
import { takeBackNoMore } from '../../../ops/commands/take-back.ts';
import { gatehouse } from '../../../ops/main.ts';
import { localRemote, type Remote, sshRemote } from '../../../ops/remote.ts';
import { collector } from '../../ops/helpers.ts';
import { ensureCommand } from '../parts/apt.ts';
import { ensureDockerEngine } from '../parts/docker-engine.ts';
import { ensureSshd, environmentOf } from '../parts/sshd.ts';
import { until } from '../parts/until.ts';
import { usePart } from '../parts/use-part.ts';
import { type Deployed, deployed } from './deployed.ts';
import { verbProcess } from './verb-process.ts';

/**
 * One deployed stack on a real engine for the tests of the surrounding `describe`, its host reached by a real sshd; and
 * what they do and see there.
 */
export function useDeployedStack() {
  const engine = usePart(ensureDockerEngine);
  const sshd = usePart(() => ensureSshd({ environment: environmentOf(engine().env) }));
  const jq = usePart(async () => ({ path: await ensureCommand('jq', 'jq', ['jq']) }));
  let stack: Deployed;

  beforeAll(async () => {
    jq();
    stack = await deployed(engine());
    await ready();
  });
  afterAll(async () => {
    // A test that failed after a lending leaves what waits for its end.
    if (stack) await localRemote().run(takeBackNoMore(stack.site(), stack.name));
    await stack?.close();
  });

  const target = (): SshTarget => {
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    return { host, port, user, identityFile, knownHostsFile };
  };

  /** Runs a verb in this process; `before` is called with each command's line before it is run. */
  async function verb(line: string, before: (line: string) => Promise<void> = async () => {}, at = target()) {
    const out = collector();
    const reach = async (): Promise<Remote> => {
      const remote = await sshRemote(at);
      const run: Remote['run'] = async (command, onLine) => {
        await before([command.program, ...command.args].join(' '));
        return remote.run(command, onLine);
      };
      return { ...remote, run };
    };
    const [name = '', ...more] = line.split(' ');
    const folder = /^(logs|ssh|api|vnc)$/.test(name) ? [] : ['--host-folder', stack.hostFolder];
    const argv = [`--local-${name}`, '--ssh', 'host', ...folder, ...more];
    const around = { root: stack.root, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    const status = await gatehouse(argv, around);
    onTestFailed(async () => {
      console.error([argv.join(' '), ...out.stdout, ...out.stderr].join('\n'));
      console.error(await stack.compose('logs', '--no-color', '--tail', '40'));
    });
    return { status, stdout: out.stdout, stderr: out.stderr.join('\n') };
  }

  /** Begins a verb in a process of its own. */
  const begun = (name: string, ...more: string[]) =>
    verbProcess(stack.root, target(), [`--local-${name}`, '--ssh', 'host', ...more]);

  async function state(service: string) {
    const [found] = JSON.parse(await engine().docker('inspect', `${stack.name}-${service}-1`));
    return {
      id: String(found.Id),
      status: String(found.State.Status),
      startedAt: String(found.State.StartedAt),
      policy: String(found.HostConfig.RestartPolicy.Name),
    };
  }

  async function probed(): Promise<boolean> {
    const line = 'node /app/probe.mjs --host gateway --port 4004 --client-id 996 --level account --json';
    const exec = engine().docker('exec', `${stack.name}-bridge-1`, ...line.split(' '));
    return exec.then(
      () => true,
      () => false,
    );
  }

  const ready = () => until('the API answers', probed, { limit: 120_000, every: 500 });

  /** The processes that wait to take a session of this stack back, where no systemd does. */
  const waiting = async () => {
    const script =
      'grep -lzxF -- "$1" /proc/[0-9]*/cmdline 2> /dev/null | xargs -r grep -lzxF -- wait || true';
    return (await promisify(execFile)('sh', ['-c', script, 'waiting', stack.site()])).stdout;
  };
  const last = async () => (await stack.audit()).at(-1);

  return { stack: () => stack, target, verb, begun, state, ready, waiting, last };
}
