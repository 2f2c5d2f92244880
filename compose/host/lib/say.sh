#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# How apply speaks, and how it runs what changes the host. Sourced.

began=$EPOCHSECONDS

# One line a step, with the seconds since the start. Nobody listening any more is no reason to stop.
say() {
  [[ $dry_run ]] || printf '%4s s  %s\n' "$((EPOCHSECONDS - began))" "$*" >&2 || true
}

# Runs a command that changes the host; what it printed is in $said. A dry run prints the command instead.
try() {
  said=
  if [[ $dry_run ]]; then
    printf '%q ' "$@" | sed 's/ $/\n/' >&2
  else
    said=$("$@" 2>&1 </dev/null)
  fi
}

last_lines() { tail -n 5 <<<"$said"; }

now_iso() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Into a file, whole or not at all.
write_file() {
  [[ $dry_run ]] && return
  printf '%s\n' "$2" >"$1.new" && mv -T "$1.new" "$1"
}

stop_asked=
trap 'stop_asked=yes' INT TERM

stop_here_if_asked() {
  if [[ $stop_asked ]]; then fail stopped "$verb was stopped before a service was touched"; fi
}
