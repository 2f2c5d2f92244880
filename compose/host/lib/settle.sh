#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What is written down once a release serves. Sourced.

settle() {
  [[ $dry_run ]] && return
  keep_pending
  make_current
  touch -c "$release_folder"
  rm -f "$site/applying"
  prune
}

make_current() {
  ln -sfn "releases/$release" "$site/current.new"
  mv -T "$site/current.new" "$site/current"
}

broken_lock=null

# A disk that is full must not keep the run from giving its lock back and its answer.
write_audit() {
  printf '%s\n' "$1" >>"$site/audit.jsonl" || say "the audit line could not be written to $site/audit.jsonl"
}
