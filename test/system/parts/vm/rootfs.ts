import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureCommand } from '../apt.ts';
import { MissingPart } from '../missing-part.ts';
import { sh } from '../shell.ts';
import { guestFiles } from './guest-files.ts';

const SUITE = 'trixie';

/**
 * What Google's Debian image has beyond the minimum, as far as a startup script may lean on it, and small packages that
 * the script would install: unpacking them emulated takes a minute. Docker and what it needs are left to the script.
 */
const PACKAGES = [
  ...['systemd-sysv', 'systemd-resolved', 'udev', 'kmod', 'dbus', 'openssh-server', 'iproute2', 'procps'],
  ...['curl', 'ca-certificates', 'sudo', 'e2fsprogs', 'unattended-upgrades'],
  ...['iptables', 'jq', 'rsync', 'age'],
];

/** Housekeeping of a real machine's week, and a generator for sockets there are none of: each costs seconds emulated. */
const MASKED = ['e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer', 'serial-getty@ttyS0.service'];
const GENERATORS = [
  'systemd-ssh-generator',
  'systemd-gpt-auto-generator',
  'systemd-hibernate-resume-generator',
];

export interface GuestOptions {
  /** Public key that is let in as root. */
  readonly publicKey: string;
  /** Certificate (PEM) of the authority the guest trusts beside Debian's. */
  readonly authority: string;
}

/** Fills an empty folder with a Debian 13 as a cloud's image has it. @throws MissingPart */
export async function makeRootfs(folder: string, options: GuestOptions): Promise<void> {
  const debootstrap = await ensureCommand('debootstrap', 'debootstrap', ['debootstrap']);
  const mirror = await ownMirror();
  await sh`${debootstrap} --variant=minbase --include=${PACKAGES.join(',')} ${SUITE} ${folder} ${mirror}`;
  for (const { path, text, mode } of guestFiles({ ...options, mirror, suite: SUITE })) {
    await put(join(folder, path), text, mode);
  }
  await sh`chroot ${folder} update-ca-certificates`;
  await sh`chroot ${folder} systemctl enable systemd-networkd systemd-resolved ssh google-startup-scripts`;
  await sh`chroot ${folder} systemctl mask ${MASKED}`;
  await mkdir(join(folder, 'etc/systemd/system-generators'), { recursive: true });
  for (const name of GENERATORS) {
    await symlink('/dev/null', join(folder, 'etc/systemd/system-generators', name));
  }
  await rm(join(folder, 'etc/resolv.conf'), { force: true });
  await symlink('/run/systemd/resolve/resolv.conf', join(folder, 'etc/resolv.conf'));
  // What a first boot would make anew, an image of Google's has.
  for (const at of ['etc/.updated', 'var/.updated']) await put(join(folder, at), '');
  // As an image is shipped: without package lists, without what was downloaded for it.
  await sh`rm -rf ${join(folder, 'var/lib/apt/lists')} ${join(folder, 'var/cache/apt/archives')}`;
  await mkdir(join(folder, 'var/lib/apt/lists/partial'), { recursive: true });
  await mkdir(join(folder, 'var/cache/apt/archives/partial'), { recursive: true });
}

async function put(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
}

/** Where this machine's own apt gets Debian from. @throws MissingPart */
export async function ownMirror(): Promise<string> {
  const format = '$(ORIGIN) $(CODENAME) $(REPO_URI)';
  const { stdout } = await sh({ nothrow: true })`apt-get indextargets --format ${format}`;
  // The release itself: its updates and security fixes have a codename with a suffix.
  const uri = stdout.match(/^Debian [a-z]+ (http\S+?)\/*$/m)?.[1];
  if (!uri) throw new MissingPart('Debian mirror', 'apt here has no Debian source over HTTP');
  return uri;
}
