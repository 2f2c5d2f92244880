#!/bin/bash
# shellcheck disable=SC2034,SC2154  # names shared with startup.sh
# Docker and our own units: enabled, started, and restarted only when what they are made of changed. Sourced.

kit="$root/usr/local/lib/gatehouse"
systemd="$root/etc/systemd/system"

# From here on Docker waits for the secrets at boot. Not before it is installed: its own installation starts it.
# It is never restarted: what it must know anew it reads by a reload.
set_up_docker() {
  replace "$systemd/docker.service.d/gatehouse-secrets.conf" 644 <"$kit/docker-secrets.conf" || [[ $? == 1 ]]
  systemctl daemon-reload
  "$kit/metadata-guard.sh"
  # Not waited for: a Docker that still waits for the secrets would reload when a person has set them.
  if changed docker "$root/etc/docker/daemon.json"; then
    systemctl reload --no-block docker.service || true
    note docker "$root/etc/docker/daemon.json"
  fi
  systemctl enable --quiet docker.service
  systemctl start --no-block docker.service
}

# Nothing is waited for: the secrets may take a person.
start_units() {
  systemctl enable --quiet gatehouse.service gatehouse-release.service gatehouse-secrets.timer gatehouse-backup.timer
  if [[ $GATEHOUSE_PROBE ]]; then
    systemctl enable --quiet gatehouse-probe.timer
    keep_up gatehouse-probe.timer
  else
    systemctl disable --quiet --now gatehouse-probe.timer || true
  fi
  keep_up gatehouse-secrets.timer
  keep_up gatehouse-backup.timer
  keep_up apt-daily.timer "$systemd/apt-daily.timer.d/gatehouse.conf"
  keep_up apt-daily-upgrade.timer "$systemd/apt-daily-upgrade.timer.d/gatehouse.conf"
  systemctl start --no-block gatehouse-secrets.service gatehouse.service
  keep_up gatehouse-release.service "$systemd/gatehouse-release.service" "$kit/agent" "$kit"/lib/*.sh \
    "$root/etc/gatehouse/host.env"
}

# keep_up UNIT [FILE it is made of]...
keep_up() {
  local unit=$1
  shift
  (($# > 0)) || set -- "$systemd/$unit"
  if changed "$unit" "$@"; then
    systemctl restart --no-block "$unit"
    note "$unit" "$@"
  else
    systemctl start --no-block "$unit"
  fi
}

# Whether these files are others than those the unit was last started with: changed UNIT FILE...
changed() {
  [[ $(cat "${@:2}" | sha256sum) != "$(cat "$root/etc/gatehouse/units/$1" 2>/dev/null)" ]]
}

note() { cat "${@:2}" | sha256sum | replace "$root/etc/gatehouse/units/$1" 644 || [[ $? == 1 ]]; }
