import { type Command, command } from './command.ts';

/** The settings of a gateway whose container is there and stopped. */
export interface Settings {
  readonly container: string;
  /** Image of the container: it has bash, tar and find. */
  readonly image: string;
  /** Numeric user that owns the settings. */
  readonly user: number;
  /** Where they are mounted. */
  readonly folder: string;
}

/**
 * Packs the settings into `gatehouse-settings-<stamp>.tar.gz` beside them and then removes them; on a full disk
 * nothing is removed. As an archive, since IBC takes any `autorestart` file below the folder for its own.
 */
export function settingsAside({ container, image, user, folder }: Settings, stamp: string): Command {
  const script =
    'set -e -o pipefail; cd "$1"; a="gatehouse-settings-$2.tar.gz"; trap "rm -f $a.new" EXIT; ' +
    'find . -mindepth 1 -maxdepth 1 ! -name "gatehouse-*" -print0 | tar -czf "$a.new" --null --files-from -; ' +
    'mv "$a.new" "$a"; find . -mindepth 1 -maxdepth 1 ! -name "gatehouse-*" -exec rm -rf {} +; echo "$a"';
  const confined = ['--rm', '--network', 'none', '--user', `${user}:${user}`, '--volumes-from', container];
  const inside = ['bash', image, '-c', script, 'aside', folder, stamp];
  return { ...command('docker', 'run', ...confined, '--entrypoint', ...inside), timeoutMs: 300_000 };
}
