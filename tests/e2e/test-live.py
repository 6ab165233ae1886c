#!/usr/bin/env python3
"""kurswart live and mode = live, as processes, against the fake exchange over TLS.

The exchange follows the machine's clock here, as the program does; nothing waits for a candle.
"""
import atexit
import collections
import json
import os
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
FAKE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kraken", "fake-kraken.py")
SECRET = "a3Vyc3dhcnQgdGVzdCBzZWNyZXQsIGJlbG9uZ3MgdG8gbm9ib2R5IGF0IGFsbCEhISE="
RIGHTS = ["query-funds", "query-open-trades", "query-closed-trades", "modify-trades",
          "close-trades", "create-ws-token"]
PATIENCE_S = 60
CASES = []
RUNNING = []


def case(function):
    CASES.append(function)
    return function


def expect(is_true, text):
    if not is_true:
        raise AssertionError(text)


def wait_for(what, text, seconds=PATIENCE_S):
    """The first true value of what()"""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"in vain: {text}")


class Place:
    """A home, a fake exchange and programs that know both"""

    def __init__(self, folder, certificate):
        self.folder = folder
        self.root = os.path.join(folder, "root")
        self.context = ssl.create_default_context(cafile=certificate[0])
        self.fake = subprocess.Popen(
            [sys.executable, FAKE, "--cert", certificate[0], "--key", certificate[1]],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        RUNNING.append(self.fake)
        self.place = json.loads(self.fake.stdout.readline())
        self.certificate, self.key = certificate
        self.env = {"HOME": folder, "PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C.UTF-8",
                    "XDG_CONFIG_HOME": os.path.join(folder, "config"),
                    "XDG_DATA_HOME": os.path.join(folder, "share")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.tell("walk", pair="XBTEUR", price=58000, per_minute=60, step=0.0001, history_s=7200)
        self.write("kraken-key", "kw-test-key")
        self.write("kraken-secret", SECRET)
        self.configure("dryrun")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="utf-8") as file:
            file.write(text)
        return path

    def configure(self, mode, **kraken):
        place = {"rest_url": self.place["rest"], "ws_url": self.place["ws"],
                 "ws_auth_url": self.place["ws_auth"], "ca_file": self.certificate, **kraken}
        lines = "".join(f"{key} = {value}\n" for key, value in place.items())
        self.config = self.write("kurswart.conf", f"""[bot]
mode = {mode}
[feed]
kind = kraken
[kraken]
{lines}[secrets]
dir = {self.folder}
[trading]
pairs = BTC/EUR
stake_currency = EUR
timeframe = 1h
stake_amount = 50
starting_capital = 500
""")

    def tell(self, name, **args):
        request = urllib.request.Request(f"{self.place['rest']}/fake/{name}",
                                         data=json.dumps(args).encode())
        with urllib.request.urlopen(request, context=self.context, timeout=20) as answer:
            return json.loads(answer.read())

    def trust(self, certificate):
        """Steers by this one from now on"""
        self.context = ssl.create_default_context(cafile=certificate)

    def distrust(self):
        """Steers whoever answers: for an exchange whose certificate is no good"""
        self.context = ssl._create_unverified_context()

    def truth(self):
        return self.tell("truth")

    def ways(self):
        """How many orders and cancels have taken which way"""
        paths = [str(r[0]).split("/") for r in self.tell("log")["requests"]]
        return dict(collections.Counter(p[-2] for p in paths
                                        if p[-1] in ("AddOrder", "CancelOrder")))

    def call(self, *words, text="", code=0):
        result = subprocess.run([PROGRAM, *words, "--config", self.config, "--root", self.root],
                                env=self.env, cwd=self.folder, timeout=120, input=text,
                                capture_output=True, text=True, encoding="utf-8", check=False)
        said = result.stdout + result.stderr
        expect(result.returncode == code,
               f"kurswart {' '.join(words)}: {result.returncode}\n{said[-1500:]}")
        return said

    def start(self):
        n_before = self.log().count('"ready"')
        daemon = subprocess.Popen([PROGRAM, "run", "--config", self.config, "--root", self.root],
                                  env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL,
                                  stderr=open(os.path.join(self.folder, "log"), "ab"))
        RUNNING.append(daemon)
        wait_for(lambda: self.log().count('"ready"') > n_before or daemon.poll() is not None,
                 "not ready")
        expect(daemon.poll() is None, f"the daemon ended: {self.log()[-800:]}")
        return daemon

    def log(self):
        path = os.path.join(self.folder, "log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    def query(self, sql):
        with sqlite3.connect(f"file:{self.root}/ledger.db?mode=ro", uri=True) as db:
            return db.execute(sql).fetchall()


def end(daemon):
    daemon.send_signal(signal.SIGTERM)
    expect(daemon.wait(PATIENCE_S) == 0, f"ended with {daemon.returncode}")


@case
def first_order(place):
    """There and back, seen at the exchange, kept; without the word nothing leaves."""
    said = place.call("live", "first-order", text="ja\n", code=1)
    expect("PROBEORDER" in said and "nichts wurde gesendet" in said, said)
    expect(place.truth()["orders"] == [], "an order without the word")
    said = place.call("live", "first-order", text="PROBEORDER\n")
    expect(said.count("✓") == 4, said)
    expect("eingestellten Weg: WebSocket" in said and "über WebSocket" in said, said)
    expect(place.ways() == {"socket": 4}, f"not the configured way: {place.ways()}")
    orders = place.truth()["orders"]
    kinds = [(o["descr"]["type"], o["descr"]["ordertype"], o["status"]) for o in orders]
    expect(sorted(kinds) == [("buy", "market", "closed"), ("sell", "market", "closed"),
                             ("sell", "stop-loss", "canceled")], kinds)
    rows = place.query("SELECT kind, subject, is_good FROM evidence ORDER BY id")
    expect([r[0] for r in rows] == ["order_begun"] * 3 + ["order_done"], rows)
    expect({r[1] for r in rows[:3]} == {o["cl_ord_id"] for o in orders}, "intents and orders")
    expect(rows[3][2] == 1, rows)
    expect("ok       Probeorder" in place.call("live", "check"), "the check does not know it")
    place.configure("live", order_channel="rest")
    said = place.call("live", "check")
    expect("Orders sollen über REST gehen" in said and "live first-order" in said, said)


@case
def first_order_over_rest(place):
    """The other way, when that is configured."""
    place.configure("live", order_channel="rest")
    said = place.call("live", "first-order", text="PROBEORDER\n")
    expect(said.count("✓") == 4 and "über REST" in said, said)
    expect(place.ways() == {"private": 4}, f"not the configured way: {place.ways()}")


@case
def first_order_evades(place):
    """An answer that was lost sends the next ones over REST: no proof, but all is sold again."""
    place.tell("fault", call="AddOrder", do="drop_after")
    said = place.call("live", "first-order", text="PROBEORDER\n", code=69)
    expect(said.count("✓") == 4 and "REST" in said, said)
    expect(place.ways() == {"socket": 1, "private": 3}, place.ways())
    rows = place.query("SELECT is_good FROM evidence WHERE kind = 'order_done'")
    expect(rows == [(0,)], rows)
    truth = place.truth()
    expect([o["cl_ord_id"] for o in truth["orders"] if o["status"] == "open"] == [], truth["orders"])


@case
def first_order_without_stream(place):
    """Nothing is bought before the way is open."""
    place.tell("socket", do="refuse")
    said = place.call("live", "first-order", text="PROBEORDER\n", code=69)
    expect("✓" not in said, said)
    expect(place.truth()["orders"] == [], "bought without the configured way")


@case
def first_order_cut_off(place):
    """What did not come to its end is not begun again before somebody has looked."""
    place.tell("fault", call="AddOrder", do="hole_before", times=9)
    trial = subprocess.Popen([PROGRAM, "live", "first-order", "--config", place.config, "--root",
                              place.root], env=place.env, stdin=subprocess.PIPE, text=True,
                             stdout=subprocess.DEVNULL)
    RUNNING.append(trial)
    trial.stdin.write("PROBEORDER\n")
    trial.stdin.flush()
    wait_for(lambda: [r for r in place.tell("log")["requests"] if "AddOrder" in str(r[0])],
             "nothing was sent")
    trial.kill()
    trial.wait()
    place.tell("clear")
    said = place.call("live", "first-order", text="PROBEORDER\n", code=75)
    expect("kam nicht ans Ende" in said and "--again" in said, said)
    place.call("live", "first-order", "--again", text="PROBEORDER\n")


@case
def kill_switch_stops_it(place):
    """With the kill switch on, risk gives no ticket for the trial either."""
    daemon = place.start()
    place.call("tell", "/kill")
    end(daemon)
    said = place.call("live", "first-order", text="PROBEORDER\n", code=69)
    expect("kill_switch" in said, said)
    expect(place.truth()["orders"] == [], "an order in spite of the kill switch")


@case
def drill(place):
    """The switch of the running bot, tried and kept; without a bot there is no drill."""
    place.call("live", "drill", code=69)
    daemon = place.start()
    said = place.call("live", "drill")
    expect("Als Nachweis" in said, said)
    expect(place.query("SELECT kind, is_good FROM evidence") == [("drill", 1)], "not kept")
    expect("schon an" in place.call("live", "drill", code=1), "a second one")
    end(daemon)
    expect("ok       Notaus" in place.call("live", "check"), "the check does not know it")


@case
def f23_withdrawal_right(place):
    """A key that may take money out is refused, whatever else is ready; nothing is opened."""
    place.tell("key", key="kw-test-key", permissions=RIGHTS + ["withdraw-funds"])
    place.configure("live")
    said = place.call("run", code=78)
    expect("darf Geld auszahlen" in said and "nichts wurde gestartet" in said, said)
    expect(not os.path.exists(f"{place.root}/ledger.db"), "a ledger was made")
    expect("Fehler" in place.call("live", "check", code=1), "the check is content")


@case
def f22_missing_right(place):
    """A key that cannot do all that trading needs"""
    place.tell("key", key="kw-test-key", permissions=RIGHTS[:3])
    place.configure("live")
    said = place.call("run", code=78)
    expect("fehlen Rechte" in said and "modify-trades" in said, said)


@case
def f21_second_client(place):
    """Another program has used the key with larger numbers: the owner is told, nothing leaves."""
    place.configure("live")
    daemon = place.start()
    wait_for(lambda: "reconciled" in place.log(), "not reconciled")
    expect("Börse: in Ordnung" in place.call("tell", "/health"), "disturbed from the start")
    place.tell("key", key="kw-test-key", last_nonce=9 * 10**18)
    place.tell("socket", do="close")        # so that it needs a new token
    wait_for(lambda: "the exchange refuses the key" in place.log(), "nobody noticed")
    said = place.call("tell", "/health")
    expect("Börse: GESTÖRT" in said, said)
    told = place.query("SELECT text FROM outbox")
    expect(any("Schlüssel doppelt benutzt?" in text for text, in told), told)
    end(daemon)


@case
def f20_expired_certificate(place):
    """The exchange's certificate expires while the bot runs: told, nothing sent, and it goes on by
    itself when there is a valid one again."""
    place.configure("live")
    daemon = place.start()
    wait_for(lambda: "reconciled" in place.log(), "not reconciled")
    expired = os.path.join(place.folder, "expired.pem")
    key, request = os.path.join(place.folder, "key.pem"), os.path.join(place.folder, "request.pem")
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", request,
                    "-subj", "/CN=127.0.0.1"], check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-signkey", key, "-days", "-1",
                    "-out", expired], check=True, capture_output=True)
    place.tell("certificate", cert=expired, key=key)
    place.distrust()
    wait_for(lambda: "certificate of the exchange is not trusted" in place.log(), "not noticed",
             90)  # books and exchange are compared every minute
    told = place.query("SELECT text FROM outbox")
    expect(any("Zertifikat der Börse ist ungültig" in text for text, in told), told)
    n_before = len(place.tell("log")["requests"])
    time.sleep(2)
    sent = place.tell("log")["requests"][n_before:]
    expect(not [r for r in sent if "private" in str(r[0])], f"sent all the same: {sent}")
    expect("[LIVE]" in place.call("tell", "status"), "no answer meanwhile")
    place.tell("certificate", cert=place.certificate, key=place.key)
    place.trust(place.certificate)
    wait_for(lambda: "is trusted again" in place.log(), "it does not go on", 90)
    expect(place.truth()["orders"] == [], "an order")
    end(daemon)


