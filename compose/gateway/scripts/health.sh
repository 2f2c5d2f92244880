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
  } 3<>"/dev/tcp/127.0.0.1/$1"
  [[ $part =~ [0-9]{2,3}$ ]] && echo "API version ${BASH_REMATCH[0]}"
}

for port in $GATEHOUSE_API_PORTS; do
  hello "$port" || { echo "no hello from port $port" && exit 1; }
done
# Looked for first: a process for nothing, twice a minute for ever, is most of what this check would cost.
if [[ -f $GATEHOUSE_DATA/gatehouse-logins ]]; then rm -f "$GATEHOUSE_DATA/gatehouse-logins"; fi
