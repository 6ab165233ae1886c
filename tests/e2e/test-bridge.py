#!/usr/bin/env python3
"""kurswart at a MetaTrader 5 account, as processes, against the fake bridge.

The bridge follows the machine's clock here, as the program does; nothing waits for a candle.
What the whole bot does with candles is in test-live-bridge.c.
"""
import atexit
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
FAKE = os.environ["KW_FAKE_BRIDGE"]
PATIENCE_S = 60
CASES = []
RUNNING = []


def case(*options):
    def add(function):
        CASES.append((function, options))
        return function
    return add


def expect(is_true, text):
    if not is_true:
        raise AssertionError(text)


def wait_for(what, text):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"in vain: {text}")


class Place:
    """A home, a fake bridge and programs that know both"""

    def __init__(self, folder, options):
        self.folder = folder
        self.root = os.path.join(folder, "root")
        self.fake = subprocess.Popen([FAKE, *options], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        RUNNING.append(self.fake)
        self.url = self.fake.stdout.readline().strip()
        self.env = {"HOME": folder, "PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C.UTF-8",
                    "XDG_CONFIG_HOME": os.path.join(folder, "config"),
                    "XDG_DATA_HOME": os.path.join(folder, "share")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.write("mt5-token", "fake-bridge-token")
        self.configure("dryrun")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="utf-8") as file:
            file.write(text)
        return path

    def configure(self, mode, url=None, kind="mt5", currency="USD", timeframe="1h"):
        self.config = self.write("kurswart.conf", f"""[bot]
mode = {mode}
[feed]
kind = {kind}
[mt5]
url = {url or self.url}
[secrets]
dir = {self.folder}
[trading]
pairs = BTC/{currency}
stake_currency = {currency}
timeframe = {timeframe}
stake_amount = 700
starting_capital = 5000
""")

    def tell(self, text):
        self.fake.stdin.write(text + "\n")
        self.fake.stdin.flush()

    def ask(self, text):
        self.tell(text)
        return self.fake.stdout.readline().strip()

    def call(self, *words, text="", code=0):
        result = subprocess.run([PROGRAM, *words, "--config", self.config, "--root", self.root],
                                env=self.env, cwd=self.folder, timeout=120, input=text,
                                capture_output=True, text=True, encoding="utf-8", check=False)
        said = result.stdout + result.stderr
        expect(result.returncode == code,
               f"kurswart {' '.join(words)}: {result.returncode}\n{said[-1500:]}")
        return said

    def start(self):
        log = os.path.join(self.folder, "log")
        daemon = subprocess.Popen([PROGRAM, "run", "--config", self.config, "--root", self.root],
                                  env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=open(log, "wb"))
        RUNNING.append(daemon)
        wait_for(lambda: '"ready"' in self.log() or daemon.poll() is not None, "not ready")
        expect(daemon.poll() is None, f"the daemon ended: {self.log()[-800:]}")
        return daemon

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return file.read()

    def query(self, sql):
        with sqlite3.connect(f"file:{self.root}/ledger.db?mode=ro", uri=True) as db:
            return db.execute(sql).fetchall()


def end(daemon):
    daemon.send_signal(signal.SIGTERM)
    expect(daemon.wait(PATIENCE_S) == 0, f"ended with {daemon.returncode}")


@case()
def first_order(place):
    """There and back through all hands, seen at the account and kept; no word, no order."""
    said = place.call("live", "first-order", text="ja\n", code=1)
    expect("Demokonto" in said and "nichts wurde gesendet" in said, said)
    expect(place.ask("orders") == "0", "an order without the word")
    said = place.call("live", "first-order", text="PROBEORDER\n")
    expect(said.count("✓") == 4 and "ein Stop liegt an der Börse" in said, said)
    expect(place.ask("orders") == "3", "purchase, stop, sale")
    expect(place.ask("volume BTCUSD") == "0", "something is left")
    rows = place.query("SELECT kind, subject, is_good FROM evidence ORDER BY id")
    expect([r[0] for r in rows] == ["order_begun"] * 3 + ["order_done"], rows)
    expect(rows[3][1].startswith("mt5:") and rows[3][2] == 1, rows)
    expect("ok       Probeorder" in place.call("live", "check"), "the check does not know it")


@case("--hedging")
def first_order_hedging(place):
    """No stop can wait there: told before, and the trial goes without."""
    said = place.call("live", "check")
    expect("Hedging-Konto" in said, said)
    said = place.call("live", "first-order", text="PROBEORDER\n")
    expect("kann kein Stop warten" in said, said)
    expect(place.ask("orders") == "2" and place.ask("volume BTCUSD") == "0", "left over")


@case()
def account_terms(place):
    """Investor password, another currency, no token, an address in the clear"""
    place.tell("trading off")
    said = place.call("live", "check", code=1)
    expect("darf nicht handeln" in said and "Handelspasswort" in said, said)
    place.configure("live")
    said = place.call("run", code=78)
    expect("darf nicht handeln" in said and "nichts wurde gestartet" in said, said)
    place.tell("trading on")
    place.configure("dryrun", currency="EUR")
    said = place.call("run", code=69)
    expect("BTC/EUR" in said and "kennt das Konto oder das Symbol nicht" in said, said)
    os.unlink(os.path.join(place.folder, "mt5-token"))
    place.configure("live")
    expect("mt5-token" in place.call("live", "check", code=1), "the secret is not named")
    place.configure("dryrun", url="http://bridge.example/users/current/accounts/1")
    said = place.call("run", code=78)
    expect("[mt5] url" in said and "https" in said, said)


@case()
def paper(place):
    """With the prices of the account, and no order there; four hours are no grid of ours."""
    daemon = place.start()
    expect("[TROCKENLAUF]" in place.call("tell", "status"), "no status")
    end(daemon)
    expect(place.ask("orders") == "0", "paper has sent an order")
    place.configure("dryrun", timeframe="4h")
    said = place.call("run", code=69)
    expect("Stunde" in said, said)


@case()
def live_start(place):
    """READY with real orders possible, paused until the owner says so; then Kraken in the same
    data root is refused."""
    place.configure("live")
    daemon = place.start()
    said = place.call("tell", "status")
    expect("[LIVE]" in said and "Pausiert" in said, said)
    wait_for(lambda: "reconciled" in place.log(), "not reconciled")
    expect("Börse: in Ordnung" in place.call("tell", "/health"), "disturbed from the start")
    said = place.call("live", "check")
    expect("kein Trade über der kleinsten Order" in said, said)
    end(daemon)
    rows = place.query("SELECT kind, is_good, detail FROM evidence")
    expect(rows == [("live", 0, "metatrader")], rows)
    place.configure("live", kind="kraken")
    said = place.call("live", "check", code=1)
    expect("Dieser Datenordner gehört" in said, said)


@case("--real")
def real_account_is_refused(place):
    """With real money, what only time can show is a fault: no start without it."""
    place.configure("live")
    checks = json.loads(place.call("live", "check", "--json", code=1))
    faults = {c["name"] for c in checks["checks"] if c["state"] == "error"}
    expect({"Prüfung", "Trockenlauf", "Notaus", "Befehle", "Probeorder"} <= faults, checks)
    place.call("run", code=78)
    expect(place.ask("orders") == "0", "an order")


@case()
def download(place):
    """Pages backwards become a row without holes, and nothing old is fetched again."""
    words = ("data", "download", "--exchange", "mt5", "--pairs", "BTC/USD", "--json")
    first = json.loads(place.call(*words, "--timeframe", "1h", "--days", "60"))
    expect(first["added"] == 60 * 24 and first["requests"] == 2, first)
    again = json.loads(place.call(*words, "--timeframe", "1h", "--days", "60"))
    expect(again["requests"] == 0 and again["added"] == 0, again)
    older = json.loads(place.call(*words, "--timeframe", "1h", "--days", "2", "--prepend"))
    expect(older["added"] == 48, older)
    with sqlite3.connect(f"file:{place.root}/market.db?mode=ro", uri=True) as db:
        source = db.execute("SELECT DISTINCT source FROM origin").fetchall()
        opened = [row[0] for row in db.execute("SELECT open_us FROM candle ORDER BY open_us")]
    expect(source == [("mt5",)] and len(opened) == 62 * 24, (source, len(opened)))
    expect({b - a for a, b in zip(opened, opened[1:])} == {3600 * 10**6}, "holes")
    expect("1h" in place.call(*words, "--timeframe", "4h", code=2), "four hours")
    said = place.call(*words[:-3], "--pairs", "XRP/USD", code=69)
    expect("XRP/USD" in said and "Was hilft" in said, said)
    place.configure("dryrun", url=" ")
    said = place.call(*words, code=78)
    expect("kurswart setup" in said, said)


def stop_all():
    while RUNNING:
        process = RUNNING.pop()
        if process.poll() is None:
            process.kill()
            process.wait()


def main():
    wanted = sys.argv[1:]
    cases = [c for c in CASES if not wanted or c[0].__name__ in wanted]
    top = tempfile.mkdtemp(prefix="kw-bridge-")
    atexit.register(shutil.rmtree, top, True)
    print(f"1..{len(cases)}", flush=True)
    failed = 0
    for number, (function, options) in enumerate(cases, 1):
        folder = os.path.join(top, function.__name__)
        os.mkdir(folder)
        try:
            function(Place(folder, options))
            print(f"ok {number} {function.__name__}", flush=True)
        except (AssertionError, OSError, subprocess.SubprocessError, ValueError) as error:
            failed += 1
            print(f"not ok {number} {function.__name__}", flush=True)
            print("# " + str(error).replace("\n", "\n# "), flush=True)
        finally:
            stop_all()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
