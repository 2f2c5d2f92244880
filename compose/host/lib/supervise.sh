#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# A swap is seen through even when the connection it was asked for over is cut. Sourced.

readonly KEPT_RUNS=20

# The work is done by a process of a session of its own that writes to files; this one shows them and may die.
supervise() {
  local run worker status signalled
  run=$(new_run)
  : >"$run/progress"
  trap '' HUP
  setsid "$0" --supervised "$@" >"$run/result" 2>"$run/progress" </dev/null &
  worker=$!
  trap 'signalled=yes; kill -TERM "$worker" 2>/dev/null || true' INT TERM
  tail -s 0.2 -n +1 -f --pid="$worker" "$run/progress" >&2 &
  # A trapped signal ends `wait` early. Not `kill -0`: how a worker ended that is gone by then is lost more often.
  while :; do
    signalled=
    status=0
    wait "$worker" || status=$?
    [[ $signalled ]] || break
  done
  wait || true
  # A signal in the moment in which bash takes note of the worker's end leaves it without a status: -1.
  ((status >= 0)) || status=$(status_told "$run/result")
  cat "$run/result"
  # Who waits for a lock asks again and again: each folder kept would push out that of the run they wait for.
  ((status != LOCK_HELD)) || rm -r "$run"
  exit "$status"
}

# The exit status that belongs to an answer.
status_told() {
  case $(jq -r '.outcome // "held"' "$1" 2>/dev/null) in
    applied | nothing) echo 0 ;;
    held) echo "$LOCK_HELD" ;;
    *) echo 1 ;;
  esac
}

new_run() {
  local old
  { mkdir -p "$site/runs" && mktemp -d "$site/runs/$(date -u +%Y%m%dT%H%M%SZ)-XXXXXX"; } || no_room
  while IFS= read -r old; do rm -r "$old"; done < <(
    find "$site/runs" -mindepth 1 -maxdepth 1 -type d | LC_ALL=C sort -r | tail -n "+$((KEPT_RUNS + 1))"
  )
}

no_room() {
  because disk-full "nothing can be written in $site"
  exit 1
}
