#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# Images are made before anything is stopped: what cannot be built or pulled stops nothing. Sourced.

readonly IMAGE_SECONDS=${IMAGE_SECONDS:-1800}

make_images() {
  local name
  for name in "${now[@]}"; do
    if [[ ${change[$name]} != removed ]]; then make_image "$name"; fi
  done
}

make_image() {
  local reference=${image[$1]} argument values arguments=()
  docker image inspect --format '{{.Id}}' "$reference" >/dev/null 2>&1 && return
  if [[ ${context[$1]} ]]; then
    say "$1: building its image"
    IFS=$FIELD read -r -a values <<<"${build_args[$1]-}"
    for argument in "${values[@]}"; do arguments+=(--build-arg "$argument"); done
    make docker build --quiet --tag "$reference" "${arguments[@]}" "$release_folder/${context[$1]}"
  else
    say "$1: pulling $reference"
    make docker pull --quiet "$reference"
  fi
}

make() {
  try timeout "$IMAGE_SECONDS" "$@" && return
  if grep -q 'no space left on device' <<<"$said"; then fail disk-full "$(last_lines)"; fi
  fail image-failed "$* failed: $(last_lines)"
}
