import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCommand, installPackages } from '../apt.ts';
import { MissingPart } from '../missing-part.ts';
import { sh } from '../shell.ts';

/** Names Debian's current cloud kernel of the machine's own release: 6.1 boots under software emulation, 6.12 faults. */
const META_PACKAGE = 'linux-image-cloud-amd64';

/** What the initial RAM disk loads before it can see its root disk; ext4 is built in. */
const BOOT_MODULES = ['virtio_pci', 'virtio_blk'];

/** The package that holds the kernel, `linux-image-6.1.0-56-cloud-amd64`. @throws MissingPart */
export async function kernelPackage(): Promise<string> {
  if ((await dependency()) === undefined) await installPackages('VM kernel', ['busybox-static']); // brings the lists
  const name = await dependency();
  if (!name) throw new MissingPart('VM kernel', `apt knows no ${META_PACKAGE}`);
  return name;
}

async function dependency(): Promise<string | undefined> {
  const { stdout } = await sh({ nothrow: true })`apt-cache depends ${META_PACKAGE}`;
  return stdout.match(/Depends: (linux-image-\S+)/)?.[1];
}

/**
 * Puts `vmlinuz` and `initrd` into a folder and the kernel's modules into the tree of the guest's disk.
 * @throws MissingPart
 */
export async function addKernel(packageName: string, rootfs: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'gatehouse-kernel-'));
  try {
    await sh({ cwd: work })`apt-get download ${packageName}`;
    const [file = ''] = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    await sh`dpkg -x ${join(work, file)} ${join(work, 'tree')}`;
    const version = packageName.replace('linux-image-', '');
    await cp(join(work, 'tree/boot', `vmlinuz-${version}`), join(folder, 'vmlinuz'));
    const modules = join(rootfs, 'usr/lib/modules');
    await mkdir(modules, { recursive: true });
    await cp(join(work, 'tree/lib/modules', version), join(modules, version), { recursive: true });
    const depmod = await ensureCommand('depmod', 'depmod', ['kmod']);
    await sh`${depmod} -b ${rootfs} ${version}`;
    await makeInitrd(join(modules, version), version, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Busybox, the modules of virtio, and an init that mounts the disk and hands over. */
async function makeInitrd(modules: string, version: string, folder: string): Promise<void> {
  const busybox = await ensureCommand('busybox', 'busybox', ['busybox-static']);
  await ensureCommand('cpio', 'cpio', ['cpio']);
  const tree = await mkdtemp(join(tmpdir(), 'gatehouse-initrd-'));
  try {
    for (const name of ['bin', 'proc', 'sys', 'dev', 'root']) await mkdir(join(tree, name));
    await cp(busybox, join(tree, 'bin/busybox'));
    const target = join(tree, 'lib/modules', version);
    const files = await moduleFiles(modules);
    for (const path of files) await cp(join(modules, path), join(target, path), { recursive: true });
    await writeFile(join(tree, 'init'), INIT, { mode: 0o755 });
    await sh({ cwd: tree })`find . | cpio --quiet -o -H newc | gzip -1 > ${join(folder, 'initrd')}`;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function moduleFiles(modules: string): Promise<string[]> {
  const lists = (await readdir(modules)).filter((name) => name.startsWith('modules.'));
  return [...lists, 'kernel/drivers/virtio', 'kernel/drivers/block'];
}

const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in ${BOOT_MODULES.join(' ')}; do modprobe "$module"; done
until [ -b /dev/vda ]; do sleep 0.1; done
mount -t ext4 -o rw /dev/vda /root
mount --move /dev /root/dev
umount /sys /proc
exec switch_root /root /sbin/init
`;
