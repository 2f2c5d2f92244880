#!/bin/bash
# A real hello of the TWS API, with bash alone: a port that listens and says nothing is not a gateway. The port is
# the one other containers use, so socat is on the way. An answer means somebody is logged in.
set -euo pipefail
LC_ALL=C

hello() {
  local part=
  {
    # "API\0", then a length of 4 bytes, then the versions we speak.
    printf 'API\0\0\0\0\011v100..200' >&3
    # The answer: a length whose first three bytes are 0, the last byte of it with the version, NUL, the time, NUL.
    for _ in 1 2 3 4; do
      IFS= read -r -d '' -t "${GATEHOUSE_HELLO_SECONDS:-8}" part <&3 || return 1
    done
  } 3<>"/dev/tcp/127.0.0.1/$GATEHOUSE_API_PORT"
  [[ $part =~ [0-9]{2,3}$ ]] && echo "API version ${BASH_REMATCH[0]}"
}

hello || { echo "no hello from port $GATEHOUSE_API_PORT" && exit 1; }
rm -f "$TWS_SETTINGS_PATH/gatehouse-logins"
