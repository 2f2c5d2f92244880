import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCommand } from '../apt.ts';
import { cachedFolder } from '../cache.ts';
import { MissingPart, missing } from '../missing-part.ts';
import { isRoot, sh } from '../shell.ts';
import { makeAuthority } from './authority.ts';
import { addKernel, kernelPackage } from './kernel.ts';
import { makeRootfs } from './rootfs.ts';

/** A Debian 13 as a cloud's image has it: kernel, initial RAM disk and a root disk that is never written to. */
export interface VmBase {
  readonly qemu: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Raw image of an ext4 file system. */
  readonly disk: string;
  /** Private key that is let in as root. */
  readonly identityFile: string;
  /** File with the public key of the guest's sshd. */
  readonly hostKey: string;
  /** Folder with the test authority's `server.pem` and `server.key`, for the names of Google's services. */
  readonly authority: string;
}

/** Size of the root disk; sparse. */
const DISK_SIZE = '20G';

/**
 * Makes the base once and keeps it in the cache (2 minutes, 500 MB).
 * @throws MissingPart
 */
export async function ensureVmBase(): Promise<VmBase> {
  if (!isRoot()) throw new MissingPart('VM', 'only root can make its disk and its network');
  const qemu = await ensureCommand('QEMU', 'qemu-system-x86_64', ['qemu-system-x86', 'qemu-utils']);
  await ensureCommand('qemu-img', 'qemu-img', ['qemu-utils']);
  try {
    const kernel = await kernelPackage();
    const folder = await cachedFolder(`vm-base-${await digestOf(kernel)}`, {
      check,
      make: (folder) => make(folder, kernel),
    });
    return { qemu, ...pathsIn(folder) };
  } catch (error) {
    throw missing('VM', 'making its disk', error);
  }
}

const pathsIn = (folder: string) => ({
  kernel: join(folder, 'vmlinuz'),
  initrd: join(folder, 'initrd'),
  disk: join(folder, 'disk.img'),
  identityFile: join(folder, 'key'),
  hostKey: join(folder, 'host_key.pub'),
  authority: join(folder, 'authority'),
});

/** The kernel's version and the sources that say what is in the disk: another of either is another base. */
async function digestOf(kernel: string): Promise<string> {
  const hash = createHash('sha256').update(kernel).update(DISK_SIZE);
  for (const name of ['base.ts', 'kernel.ts', 'rootfs.ts', 'guest-files.ts', 'authority.ts']) {
    hash.update(await readFile(join(import.meta.dirname, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function check(folder: string): Promise<void> {
  for (const path of Object.values(pathsIn(folder))) await stat(path);
  await sh`e2fsck -n ${join(folder, 'disk.img')}`;
  await sh`openssl x509 -checkend 86400 -noout -in ${join(folder, 'authority/server.pem')}`;
}

async function make(folder: string, kernel: string): Promise<void> {
  await ensureCommand('mke2fs', 'mke2fs', ['e2fsprogs']);
  await ensureCommand('ssh-keygen', 'ssh-keygen', ['openssh-client']);
  const { disk, identityFile, hostKey, authority } = pathsIn(folder);
  await mkdir(authority);
  await sh`ssh-keygen -q -t ed25519 -N ${''} -f ${identityFile}`;
  const rootfs = await mkdtemp(join(tmpdir(), 'gatehouse-rootfs-'));
  try {
    const options = {
      publicKey: await readFile(`${identityFile}.pub`, 'utf8'),
      authority: await makeAuthority(authority),
    };
    await makeRootfs(rootfs, options);
    await copyFile(join(rootfs, 'etc/ssh/ssh_host_ed25519_key.pub'), hostKey);
    await addKernel(kernel, rootfs, folder);
    await sh`chmod 755 ${rootfs}`;
    await sh`truncate --size ${DISK_SIZE} ${disk}`;
    await sh`mke2fs -q -t ext4 -L root -d ${rootfs} ${disk}`;
  } finally {
    await rm(rootfs, { recursive: true, force: true });
  }
}
