# shellcheck shell=bash
# setup.sh: what demo.sh and test.sh have in common; sourced, not run
#
# Everything is said on standard error, so that the program's own output stays clean, and
# nothing here reads standard input, because it belongs to the demo.

KW_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

KW_BUILD_PACKAGES=(
    gcc libc6-dev meson ninja-build pkg-config gettext tzdata
    libglib2.0-dev libjson-glib-dev libsqlite3-dev liblua5.4-dev libsystemd-dev
    libreadline-dev zlib1g-dev libcurl4-openssl-dev libssl-dev libsoup-3.0-dev libsecret-1-dev libxgboost-dev
    libpango1.0-dev libpng-dev fonts-dejavu-core
    glib-networking ca-certificates
)
KW_TEST_PACKAGES=(
    clang clang-format libclang-rt-14-dev libasan8 libubsan1
    binutils dbus git gnome-keyring man-db openssl pmccabe procps python3 strace locales
)

say() {
    printf '==> %s\n' "$*" >&2
}

# fail CODE CAUSE MEND: the last thing printed, then the end
fail() {
    printf '\nFehler:  %s\nAbhilfe: %s\n' "$2" "$3" >&2
    exit "$1"
}

# The folder that holds the build folders: KURSWART_BUILD_DIR, the source tree, or the
# cache of the user when the source tree cannot be written.
kw_build_home() {
    local cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/kurswart

    if [ -n "${KURSWART_BUILD_DIR:-}" ]; then
        mkdir -p "$KURSWART_BUILD_DIR" 2>/dev/null ||
            fail 73 "Der Ordner $KURSWART_BUILD_DIR lässt sich nicht anlegen." \
                "KURSWART_BUILD_DIR auf einen beschreibbaren Ordner setzen."
        (cd "$KURSWART_BUILD_DIR" && pwd)
    elif [ -w "$KW_ROOT" ]; then
        printf '%s\n' "$KW_ROOT"
    else
        mkdir -p "$cache" 2>/dev/null ||
            fail 73 "Weder $KW_ROOT noch $cache ist beschreibbar." \
                "KURSWART_BUILD_DIR auf einen beschreibbaren Ordner setzen."
        printf '%s\n' "$cache"
    fi
}

# kw_missing PACKAGE...: those that are not installed, one per line
kw_missing() {
    local have name

    have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^installed //p')
    for name; do
        grep -qx -- "$name" <<<"$have" || printf '%s\n' "$name"
    done
}

# Runs apt-get as root; its output goes to the log, one line per finished package to us.
kw_apt() {
    local as_root=() log=$1 status=0

    shift
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -y \
        -o Dpkg::Use-Pty=0 -o APT::Install-Recommends=false -o DPkg::Lock::Timeout=300 "$@" \
        </dev/null 2>&1 | tee -a "$log" | kw_apt_progress || status=1
    return "$status"
}

kw_apt_progress() {
    local line n=0 total='?'

    while IFS= read -r line; do
        case $line in
        *' newly installed'*) total=$(sed 's/.*, \([0-9]*\) newly installed.*/\1/' <<<"$line") ;;
        'Get:'*) [ ! -t 2 ] || printf '\r\033[K    lade %.60s' "${line#* * }" >&2 ;;
        'Setting up '*)
            n=$((n + 1))
            if [ -t 2 ]; then
                printf '\r\033[K    [%s/%s] %.60s' "$n" "$total" "${line#Setting up }" >&2
            elif [ $((n % 25)) -eq 0 ]; then
                printf '    %s von %s Paketen eingerichtet\n' "$n" "$total" >&2
            fi
            ;;
        esac
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
}

# kw_install PACKAGE...: installs what is missing; silent when nothing is
kw_install() {
    local missing log

    command -v dpkg-query >/dev/null 2>&1 ||
        fail 69 "Das ist kein Debian: dpkg fehlt." \
            "Auf Debian 12 ausführen; die nötigen Pakete stehen in packaging/setup.sh."
    mapfile -t missing < <(kw_missing "$@")
    [ ${#missing[@]} -gt 0 ] || return 0

    say "Installiere mit apt, was fehlt (${#missing[@]}): ${missing[*]}"
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
        fail 77 "Zum Installieren fehlen die Rechte, und sudo gibt es hier nicht." \
            "Als root ausführen: apt-get install ${missing[*]}"
    fi
    log=$(mktemp "${TMPDIR:-/tmp}/kurswart-apt-XXXXXX.log")
    set -o pipefail
    # The lists of a fresh machine are empty or old; only then is it worth the update.
    if ! kw_apt "$log" install "${missing[@]}"; then
        kw_apt "$log" update && kw_apt "$log" install "${missing[@]}" || {
            tail -n 15 "$log" >&2
            fail 69 "apt konnte nicht alle Pakete installieren (Protokoll: $log)." \
                "Netz und /etc/apt/sources.list prüfen, dann: apt-get update && apt-get install ${missing[*]}"
        }
    fi
    rm -f "$log"
}

# kw_build FOLDER [MESON OPTION...]: configures once, then builds what has changed
kw_build() {
    local dir=$1 log=$1/kurswart-build.log

    shift
    if [ -e "$dir" ] && [ ! -w "$dir" ]; then
        fail 73 "$dir gehört einem anderen Benutzer." \
            "sudo chown -R $(id -un) $dir, oder KURSWART_BUILD_DIR auf einen eigenen Ordner setzen."
    fi
    if [ ! -f "$dir/build.ninja" ]; then
        say "Konfiguriere $dir"
        mkdir -p "$dir"
        if ! meson setup "$dir" "$KW_ROOT" "$@" </dev/null >"$log" 2>&1; then
            tail -n 15 "$log" >&2
            fail 70 "meson kann $dir nicht einrichten (Protokoll: $log)." \
                "rm -rf $dir, dann noch einmal starten."
        fi
    fi
    if ninja -C "$dir" -n </dev/null 2>/dev/null | grep -q 'no work to do'; then
        return 0
    fi
    say "Baue $dir"
    if [ -t 2 ] && [ -z "${CI:-}" ]; then
        ninja -C "$dir" </dev/null >&2 ||
            fail 70 "Das Programm ließ sich nicht bauen; die Meldung steht darüber." \
                "Bei eigenen Änderungen diese prüfen; sonst rm -rf $dir und noch einmal starten."
        return 0
    fi
    if ! NINJA_STATUS='[%f/%t] ' ninja -C "$dir" </dev/null >"$log" 2>&1; then
        grep -n -m 20 -E 'error|FAILED|warning' "$log" >&2
        tail -n 25 "$log" >&2
        fail 70 "Das Programm ließ sich nicht bauen (Protokoll: $log)." \
            "Bei eigenen Änderungen diese prüfen; sonst rm -rf $dir und noch einmal starten."
    fi
}
