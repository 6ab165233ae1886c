#!/usr/bin/env bash
# demo.sh: from a fresh Debian 12 to the running demo; arguments go to `kurswart demo`
#
#   packaging/demo.sh
#   packaging/demo.sh --speed 7200
#   printf 'Wie ist der Status?\n' | packaging/demo.sh --days 60
#   packaging/demo.sh --fake-kraken      the bot with mode = live at an exchange on this machine
set -eu

# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

# An exchange of our own, a bot with real orders at it, and a chat with that bot. Everything
# lives in a folder of its own and ends with the chat.
run_fake_kraken() {
    local place rest ws
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/kurswart-demo.XXXXXX")
    trap end_fake_kraken EXIT
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout "$scratch/key.pem" -out "$scratch/cert.pem" -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 2>"$scratch/openssl.log" ||
        fail 70 "Kein Zertifikat für die Testbörse." "Meldung in $scratch/openssl.log lesen."
    mkfifo "$scratch/stdin"
    exec 8<>"$scratch/stdin" # the exchange ends with its standard input
    python3 "$KW_ROOT/tests/kraken/fake-kraken.py" --cert "$scratch/cert.pem" \
        --key "$scratch/key.pem" <"$scratch/stdin" >"$scratch/place" 2>"$scratch/exchange.log" 8<&- &
    exchange=$!
    wait_for_file "$scratch/place" "Die Testbörse" "$scratch/exchange.log" "$exchange"
    place=$(cat "$scratch/place")
    rest=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["rest"])' "$place")
    ws=wss${rest#https}
    tell_exchange "$rest" walk \
        '{"pair": "XBTEUR", "price": 58000, "per_minute": 30, "step": 0.001, "history_s": 7200}'
    tell_exchange "$rest" walk \
        '{"pair": "ETHEUR", "price": 3000, "per_minute": 30, "step": 0.001, "history_s": 7200}'
    write_fake_configuration "$rest" "$ws"
    say "Starte den Bot mit mode = live an der Testbörse $rest"
    "$program" run --config "$scratch/kurswart.conf" --root "$scratch/root" 8<&- \
        </dev/null >/dev/null 2>"$scratch/bot.log" &
    bot=$!
    wait_for_file "$scratch/root/admin.sock" "Der Bot" "$scratch/bot.log" "$bot"
    say "Log: $scratch/bot.log. Kein echtes Geld. Der erste Start ist pausiert: „Start“ und der Code."
    say "Dann kauft er alle paar Minuten; „Status“, „Risiko“, „Was ist offen?“, „Notaus“. Strg-D beendet alles."
    "$program" tell --root "$scratch/root" || true
}

tell_exchange() {
    python3 - "$scratch/cert.pem" "$1/fake/$2" "$3" <<'END'
import ssl
import sys
import urllib.request

context = ssl.create_default_context(cafile=sys.argv[1])
urllib.request.urlopen(urllib.request.Request(sys.argv[2], data=sys.argv[3].encode()), context=context)
END
}

# FILE NAME LOG PID: until the file is there; the log goes with its folder, so it is shown
wait_for_file() {
    local i

    for ((i = 0; i < 300; i++)); do
        [ ! -s "$1" ] && [ ! -S "$1" ] || return 0
        kill -0 "$4" 2>/dev/null || break
        sleep 0.1
    done
    tail -5 "$3" >&2 || true
    fail 70 "$2 startet nicht." "Die Zeilen darüber nennen den Grund."
}

write_fake_configuration() {
    umask 077
    echo kw-test-key >"$scratch/kraken-key"
    # the secret of the test exchange, known to everybody
    echo a3Vyc3dhcnQgdGVzdCBzZWNyZXQsIGJlbG9uZ3MgdG8gbm9ib2R5IGF0IGFsbCEhISE= \
        >"$scratch/kraken-secret"
    cat >"$scratch/minute.lua" <<'END'
return {
  name = "minute", timeframe = "1m", startup_candles = 20, stoploss = -0.02,
  minimal_roi = { [0] = 0.01 },
  indicators = function(c, p) return { fast = ema(c.close, 3), slow = ema(c.close, 9) } end,
  entry = function(c, i) return crossed_above(i.fast, i.slow) end,
  exit = function(c, i) return crossed_below(i.fast, i.slow) end,
}
END
    cat >"$scratch/kurswart.conf" <<END
[bot]
mode = live
[feed]
kind = kraken
[kraken]
rest_url = $1
ws_url = $2/v2
ws_auth_url = $2/auth/v2
ca_file = $scratch/cert.pem
[secrets]
dir = $scratch
[trading]
pairs = BTC/EUR, ETH/EUR
stake_currency = EUR
timeframe = 1m
strategy = $scratch/minute.lua
stake_amount = 50
starting_capital = 500
END
}

end_fake_kraken() {
    [ -z "${bot:-}" ] || { kill "$bot" && wait "$bot"; } 2>/dev/null || true
    [ -z "${exchange:-}" ] || kill "$exchange" 2>/dev/null || true
    rm -rf "$scratch"
}

fake=0
[ "${1:-}" != --fake-kraken ] || fake=1
if [ $fake = 1 ]; then
    kw_install "${KW_BUILD_PACKAGES[@]}" openssl python3
else
    kw_install "${KW_BUILD_PACKAGES[@]}"
fi
home=$(kw_build_home)
kw_build "$home/build-demo" -Dtests=false
unset KURSWART_BUILD_DIR # the program would take it for a key of its configuration

program=$home/build-demo/src/app/kurswart
[ -x "$program" ] ||
    fail 70 "Das gebaute Programm $program fehlt." "rm -rf $home/build-demo, dann noch einmal starten."
if [ $fake = 1 ]; then
    run_fake_kraken
    exit 0
fi
say "Starte die Demo: Papiergeld, aufgezeichnete Kurse, kein Netz"
exec "$program" demo "$@"
