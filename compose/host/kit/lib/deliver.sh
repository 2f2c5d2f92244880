#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with agent
# How the agent brings a release from the bucket into force. Sourced by agent.

readonly TRIES=3

# Takes a release that was not seen yet as far as it goes. What stops it for now (secrets, Docker, network, room) is
# said and tried again; what will never work (a bad archive) is said and left until the metadata changes.
deliver() {
  local id=$1 bucket=$2
  [[ $id != "$refused" ]] && ((EPOCHSECONDS >= not_before)) || return 0
  [[ $id =~ ^r-[0-9a-f]{16}$ ]] || { refuse "$id" "gatehouse-release is no release id: $id" && return; }
  [[ $bucket ]] || { refuse "$id" 'the metadata names no gatehouse-bucket' && return; }
  ready "$id" || return 0
  [[ -d $site/releases/$id ]] || fetch_release "$id" "$bucket" || return 0
  apply_release "$id" release
}

# Whether it was the last one acted on. An earlier one that is named again is one to go back to.
is_seen() { [[ $1 == "${acted:-$(tail -n 1 "$site/seen" 2>/dev/null)}" ]]; }

# No container is started without its secrets, and nothing is judged while Docker is away.
ready() {
  local missing
  missing=$(missing_secrets)
  [[ ! $missing ]] || { hold "$1" "waits for secrets: ${missing//$'\n'/, }" && return 1; }
  timeout 30 docker version >/dev/null 2>&1 || { hold "$1" 'waits for Docker' && return 1; }
}

fetch_release() {
  local id=$1 folder="$site/releases/$1" archive="$site/releases/$1.tar.gz.partial" done=1
  download "$id" "$2" "$archive" && unpack "$id" "$archive" && done=0
  rm -f "$archive"
  ((done == 0)) || { rm -rf "$folder.partial" && return 1; }
  mv -T "$folder.partial" "$folder"
  sync -f "$folder"
}

download() {
  local status failed=0 url="$STORAGE_URL/download/storage/v1/b/$2/o/releases%2F$1.tar.gz?alt=media"
  status=$(authorized -o "$3" -w '%{http_code}' "$url" 2>"$run_folder/agent.err") || failed=$?
  # What curl says where it cannot write.
  ((failed != 23)) || { no_room "$1" && return 1; }
  ((failed == 0)) || { hold "$1" "could not be fetched: $(tail -n 1 "$run_folder/agent.err")" && return 1; }
  [[ $status == 200 ]] || { hold "$1" "could not be fetched: the bucket $2 answers $status" && return 1; }
}

unpack() {
  local id=$1 partial="$site/releases/$1.partial" found
  rm -rf "$partial"
  mkdir -p "$partial" || { no_room "$id" && return 1; }
  if ! tar -xzpf "$2" --no-same-owner -C "$partial" 2>"$run_folder/agent.err"; then
    if grep -q 'No space left' "$run_folder/agent.err"; then
      no_room "$id"
    else
      refuse "$id" "its archive does not unpack: $(head -n 1 "$run_folder/agent.err")"
    fi
    return 1
  fi
  found=$(release_id "$partial")
  [[ $found == "$id" ]] || { refuse "$id" "its archive holds $found" && return 1; }
}

# Made by a person, or by time; a download each few seconds makes none.
no_room() {
  outcome "$1" waiting 'the data disk is full'
  retry_later
}

retry_later() { not_before=$((EPOCHSECONDS + ${GATEHOUSE_RETRY_SECONDS:-600})); }

