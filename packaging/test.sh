#!/usr/bin/env bash
# test.sh: from a fresh Debian 12 to the verdict of every test
#
# Three builds, each with warnings as errors: gcc, clang, and gcc with the address and the
# undefined-behaviour sanitizers. The last line is "N passed, N failed[, N skipped]"; the exit
# code is 0 only when nothing failed. The lint suite looks at the sources, not at a build,
# and therefore runs once; the finished program is tried end to end as gcc built it and under
# the sanitizers, which is what finds things: with clang it would be the same again.
set -eu

usage() {
    cat <<'END'
Aufruf: packaging/test.sh [--quick | --gcc | --clang | --sanitize]...

Ohne Option laufen alle drei Durchgänge (gcc, clang, Sanitizer). --quick ist --gcc.
KURSWART_BUILD_DIR bestimmt, wo die Build-Ordner liegen.
END
}

# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

runs=()
for option; do
    case $option in
    --quick | --gcc) runs+=(gcc) ;;
    --clang) runs+=(clang) ;;
    --sanitize) runs+=(sanitize) ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done
[ ${#runs[@]} -gt 0 ] || runs=(gcc clang sanitize)
exec </dev/null
# Whatever ends the script early, the last line is a verdict.
trap 'echo "0 passed, 1 failed"' EXIT

kw_install "${KW_BUILD_PACKAGES[@]}" "${KW_TEST_PACKAGES[@]}"
home=$(kw_build_home)
export LC_ALL=C.UTF-8
# the leak checker cannot run in a traced process (kill-syscalls)
export ASAN_OPTIONS=detect_leaks=0:halt_on_error=1:abort_on_error=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1

# run_tests NAME FOLDER [MESON TEST OPTION...]: a failing test is counted later, not here
run_tests() {
    local name=$1 dir=$2 log=$2/meson-logs/testlog.json

    shift 2
    say "Teste ($name)"
    rm -f "$log"
    meson test -C "$dir" --no-rebuild --print-errorlogs "$@" >"$dir/kurswart-test.log" 2>&1 || true
    [ -s "$log" ] || count_as_failed "$log" "meson test" "$dir/kurswart-test.log"
}

# count_as_failed LOG NAME OUTPUT: what could not be run is a failure among the tests
count_as_failed() {
    mkdir -p "${1%/*}"
    tail -n 20 "$3" 2>/dev/null | python3 -c 'import json, sys
print(json.dumps({"name": sys.argv[1], "result": "ERROR", "stdout": sys.stdin.read()}))' "$2" >"$1"
}

# run NAME COMPILER [BUILD OPTION...] -- [TEST OPTION...]
run() {
    local name=$1 compiler=$2 dir=$home/build-$1 log=$home/build-$1/meson-logs/testlog.json options=()

    shift 2
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    if (CC=$compiler kw_build "$dir" -Dwerror=true "${options[@]}"); then
        run_tests "$name" "$dir" "$@"
    else
        count_as_failed "$log" build "$dir/kurswart-build.log"
    fi
    results+=("$name=$log")
    python3 -B "$KW_ROOT/packaging/count-tests.py" "$name=$log"
}

results=()
for name in "${runs[@]}"; do
    case $name in
    gcc) run gcc gcc -- ;;
    clang) run clang clang -- --no-suite lint --no-suite e2e ;;
    sanitize)
        run sanitize gcc -Db_sanitize=address,undefined -- --no-suite lint --timeout-multiplier 4
        ;;
    esac
done
say "Ergebnis über alle Durchgänge (${runs[*]})"
trap - EXIT
exec python3 -B "$KW_ROOT/packaging/count-tests.py" --total "${results[@]}"
