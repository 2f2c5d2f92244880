import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { buildRelease, type Release, writeRelease } from '../../../compose/release.ts';
import { configOf, stubBundler } from '../stacks.ts';

type Dialect = Parameters<typeof configOf>[0];
type Changes = Parameters<typeof configOf>[1];

/** What an apply came to. */
export interface Applied {
  readonly status: number | null;
  /** The object on standard output; undefined where there was none. */
  readonly outcome: Record<string, unknown> | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A verdict as the probe prints it. */
export const HEALTHY = '{"healthy":true,"stage":"account","cause":"ok"}';
export const SILENT = '{"healthy":false,"stage":"hello","cause":"silent-before-hello"}';

/** A site in a temporary folder, with a docker that only keeps notes (fake-docker.sh). */
export class FakeSite {
  readonly folder: string;
  readonly #docker: string;
  readonly #bin: string;

  constructor(root: string) {
    this.folder = join(root, 'stacks/gatehouse');
    this.#docker = join(root, 'docker');
    this.#bin = join(root, 'bin');
  }

  /** A release that lies on the host; each key of `changes` differs from the least a person writes. */
  async release(changes: Changes = {}, dialect: Dialect = 'simulated'): Promise<Release> {
    const release = await buildRelease(configOf(dialect, changes), { bundler: stubBundler });
    await writeRelease(release, this.at('releases'));
    return release;
  }

  /** Has a release serve, as if it had been applied. */
  async serve(release: Release, states: Readonly<Record<string, string>> = {}): Promise<Release> {
    const { id, spec, definitions } = release;
    const lines = spec.services.map(({ name }) =>
      [
        name,
        definitions[name],
        this.at('releases', id),
        `gatehouse-${name}-1`,
        states[name] ?? 'running',
      ].join('\t'),
    );
    await this.docker('containers', ...lines);
    await this.docker(
      'images',
      ...spec.services.map(({ name, image }) =>
        image.kind === 'pulled' ? image.reference : `${image.name}:${definitions[name]}`,
      ),
    );
    await symlink(`releases/${id}`, this.at('current'));
    return release;
  }

  /** Applies a release without the process that watches over it, and waits for the end. */
  apply({ id }: Release, ...more: string[]): Promise<Applied> {
    return this.run(id, ['--supervised', ...more]);
  }

  run(id: string, more: readonly string[], env: Record<string, string> = {}): Promise<Applied> {
    const [program, args] = this.#line(id, more);
    return new Promise((resolve) => {
      execFile(program, args, { env: this.#env(env) }, (error, stdout, stderr) => {
        const status = error ? ((error.code as number | undefined) ?? null) : 0;
        resolve({ status, outcome: objectIn(stdout), stdout, stderr });
      });
    });
  }

  /** Starts an apply that goes on while the test does something to it. */
  start({ id }: Release, ...more: string[]) {
    const [program, args] = this.#line(id, more);
    const child = spawn(program, args, { env: this.#env({}), stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return { child, stderr: () => stderr, ended: once(child, 'exit') };
  }

  /** What the engine is told to be like: containers, images, probes, fail-up, fail-image, down. */
  docker(name: string, ...lines: string[]): Promise<void> {
    return writeFile(join(this.#docker, name), lines.map((line) => `${line}\n`).join(''));
  }

  /** Takes one of these away again. */
  dockerForgets(name: string): Promise<void> {
    return rm(join(this.#docker, name));
  }

  async dockerHas(name: string): Promise<string[]> {
    const text = await readFile(join(this.#docker, name), 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean);
  }

  /** What the engine was told to do, without the questions. */
  async deeds(): Promise<string[]> {
    const deed = /^(build|pull|stop|rm|image rm|compose -f) /;
    const calls = (await this.dockerHas('calls')).filter((line) => deed.test(line));
    return calls.map((line) =>
      line
        .replace(/^compose -f \S*\/(r-\w+)\/compose\.yaml up .* (\w+)$/, 'up $2 of $1')
        .replace(/^build --quiet --tag (\S+) .*/, 'build $1'),
    );
  }

  /** Services that run, with the release each was made from. */
  async running(): Promise<Record<string, string>> {
    const lines = (await this.dockerHas('containers')).map((line) => line.split('\t'));
    return Object.fromEntries(lines.map(([service, , folder = '']) => [service, folder.split('/').at(-1)]));
  }

  at(...path: string[]): string {
    return join(this.folder, ...path);
  }

  read(...path: string[]): Promise<string> {
    return readFile(this.at(...path), 'utf8');
  }

  async audit(): Promise<Record<string, unknown>[]> {
    const text = await this.read('audit.jsonl').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  #line(id: string, more: readonly string[]): [string, string[]] {
    const args = ['--site', this.folder, '--by', 'ann@desk', '--verb', '--local-all', ...more];
    return [this.at('releases', id, 'host/apply'), args];
  }

  #env(more: Record<string, string>): NodeJS.ProcessEnv {
    return {
      PATH: `${this.#bin}:${process.env.PATH}`,
      FAKE_DOCKER: this.#docker,
      HEALTHY_SECONDS: '5',
      ...more,
    };
  }

  async make(): Promise<this> {
    for (const folder of [this.at('releases'), this.#docker, this.#bin])
      await mkdir(folder, { recursive: true });
    await symlink(join(import.meta.dirname, 'fake-docker.sh'), join(this.#bin, 'docker'));
    await this.docker('probes', HEALTHY);
    return this;
  }
}

/** An empty site that lasts as long as the test. */
export async function fakeSite(): Promise<FakeSite> {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-apply-'));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  return new FakeSite(root).make();
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
