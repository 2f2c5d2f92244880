import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundle } from '../../../compose/release/bundle.ts';

const KEY = 'journal-key-0123456789';

/** A bridge as a container runs it, which can be killed and started again over the same data. */
export class BridgeProcess {
  readonly #folder: string;
  readonly #environment: Record<string, string>;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #url = '';
  output = '';

  private constructor(folder: string, environment: Record<string, string>) {
    this.#folder = folder;
    this.#environment = environment;
  }

  static async prepare(gatewayPort: number, environment: Record<string, string>): Promise<BridgeProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'journal-'));
    const file = await bundle(resolve(import.meta.dirname, '../../..'), 'compose/bridge/src/main.ts');
    await writeFile(join(folder, 'bridge.mjs'), file);
    await writeFile(join(folder, 'keys'), `test:read+trade:${KEY}\n`);
    return new BridgeProcess(folder, {
      BRIDGE_HTTP_PORT: '0',
      BRIDGE_GATEWAY_HOST: '127.0.0.1',
      BRIDGE_GATEWAY_PORT: String(gatewayPort),
      BRIDGE_API_KEYS_FILE: join(folder, 'keys'),
      BRIDGE_DATA_DIR: join(folder, 'data'),
      BRIDGE_LOG_LEVEL: 'warn',
      ...environment,
    });
  }

  /** Resolves when it listens; the port is another every time. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['bridge.mjs'], {
      cwd: this.#folder,
      env: { ...this.#environment, BRIDGE_LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#ended = once(child, 'close');
    let output = '';
    const listening = Promise.withResolvers<string>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data;
        const url = /"url":"([^"]+)"/.exec(output)?.[1];
        if (url !== undefined) listening.resolve(url);
        this.output = output.slice(-20_000);
      });
    }
    void this.#ended.then(() => listening.reject(new Error(`the bridge ended: ${output}`)));
    listening.promise.catch(() => {});
    this.#url = await listening.promise;
  }

  /** SIGKILL: nothing is closed, nothing is flushed. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @throws TypeError when the bridge is gone before it answered. */
  async call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'X-API-KEY': KEY, 'Content-Type': 'application/json', ...init.headers };
    return fetch(`${this.#url}${path}`, { ...init, headers });
  }
}
