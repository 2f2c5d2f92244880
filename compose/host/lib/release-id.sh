#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# Prints the id of a release folder, from nothing but what lies in it: the hash of `<mode> <sha256>  <path>` of every
# file but provenance.json, sorted by bytes (compose/release/files.ts makes it so). Sourced.
release_id() (
  cd "$1" || exit
  mapfile -t files < <(find . ! -type d ! -path ./provenance.json -printf '%P\n' | LC_ALL=C sort)
  # A process or three for each file would be seconds on a shared core.
  paste -d ' ' <(stat -c %a -- "${files[@]}") <(sha256sum -- "${files[@]}") | sha256sum | sed 's/^\(.\{16\}\).*/r-\1/'
)
