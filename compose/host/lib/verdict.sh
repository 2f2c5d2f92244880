#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What the probe of the running bridge finds, before and after. Sourced.

# How far a probe came, as healthchecks/verdict.ts orders its stages.
readonly STAGES=(connect hello session account data orders)

# A verdict here is how far the probe came and what it says: `5 healthy`, `1 hello: silent-before-hello`.
readonly NO_VERDICT='-1 none'
before=$NO_VERDICT after=$NO_VERDICT

look_before() {
  if runs bridge; then before=$(look); fi
  say "verdict before: ${before#* }"
}

look() {
  local healthy stage cause
  read -r healthy stage cause < <(timeout 60 "${probe[@]}" 2>/dev/null </dev/null |
    jq -r '"\(.healthy) \(.stage) \(.cause)"' 2>/dev/null) || true
  if [[ $healthy == true ]]; then
    echo "${#STAGES[@]} healthy"
  elif [[ $stage ]]; then
    echo "$(rank "$stage") $stage: $cause"
  else
    echo "$NO_VERDICT"
  fi
}

rank() {
  local at
  for at in "${!STAGES[@]}"; do [[ ${STAGES[at]} == "$1" ]] && echo "$at" && return; done
  echo -1
}

# Once more where it got worse: the gateway may still hold the connection of the look before.
look_after() {
  after=$(look)
  if worse; then after=$(look); fi
  say "verdict after: ${after#* }"
}

worse() { ((${after%% *} < ${before%% *})); }

# A gateway that starts anew logs in for minutes, or waits for a person: its verdict is told, not judged.
judge() {
  [[ $dry_run || ! ${definition[bridge]-} ]] && return
  look_after
  [[ ${done_with[gateway]-} ]] && return
  worse || return 0
  because verdict-worse "the probe came to ${after#* }, and before to ${before#* }"
  return 1
}
