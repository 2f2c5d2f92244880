#!/bin/bash
# Settings that no variable of the image gnzsnz/ib-gateway reaches, put where the JVM, IBC and the gateway read them.
set -euo pipefail

# shellcheck source=settings.sh
source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

main() {
  jvm_flags "$TWS_PATH/ibgateway/$IB_GATEWAY_VERSION/ibgateway.vmoptions"
  ibc_settings "$IBC_INI_TMPL"
  gateway_settings "$TWS_PATH/$TWS_INI_TMPL" "$GATEHOUSE_SOCKET_PORT"
  if [[ $TRADING_MODE == both ]]; then
    existing_settings "${TWS_SETTINGS_PATH}_live" "$GATEHOUSE_LIVE_PORT"
    existing_settings "${TWS_SETTINGS_PATH}_paper" "$GATEHOUSE_PAPER_PORT"
  else
    existing_settings "$TWS_SETTINGS_PATH" "$GATEHOUSE_SOCKET_PORT"
  fi
}

# The image's template has no command server and no master client, and in some versions not even the key of
# TWS_ACCEPT_INCOMING. With two gateways the port holds a variable of the image, which fills the template in for each.
ibc_settings() {
  set_key "$1" CommandServerPort "$GATEHOUSE_IBC_PORT"
  set_key "$1" BindAddress 127.0.0.1
  set_key "$1" AcceptIncomingConnectionAction "$TWS_ACCEPT_INCOMING"
  set_key "$1" OverrideTwsMasterClientID "$GATEHOUSE_MASTER_CLIENT_ID"
  set_key "$1" LogStructureScope known
  set_key "$1" LogStructureWhen "$([[ $GATEHOUSE_DEBUG == yes ]] && echo open || echo never)"
}

gateway_settings() {
  set_in_section "$1" IBGateway SocketPort "$2"
  set_in_section "$1" IBGateway WriteDebug "$([[ $GATEHOUSE_DEBUG == yes ]] && echo true || echo false)"
}

# The image fills its template in only while there is no jts.ini.
existing_settings() {
  local file="$1/$TWS_INI"
  [[ -f $file ]] || return 0
  gateway_settings "$file" "$2"
  set_in_section "$file" Logon TimeZone "$TIME_ZONE"
}

main
