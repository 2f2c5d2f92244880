/** A text file of the guest's disk. */
export interface GuestFile {
  readonly path: string;
  readonly text: string;
  readonly mode?: number;
}

export interface GuestFileOptions {
  readonly publicKey: string;
  readonly authority: string;
  readonly mirror: string;
  readonly suite: string;
}

/** Google's metadata service, and on its machines the resolver too. */
export const METADATA_ADDRESS = '169.254.169.254';

/** What Google's image and agent set up, as far as the startup script and the units can see it. */
export function guestFiles({ publicKey, authority, mirror, suite }: GuestFileOptions): GuestFile[] {
  return [
    { path: 'etc/hostname', text: 'gatehouse\n' },
    {
      path: 'etc/hosts',
      text: `127.0.0.1 localhost gatehouse\n${METADATA_ADDRESS} metadata.google.internal metadata\n`,
    },
    { path: 'etc/fstab', text: '/dev/vda / ext4 defaults,discard 0 1\n' },
    { path: 'etc/apt/sources.list', text: `deb ${mirror} ${suite} main\n` },
    { path: 'etc/systemd/network/10-google.network', text: NETWORK },
    { path: 'etc/systemd/network/20-visitors.network', text: VISITORS },
    { path: 'etc/tmpfiles.d/reclaim.conf', text: RECLAIM },
    { path: 'etc/udev/rules.d/65-google-disk.rules', text: DISK_NAMES },
    { path: 'etc/systemd/system/google-startup-scripts.service', text: STARTUP_UNIT },
    { path: 'usr/local/sbin/google-startup-script', text: STARTUP_RUNNER, mode: 0o755 },
    { path: 'usr/local/share/ca-certificates/test-authority.crt', text: authority },
    { path: 'root/.ssh/authorized_keys', text: publicKey, mode: 0o600 },
    {
      path: 'etc/ssh/sshd_config.d/10-test.conf',
      text: 'PermitRootLogin prohibit-password\nUseDNS no\nUsePAM no\n',
    },
  ];
}

const NETWORK = `[Match]
Name=eth0

[Network]
DHCP=ipv4
IPv6AcceptRA=no
LinkLocalAddressing=no
DNS=${METADATA_ADDRESS}

[DHCPv4]
UseDNS=no
`;

/** The card the test comes in by: it answers, and knows no way further. */
const VISITORS = `[Match]
Name=eth1

[Link]
RequiredForOnline=no

[Network]
Address=10.0.2.15/24
IPv6AcceptRA=no
LinkLocalAddressing=no
`;

/** On in the kernel of Google's Debian 13, and off in the one here. */
const RECLAIM = 'w /sys/kernel/mm/lru_gen/enabled - - - - y\n';

/** Google's agent names a disk by its device name; here that is the disk's serial. */
const DISK_NAMES = `SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ENV{ID_SERIAL}=="?*", SYMLINK+="disk/by-id/google-$env{ID_SERIAL}"
SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ATTR{serial}=="?*", SYMLINK+="disk/by-id/google-$attr{serial}"
`;

/** As in google-guest-agent: after the network, beside everything else, and what it started is left running. */
const STARTUP_UNIT = `[Unit]
Description=Google Compute Engine Startup Scripts
Wants=network-online.target
After=network-online.target
Before=apt-daily.service

[Service]
Type=simple
ExecStart=/usr/local/sbin/google-startup-script
KillMode=process
StandardOutput=journal+console

[Install]
WantedBy=multi-user.target
`;

/** A failed script is logged and nothing more, as Google's runner does. */
const STARTUP_RUNNER = `#!/bin/bash
url=http://metadata.google.internal/computeMetadata/v1/instance/attributes/startup-script
folder=$(mktemp -d /tmp/metadata-scripts.XXXXXX)
trap 'rm -rf "$folder"' EXIT
if ! curl -fsS --retry 120 --retry-delay 1 --retry-all-errors -H 'Metadata-Flavor: Google' -o "$folder/startup-script" "$url"; then
  echo 'startup-script: none in the metadata'
  exit 0
fi
chmod 0700 "$folder/startup-script"
"$folder/startup-script"
echo "startup-script exit status $?"
`;
