#!/usr/bin/env bash
# test.sh: from a fresh Debian 12 to the verdict of every test
#
# Three builds, each with warnings as errors: gcc, clang, and gcc with the address and the
# undefined-behaviour sanitizers. The last line is "N passed, N failed[, N skipped]"; the exit
# code is 0 only when nothing failed. The lint suite looks at the sources, not at a build,
# and therefore runs once.
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

kw_install "${KW_BUILD_PACKAGES[@]}" "${KW_TEST_PACKAGES[@]}"
home=$(kw_build_home)
export LC_ALL=C.UTF-8
export ASAN_OPTIONS=halt_on_error=1:abort_on_error=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1

# run_tests NAME FOLDER [MESON TEST OPTION...]: a failing test is counted later, not here
run_tests() {
    local name=$1 dir=$2

    shift 2
    say "Teste ($name)"
    rm -f "$dir/meson-logs/testlog.json"
    meson test -C "$dir" --no-rebuild --print-errorlogs "$@" >"$dir/kurswart-test.log" 2>&1 || true
    [ -s "$dir/meson-logs/testlog.json" ] || {
        tail -n 20 "$dir/kurswart-test.log" >&2
        fail 70 "Der Durchgang $name hat kein Ergebnis geschrieben." \
            "rm -rf $dir, dann noch einmal starten."
    }
    results+=("$name=$dir/meson-logs/testlog.json")
    python3 -B "$KW_ROOT/packaging/count-tests.py" "$name=$dir/meson-logs/testlog.json"
}

results=()
for run in "${runs[@]}"; do
    case $run in
    gcc)
        CC=gcc kw_build "$home/build-gcc" -Dwerror=true
        run_tests gcc "$home/build-gcc"
        ;;
    clang)
        CC=clang kw_build "$home/build-clang" -Dwerror=true
        run_tests clang "$home/build-clang" --no-suite lint
        ;;
    sanitize)
        CC=gcc kw_build "$home/build-sanitize" -Dwerror=true -Db_sanitize=address,undefined
        run_tests sanitize "$home/build-sanitize" --no-suite lint --timeout-multiplier 4
        ;;
    esac
done
say "Ergebnis über alle Durchgänge (${runs[*]})"
exec python3 -B "$KW_ROOT/packaging/count-tests.py" --total "${results[@]}"
