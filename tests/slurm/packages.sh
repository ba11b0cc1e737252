#!/usr/bin/env bash
# SLURM and munge of the operating system: installs them in CI as root, else says what is missing, and fails.
set -euo pipefail
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
INSTALL="apt-get install --yes --no-install-recommends slurm-wlm munge"

missing=$(for program in munged slurmctld slurmd sbatch; do command -v "$program" >/dev/null || echo "$program"; done)
[ -z "$missing" ] && exit

if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update --quiet
    DEBIAN_FRONTEND=noninteractive $INSTALL
else
    cat >&2 <<END

  *** NOT TESTED ON SLURM: there is no $(echo $missing) here. ***
  As root, on Debian or Ubuntu: $INSTALL
  (CI=1 make test-slurm does so itself, as root.) No service of theirs needs to run.

END
    exit 1
fi