@case
def no_key(place):
    os.unlink(os.path.join(place.folder, "kraken-secret"))
    place.configure("live")
    said = place.call("live", "check", code=1)
    expect("kraken-secret" in said, said)


@case
def foreign_address(place):
    """The key goes to Kraken or to a test on this machine, and nowhere else."""
    place.configure("live", ws_auth_url="wss://example.org/v2")
    said = place.call("live", "check", code=1)
    expect("Nicht alle Adressen" in said and "geht kein Schlüssel" in said, said)
    requests = place.tell("log")["requests"]
    expect(not [r for r in requests if "private" in str(r[0])], "the key was used")


@case
def real_address_is_refused(place):
    """At Kraken itself, what only time can show is a fault: no start without it."""
    place.configure("live", rest_url="", ws_url="", ws_auth_url="", ca_file="")
    checks = json.loads(place.call("live", "check", "--json", code=1))
    faults = {c["name"] for c in checks["checks"] if c["state"] == "error"}
    expect({"Prüfung", "Trockenlauf", "Notaus", "Befehle", "Probeorder"} <= faults, checks)
    expect(all(c["mend"] for c in checks["checks"] if c["state"] == "error"), "no mend")


@case
def live_start(place):
    """READY with real orders possible, paused until the owner says so; then on paper again."""
    place.configure("live")
    daemon = place.start()
    said = place.call("tell", "status")
    expect("[LIVE]" in said and "Pausiert" in said, said)
    expect("von 50,00" in said, f"the first two weeks: {said}")
    said = place.call("tell", "start")
    expect("an einer Testbörse, kein echtes Geld" in said, said)
    second = place.call("run", code=75)
    expect("läuft" in second, second)
    said = place.call("live", "check", code=1)
    expect("benutzt ihn gerade" in said, f"the key is asked twice: {said}")
    expect("0600" not in said, f"nothing is wrong with its place: {said}")
    end(daemon)
    rows = place.query("SELECT kind, is_good FROM evidence")
    expect(rows == [("live", 0)], rows)
    below = "orders a minute are kept below the last gate"
    expect(place.log().count(below) == 1, "five orders a minute, and a gate that halts at four")
    place.configure("live", max_buys_per_minute=5)
    daemon = place.start()
    end(daemon)
    expect(place.log().count(below) == 1, "the owner's limit is low enough")
    expect(len(place.query("SELECT kind FROM evidence")) == 1, "each start is told")
    place.configure("dryrun")
    daemon = place.start()
    expect("[TROCKENLAUF]" in place.call("tell", "status"), "no way back to paper")
    end(daemon)
    # a root that has seen a test exchange never trades at the real one
    place.configure("live", rest_url="", ws_url="", ws_auth_url="", ca_file="")
    said = place.call("live", "check", code=1)
    expect("Dieser Datenordner gehört" in said, said)


def make_certificate(folder):
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout", key, "-out",
                    certificate, "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return certificate, key


def stop_all():
    while RUNNING:
        process = RUNNING.pop()
        if process.poll() is None:
            process.kill()
            process.wait()


def main():
    wanted = sys.argv[1:]
    cases = [c for c in CASES if not wanted or c.__name__ in wanted]
    top = tempfile.mkdtemp(prefix="kw-live-")
    atexit.register(shutil.rmtree, top, True)
    atexit.register(stop_all)
    certificate = make_certificate(top)
    failed = False
    print(f"1..{len(cases)}")
    for number, function in enumerate(cases, 1):
        folder = os.path.join(top, function.__name__)
        os.mkdir(folder, 0o700)
        try:
            function(Place(folder, certificate))
            print(f"ok {number} {function.__name__}", flush=True)
        except (AssertionError, subprocess.TimeoutExpired, OSError, sqlite3.Error) as error:
            failed = True
            print(f"not ok {number} {function.__name__}", flush=True)
            print("\n".join(f"# {line}" for line in re.split("\n", str(error))), flush=True)
        stop_all()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