# The release's own apply judges and goes back by itself; it says so on standard output.
apply_release() {
  local id=$1 verb=$2 status=0 outcome
  lock_is_live && { wait_for_lock && return 75; }
  tries_left "$id" || { give_up "given up after $TRIES tries that were cut short" && return; }
  say "$id: applying"
  outcome=$("$site/releases/$id/host/apply" --site "$site" --by agent --verb "$verb" "${@:3}") || status=$?
  rm -f "$site/tries" || true
  case $status in
    # Without a word: there was no room even for what it would say.
    0 | 1) [[ $outcome ]] || { no_room "$id" && return; } ;;
    75) wait_for_lock && return 75 ;;
    *) give_up "apply ended with status $status" && return ;;
  esac
  said_last=
  publish "$id" "$outcome"
  if may_pass "$outcome"; then
    retry_later
  else
    note_seen
    # Then a reboot stops the stack cleanly, and starts it.
    [[ -e $site/stopped ]] || systemctl start --no-block gatehouse.service || true
  fi
}

# Held by a process of this boot, which apply would find too, but each apply leaves a folder in <site>/runs.
lock_is_live() {
  local pid boot
  read -r pid boot < <(jq -r '"\(.pid // "-") \(.boot // "-")"' "$site/lock/owner" 2>/dev/null) || return 1
  [[ $boot == "$(</proc/sys/kernel/random/boot_id)" && -d /proc/$pid ]]
}

# With the next look, in a minute at most.
wait_for_lock() {
  outcome "$id" waiting "waits for the lock of $(jq -r .owner "$site/lock/owner" 2>/dev/null || echo somebody)"
}

# What another try may get past: no room, no network for an image, an engine that was away.
may_pass() {
  [[ $(printf '%s' "$1" | jq -r 'select(.outcome == "failed") | .why.code' 2>/dev/null) =~ ^(image-failed|docker-missing|disk-full|lock-lost|stopped)$ ]]
}

# A release whose apply took the machine down with it must not do so at each boot for ever.
tries_left() {
  local tried
  tried=$(grep -cxF "$1" "$site/tries" 2>/dev/null || true)
  ((${tried:-0} < TRIES)) || return 1
  echo "$1" >>"$site/tries" || true
}

# Acted on, whatever came of it: a rollback by a person later is not undone. Where the disk is full, for this run.
# Not for what waited for the window: a person may have brought that one, while the metadata names another.
note_seen() {
  [[ $verb == release ]] || return 0
  acted=$id
  echo "$id" >>"$site/seen" || say "$site/seen could not be written"
}

give_up() {
  outcome "$id" failed "$1"
  note_seen
  rm -f "$site/tries" || true
}

hold() {
  waits=yes
  outcome "$1" waiting "$2"
}

refuse() {
  refused=$1
  outcome "$1" refused "$2"
}

outcome() {
  say_once "$1: $3" || return 0
  publish "$1" "$(jq -nc --arg release "$1" --arg outcome "$2" --arg why "$3" '$ARGS.named')"
}

# To the journal and to whoever looks from outside; kept for the next boot.
publish() {
  say "$1: $2"
  tell release "$2"
  printf '%s\n' "$2" | replace "$site/outcome.json" 644 || true
}

# The part of a release that touches the gateway waits for the maintenance window, and is tried once in each.
apply_pending() {
  local id until tried="$run_folder/window-tried"
  [[ -f $site/pending.json && ! -e $site/stopped ]] || return 0
  IFS=$'\t' read -r id until < <(jq -r '[.release, .until] | @tsv' "$site/pending.json") || return 0
  [[ $until == window && ! $(find "$tried" -newermt '4 hours ago' 2>/dev/null) ]] || return 0
  [[ ! $(missing_secrets) ]] && window_open "$site/releases/$id/host" || return 0
  : >"$tried"
  apply_release "$id" window --only gateway --gateway window || rm -f "$tried"
}

# As the release that waits has it.
window_open() {
  local zone day from minutes
  IFS=$'\t' read -r zone day from minutes < <(
    jq -r '.gateway.window | [.timeZone, .day, .from, .minutes] | @tsv' "$1/stack.json"
  )
  "$1/window" "$zone" "$day" "$from" "$minutes"
}
