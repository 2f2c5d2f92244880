import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ensureCommand } from './apt.ts';
import { cachedFolder } from './cache.ts';
import { missing } from './missing-part.ts';
import { sh } from './shell.ts';

const SOURCE = new URL('../../bench/peers/Handshake.java', import.meta.url);

/** A Java of its system, 17 as in the gateway images or later. @throws MissingPart */
export async function ensureJava(): Promise<{ java: string }> {
  return { java: await ensureCommand('JDK', 'java', ['default-jdk-headless']) };
}

/** The compiled handshake: run as `java -cp classPath Handshake HOST PORT CLIENT_ID`. */
export interface JavaHandshake {
  java: string;
  classPath: string;
}

/**
 * Compiles test/bench/peers/Handshake.java into the cache, once for each state of its source; checked by starting it.
 * @throws MissingPart without a JDK, or when it does not compile.
 */
export async function ensureJavaHandshake(): Promise<JavaHandshake> {
  const javac = await ensureCommand('JDK', 'javac', ['default-jdk-headless']);
  const java = await ensureCommand('JDK', 'java', ['default-jdk-headless']);
  const digest = createHash('sha256')
    .update(await readFile(SOURCE))
    .digest('hex')
    .slice(0, 16);
  try {
    const classPath = await cachedFolder(`handshake-${digest}`, {
      check: (folder) => sh`${java} -cp ${folder} Handshake --help`,
      make: (folder) => sh`${javac} -d ${folder} ${SOURCE.pathname}`,
    });
    return { java, classPath };
  } catch (error) {
    throw missing('JVM handshake', 'javac', error);
  }
}
