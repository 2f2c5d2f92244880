import { type Command, command } from './command.ts';

/** Does the engine answer, and in which version: one word. */
export function dockerVersion(): Command {
  return command('docker', 'version', '--format', '{{.Server.Version}}');
}

/** State of containers (running, exit status, OOM kill, restarts and their policy): one JSON object a line. No environment. */
export function dockerState(...containers: readonly string[]): Command {
  const format =
    '{"name":{{json .Name}},"restarts":{{json .RestartCount}},"policy":{{json .HostConfig.RestartPolicy.Name}},"state":{{json .State}}}';
  return command('docker', 'inspect', '--type', 'container', '--format', format, ...containers);
}

/** What running containers use right now, memory among it: one JSON object a line. */
export function dockerStats(...containers: readonly string[]): Command {
  return command('docker', 'stats', '--no-stream', '--format', '{{json .}}', ...containers);
}

/** What a container printed since a time (ISO 8601), 2000 lines at most. */
export function dockerLogsSince(container: string, since: string): Command {
  return command('docker', 'logs', '--since', since, '--tail', '2000', container);
}

/** Lets a paused container go on. */
export function dockerUnpause(container: string): Command {
  return command('docker', 'unpause', container);
}

/** Removes images that have lost their name: never the one of an earlier release, which a rollback needs. */
export function dockerPrune(): Command {
  return command('docker', 'image', 'prune', '--force');
}

/** What each running container of a project was made from: one JSON object a line. */
export function dockerDefinitions(project: string): Command {
  return command('docker', 'ps', ...ofProject(project), '--format', `{${MADE_FROM}}`);
}

/** The containers of a project, stopped ones too, and what each was made from: one JSON object a line. */
export function dockerContainers(project: string): Command {
  const format = `{${MADE_FROM},"image":{{json .Image}},"state":{{json .State}},"status":{{json .Status}}}`;
  return command('docker', 'ps', '--all', '--no-trunc', ...ofProject(project), '--format', format);
}

const label = (name: string) => `{{json (.Label "${name}")}}`;

const MADE_FROM =
  `"service":${label('com.docker.compose.service')},"definition":${label('gatehouse.definition')},` +
  `"folder":${label('com.docker.compose.project.working_dir')},"name":{{json .Names}}`;

/** The containers of a compose project but those of `docker compose run`. */
function ofProject(project: string): string[] {
  const labels = [`com.docker.compose.project=${project}`, 'com.docker.compose.oneoff=False'];
  return labels.flatMap((one) => ['--filter', `label=${one}`]);
}

/** Says whether Docker starts a container again by itself. */
export function dockerRestartPolicy(container: string, policy: 'no' | 'unless-stopped'): Command {
  return command('docker', 'update', '--restart', policy, container);
}

/** The addresses of a container, one a network: `gatehouse_api 172.18.0.2`. */
export function dockerAddresses(container: string): Command {
  const format =
    '{{range $name, $net := .NetworkSettings.Networks}}{{$name}} {{$net.IPAddress}}{{println}}{{end}}';
  return command('docker', 'inspect', '--type', 'container', '--format', format, container);
}

/** Milliseconds an image may take, built or pulled, on a shared core and a slow line. */
const IMAGE_TIMEOUT_MS = 900_000;

/** Builds an image. By docker, not by compose, whose builder is a plugin that is not on every host. */
export function dockerBuild(
  tag: string,
  context: string,
  buildArgs: Readonly<Record<string, string>>,
): Command {
  const args = Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  return {
    ...command('docker', 'build', '--quiet', '--tag', tag, ...args, context),
    timeoutMs: IMAGE_TIMEOUT_MS,
  };
}

export function dockerPull(reference: string): Command {
  return { ...command('docker', 'pull', '--quiet', reference), timeoutMs: IMAGE_TIMEOUT_MS };
}

/** Prints what an image is called by its digests, one a line: `name@sha256:...`. */
export function dockerDigests(reference: string): Command {
  const format = '{{range .RepoDigests}}{{println .}}{{end}}';
  return command('docker', 'image', 'inspect', '--format', format, reference);
}

/** Stops a container within its own grace time. */
export function dockerStop(container: string): Command {
  return { ...command('docker', 'stop', container), timeoutMs: 180_000 };
}

/** Removes a container; its volumes stay. */
export function dockerRemove(container: string): Command {
  return command('docker', 'rm', '--force', container);
}
