import { readFile } from 'node:fs/promises';

/** How an image starts its node. */
export interface Runtime {
  /** What stands between `node` and the program. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * What a Dockerfile gives node, so that what is measured is what is deployed.
 * @throws Error when its ENTRYPOINT is no list that begins with node
 */
export async function runtimeOf(dockerfile: string): Promise<Runtime> {
  const text = await readFile(dockerfile, 'utf8');
  const entry = /^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1];
  const [program, ...rest] = JSON.parse(entry ?? '[]') as string[];
  if (program !== 'node') throw new Error(`${dockerfile}: no ENTRYPOINT that starts node`);
  const pairs = [...text.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.split(/\s+/));
  return {
    flags: rest.filter((each) => each.startsWith('--')),
    environment: Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string])),
  };
}
