import { builtinModules } from 'node:module';
import { type BuildFailure, build, type Plugin } from 'esbuild';
import { ComposeError } from '../errors.ts';

/** What dependencies in CommonJS take for granted and an ES module does not have. */
const BANNER = `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;`;

const BUILTINS: ReadonlySet<string> = new Set(builtinModules);

/**
 * Node's own modules without an import: an ES module that imports one reads all its exports, and so loads what is
 * lazy behind them. Behind node:http that is undici, 25 ms and 6 MB of every start.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?[a-z_0-9/]+$/ }, ({ path }) => {
      const name = path.replace(/^node:/, '');
      return BUILTINS.has(name) ? { path: name, namespace: 'builtin' } : undefined;
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
    }));
  },
};

/** zod carries its messages in fifty languages, a fifth of all that is bundled; the one that is set is English. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ resolveDir }) =>
      resolveDir.includes('zod') ? { path: 'zod', namespace: 'no-locales' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'no-locales' }, () => ({ contents: 'export {};' }));
  },
};

/**
 * One entry of the sources and all it imports, as one ES module for the node of the container. The same sources
 * give the same bytes in every folder: paths in the output are relative to the root, and a linked node_modules
 * counts as where it is linked. Throws ComposeError bundle-failed.
 */
export async function bundle(root: string, entry: string): Promise<Buffer> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    preserveSymlinks: true,
    banner: { js: BANNER },
    // Half the time to read it. Names stay as they are, for the stack in a log must say where.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [builtins, oneLanguage],
    // The licences of what is bundled travel with it.
    legalComments: 'eof',
    // Without the checkout's own tsconfig: it is for checking, and its absence must not change the bytes.
    tsconfigRaw: {},
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new ComposeError('bundle-failed', `${entry} does not bundle: ${reasonOf(error)}`, error);
  });
  const output = result.outputFiles[0];
  if (!output) throw new ComposeError('bundle-failed', `${entry} does not bundle: esbuild wrote nothing`);
  return Buffer.from(output.contents);
}

/** esbuild's errors, each with its place; the message of the exception is a drawing of several lines. */
function reasonOf(error: unknown): string {
  const { errors } = error as Partial<BuildFailure>;
  if (!errors?.length) return error instanceof Error ? error.message : String(error);
  return errors
    .map(({ location, text }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    .join('; ');
}
