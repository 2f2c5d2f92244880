#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What the engine has of this stack. Sourced.

declare -A was_definition=() was_folder=() was_name=() was_state=() was_count=()
was_services=()

look_around() {
  local listed name made_from folder container state
  # No answer is not the same as no container: everything would be started.
  listed=$(containers) || fail docker-missing 'docker does not tell which containers there are'
  while IFS=$'\t' read -r name made_from folder container state; do
    [[ $name ]] || continue
    [[ ${was_count[$name]-} ]] || was_services+=("$name")
    was_count[$name]=$((${was_count[$name]-0} + 1))
    # Of two, which a swap that was cut short leaves, the one that runs is the one that serves.
    [[ ${was_state[$name]-} == running ]] && continue
    was_definition[$name]=$made_from was_folder[$name]=$folder was_name[$name]=$container was_state[$name]=$state
  done <<<"$listed"
}

containers() {
  local compose=com.docker.compose
  docker ps --all --filter "label=$compose.project=$project" --filter "label=$compose.oneoff=False" --format \
    "{{.Label \"$compose.service\"}}\t{{.Label \"gatehouse.definition\"}}\t{{.Label \"$compose.project.working_dir\"}}\t{{.Names}}\t{{.State}}"
}

containers_of() {
  docker ps --all --quiet --filter "label=com.docker.compose.project=$project" \
    --filter "label=com.docker.compose.service=$1"
}

runs() { [[ ${was_state[$1]-} == running ]]; }
