#!/bin/bash
# Makes this machine a host, at every boot and whenever its startup script changed. Each step may run any number of
# times and disturbs no container; each step reached is marked.
set -Eeuo pipefail
umask 022

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=lib/disks.sh
source "$here/lib/disks.sh"
# shellcheck source=lib/system.sh
source "$here/lib/system.sh"
# shellcheck source=lib/units.sh
source "$here/lib/units.sh"

step=begin
trap 'mark "$step" false "line $LINENO: $BASH_COMMAND"' ERR

main() {
  run files 'the kit is in place' true
  run swap '' make_swap
  run disk '' mount_data
  run folders '' make_folders
  run system '' tune_system
  run packages '' install_packages
  run docker '' set_up_docker
  # The agent starts with the units, and would run this script again: only if this run fails.
  : >"$run_folder/startup-tried-${GATEHOUSE_STARTUP_ID-}"
  run units '' start_units
  echo "${GATEHOUSE_STARTUP_ID-}" | replace "$root/etc/gatehouse/startup.id" 644 || [[ $? == 1 ]]
  mark 'done' true "$(still_missing)"
}

# Of a whole run this is the last word outside, while a secret may wait for a person.
still_missing() {
  local missing
  missing=$(missing_secrets)
  [[ ! $missing ]] || echo "secrets not in place yet: ${missing//$'\n'/, }"
}

# What a step found worth saying is in $detail.
run() {
  step=$1
  detail=$2
  "$3"
  mark "$step" true "$detail"
}

# Ends a step that must not be gone past, with what a person has to do.
refuse() {
  mark "$step" false "$*"
  exit 1
}

main
