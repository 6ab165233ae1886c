#!/usr/bin/env python3
"""The daemon as a process among others: stopped, resumed, its output taken away, in a country
with a decimal comma.

Every case has a home of its own; the clock of the market is that of the candles, so nothing
here depends on the hour.
"""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
PATIENCE_S = 60
CASES = []


def case(function):
    CASES.append(function)
    return function


class Skip(Exception):
    pass


def expect(is_true, text):
    if not is_true:
        raise AssertionError(text)


def wait_for(what, text):
    """The first true value of what()"""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"in vain: {text}")


class Place:
    """A home, stored candles, and programs in it"""

    def __init__(self, folder):
        self.folder = folder
        self.root = os.path.join(folder, "root")
        self.env = {"HOME": folder, "PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C",
                    "XDG_CONFIG_HOME": os.path.join(folder, "config"),
                    "XDG_DATA_HOME": os.path.join(folder, "share")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def call(self, *words):
        result = subprocess.run([PROGRAM, *words], env=self.env, cwd=self.folder, timeout=120,
                                capture_output=True, text=True, encoding="utf-8", check=False)
        expect(result.returncode == 0, f"kurswart {' '.join(words)}:\n{result.stdout[-800:]}"
                                       f"{result.stderr[-800:]}")
        return result.stdout

    def add_candles(self):
        for pair in ("BTC/USDT", "ETH/USDT"):
            name = f"synth-{pair.replace('/', '_')}-1h.csv"
            self.call("data", "synth", "--pair", pair, "--days", "90", "--seed", "3", "--out", name)
            self.call("data", "import", name, "--root", self.root)

    def start(self, speed, **streams):
        """A daemon that answers"""
        streams.setdefault("stderr", subprocess.DEVNULL)
        streams.setdefault("stdout", subprocess.DEVNULL)
        daemon = subprocess.Popen([PROGRAM, "run", "--root", self.root, "--speed", str(speed)],
                                  env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
                                  **streams)
        wait_for(lambda: os.path.exists(os.path.join(self.root, "admin.sock"))
                 or daemon.poll() is not None, "no socket")
        expect(daemon.poll() is None, f"the daemon ended with {daemon.returncode}")
        return daemon

    def ask(self, text):
        return self.call("tell", "--root", self.root, text)

    def market_us(self):
        """Market time of the newest message, which is stored with each"""
        sql = "SELECT ifnull(max(time_us), 0) FROM meta WHERE key = 'last_message_us'"
        before_us = self.count(sql)
        self.ask("/help")
        wait_for(lambda: self.count(sql) > before_us, "the message is not stored")
        return self.count(sql)

    def count(self, sql):
        with sqlite3.connect(f"file:{self.root}/ledger.db?mode=ro", uri=True) as db:
            return db.execute(sql).fetchone()[0]


def end(daemon):
    daemon.send_signal(signal.SIGTERM)
    expect(daemon.wait(PATIENCE_S) == 0, f"ended with {daemon.returncode}")


@case
def f46_stopped_process(place):
    """The market goes on where it was; every evening had one report."""
    place.add_candles()
    daemon = place.start(7200)
    wait_for(lambda: place.count("SELECT count(*) FROM schedule_mark WHERE name = 'digest'") > 0,
             "no report")
    before_us = place.market_us()
    asked = time.monotonic()
    daemon.send_signal(signal.SIGSTOP)
    time.sleep(4)
    daemon.send_signal(signal.SIGCONT)
    awake = time.monotonic()
    after_us = place.market_us()
    # at most a second's worth for the pause, and what has passed while it was awake
    allowed_s = 1 + (time.monotonic() - awake) + 0.5
    expect(after_us - before_us <= allowed_s * 7200 * 1e6,
           f"the market moved by {(after_us - before_us) / 1e6 / 7200:.2f} s of its speed, allowed "
           f"{allowed_s:.2f}, paused for {awake - asked:.2f}")
    expect("Portfolio" in place.ask("/status"), "no status after the pause")
    n_days = place.count("SELECT count(*) FROM schedule_mark WHERE name = 'digest'")
    wait_for(lambda: place.count("SELECT count(*) FROM schedule_mark WHERE name = 'digest'")
             > n_days, "no report after the pause")
    end(daemon)
    expect(place.count("SELECT count(*) - count(DISTINCT date) FROM schedule_mark"
                       " WHERE name = 'digest'") == 0, "two reports of a day")
    expect(place.count("SELECT count(*) - count(DISTINCT key) FROM outbox") == 0,
           "a message is there twice")


@case
def replay_says_what_does_not_count(place):
    """Orders that wait need an order book, which stored candles have none of"""
    place.add_candles()
    told = []
    for order in ("maker", "market"):
        place.env["KURSWART_TRADING_ENTRY_ORDER"] = order
        daemon = place.start(7200, stderr=subprocess.PIPE)
        end(daemon)
        told.append(daemon.stderr.read().decode())
        daemon.stderr.close()
    expect("entry_order = maker zählt hier nicht" in told[0], told[0])
    expect("entry_order" not in told[1], told[1])


@case
def f83_reader_goes_away(place):
    """The log has no reader any more, then no file: the bot goes on."""
    place.add_candles()
    reading, writing = os.pipe()
    daemon = place.start(0, stderr=writing, stdout=writing)
    os.close(writing)
    expect(os.read(reading, 1), "nothing was logged")
    os.close(reading)
    for _ in range(5):
        expect("Portfolio" in place.ask("/status"), "no status without a reader")
    place.ask("Stopp")
    end(daemon)


@case
def f83_log_is_rotated(place):
    """Moved away, the old file gets the lines until the next start; cut, the new ones follow."""
    place.add_candles()
    path = os.path.join(place.folder, "log")
    with open(path, "ab") as log:
        daemon = place.start(0, stderr=log)
        wait_for(lambda: os.path.getsize(path) > 0, "nothing was logged")
        os.rename(path, path + ".1")
        size = os.path.getsize(path + ".1")
        place.ask("Pause")
        wait_for(lambda: os.path.getsize(path + ".1") > size, "no line in the moved file")
        os.truncate(path + ".1", 0)
        place.ask("Stopp")
        text = wait_for(lambda: open(path + ".1", encoding="utf-8").read(), "no line behind the cut")
        expect(not text.startswith("\0"), "a hole in the file that was cut")
        for line in text.splitlines():
            json.loads(line)
        end(daemon)


def make_locale(folder):
    """de_AT, in a folder of the test's own"""
    tool = shutil.which("localedef")
    if tool is None:
        raise Skip("no localedef")
    os.makedirs(folder)
    made = subprocess.run([tool, "--no-archive", "-c", "-i", "de_AT", "-f", "UTF-8",
                           os.path.join(folder, "de_AT.UTF-8")],
                          capture_output=True, text=True, check=False)
    if not os.path.exists(os.path.join(folder, "de_AT.UTF-8", "LC_NUMERIC")):
        raise Skip(f"localedef: {made.stderr[-200:]}")


@case
def f87_decimal_comma(place):
    """Under de_AT the same days give the same rows, and the same text."""
    folder = os.path.join(place.folder, "locale")
    make_locale(folder)
    comma = dict(place.env, LC_ALL="de_AT.UTF-8", LOCPATH=folder)
    shown = subprocess.run(["printf", "%.1f", "0,5"], env=comma, capture_output=True, text=True,
                           check=False).stdout
    expect(shown == "0,5", f"the fault is not there: {shown}")
    words = ("simulate", "--days", "4", "--seed", "9", "--json")
    plain = json.loads(place.call(*words))
    place.env = comma
    other = json.loads(place.call(*words))
    expect(other["state_hash"] == plain["state_hash"], f"{plain} and {other}")
    place.add_candles()
    expect(re.search(r"90|2.?160", place.call("data", "list", "--root", place.root)),
           "the candles were read otherwise")
    place.call("config", "check")


JOURNAL = r"""
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal || exit 77
/lib/systemd/systemd-journald & journald=$!
for i in $(seq 50); do [ -S /run/systemd/journal/stdout ] && break; sleep 0.1; done
[ -S /run/systemd/journal/stdout ] || exit 77
"$PYTHON" -c '
import os, socket, subprocess, sys, time
stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
stream.connect("/run/systemd/journal/stdout")
stream.send(b"kurswart\n\n6\n0\n0\n0\n0\n")
daemon = subprocess.Popen(sys.argv[1:], stderr=stream.fileno())
end = time.monotonic() + 30
while not os.path.exists(os.environ["SOCKET"]) and time.monotonic() < end:
    time.sleep(0.1)
daemon.terminate()
sys.exit(daemon.wait())' "$@" || exit 1
for i in $(seq 50); do
    journalctl --directory=/run/log/journal --output=json --no-pager \
        SYSLOG_IDENTIFIER=kurswart MESSAGE=stopping >"$OUT" 2>/dev/null
    [ -s "$OUT" ] && break
    sleep 0.1
done
kill $journald
"""


@case
def journal_gets_fields(place):
    """A real journald, in a mount namespace of its own"""
    if not os.path.exists("/lib/systemd/systemd-journald") or shutil.which("unshare") is None:
        raise Skip("no journald or unshare here")
    place.add_candles()
    out = os.path.join(place.folder, "journal.json")
    env = dict(place.env, OUT=out, PYTHON=sys.executable,
               SOCKET=os.path.join(place.root, "admin.sock"))
    done = subprocess.run(["unshare", "--mount", "sh", "-c", JOURNAL, "sh", PROGRAM, "run", "--root",
                           place.root, "--speed", "60"], env=env, cwd=place.folder, timeout=120,
                          capture_output=True, text=True, check=False)
    if done.returncode == 77 or "unshare" in done.stderr or "Operation not permitted" in done.stderr:
        raise Skip(f"no namespace for a journald: {done.stderr[-100:]}")
    expect(done.returncode == 0, done.stderr[-500:])
    with open(out, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    expect(len(rows) == 1, str(rows))
    expect((rows[0]["PRIORITY"], rows[0]["KW_MODE"], rows[0]["GLIB_DOMAIN"], rows[0]["_TRANSPORT"])
           == ("5", "dryrun", "kw-app", "journal"), str(rows[0]))


@case
def picture_of_a_reply(place):
    """The curve that was asked for arrives as a file of the client's."""
    place.add_candles()
    daemon = place.start(86400)
    wait_for(lambda: place.count("SELECT count(*) FROM schedule_mark WHERE name = 'digest'") > 0,
             "no report")
    folder = os.path.join(place.folder, "bilder")
    shown = wait_for(lambda: (lambda text: text if "01.png" in text else "")(
        place.call("tell", "--root", place.root, "--pictures", folder,
                   "Zeig mir die Equity-Kurve")), "no picture")
    expect(shown.rstrip().endswith(os.path.join(folder, "01.png")), shown)
    with open(os.path.join(folder, "01.png"), "rb") as file:
        head = file.read(24)
    expect(head[:8] == b"\x89PNG\r\n\x1a\n", repr(head))
    size = (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big"))
    expect(size == (1000, 700), f"{size[0]} x {size[1]}")
    end(daemon)


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for number, function in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory(prefix="kw-daemon-") as folder:
            try:
                function(Place(folder))
                print(f"ok {number} {function.__name__}")
            except Skip as skip:
                print(f"ok {number} {function.__name__} # SKIP {skip}")
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"not ok {number} {function.__name__}")
                for line in str(error).splitlines():
                    print(f"# {line}")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
