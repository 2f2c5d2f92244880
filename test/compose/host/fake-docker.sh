#!/bin/bash
# A docker that keeps its containers and images in files of $FAKE_DOCKER, for tests of host/apply. Containers are lines
# of service, definition, folder, name and state; what is to fail is named in the files down, fail-image and fail-up.
# shellcheck disable=SC2016  # awk expands by itself
set -euo pipefail
cd "$FAKE_DOCKER"
touch containers images calls
echo "$*" >>calls

main() {
  [[ ! -e down ]] || { echo 'Cannot connect to the Docker daemon' >&2 && exit 1; }
  case "$1 ${2-}" in
    'version '*) echo 26.1.5 ;;
    'info '*) echo "$FAKE_DOCKER" ;;
    'ps '*) list "$@" ;;
    'image inspect') grep -qxF -- "${*: -1}" images ;;
    'image ls') grep '^gatehouse/' images || true ;;
    'image rm') rewrite images awk -v gone="$3" '$0 != gone' ;;
    'build '*) make_image "$4" ;;
    'pull '*) make_image "$3" ;;
    'compose -f') up "$3" "${*: -1}" ;;
    'compose -p') probe ;;
    'stop '*) : ;;
    'rm '*) rewrite containers awk -F '\t' -v gone="${*: -1}" '$4 != gone' ;;
    *) echo "no such command: $*" >&2 && exit 125 ;;
  esac
}

list() {
  local all="$*" service
  service=${all##*service=}
  case "$all" in
    *--quiet*) awk -F '\t' -v service="${service%% *}" '$1 == service { print $4 }' containers ;;
    *'working_dir"}}') cut -f 3 containers ;;
    *) cat containers ;;
  esac
}

make_image() {
  while [[ -e hold-image ]]; do sleep 0.05; done
  [[ ! -e fail-image ]] || { cat fail-image >&2 && exit 1; }
  echo "$1" >>images
}

# As compose does it: the container of before is gone once the new one is tried.
up() {
  local folder=${1%/compose.yaml} definition state=running
  definition=$(jq -r --arg name "$2" '.services[$name]' "$folder/manifest.json")
  if [[ -e fail-up ]] && grep -qxF -e "$2" -e "$definition" fail-up; then state=restarting; fi
  rewrite containers awk -F '\t' -v gone="$2" '$1 != gone'
  while [[ -e hold-up ]]; do sleep 0.05; done
  printf '%s\t%s\t%s\tgatehouse-%s-1\t%s\n' "$2" "$definition" "$folder" "$2" "$state" >>containers
  [[ $state == running ]] || { echo "container gatehouse-$2-1 exited (1)" >&2 && exit 1; }
}

# A line a probe; the last one stays.
probe() {
  local line
  line=$(head -n 1 probes)
  [[ $(wc -l <probes) -le 1 ]] || sed -i 1d probes
  echo "$line"
  [[ $line == *'"healthy":true'* ]]
}

rewrite() {
  local file=$1
  shift
  "$@" "$file" >"$file.new"
  mv "$file.new" "$file"
}

main "$@"
