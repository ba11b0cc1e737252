#!/usr/bin/env bash
# Checks that SLURM and munge are installed. In CI (where CI is set), installs them as root. If they are missing, prints
# a notice and fails.
set -euo pipefail
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
INSTALL="apt-get install --yes --no-install-recommends slurm-wlm munge"

missing() {
    for program in munged slurmctld slurmd sbatch setpriv; do
        command -v "$program" >/dev/null || echo "$program"
    done
}

if [ -n "$(missing)" ] && [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update --quiet && DEBIAN_FRONTEND=noninteractive $INSTALL; } >&2 || true
fi
if [ -n "$(missing)" ]; then
    cat >&2 <<END

  *****************************************************************************
  ***  NOT TESTED ON SLURM: there is no $(echo $(missing)) here.
  ***  As root, on Debian or Ubuntu: $INSTALL
  ***  (with CI=1, make test-slurm does so itself). No service of theirs is used.
  *****************************************************************************

END
    exit 1
fi
