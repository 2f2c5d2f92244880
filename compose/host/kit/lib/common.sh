#!/bin/bash
# shellcheck disable=SC2034  # names used by those who source this
# Sourced by every script of the kit: what this host was told, how it speaks, and how it asks Google. The caller has
# set -euo pipefail. GATEHOUSE_ROOT stands before every path, so that a test needs no root.

root=${GATEHOUSE_ROOT-}
# shellcheck source=/dev/null
source "$root/etc/gatehouse/host.env"
run_folder="$root/run/gatehouse"
site="$root$GATEHOUSE_SITE"
mkdir -p "$run_folder"

say() { echo "$*" >&2; }

# A step reached, for whoever looks from outside: one JSON line here, and the last one as a guest attribute.
mark() {
  local step=$1 ok=$2 detail=${3-} line
  detail=${detail//[\"\\]/\'}
  detail=${detail//[[:cntrl:]]/ }
  TZ=UTC printf -v line '{"step":"%s","at":"%(%Y-%m-%dT%H:%M:%SZ)T","ok":%s,"detail":"%s"}' "$step" -1 "$ok" "$detail"
  printf '%s\n' "$line" >>"$run_folder/startup"
  say "$step: ${detail:-$ok}"
  tell startup "$line"
}

# A guest attribute. Where they are off, or nobody listens, nothing is lost: the journal has it too. The metadata
# server turns away too many at once (429), as a boot may bring about: curl then waits and goes on.
tell() {
  printf '%s' "$2" | curl -sS -o /dev/null --noproxy '*' --connect-timeout 3 --max-time 5 --retry 3 --retry-delay 7 \
    --retry-max-time 25 -X PUT -H 'Metadata-Flavor: Google' --data-binary @- "$METADATA_URL/instance/guest-attributes/gatehouse/$1" 2>/dev/null || true
}

# What the metadata server says about this machine. Further arguments are curl's.
metadata() {
  curl -fsS --noproxy '*' --connect-timeout 5 --max-time 20 -H 'Metadata-Flavor: Google' "${@:2}" "$METADATA_URL/$1"
}

# One attribute of the instance; status 1 where there is none.
metadata_value() { metadata "instance/attributes/$1" 2>/dev/null; }

# curl with the machine's token. The token goes in on standard input: an argument list is for everyone to read.
authorized() {
  local token
  token=$(metadata instance/service-accounts/default/token | jq -er .access_token) || return
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --config - -sS --connect-timeout 10 --max-time 300 "$@"
}

# Longer each time, up to a minute. In the background, so that a signal ends the wait and not only the sleep.
pause() {
  local steps last turn=${pauses:-0}
  read -ra steps <<<"${GATEHOUSE_PAUSES:-1 2 5 10 20 30 60}"
  last=$((${#steps[@]} - 1))
  sleep "${steps[turn < last ? turn : last]}" &
  wait $! || true
  pauses=$((turn + 1))
}

# Said once, and again when it changes: a wait of hours is one line.
say_once() {
  [[ ${said_last-} == "$*" ]] && return 1
  said_last=$*
}

# Whole or not at all, and only where it differs: status 1 where it did not, 2 where there is no room for it.
replace() {
  local file=$1 mode=$2
  if ! { mkdir -p "${file%/*}" && cat >"$file.new" && chmod "$mode" "$file.new"; }; then
    rm -f "$file.new"
    return 2
  fi
  if cmp -s "$file.new" "$file" && [[ $(stat -c %a "$file") == "$mode" ]]; then
    rm "$file.new"
    return 1
  fi
  mv -T "$file.new" "$file"
}

# The entries of GATEHOUSE_SECRETS that must be there before a container starts, and are not: folder/NAME.
missing_secrets() {
  local entry path need
  for entry in $GATEHOUSE_SECRETS; do
    IFS=: read -r path _ _ need <<<"$entry"
    [[ $need != required || -s $root$GATEHOUSE_SECRETS_DIR/$path ]] || echo "$path"
  done
}
