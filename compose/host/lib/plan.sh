#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What this release changes, and which of it this run does. Sourced.

declare -A change=() done_with=()
planned=() now=()
gateway_state=untouched

plan_services() {
  local name
  for name in "${services[@]}"; do plan_service "$name" "$(change_of "$name")"; done
  for name in "${was_services[@]}"; do
    [[ ${definition[$name]-} ]] || plan_service "$name" removed
  done
}

plan_service() {
  change[$1]=$2
  planned+=("$1")
  [[ $2 == untouched ]] && return
  wanted "$1" || return 0
  if [[ $1 == gateway ]] && ! gateway_may_change "$2"; then
    gateway_state=waiting
  else
    now+=("$1")
  fi
}

change_of() {
  local was=${was_state[$1]-}
  if [[ ! $was ]]; then
    echo new
  elif [[ ${was_definition[$1]} != "${definition[$1]}" ]]; then
    echo changed
  elif ((was_count[$1] > 1)); then
    # A swap was cut short: compose finishes it.
    echo changed
  elif [[ $was == running || $was == restarting ]]; then
    echo untouched
  elif [[ $1 == gateway && $was != created && $(gateway_policy) != now ]]; then
    # Somebody stopped it, or lends its session: it is started by who asks for that.
    echo untouched
  else
    echo stopped
  fi
}

wanted() {
  local name
  ((${#only[@]} == 0)) && return
  for name in "${only[@]}"; do [[ $name == "$1" ]] && return; done
  return 1
}

nothing_to_do() { ((${#now[@]} == 0)) && [[ $release == "$current" && ! -e $site/applying ]]; }

say_plan() {
  local name words
  for name in "${planned[@]}"; do
    words=${cost[$name ${change[$name]}]-}
    say "  $name: ${WORDS[${change[$name]}]}${words:+ ($words)}"
  done
  if [[ $gateway_state == waiting ]]; then say "  gateway: waits for $(gateway_waits_for)"; fi
  if [[ $stopped ]]; then say '  the stack is stopped: nothing is started'; fi
}

declare -A WORDS=(
  [untouched]=untouched
  [new]='started for the first time'
  [changed]=replaced
  [stopped]='started again'
  [removed]=removed
)

# A JSON list: names and changes are plain words.
service_list() {
  local name list=
  for name in "${planned[@]}"; do
    list+="${list:+,}{\"name\":\"$name\",\"change\":\"${change[$name]}\",\"done\":${done_with[$name]-false}}"
  done
  echo "[$list]"
}

# For a person, before anything is done: the lock is not needed to look.
show_plan() {
  check_docker
  look_around
  plan_services
  say_plan
  outcome=nothing
  ((${#now[@]} == 0)) || outcome=applied
  written_outcome | tail -n 1
}
