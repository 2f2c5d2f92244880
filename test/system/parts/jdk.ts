import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ensureCommand } from './apt.ts';
import { cachedFolder } from './cache.ts';
import { missing } from './missing-part.ts';
import { sh } from './shell.ts';

const PEERS = new URL('../../bench/peers/', import.meta.url);

/** A Java of its system, 17 as in the gateway images or later. @throws MissingPart */
export async function ensureJava(): Promise<{ java: string }> {
  return { java: await ensureCommand('JDK', 'java', ['default-jdk-headless']) };
}

/** A compiled program of test/bench/peers: run as `java -cp classPath NAME ARGUMENTS`. */
export interface JavaProgram {
  java: string;
  classPath: string;
}

/** The handshake: `Handshake HOST PORT CLIENT_ID`. @throws MissingPart without a JDK, or when it does not compile. */
export function ensureJavaHandshake(): Promise<JavaProgram> {
  return ensureProgram('Handshake', ['--help']);
}

/** A JVM as full as a gateway's may get: `GatewayMemory METASPACE_MB THREADS`. @throws MissingPart as the handshake. */
export function ensureGatewayMemory(): Promise<JavaProgram> {
  return ensureProgram('GatewayMemory', ['1', '0']);
}

/** Compiled into the cache, once for each state of its source; checked by starting it. */
async function ensureProgram(name: string, trial: string[]): Promise<JavaProgram> {
  const javac = await ensureCommand('JDK', 'javac', ['default-jdk-headless']);
  const java = await ensureCommand('JDK', 'java', ['default-jdk-headless']);
  const source = fileURLToPath(new URL(`${name}.java`, PEERS));
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 16);
  try {
    const classPath = await cachedFolder(`${name.toLowerCase()}-${digest}`, {
      check: (folder) => sh`${java} -cp ${folder} ${name} ${trial}`,
      make: (folder) => sh`${javac} -d ${folder} ${source}`,
    });
    return { java, classPath };
  } catch (error) {
    throw missing(`Java program ${name}`, 'javac', error);
  }
}
