#!/bin/bash
# Sourced by each image's prepare.sh: how a setting is put into the files the JVM, IBC and the gateway read. Those
# files survive a restart of the container, so everything here may run any number of times.

# IBC hands java the lines of ibgateway.vmoptions and clears JAVA_TOOL_OPTIONS. A second collector beside the stock
# one and the JVM does not start, so every line about heap and collectors goes before ours come, and so do ours.
jvm_flags() {
  local file=$1 flags kept
  read -ra flags <<<"$GATEHOUSE_JVM_FLAGS"
  kept=$(grep -Ev '^-Xm[sx]|^-XX:[+-]?(Use[A-Za-z0-9]*GC$|G1|MaxGCPauseMillis|ParallelGCThreads|ConcGCThreads|InitiatingHeap|MaxMetaspaceSize|AlwaysPreTouch|ExitOnOutOfMemoryError)' "$file" || true)
  kept=$(grep -Fxv -f <(printf '%s\n' "${flags[@]}") <<<"$kept" || true)
  printf '%s\n' "$kept" "${flags[@]}" >"$file.new"
  replace "$file"
}

# In config.ini: each key once, whatever stood there.
set_key() {
  local file=$1 key=$2 value=$3
  { grep -v "^$key=" "$file" || true; echo "$key=$value"; } >"$file.new"
  replace "$file"
}

# In jts.ini: the key in its section; a file or a section that is missing is made.
set_in_section() {
  local file=$1
  [[ -f $file ]] || : >"$file"
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
