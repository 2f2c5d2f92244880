#!/bin/bash
# Sourced by backup on the host, and sent by the backup verb to hosts that have no kit: data as one encrypted stream on
# standard output. It goes from tar to the encryption by pipes alone, so that none of it is ever on a disk in clear. The
# caller has set -euo pipefail.
#
# The stack goes on meanwhile. The journal is only ever appended to: tar takes as much of a file as there was when it
# came to it, so the copy is the journal of that moment, at worst with half a line at its end, which the bridge skips
# because nobody was told that it was written. All else is written whole under another name and moved into place.

# archive RECIPIENT ABOUT ENTRY...: an entry is folder=PATH, or volume=NAME=VOLUME behind one image=REFERENCE.
archive() {
  local recipient=$1 about=$2
  shift 2
  pack "$about" "$@" | gzip | encrypt "$recipient"
}

pack() {
  local folder status=0
  folder=$(memory_folder)
  printf '%s\n' "$1" >"$folder/backup.json"
  shift
  if [[ ${1-} == image=* ]]; then
    pack_volumes "$folder" "$@" || status=$?
  else
    pack_folders "$folder" "$@" || status=$?
  fi
  rm -r "$folder"
  # 1: a file changed while it was read, as a journal does.
  ((status <= 1))
}

pack_folders() {
  local what=(--directory "$1" backup.json) entry path
  shift
  for entry; do
    path=${entry#folder=}
    what+=(--directory "${path%/*}" "${path##*/}")
  done
  tar --create --numeric-owner --warning=no-file-changed "${what[@]}"
}

# Docker alone knows where a volume is, so a container reads it; its image is one of the stack's own.
pack_volumes() {
  local folder=$1 image=${2#image=} mounts=() names=() entry name
  shift 2
  for entry; do
    IFS='=' read -r _ name entry <<<"$entry"
    mounts+=(--volume "$entry:/backup/$name:ro")
    names+=("$name")
  done
  docker run --rm --network none --user 0 --entrypoint tar --volume "$folder/backup.json:/backup/backup.json:ro" \
    "${mounts[@]}" "$image" -c -f - -C /backup backup.json "${names[@]}"
}

# A key of age (age1... or ssh-...), or one of OpenPGP in base64 behind gpg:.
encrypt() {
  local program=age
  [[ $1 == gpg:* ]] && program=gpg
  if ! type -P "$program" >/dev/null; then
    echo "there is no $program on this host: apt-get install $program" >&2
    return 69
  fi
  case $1 in
    gpg:*) encrypt_gpg "${1#gpg:}" ;;
    *) age --encrypt --armor --recipient "$1" ;;
  esac
}

# The key is read from a file, so that this host's own keyring is neither needed nor changed.
encrypt_gpg() {
  local home status=0
  home=$(memory_folder)
  base64 --decode <<<"$1" >"$home/recipient"
  gpg --homedir "$home" --batch --quiet --trust-model always --armor --recipient-file "$home/recipient" --encrypt ||
    status=$?
  rm -r "$home"
  return "$status"
}

# In memory where there is such a folder.
memory_folder() {
  local shared=${GATEHOUSE_SHM-/dev/shm}
  if [[ -w $shared ]]; then mktemp -d -p "$shared"; else mktemp -d; fi
}

# Where it comes in on standard input, what to do are the arguments: bash -s -- archive ...
if [[ ${0##*/} == bash ]]; then
  set -euo pipefail
  "$@"
fi
