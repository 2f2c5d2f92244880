import { quote } from './commands/command.ts';
import { destination, type SshTarget } from './commands/ssh.ts';
import { HOST_FOLDER_OPTION, SSH_OPTION, SUDO_OPTION } from './options.ts';
import type { VerbContext } from './verb.ts';
import { VERBS } from './verbs/table.ts';

/** What a line was for. */
export type Typed = Pick<VerbContext, 'stack' | 'options'>;

/** Another verb of the same stack to paste, for the machine that this line named: `npx gatehouse --prod-start --ssh ann@gate`. */
export function verbLine({ stack, options }: Typed, name: string, ...more: readonly string[]): string {
  return [`npx gatehouse --${stack}-${name}`, ...where(name, options), ...more].join(' ');
}

/** A text in which each verb of the stack names that machine, unless it names one already. */
export function naming(text: string, { stack, options }: Typed): string {
  return text.replaceAll(
    /npx gatehouse --([\w-]+)(?![\w-]| --(?:ssh|sudo|host-folder)\b)/g,
    (line, flag: string) =>
      flag.startsWith(`${stack}-`) ? [line, ...where(flag.slice(stack.length + 1), options)].join(' ') : line,
  );
}

/** As far as that verb takes it. What is as it is by default stands in no line. */
function where(name: string, { ssh, sudo, hostFolder }: VerbContext['options']): string[] {
  const takes = VERBS.find((verb) => verb.on === 'deployed' && verb.name === name)?.options ?? [];
  const named = ssh as SshTarget | undefined;
  const folder = hostFolder === HOST_FOLDER_OPTION.defaultValue ? undefined : hostFolder;
  return [
    ...(named && takes.includes(SSH_OPTION) ? ['--ssh', withPort(named)] : []),
    ...(sudo === true && takes.includes(SUDO_OPTION) ? ['--sudo'] : []),
    ...(folder !== undefined && takes.includes(HOST_FOLDER_OPTION)
      ? ['--host-folder', quote(String(folder))]
      : []),
  ];
}

const withPort = (named: SshTarget) =>
  named.port === undefined ? destination(named) : `${destination(named)}:${named.port}`;
