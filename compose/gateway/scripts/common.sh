#!/bin/bash
# Sourced by the start scripts of every image: nothing is logged in without credentials, no login is tried past the
# budget, and a stop is a logout. The caller has set -euo pipefail.

# One line a login; health.sh removes the file when the API answers.
logins="$GATEHOUSE_DATA/gatehouse-logins"

say() { echo "gatehouse: $*"; }

# In the background, so that a signal ends the wait and not only the sleep.
pause() {
  sleep "${GATEHOUSE_PAUSE_SECONDS:-5}" &
  wait $!
}

# Staying up is the refusal: a container that exits is started again by Docker, at once and for ever.
need_data_folder() {
  [[ -d $GATEHOUSE_DATA && -w $GATEHOUSE_DATA ]] && return
  say "not logging in: $GATEHOUSE_DATA must be a folder that uid $(id -u) may write to, or every start" \
    "would be a full login. Give its volume to that uid, then restart this container."
  exec sleep infinity
}

is_filled() { [[ -s $1 && -r $1 ]]; }

missing_files() {
  local file
  for file in "$@"; do is_filled "$file" || echo "$file"; done
}

wait_for_files() {
  local missing said=
  while missing=$(missing_files "$@") && [[ $missing ]]; do
    [[ $said ]] || say "waiting for ${missing//$'\n'/ and } to be there, filled and readable by uid $(id -u)"
    said=yes
    pause
  done
}

logins_spent() {
  local lines=()
  [[ -f $logins ]] && mapfile -t lines <"$logins"
  echo "${#lines[@]}"
}

count_login() { date -u +%Y-%m-%dT%H:%M:%SZ >>"$logins"; }

# IBKR locks a user name after too many attempts, so they are counted where a new container finds them.
spend_login() {
  local spent said=
  while spent=$(logins_spent) && ((spent >= GATEHOUSE_LOGIN_BUDGET)); do
    [[ $said ]] || say "not logging in: $spent logins since $(head -n 1 "$logins") without one success." \
      "Find out why in the log above, then run /gatehouse/reset-logins.sh in this container."
    said=yes
    pause
  done
  count_login
}

# All that comes before the image's own start. The caller has set here, the folder of its prepare.sh.
get_ready() {
  need_data_folder
  # shellcheck disable=SC2086 # a list of paths without spaces
  wait_for_files $GATEHOUSE_CREDENTIALS
  spend_login
  # shellcheck disable=SC2154
  "$here/prepare.sh"
}

# A line to the command server of each gateway; one that answers is enough.
tell_ibc() {
  local port heard=1
  for port in $GATEHOUSE_IBC_PORTS; do tell_port "$port" "$1" && heard=0; done
  return "$heard"
}

tell_port() {
  {
    printf '%s\n' "$2" >&3
    read -r -t 5 _ <&3 || true
  } 3<>"/dev/tcp/127.0.0.1/$1"
} 2>/dev/null

# Starts the image's own script, and ends as it ends. A stop that comes while it is being started is not lost: without a
# trap it would end this shell, and leave the gateway without anybody to log it out.
run_gateway() {
  local early=
  trap 'early=yes' TERM INT
  "$@" > >(watch_output) 2>&1 &
  gateway=$!
  trap stop TERM INT
  [[ $early ]] && stop
  wait_for_gateway
}

# The output goes on to the container's log. A login that IBC repeats by itself is seen here only: without a count a
# missed 2FA would be tried again all night.
watch_output() {
  local line first=yes
  while IFS= read -r line; do
    printf '%s\n' "$line"
    [[ $GATEHOUSE_DEBUG == yes ]] && keep_line "$line"
    [[ $line == *'Login attempt: '* ]] || continue
    # The first was counted before it was tried.
    [[ $first ]] || count_repeated_login
    first=
  done
}

count_repeated_login() {
  count_login
  (($(logins_spent) < GATEHOUSE_LOGIN_BUDGET)) && return
  say 'the login budget is spent: IBC is told to stop'
  tell_ibc STOP || true
}

# One file a weekday, so that a week is kept and no more.
keep_line() {
  local day file
  printf -v day '%(%a)T' -1
  file="$GATEHOUSE_DATA/ibc-$day.log"
  [[ $file == "${kept_in-}" ]] || start_log "$file"
  printf '%s\n' "$1" >>"$file"
}

start_log() {
  kept_in=$1
  [[ -f $1 && $(date -r "$1" +%F) == "$(date +%F)" ]] || : >"$1"
}

stop() {
  signalled=yes
  if tell_ibc STOP; then
    say 'stopping: IBC was told to log out'
    # Within stop_grace_period: after it Docker kills everything.
    { sleep "${GATEHOUSE_STOP_SECONDS:-75}" && kill -TERM "$gateway"; } &>/dev/null &
  else
    say 'stopping: IBC takes no command yet'
    kill -TERM "$gateway" 2>/dev/null || true
  fi
}

# A trapped signal ends `wait` early: it is waited for again, until it has ended. Not `kill -0`: one that ended at once
# is gone by then, and how it ended would be lost.
wait_for_gateway() {
  local status
  while :; do
    signalled=
    status=0
    wait "$gateway" || status=$?
    [[ $signalled ]] || return "$status"
  done
}
