#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What this release is made of: stack.json beside apply, and whether the folder is what its name says. Sourced.

stack_file="$host_folder/stack.json"
declare -A definition=() image=() waits=() context=() build_args=() cost=() window=()
services=() probe=() project='' changes='' current='' stopped=''

# In one go: to start a process for each value would be seconds on a shared core. A separator that is no white space
# keeps empty fields apart.
readonly FIELD=$'\x1f'

read_stack() {
  local fields
  while IFS= read -r -d '' fields; do read_fact "$fields"; done < <(jq -j "$STACK_FACTS" "$stack_file")
  current=$(readlink "$site/current" || true)
  current=${current##*/}
  if [[ -e $site/stopped ]]; then stopped=yes; fi
}

# shellcheck disable=SC2016  # jq expands these
STACK_FACTS='
  (["project", .project],
   (.services[] | .name as $name
    | ["service", $name, .definition, .image, (.waits | tostring), (.build.context // "")],
      (.build.args // {} | to_entries[] | ["argument", $name, "\(.key)=\(.value)"]),
      (.costs | to_entries[] | ["cost", $name, .key, .value])),
   (.gateway | ["changes", .changes], (.window | to_entries[] | ["window", .key, (.value | tostring)])),
   (.probe[] | ["probe", .]))
  | join("\u001f") + "\u0000"'

read_fact() {
  local fact
  IFS=$FIELD read -r -a fact <<<"$1"
  set -- "${fact[@]:1}"
  case ${fact[0]} in
    project) project=$1 ;;
    service)
      services+=("$1")
      definition[$1]=$2 image[$1]=$3 waits[$1]=$4 context[$1]=${5-}
      ;;
    argument) build_args[$1]+="$2$FIELD" ;;
    cost) cost[$1 $2]=$3 ;;
    changes) changes=$1 ;;
    window) window[$1]=$2 ;;
    probe) probe+=("$1") ;;
  esac
}

check_release() {
  local found
  found=$(release_id "$release_folder")
  [[ $found == "$release" ]] || fail release-damaged "$release_folder holds $found"
}

check_docker() {
  local said
  said=$(docker version --format '{{.Server.Version}}' 2>&1) ||
    fail docker-missing "docker does not answer: $(tail -n 1 <<<"$said")"
}

readonly LEAST_ROOM_MB=${LEAST_ROOM_MB:-200}

# Of the site and of the engine: a swap that runs out of room half way leaves neither the old nor the new.
check_room() {
  local folder free
  for folder in "$site" "$(docker info --format '{{.DockerRootDir}}')"; do
    [[ -d $folder ]] || continue
    free=$(df --output=avail -B 1M "$folder" | tail -n 1)
    ((free >= LEAST_ROOM_MB)) || fail disk-full "$((free)) MB are free in $folder; $LEAST_ROOM_MB are needed"
  done
}
