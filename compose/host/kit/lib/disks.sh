#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with startup.sh
# Swap, and the disk that everything lives on that must outlive this machine. Sourced.

swap_file="$root/swapfile"
device=${GATEHOUSE_DATA_DEVICE:-/dev/disk/by-id/google-gatehouse-data}
readonly LABEL=gatehouse-data

# Without swap the stack still runs, so a swap file that cannot be made is said and gone past.
make_swap() {
  local mb=$GATEHOUSE_SWAP_MB there=0
  [[ -f $swap_file ]] && there=$(($(stat -c %s "$swap_file") / 1048576))
  if ((there == mb)); then
    detail="$mb MB"
  elif ((there > 0)) && ! swapoff_if_idle; then
    detail="stays at $there MB while it is in use"
  elif ((mb == 0)); then
    rm -f "$swap_file"
    detail=none
  elif allocate_swap "$mb"; then
    detail="$mb MB"
  else
    rm -f "$swap_file"
    detail="no room for $mb MB"
    return 0
  fi
  if [[ ! -f $swap_file ]]; then
    forget_mount "$swap_file"
    return
  fi
  know_mount "$swap_file" "$swap_file none swap nofail 0 0"
  is_swapped || swapon "$swap_file" || detail="$detail, not in use: swapon failed"
}

allocate_swap() {
  (umask 077 && fallocate -l "$1M" "$swap_file" 2>/dev/null) ||
    (umask 077 && dd if=/dev/zero of="$swap_file" bs=1M count="$1" status=none) || return 1
  mkswap "$swap_file" >/dev/null
}

is_swapped() { grep -q "^$swap_file " "${GATEHOUSE_PROC:-/proc}/swaps"; }

# What is in it would have to fit into memory.
swapoff_if_idle() {
  is_swapped || return 0
  [[ $(awk -v file="$swap_file" '$1 == file { print $4 }' "${GATEHOUSE_PROC:-/proc}/swaps") == 0 ]] && swapoff "$swap_file"
}

# Formatted once, and only when nothing at all is on it.
mount_data() {
  local folder="$root$GATEHOUSE_HOST_FOLDER" formatting="$root/etc/gatehouse/formatting"
  wait_for_device
  # Cut short the last time: what is on it is half a file system of ours.
  [[ -e $formatting ]] && format "$formatting"
  case $(kind_of_disk) in
    ours) detail='there already' ;;
    blank) format "$formatting" ;;
    *) refuse "$device holds $(kind_of_disk): it is not touched. A disk of yours for this: e2label $device $LABEL;" \
      "one to be emptied: wipefs -a $device. Then run the startup script again." ;;
  esac
  mkdir -p "$folder"
  know_mount "$folder" "$device $folder ext4 nofail,noatime,x-systemd.device-timeout=60s 0 2"
  mountpoint -q "$folder" || mount "$folder" || refuse "$device could not be mounted on $folder"
  # A disk made larger is used; at its size already, this does nothing.
  resize2fs "$device" >/dev/null 2>&1 || true
}

wait_for_device() {
  pauses=0
  until [[ -e $device ]]; do
    mark disk false "waiting for $device"
    pause
  done
}

# ours, blank, or what it is.
kind_of_disk() {
  local type label
  type=$(blkid -p -o value -s TYPE "$device" || true)
  label=$(blkid -p -o value -s LABEL "$device" || true)
  if [[ $type == ext4 && $label == "$LABEL" ]]; then
    echo ours
  elif [[ ! $type ]] && is_blank; then
    echo blank
  else
    echo "${type:-something unknown}${label:+ ($label)}"
  fi
}

# No partition table either, and nothing in the first MiB.
is_blank() {
  [[ ! $(blkid -p -o value -s PTTYPE "$device") ]] && cmp -s -n 1048576 "$device" /dev/zero
}

format() {
  : >"$1"
  sync "$1"
  mkfs.ext4 -q -F -m 1 -L "$LABEL" "$device" || refuse "$device could not be formatted"
  rm "$1"
  detail='formatted: it was blank'
}

# One line of fstab for each mount point, which is its second field, or the file itself for swap.
know_mount() {
  local fstab="$root/etc/fstab" status=0
  { without_mount "$1" && echo "$2"; } | replace "$fstab" 644 || status=$?
  ((status < 2)) || refuse "$fstab could not be written"
  ((status == 1)) || systemctl daemon-reload
}

forget_mount() { without_mount "$1" | replace "$root/etc/fstab" 644 || [[ $? == 1 ]]; }

without_mount() {
  [[ ! -f $root/etc/fstab ]] || awk -v at="$1" '$1 != at && $2 != at' "$root/etc/fstab"
}

# The folders containers mount, with the owners they run as; what is in them is theirs.
make_folders() {
  local entry folder owner
  mkdir -p "$site/releases"
  for entry in $GATEHOUSE_FOLDERS; do
    folder="$root${entry%:*}" owner=${entry##*:}
    mkdir -p "$folder"
    [[ $(stat -c %u:%g "$folder") == "$owner:$owner" ]] || chown "$owner:$owner" "$folder"
    chmod 700 "$folder"
  done
  mount_secrets "$root$GATEHOUSE_SECRETS_DIR"
}

# In memory, and where the kernel can (6.4 on), never in the swap file either.
mount_secrets() {
  local options
  mkdir -p "$1"
  mountpoint -q "$1" && return
  for options in nofail,mode=711,size=4m,noswap nofail,mode=711,size=4m; do
    know_mount "$1" "tmpfs $1 tmpfs $options 0 0"
    mount "$1" 2>/dev/null && return
  done
  refuse "no tmpfs could be mounted on $1"
}
