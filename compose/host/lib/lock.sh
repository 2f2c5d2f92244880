#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# The lock of a site: a folder with its owner in it, moved into place whole, since a rename onto a folder that is not
# empty fails. Sourced.

readonly LOCK_HELD=75
readonly LOCK_SECONDS=3600

# What a machine that lost its power leaves: the folder, and an owner that never reached the disk.
readonly NOBODY='{"owner":"nobody","verb":"-","since":"-"}'

lock_owner=

take_lock() {
  [[ $dry_run ]] && return
  mkdir -p "$site/releases"
  lock_owner=$(own_lock)
  if [[ $under_lock ]]; then
    take_over
  else
    put_lock || break_stale_lock
  fi
  trap unforeseen EXIT
}

# The process is named: should it die, the next run sees that and need not wait for the end of the hour.
own_lock() {
  jq -nc --arg owner "$by" --arg verb "$verb" --arg since "$(now_iso)" \
    --arg expires "$(date -u -d "@$((EPOCHSECONDS + LOCK_SECONDS))" +%Y-%m-%dT%H:%M:%SZ)" \
    --argjson pid "$$" --arg boot "$(boot_id)" --arg release "$release" '$ARGS.named'
}

boot_id() { cat "${BOOT_ID_FILE:-/proc/sys/kernel/random/boot_id}"; }

# On a full disk the owner would be missing, and a lock of nobody stands in everybody's way.
put_lock() {
  if ! { mkdir "$site/lock.$$" && printf '%s\n' "$lock_owner" >"$site/lock.$$/owner"; }; then
    rm -rf "$site/lock.$$"
    lock_owner=
    fail disk-full "no lock can be written in $site"
  fi
  mv -T "$site/lock.$$" "$site/lock" 2>/dev/null && return
  rm -r "$site/lock.$$"
  return 1
}

# From whoever started this run: who asked for it stays, and the lock now ends with this process.
take_over() {
  if [[ $(lock_holder) != "$under_lock" ]]; then
    lock_owner=
    fail lock-lost "the lock is not the one this run was started under: ${under_lock}"
  fi
  write_file "$site/lock/owner" "$lock_owner"
}

lock_holder() { cat "$site/lock/owner" 2>/dev/null || true; }

break_stale_lock() {
  local holder reason
  holder=$(lock_holder)
  reason=$(stale_reason "$holder") || refuse_lock "$holder"
  say "the lock of $(jq -r '"\(.owner) (\(.verb), since \(.since))"' <<<"${holder:-$NOBODY}") is taken: $reason"
  broken_lock=$(jq -c --arg reason "$reason" '{owner, verb, since, reason: $reason}' <<<"${holder:-$NOBODY}")
  remove_lock "$holder"
  put_lock || refuse_lock "$(lock_holder)"
}

# Why nobody holds this lock any more; status 1 where somebody may.
stale_reason() {
  local expires pid boot
  [[ $1 ]] || { echo 'it names no owner' && return; }
  IFS=$'\t' read -r expires pid boot < <(jq -r '[.expires // "-", .pid // "-", .boot // "-"] | @tsv' <<<"$1" 2>/dev/null) ||
    return 1
  if [[ $expires != - ]] && (($(date -d "$expires" +%s) < EPOCHSECONDS)); then
    echo "it ended at $expires"
  elif [[ $boot != - && $boot != "$(boot_id)" ]]; then
    echo 'the host was started anew since'
  elif [[ $pid != - && ! -d /proc/$pid ]]; then
    echo "its process $pid is gone"
  else
    return 1
  fi
}

refuse_lock() {
  say "the lock is held: $1"
  printf '%s\n' "$1"
  exit "$LOCK_HELD"
}

# Only if it is still this owner's; one that was taken meanwhile is put back.
remove_lock() {
  mv -T "$site/lock" "$site/lock.$$" 2>/dev/null || return 0
  if [[ $(cat "$site/lock.$$/owner") == "$1" ]]; then
    rm -r "$site/lock.$$"
  else
    mv -T "$site/lock.$$" "$site/lock"
  fi
}

give_lock() {
  if [[ $lock_owner && $(lock_holder) == "$lock_owner" ]]; then remove_lock "$lock_owner"; fi
}
