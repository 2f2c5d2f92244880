#!/bin/bash
# For a person who has found out why logins failed: gives the gateway its login budget back. A gateway that waits for
# it goes on within seconds.
set -euo pipefail

logins="$GATEHOUSE_DATA/gatehouse-logins"
if [[ -f $logins ]]; then
  mapfile -t spent <"$logins"
  rm -f "$logins"
  echo "${#spent[@]} logins forgotten: the gateway may try $GATEHOUSE_LOGIN_BUDGET more"
else
  echo "no login is counted: the gateway may try $GATEHOUSE_LOGIN_BUDGET"
fi
