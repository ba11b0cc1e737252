#!/usr/bin/env bash
# Checks that Chromium is installed, in which tests open the page. In CI (where CI is set), installs it as root, about
# 100 MB. If it is missing, prints a notice and fails; those tests are then skipped.
set -euo pipefail
INSTALL="apt-get install --yes --no-install-recommends chromium"

missing() {
    ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null
}

if missing && [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update --quiet && DEBIAN_FRONTEND=noninteractive $INSTALL; } >&2 || true
fi
if missing; then
    cat >&2 <<END

  *****************************************************************************
  ***  THE PAGE WAS NOT TESTED IN A BROWSER: there is no Chromium on PATH.
  ***  As root, on Debian: $INSTALL
  ***  (with CI=1, tests/chromium.sh does so itself).
  *****************************************************************************

END
    exit 1
fi
