#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# Every way an apply can fail, with what to do about it, and the one place that tells the end of a run. Sourced.

declare -A HINTS=(
  [stopped]='run it again to go on'
  [lock-held]='wait for it to end; if you know that it has died: the same verb with --break-lock OWNER'
  [lock-lost]='run it again: somebody broke the lock this run was told to work under'
  [release-damaged]='send the release again; a folder that was edited on the host is never applied'
  [docker-missing]='start the engine: systemctl start docker; journalctl -u docker says why it is not up'
  [disk-full]='make room: docker system df and du -x -d 2 /var/lib show what takes it; then run it again'
  [image-failed]='read the lines above; a build needs its base image, a pull the network'
  [service-failed]='read the log of the service named: docker logs'
  [verdict-worse]='read the log of the bridge and of the gateway; npx gatehouse --<stack>-diagnostics names the cause'
  [back-failed]='look at the containers now: docker ps --all; the same verb with an earlier release may repair it'
  [internal]='this is a mistake of apply: report the lines above'
)

outcome='' why_code='' why_message=''

# Ends the run: nothing more is done, and what was done before stands.
fail() {
  because "$1" "$2"
  conclude failed
}

because() {
  why_code=$1 why_message=$2
  say "$1: $2"
  say "Try: ${HINTS[$1]}"
}

# The one way out: audit line, lock, JSON, exit status.
conclude() {
  local written
  outcome=$1
  trap - EXIT
  written=$(written_outcome)
  [[ $outcome == nothing || $dry_run || $plan_only ]] || write_audit "${written%%$'\n'*}"
  give_lock
  printf '%s\n' "${written#*$'\n'}"
  case $outcome in applied | nothing) exit 0 ;; *) exit 1 ;; esac
}

# Two lines of JSON: the one for the audit file, and the answer.
written_outcome() {
  jq -nc --arg at "$(now_iso)" --arg who "$by" --arg what "$verb" --arg outcome "$outcome" --arg release "$release" \
    --arg current "$current" --argjson services "$(service_list)" --arg gateway "$gateway_state" \
    --arg before "${before#* }" --arg after "${after#* }" --argjson seconds "$((EPOCHSECONDS - began))" \
    --arg code "$why_code" --arg message "$why_message" --arg hint "${HINTS[${why_code:-internal}]}" \
    --argjson broke "$broken_lock" --arg stopped "$stopped" "$OUTCOME"
}

# shellcheck disable=SC2016  # jq expands these
OUTCOME='
  ({before: $before, after: $after}) as $verdict
  | (if $current == "" then null else $current end) as $was
  | ({at: $at, who: $who, what: $what,
      services: [$services[] | select(.done) | "\(.name) \(.change)"],
      before: $was, after: $release, gateway: $gateway, verdict: $verdict, outcome: $outcome, seconds: $seconds}
     + (if $code == "" then {} else {why: $code} end) + (if $broke then {brokeLock: $broke} else {} end)),
    ({outcome: $outcome, release: $release, before: $was, services: $services, gateway: $gateway, verdict: $verdict}
     + (if $code == "" then {} else {why: {code: $code, message: $message, hint: $hint}} end)
     + (if $stopped == "" then {} else {stopped: true} end) + {seconds: $seconds})'

# A line that fails without having been foreseen still leaves the host unlocked and an answer behind.
unforeseen() {
  local status=$?
  because internal "a step of apply ended with status $status"
  conclude failed
}
