#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What no release needs any more is removed; what a running container is mounted from never is. Sourced.

readonly KEPT_RELEASES=5

prune() {
  local folder
  while IFS= read -r folder; do
    say "pruning ${folder##*/}"
    prune_release "$folder"
  done < <(comm -23 <(all_releases) <(kept_releases))
  # What was sent by half and never gone on with.
  find "$site/releases" -mindepth 1 -maxdepth 1 -name 'r-*.partial' -mmin +1440 -exec rm -r {} + || true
}

all_releases() { find "$site/releases" -mindepth 1 -maxdepth 1 -type d -name 'r-*' ! -name '*.partial' | LC_ALL=C sort; }

kept_releases() {
  {
    newest_releases
    readlink -f "$site/current"
    echo "$release_folder"
    docker ps --all --filter "label=com.docker.compose.project=$project" \
      --format '{{.Label "com.docker.compose.project.working_dir"}}'
    if [[ -e $site/pending.json ]]; then echo "$site/releases/$(jq -r .release "$site/pending.json")"; fi
  } | LC_ALL=C sort -u
}

# A release counts from when it was last applied, which settle notes in its folder's time.
newest_releases() {
  find "$site/releases" -mindepth 1 -maxdepth 1 -type d -name 'r-*' ! -name '*.partial' -printf '%T@ %p\n' |
    sort -rn | head -n "$KEPT_RELEASES" | cut -d ' ' -f 2-
}

# Its images go with it, but for those that another release names. No other image is looked at: what else is on this
# engine is somebody else's, and may have been built a moment ago. Docker keeps what a container was made from.
prune_release() {
  local reference images
  images=$(images_of "$1")
  try rm -r "$1" || { say "$1 could not be removed" && return 0; }
  while IFS= read -r reference; do
    try docker image rm "$reference" || true
  done < <(comm -23 <(echo "$images") <(images_of "${site%/*}"/*/releases/*))
}

images_of() {
  local folder
  for folder in "$@"; do
    if [[ -e $folder/host/stack.json ]]; then echo "$folder/host/stack.json"; fi
  done | xargs --no-run-if-empty jq -r '.services[].image' | LC_ALL=C sort -u
}
