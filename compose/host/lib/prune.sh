#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What no release needs any more is removed; what a running container is mounted from never is. Sourced.

readonly KEPT_RELEASES=5

prune() {
  local folder
  while IFS= read -r folder; do
    say "pruning ${folder##*/}"
    try rm -r "$folder" || say "$folder could not be removed"
  done < <(comm -23 <(all_releases) <(kept_releases))
  prune_images
}

all_releases() { find "$site/releases" -mindepth 1 -maxdepth 1 -type d -name 'r-*' ! -name '*.partial' | LC_ALL=C sort; }

kept_releases() {
  {
    newest_releases
    readlink -f "$site/current"
    echo "$release_folder"
    docker ps --all --filter "label=com.docker.compose.project=$project" \
      --format '{{.Label "com.docker.compose.project.working_dir"}}'
    [[ -e $site/pending.json ]] && echo "$site/releases/$(jq -r .release "$site/pending.json")"
  } | LC_ALL=C sort -u
}

# A release counts from when it was last applied, which settle notes in its folder's time.
newest_releases() {
  find "$site/releases" -mindepth 1 -maxdepth 1 -type d -name 'r-*' ! -name '*.partial' -printf '%T@ %p\n' |
    sort -rn | head -n "$KEPT_RELEASES" | cut -d ' ' -f 2-
}

# Of ours alone: an image that somebody else put on this host is not looked at.
prune_images() {
  local reference
  while IFS= read -r reference; do
    try docker image rm "$reference" || true
  done < <(comm -23 <(our_images) <(needed_images))
}

our_images() {
  docker image ls --format '{{.Repository}}:{{.Tag}}' --filter 'reference=gatehouse/*' | LC_ALL=C sort -u
}

# Other stacks of this host share the engine.
needed_images() {
  jq -r '.services[].image' "${site%/*}"/*/releases/*/host/stack.json | LC_ALL=C sort -u
}
