#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# Swapping services, and swapping them back. Sourced.

readonly HEALTHY_SECONDS=${HEALTHY_SECONDS:-120}

# Left behind by a run that was killed: the next one then knows that what runs was never judged.
cut_short=
mark_applying() {
  if [[ -e $site/applying ]]; then
    cut_short=yes
    say "a run was cut short: $(jq -r '"\(.verb) of \(.owner) with \(.release), since \(.since)"' "$site/applying" || true)"
  fi
  write_file "$site/applying" "$lock_owner"
}

swap_all() {
  local name
  for name in "${now[@]}"; do
    say "$name: $(swap_words "${change[$name]}")"
    # Before it is tried: what failed half way is touched, too.
    done_with["$name"]=true
    [[ $name == gateway ]] && gateway_state=touched
    if ! swap "$name"; then
      because service-failed "$name does not come up: $(last_lines)"
      return 1
    fi
  done
}

swap_words() { if [[ $1 == removed ]]; then echo stopping; else echo starting; fi; }

swap() {
  if [[ ${change[$1]} == removed ]]; then remove "$1"; else up "$release_folder" "$1"; fi
}

# Only this service, with the image that was made before. The gateway may wait for a person: its health says nothing.
up() {
  local wait=()
  [[ ${waits[$2]-true} == true ]] && wait=(--wait --wait-timeout "$HEALTHY_SECONDS")
  try timeout "$((HEALTHY_SECONDS + 180))" docker compose -f "$1/compose.yaml" up --detach --no-deps --no-build \
    --pull never "${wait[@]}" "$2"
}

remove() {
  local containers
  mapfile -t containers < <(containers_of "$1")
  ((${#containers[@]} == 0)) && return
  try timeout 180 docker stop "${containers[@]}" && try docker rm --force "${containers[@]}"
}

# In the opposite order, to what served before; the gateway never goes back by itself.
go_back() {
  local at name failed=
  if ((${#was_services[@]} == 0)) && [[ ! $current ]]; then conclude failed; fi
  say "going back to ${current:-what ran before}"
  for ((at = ${#now[@]} - 1; at >= 0; at--)); do
    name=${now[at]}
    [[ $name == gateway || ! ${done_with[$name]-} ]] && continue
    say "$name: going back"
    back "$name" || failed+="${failed:+; }$name: $(last_lines)"
  done
  look_after
  [[ $failed ]] && fail_to_go_back "$failed"
  rm -f "$site/applying"
  conclude went-back
}

back() {
  local folder
  folder=$(folder_before "$1")
  if [[ $folder ]]; then up "$folder" "$1"; else remove "$1"; fi
}

# What ran before was never judged where a run was cut short: then it is the last good release that counts.
folder_before() {
  local good="$site/releases/$current"
  if [[ ! $cut_short && ${was_folder[$1]-} && -e ${was_folder[$1]}/compose.yaml ]]; then
    echo "${was_folder[$1]}"
  elif [[ $current ]] && jq -e --arg name "$1" 'any(.services[]; .name == $name)' "$good/host/stack.json" >/dev/null 2>&1; then
    echo "$good"
  fi
}

# Both reasons are told: the one it went back for says what to mend.
fail_to_go_back() {
  because back-failed "$1; it went back because $why_message"
  conclude failed
}
