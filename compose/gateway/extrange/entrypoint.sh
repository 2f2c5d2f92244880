#!/bin/bash
# Around the start.sh of the image extrange/ibkr. Runs as root without capabilities.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
source "$here/common.sh"

main() {
  get_ready
  IBC_TrustedTwsApiClientIPs=$(own_networks)
  export IBC_TrustedTwsApiClientIPs
  cd "$GATEHOUSE_START_FOLDER"
  run_gateway ./start.sh
}

# The networks this container is on, as 172.20.0.0/16,172.21.0.0/16: compose chooses them, so nobody knows them sooner.
own_networks() {
  local destination gateway mask networks=
  while read -r _ destination gateway _ _ _ _ mask _; do
    [[ $gateway == 00000000 && $destination =~ ^[0-9A-F]{8}$ && $destination != 00000000 ]] || continue
    networks+="${networks:+,}$(dotted "$destination")/$(bits "$mask")"
  done <"${GATEHOUSE_ROUTES:-/proc/net/route}"
  echo "$networks"
}

# The kernel writes addresses with their bytes reversed.
dotted() { echo "$((16#${1:6:2})).$((16#${1:4:2})).$((16#${1:2:2})).$((16#${1:0:2}))"; }

bits() {
  local mask=$((16#$1)) count=0
  for ((; mask; mask >>= 1)); do ((count += mask & 1)) || true; done
  echo "$count"
}

main
