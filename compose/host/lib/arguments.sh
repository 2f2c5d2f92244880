#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with the other parts of apply
# What apply is told. Sourced.

site='' by='' verb='' gateway_flag='' under_lock='' plan_only='' dry_run='' supervised='' only=()

usage='usage: apply --site DIR --by WHO --verb VERB [--only SERVICE]... [--gateway leave|window|ask|now]
             [--under-lock OWNER_JSON] [--plan | --dry-run]'

read_arguments() {
  while (($# > 0)); do
    case $1 in
      --plan) plan_only=yes ;;
      --dry-run) dry_run=yes ;;
      --supervised) supervised=yes ;;
      --site | --by | --verb | --only | --gateway | --under-lock)
        (($# > 1)) || wrong_usage "$1 needs a value"
        read_value "$1" "$2"
        shift
        ;;
      *) wrong_usage "no such argument: $1" ;;
    esac
    shift
  done
  check_arguments
}

read_value() {
  case $1 in
    --site) site=${2%/} ;;
    --by) by=$2 ;;
    --verb) verb=$2 ;;
    --only) only+=("$2") ;;
    --gateway) gateway_flag=$2 ;;
    --under-lock) under_lock=$2 ;;
  esac
}

check_arguments() {
  [[ $site == /* ]] || wrong_usage "--site must be an absolute folder; got \"$site\""
  [[ $by || $plan_only ]] || wrong_usage '--by must say who asks for it'
  [[ $verb || $plan_only ]] || wrong_usage '--verb must say what it is part of'
  [[ $gateway_flag =~ ^(|leave|window|ask|now)$ ]] ||
    wrong_usage "--gateway must be leave, window, ask or now; got \"$gateway_flag\""
}

wrong_usage() {
  printf 'apply: %s\n%s\n' "$1" "$usage" >&2
  exit 2
}
