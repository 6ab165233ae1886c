#!/usr/bin/env bash
# demo.sh: from a fresh Debian 12 to the running demo; arguments go to `kurswart demo`
#
#   packaging/demo.sh
#   packaging/demo.sh --speed 7200
#   printf 'Wie ist der Status?\n' | packaging/demo.sh --days 60
set -eu

# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

kw_install "${KW_BUILD_PACKAGES[@]}"
home=$(kw_build_home)
kw_build "$home/build-demo" -Dtests=false

program=$home/build-demo/src/app/kurswart
[ -x "$program" ] ||
    fail 70 "Das gebaute Programm $program fehlt." "rm -rf $home/build-demo, dann noch einmal starten."
say "Starte die Demo: Papiergeld, aufgezeichnete Kurse, kein Netz"
exec "$program" demo "$@"
