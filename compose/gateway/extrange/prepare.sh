#!/bin/bash
# Settings that no variable of the image extrange/ibkr reaches, put where the JVM, IBC and the gateway read them. The
# credentials are among them: the image would hand them to IBC as arguments, where `ps` shows them.
set -euo pipefail
umask 077

# shellcheck source=settings.sh
source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

main() {
  local vmoptions
  for vmoptions in "$HOME"/Jts/ibgateway/*/ibgateway.vmoptions; do jvm_flags "$vmoptions"; done
  credentials "$HOME/ibc/config.ini"
  gateway_settings "$TWS_SETTINGS_PATH/jts.ini"
}

credentials() {
  chmod 600 "$1"
  set_key "$1" IbLoginId "$(escaped "$GATEHOUSE_USERID_FILE")"
  set_key "$1" IbPassword "$(escaped "$GATEHOUSE_PASSWORD_FILE")"
}

# config.ini is read as Java properties, in which a backslash escapes.
escaped() {
  local secret
  secret=$(<"$1")
  printf '%s' "${secret//\\/\\\\}"
}

gateway_settings() {
  set_in_section "$1" IBGateway SocketPort "$GATEHOUSE_SOCKET_PORT"
  set_in_section "$1" IBGateway WriteDebug "$([[ $GATEHOUSE_DEBUG == yes ]] && echo true || echo false)"
  set_in_section "$1" Logon TimeZone "$TIME_ZONE"
}

main
