#!/bin/bash
# Settings that no variable of the image reaches, put where the JVM, IBC and the gateway read them. These files
# survive a restart of the container, so everything here may run any number of times.
set -euo pipefail

main() {
  jvm_flags "$TWS_PATH/ibgateway/$IB_GATEWAY_VERSION/ibgateway.vmoptions"
  ibc_settings "$IBC_INI_TMPL"
  gateway_settings "$TWS_PATH/$TWS_INI_TMPL"
  # The image fills its template in only while there is no jts.ini.
  if [[ -f $TWS_SETTINGS_PATH/$TWS_INI ]]; then
    gateway_settings "$TWS_SETTINGS_PATH/$TWS_INI"
    set_in_section "$TWS_SETTINGS_PATH/$TWS_INI" Logon TimeZone "$TIME_ZONE"
  fi
}

# IBC hands java the lines of this file and clears JAVA_TOOL_OPTIONS. A second collector beside the stock one and
# the JVM does not start, so every line about heap and collectors goes before ours come.
jvm_flags() {
  local file=$1 flags kept
  read -ra flags <<<"$GATEHOUSE_JVM_FLAGS"
  kept=$(grep -Ev '^-Xm[sx]|^-XX:\+?(Use[A-Za-z0-9]*GC$|G1|MaxGCPauseMillis|ParallelGCThreads|ConcGCThreads|InitiatingHeap|MaxMetaspaceSize|AlwaysPreTouch|ExitOnOutOfMemoryError)' "$file" || true)
  printf '%s\n' "$kept" "${flags[@]}" >"$file.new"
  replace "$file"
}

# The image's template has no command server, and in some versions not even the key of TWS_ACCEPT_INCOMING.
ibc_settings() {
  set_key "$1" CommandServerPort "$GATEHOUSE_IBC_PORT"
  set_key "$1" BindAddress 127.0.0.1
  set_key "$1" AcceptIncomingConnectionAction "$TWS_ACCEPT_INCOMING"
}

gateway_settings() {
  set_in_section "$1" IBGateway SocketPort "$GATEHOUSE_SOCKET_PORT"
}

set_key() {
  local file=$1 key=$2 value=$3
  { grep -v "^$key=" "$file" || true; echo "$key=$value"; } >"$file.new"
  replace "$file"
}

set_in_section() {
  local file=$1
  awk -v section="[$2]" -v key="$3" -v value="$4" '
    function put() { if (!done) print key "=" value; done = 1 }
    /^\[/ { if (inside) put(); inside = ($0 == section) }
    inside && index($0, key "=") == 1 { put(); next }
    inside && $0 == "" { put() }
    { print }
    END { if (!done && !inside) print section; put() }
  ' "$file" >"$file.new"
  replace "$file"
}

# In place: the file keeps its owner and its mode.
replace() {
  cat "$1.new" >"$1"
  rm "$1.new"
}

main
