import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sh } from './shell.ts';

/** What a container image made here holds. Paths in the image are absolute. */
export interface Rootfs {
  /** Program on this machine -> where it stands in the image; its shared libraries come along. */
  programs: Record<string, string>;
  /** Text files. */
  files: Record<string, string>;
  /** Folders, with their mode. */
  folders: Record<string, number>;
  /** Path -> what it points to. */
  links: Record<string, string>;
}

/** Writes the tree into an empty folder. */
export async function layOut(rootfs: Rootfs, folder: string): Promise<void> {
  const place = async (path: string) => {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    return target;
  };
  for (const [path, mode] of Object.entries(rootfs.folders)) {
    await mkdir(join(folder, path), { recursive: true });
    await chmod(join(folder, path), mode);
  }
  for (const [from, to] of Object.entries(await withLibraries(rootfs.programs))) {
    await copyFile(from, await place(to));
  }
  for (const [path, text] of Object.entries(rootfs.files)) await writeFile(await place(path), text);
  for (const [path, target] of Object.entries(rootfs.links)) await symlink(target, await place(path));
}

/** SHA-256 over everything that goes into the image, `config` included: the same digest, the same image. */
export async function digestOf(rootfs: Rootfs, config: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([rootfs, config]));
  for (const from of Object.keys(await withLibraries(rootfs.programs)).sort()) {
    for await (const chunk of createReadStream(from)) hash.update(chunk);
  }
  return hash.digest('hex');
}

/** The programs and the shared libraries and loader that ldd names for them, each at the path the loader looks at. */
async function withLibraries(programs: Record<string, string>): Promise<Record<string, string>> {
  const files: Record<string, string> = { ...programs };
  for (const program of Object.keys(programs)) {
    const { stdout } = await sh({ nothrow: true })`ldd ${program}`; // a static program is an error to it
    for (const [library] of stdout.matchAll(/\/\S+/g)) files[library] = library;
  }
  return files;
}
