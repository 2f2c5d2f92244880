#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# When the gateway may be touched: a restart is minutes without a session and, with a live account, a person's 2FA.
# Sourced.

# The flag goes before the policy of the stack file.
gateway_policy() { echo "${gateway_flag:-$changes}"; }

# A gateway that is not there, or was never started, has no session to lose: it is started unless one was told to leave
# it. While its session is lent to a person, only who asks for it by name takes it back.
gateway_may_change() {
  local policy
  policy=$(gateway_policy)
  [[ -e $site/lent && $gateway_flag != now ]] && return 1
  [[ $policy == now ]] && return
  [[ $1 == new || $1 == stopped ]] && [[ $policy != leave ]] && return
  [[ $policy == window ]] && in_window
}

in_window() {
  "$host_folder/window" "${window[timeZone]}" "${window[day]}" "${window[from]}" "${window[minutes]}"
}

gateway_waits_for() {
  if [[ $(gateway_policy) == window ]]; then
    echo "${window[words]}"
  else
    echo 'a person to ask for it'
  fi
}

# What waits is written down for the agent, which comes back in the window, and for whoever asks for the status. Where
# --only leaves the gateway out, what waits is from now on the gateway of this release.
keep_pending() {
  local file="$site/pending.json" until=ask
  if [[ $gateway_state == waiting ]]; then
    [[ $(gateway_policy) == window ]] && until=window
    write_file "$file" "$(pending "$until")"
  elif [[ $gateway_state == touched || ${change[gateway]-untouched} == untouched ]]; then
    rm -f "$file"
  elif [[ -e $file ]]; then
    write_file "$file" "$(jq -c --arg release "$release" '.release = $release' "$file")"
  fi
}

pending() {
  jq -nc --arg release "$release" --arg since "$(now_iso)" --arg by "$by" --arg until "$1" \
    --arg cost "${cost[gateway ${change[gateway]}]-}" '$ARGS.named'
}
