import { join } from 'node:path';
import { ensureCommand, installPackages } from './apt.ts';
import { cachedFolder } from './cache.ts';
import { missing } from './missing-part.ts';
import { findCommand, sh } from './shell.ts';

/** A virtual environment with one pinned distribution. */
export interface PythonEnvironment {
  /** Its interpreter: run scripts with this one. */
  python: string;
  /** The folder of its commands. */
  bin: string;
  distribution: string;
  version: string;
}

/** What pip installs, and the module that shows it is whole (undefined: a distribution with commands only). */
export interface Distribution {
  name: string;
  version: string;
  module?: string;
}

/** The third-party TWS clients, by the name tests use. */
export const TWS_CLIENTS = {
  ibAsync: { name: 'ib_async', version: '2.1.0', module: 'ib_async' },
  /** The last ibapi on PyPI under that name: offers 100..157. */
  ibapiOld: { name: 'ibapi', version: '9.81.1.post1', module: 'ibapi.client' },
  /** The official client of API 10.30, plain text throughout: offers 100..187. */
  ibapiStable: { name: 'python-ibapi-stable', version: '10.30.1', module: 'ibapi.client' },
  /** The official client of API 10.51, protobuf above 200: offers 100..226. */
  ibapiLatest: { name: 'ibapi-latest', version: '10.51.1', module: 'ibapi.client' },
} as const satisfies Record<string, Distribution>;

/**
 * A cached virtual environment of its own for one distribution, checked by importing its module.
 * @throws MissingPart when Python 3 with venv, or the distribution, cannot be had.
 */
export async function ensurePython(distribution: Distribution): Promise<PythonEnvironment> {
  const { name, version } = distribution;
  try {
    const folder = await cachedFolder(`python/${name}-${version}`, {
      check: (folder) => check(folder, distribution),
      make: (folder) => make(folder, distribution),
    });
    const bin = join(folder, 'bin');
    return { python: join(bin, 'python'), bin, distribution: name, version };
  } catch (error) {
    throw missing(`${name} ${version}`, 'pip install', error);
  }
}

async function check(folder: string, { name, version, module = 'sys' }: Distribution): Promise<void> {
  const program = `import importlib.metadata as m, ${module}; assert m.version('${name}') == '${version}'`;
  await sh`${join(folder, 'bin/python')} -c ${program}`;
}

async function make(folder: string, { name, version }: Distribution): Promise<void> {
  await sh`${await pythonWithVenv()} -m venv ${folder}`;
  await sh`${join(folder, 'bin/python')} -m pip install --quiet --disable-pip-version-check ${name}==${version}`;
}

/** Debian splits venv (ensurepip) off the interpreter's package. */
async function pythonWithVenv(): Promise<string> {
  const python = await ensureCommand('Python 3', 'python3', ['python3-venv']);
  const whole = await sh({ nothrow: true })`${python} -c ${'import venv, ensurepip'}`;
  if (whole.ok) return python;
  await installPackages('Python 3 venv', ['python3-venv']);
  return (await findCommand('python3')) ?? python;
}
