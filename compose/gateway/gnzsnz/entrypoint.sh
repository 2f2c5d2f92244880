#!/bin/bash
# Around the run.sh of the image gnzsnz/ib-gateway. Runs as uid 1000.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
source "$here/common.sh"

main() {
  get_ready
  user_names
  start_vnc
  run_gateway "$SCRIPT_PATH/run.sh"
}

# The image takes user names from its environment only; put there now, `docker inspect` has none.
user_names() {
  TWS_USERID=$(<"$GATEHOUSE_USERID_FILE")
  export TWS_USERID
  [[ $TRADING_MODE == both ]] || return 0
  TWS_USERID_PAPER=$(<"$GATEHOUSE_USERID_PAPER_FILE")
  export TWS_USERID_PAPER
}

# The image's own way puts the password among the arguments of x11vnc, where `ps` shows it.
start_vnc() {
  [[ ${GATEHOUSE_VNC_PASSWORD_FILE-} ]] || return 0
  if ! is_filled "$GATEHOUSE_VNC_PASSWORD_FILE"; then
    say "no VNC: $GATEHOUSE_VNC_PASSWORD_FILE is missing or empty"
    return 0
  fi
  {
    until [[ -e ${GATEHOUSE_X_SOCKET:-/tmp/.X11-unix/X1} ]]; do pause; done
    exec x11vnc -quiet -display :1 -forever -shared -noipv6 -rfbport "$GATEHOUSE_VNC_PORT" \
      -passwdfile "$GATEHOUSE_VNC_PASSWORD_FILE"
  } &
}

main
