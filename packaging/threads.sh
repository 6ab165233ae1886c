#!/usr/bin/env bash
# threads.sh: the tests under ThreadSanitizer; a run of minutes, so not part of test.sh
#
# GLib is the distribution's and unknown to the sanitizer: tests/threads/kw-thread-order.c is
# preloaded and tells what GLib orders. The last line is "N passed, N failed".
set -eu

usage() {
    cat <<'END'
Aufruf: packaging/threads.sh [TEST...]

Baut mit ThreadSanitizer und lässt die Tests laufen (ohne Angabe alle Unit-Tests).
KURSWART_BUILD_DIR bestimmt, wo der Build-Ordner liegt.
END
}

# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
-*)
    usage >&2
    exit 2
    ;;
esac
exec </dev/null
trap 'echo "0 passed, 1 failed"' EXIT

kw_install "${KW_BUILD_PACKAGES[@]}" "${KW_TEST_PACKAGES[@]}"
dir=$(kw_build_home)/build-thread
order=$dir/kw-thread-order.so
export LC_ALL=C.UTF-8
# children of a fork make threads of their own; a broken checkpoint asks for terabytes
export TSAN_OPTIONS=ignore_noninstrumented_modules=1:exitcode=66:die_after_fork=0:allocator_may_return_null=1

CC=gcc kw_build "$dir" -Dwerror=true -Db_sanitize=thread -Db_lundef=false
# shellcheck disable=SC2046
gcc -fsanitize=thread -Wall -Wextra -Werror -shared -fPIC -g -O1 -o "$order" \
    "$KW_ROOT/tests/threads/kw-thread-order.c" $(pkg-config --cflags --libs gio-2.0)
what=("$@")
[ ${#what[@]} -gt 0 ] || what=(--suite unit)
say "Teste (thread)"
rm -f "$dir"/meson-logs/testlog-env.json
meson test -C "$dir" --no-rebuild --print-errorlogs --timeout-multiplier 8 \
    --wrapper "env LD_PRELOAD=$(gcc -print-file-name=libtsan.so):$order" "${what[@]}" \
    >"$dir/kurswart-test.log" 2>&1 || true
grep -A 12 'WARNING: ThreadSanitizer' "$dir/meson-logs/testlog-env.txt" >&2 || true
trap - EXIT
exec python3 -B "$KW_ROOT/packaging/count-tests.py" --total "thread=$dir/meson-logs/testlog-env.json"
