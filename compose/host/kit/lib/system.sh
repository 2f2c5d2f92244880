#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with startup.sh
# Packages, and how the kernel and the updates behave on a machine this small. Sourced.

# docker.io only recommends docker-cli, and nothing here installs what is only recommended.
readonly PACKAGES=(
  docker.io docker-cli docker-compose iptables jq rsync curl age
  ca-certificates e2fsprogs tzdata unattended-upgrades
)

tune_system() {
  sysctl -q -p "$root/etc/sysctl.d/60-gatehouse.conf" || true
  systemd-tmpfiles --create "$root/etc/tmpfiles.d/gatehouse.conf" || true
  compress_swap || detail='swap is not compressed'
  if changed journald "$root/etc/systemd/journald.conf.d/gatehouse.conf"; then
    systemctl restart systemd-journald.service || true
    note journald "$root/etc/systemd/journald.conf.d/gatehouse.conf"
  fi
  # It takes memory, and holds the lock of apt at boot.
  if systemctl is-enabled --quiet google-osconfig-agent.service 2>/dev/null; then
    systemctl disable --now google-osconfig-agent.service || true
    detail='google-osconfig-agent is off'
  fi
}

# A third of the memory as compressed swap, used up before the file: from the disk each page would take 50 ms, and so do
# the pages of programs, which is why these are kept before what can be compressed (the kernel's documentation has above
# 100 for that). Made anew at each boot. zswap does the same in front of the file, where the kernel has it: Debian's for
# clouds has not.
compress_swap() {
  local proc=${GATEHOUSE_PROC:-/proc} sys=${GATEHOUSE_SYS:-/sys}
  [[ $GATEHOUSE_SWAP_MB == 0 || -d $sys/module/zswap ]] && return
  if ! grep -q '^/dev/zram0 ' "$proc/swaps"; then
    modprobe zram num_devices=1 &&
      awk '$1 == "MemTotal:" { printf "%dK\n", $2 / 3 }' "$proc/meminfo" >"$sys/block/zram0/disksize" &&
      mkswap /dev/zram0 >/dev/null && swapon --priority 100 /dev/zram0 || return
  fi
  sysctl -q -w vm.swappiness=180
}

# For as long as it takes: there may be no network yet.
install_packages() {
  local missing said
  pauses=0
  until missing=$(missing_packages) && [[ ! $missing ]]; do
    # shellcheck disable=SC2086 # a list of names
    if said=$(install $missing 2>&1); then continue; fi
    mark packages false "trying again: $(tail -n 1 <<<"$said")"
    pause
  done
  detail="${#PACKAGES[@]} are there"
}

missing_packages() {
  local package installed
  # Status 1 where one of them was never heard of.
  installed=$(dpkg-query -W -f '${binary:Package} ${db:Status-Status}\n' "${PACKAGES[@]}" 2>/dev/null || true)
  for package in "${PACKAGES[@]}"; do
    [[ $'\n'$installed$'\n' =~ $'\n'"$package"(:[a-z0-9]+)?' installed'$'\n' ]] || echo "$package"
  done
}

install() {
  export DEBIAN_FRONTEND=noninteractive
  # What a power cut left half installed.
  dpkg --configure -a &&
    apt-get -q -o DPkg::Lock::Timeout=600 update &&
    apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold --no-install-recommends install "$@"
}
