#!/bin/bash
# Around the image's run.sh: nothing is logged in without credentials, no login is tried past the budget, and a
# stop is a logout. Runs as uid 1000 in the image gnzsnz/ib-gateway.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# One line a start; health.sh removes the file when the API answers.
attempts="$TWS_SETTINGS_PATH/gatehouse-logins"

main() {
  need_settings_folder
  wait_for_credentials
  spend_login
  "$here/prepare.sh"
  TWS_USERID=$(<"$GATEHOUSE_USERID_FILE")
  export TWS_USERID
  "$SCRIPT_PATH/run.sh" &
  gateway=$!
  trap stop TERM INT
  wait_for_gateway
}

say() { echo "gatehouse: $*"; }

# Staying up is the refusal: a container that exits is started again by Docker, at once and for ever.
refuse() {
  say "$*"
  exec sleep infinity
}

need_settings_folder() {
  [[ -d $TWS_SETTINGS_PATH && -w $TWS_SETTINGS_PATH ]] && return
  refuse "not logging in: $TWS_SETTINGS_PATH must be a folder that uid $(id -u) may write to, or every start" \
    "would be a full login. Give its volume to that uid, then restart this container."
}

wait_for_credentials() {
  local said=
  until is_filled "$GATEHOUSE_USERID_FILE" && is_filled "$TWS_PASSWORD_FILE"; do
    [[ $said ]] ||
      say "waiting for $GATEHOUSE_USERID_FILE and $TWS_PASSWORD_FILE to be there, filled and readable by uid $(id -u)"
    said=yes
    sleep 5 &
    wait $!
  done
}

is_filled() { [[ -s $1 && -r $1 ]]; }

# IBKR locks a user name after too many attempts, so they are counted where a new container finds them.
spend_login() {
  local spent=0
  [[ -f $attempts ]] && spent=$(wc -l <"$attempts")
  if ((spent >= GATEHOUSE_LOGIN_BUDGET)); then
    refuse "not logging in: $spent starts since $(head -n 1 "$attempts") without one login." \
      "Find out why in the log above, then remove $attempts and restart this container."
  fi
  date -u +%Y-%m-%dT%H:%M:%SZ >>"$attempts"
}

stop() {
  if tell_ibc STOP; then
    say 'stopping: IBC was told to log out'
    # Within stop_grace_period: after it Docker kills everything.
    { sleep "${GATEHOUSE_STOP_SECONDS:-75}" && kill -TERM "$gateway"; } &>/dev/null &
  else
    say 'stopping: IBC takes no command yet'
    kill -TERM "$gateway" 2>/dev/null || true
  fi
}

tell_ibc() {
  {
    printf '%s\n' "$1" >&3
    read -r -t 5 _ <&3 || true
  } 3<>"/dev/tcp/127.0.0.1/$GATEHOUSE_IBC_PORT"
} 2>/dev/null

# A trapped signal ends `wait` early, so it is waited for until it is gone.
wait_for_gateway() {
  local status=0
  while kill -0 "$gateway" 2>/dev/null; do
    status=0
    wait "$gateway" || status=$?
  done
  return "$status"
}

main
