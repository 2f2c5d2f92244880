import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { JVM_BESIDE_HEAP_MB } from '../../compose/config/together.ts';
import { type FakeImage, fakeImage } from '../compose/gateway-image.ts';
import { ensureGatewayMemory, ensureJava } from './parts/jdk.ts';
import { sh } from './parts/shell.ts';
import { usePart } from './parts/use-part.ts';

const MB = 1024 ** 2;

/** The images' JVM is Java 17 too. */
describe('a real Java 17', () => {
  const jdk = usePart(ensureJava);
  const memory = usePart(ensureGatewayMemory);

  it.each(['gnzsnz', 'extrange'] as const)(
    'starts with what our script makes of the options of %s',
    async (dialect) => {
      const image = await imageOf(dialect);
      await prepare(image);
      const flags = await finalFlags(image);
      expect(flags).toMatchObject({
        InitialHeapSize: String(256 * MB),
        MaxHeapSize: String(256 * MB),
        MaxMetaspaceSize: String(128 * MB),
        UseSerialGC: 'true',
        UseG1GC: 'false',
        AlwaysPreTouch: 'true',
        ExitOnOutOfMemoryError: 'true',
      });
    },
  );

  it('starts after a second run of the script too, and with further flags', async () => {
    const image = await imageOf('gnzsnz', { heapMb: 300, jvmFlags: ['-XX:MaxDirectMemorySize=64m'] });
    await prepare(image);
    await prepare(image);
    expect(await finalFlags(image)).toMatchObject({
      MaxHeapSize: String(300 * MB),
      MaxDirectMemorySize: String(64 * MB),
    });
  });

  it('does not start with a collector beside the stock one, which is why the stock lines go', async () => {
    const image = await imageOf('gnzsnz');
    await appendFile(image.vmoptions, '-XX:+UseSerialGC\n');
    const { exitCode, stdout, stderr } = await java(image);
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toMatch(/multiple (conflicting )?(selected )?.*garbage collectors? selected/i);
  });

  /** What measures it fills the metaspace to what the flags allow, and has more threads than a gateway was seen with. */
  it.each(['gnzsnz', 'extrange'] as const)(
    'needs no more beside its heap than the budget reckons with, options of %s',
    async (dialect) => {
      const image = await imageOf(dialect);
      await prepare(image);
      const { java, classPath } = memory();
      const { stdout } = await sh`${java} ${await optionsOf(image)} -cp ${classPath} GatewayMemory 120 60`;
      const mb = Math.round(Number(stdout) / 1024);
      console.log(`resident with a full metaspace: ${mb} MB`);
      expect(mb).toBeGreaterThan(256 + 120);
      expect(mb).toBeLessThan(256 + JVM_BESIDE_HEAP_MB);
    },
  );

  async function finalFlags(image: FakeImage): Promise<Record<string, string>> {
    const { exitCode, stdout, stderr } = await java(image);
    expect({ exitCode, stderr: stderr.match(/Error.*/)?.[0] }).toEqual({ exitCode: 0 });
    const lines = [...stdout.matchAll(/^\s+\S+\s+(\w+)\s+=\s+(\S*)/gm)];
    return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
  }

  async function java(image: FakeImage) {
    return sh({ nothrow: true })`${jdk().java} ${await optionsOf(image)} -XX:+PrintFlagsFinal -version`;
  }

  /** The lines IBC would hand it: no comment, no -D. */
  async function optionsOf({ vmoptions }: FakeImage): Promise<string[]> {
    const lines = (await readFile(vmoptions, 'utf8')).split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('-D'));
  }
});

async function imageOf(dialect: 'gnzsnz' | 'extrange', gateway: Record<string, unknown> = {}) {
  const image = await fakeImage(dialect, '', gateway);
  onTestFinished(() => rm(image.folder, { recursive: true, force: true }));
  await writeFile(join(image.secrets, 'TWS_USERID'), 'someone\n');
  await writeFile(join(image.secrets, 'TWS_PASSWORD'), 'something\n');
  return image;
}

async function prepare({ scripts, environment }: FakeImage): Promise<void> {
  await sh({ env: environment })`${join(scripts, 'prepare.sh')}`;
}
