#!/bin/bash
# Keeps every container of this machine from the cloud's metadata service, which hands the machine's own token to
# whoever asks. Runs before Docker does (Docker leaves the rules of DOCKER-USER alone), any number of times, as root.
set -euo pipefail

# The same address in all big clouds. On Google's it is the machine's resolver too, so port 53 stays open.
metadata=169.254.169.254

main() {
  iptables -w -N DOCKER-USER 2>/dev/null || true
  # While the three are put anew, which takes moments, nothing goes through at all.
  iptables -w -I DOCKER-USER 1 -d "$metadata" -j DROP
  # Each goes to the top, so the last one written is read first.
  first -d "$metadata" -j REJECT
  first -d "$metadata" -p tcp --dport 53 -j RETURN
  first -d "$metadata" -p udp --dport 53 -j RETURN
  iptables -w -D DOCKER-USER -d "$metadata" -j DROP
}

first() {
  iptables -w -D DOCKER-USER "$@" 2>/dev/null || true
  iptables -w -I DOCKER-USER 1 "$@"
}

main
