import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { type Config, readConfig, readStackFile } from './config.ts';
import { ComposeError } from './errors.ts';
import { externalHint } from './gateway/external.ts';
import { buildRelease, type Release, ROOT, writeRelease } from './release.ts';

/** Exit codes: 0 written, 1 it could not be made, 2 the command line or the configuration is wrong. */
const EXIT = { written: 0, failed: 1, usage: 2 } as const;

type Say = Pick<Console, 'log' | 'error'>;

interface Flags {
  readonly stack: string;
  readonly out: string;
  readonly json: boolean;
}

/**
 * `npm run release`: reads the stack file, makes the release, writes it, and says what it wrote. Returns the exit
 * code; `say` is where it speaks.
 */
export async function release(argv: readonly string[], say: Say = console): Promise<number> {
  try {
    const flags = parse(argv, say);
    const config = readConfig(await readStackFile(ROOT, flags.stack));
    const made = await buildRelease(config, { stack: flags.stack });
    const folder = await writeRelease(made, resolve(flags.out));
    say.log(flags.json ? asJson(made, folder) : asText(made, folder, config));
    return EXIT.written;
  } catch (error) {
    return complain(error, say);
  }
}

function parse(argv: readonly string[], say: Say): Flags {
  return new Command('npm run release --')
    .description(
      'Makes the release of a stack: a folder named by the hash of its contents, ready for docker compose.',
    )
    .requiredOption('--stack <name>', 'the stack, as in Pulumi.<name>.yaml')
    .option('--out <folder>', 'where the release folder is written', 'out')
    .option('--json', 'print what was written as JSON', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 written, 1 it could not be made, 2 wrong flags or a wrong configuration.',
    )
    .showHelpAfterError('(--help lists the flags)')
    .configureOutput({
      writeOut: (text) => say.log(text.trimEnd()),
      writeErr: (text) => say.error(text.trimEnd()),
    })
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<Flags>();
}

function asText({ id, definitions, spec }: Release, folder: string, { gateway }: Config): string {
  const services = spec.services.map(({ name, image }) => {
    const what = image.kind === 'pulled' ? image.reference : `built from ${image.context}/`;
    return `  ${name.padEnd(8)} ${definitions[name]}  ${what}`;
  });
  const hint = gateway.dialect === 'external' ? [externalHint(gateway)] : [];
  return [`${id} is in ${folder}`, ...services, ...hint].join('\n');
}

function asJson({ id, definitions }: Release, folder: string): string {
  return JSON.stringify({ id, folder, services: definitions }, undefined, 2);
}

function complain(error: unknown, say: Say): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.written : EXIT.usage;
  if (!(error instanceof ComposeError)) throw error;
  say.error(`Error: ${error.code}\n${error.message}\nTry: ${error.hint}`);
  return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed;
}

const USAGE_CODES: ReadonlySet<string> = new Set(['config-invalid', 'stack-missing', 'stack-unreadable']);
