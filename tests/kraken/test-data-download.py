#!/usr/bin/env python3
"""`kurswart data download` against the fake exchange: whole, incremental, resumable."""
import json
import os
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
CERT_ARGS = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1"]


class Exchange:
    def __init__(self, folder):
        self.cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
        subprocess.run(CERT_ARGS + ["-keyout", key, "-out", self.cert], check=True,
                       stderr=subprocess.DEVNULL)
        self.child = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "fake-kraken.py"), "--cert", self.cert, "--key", key],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.child.stdout.readline())["rest"]
        self.context = ssl.create_default_context(cafile=self.cert)

    def call(self, path, args=None):
        data = json.dumps(args).encode() if args is not None else None
        request = urllib.request.Request(self.url + path, data=data)
        with urllib.request.urlopen(request, context=self.context) as answer:
            return json.loads(answer.read())

    def steer(self, name, **args):
        answer = self.call("/fake/" + name, args)
        assert answer["ok"], answer
        return answer

    def trades(self, pair):
        rows, since = [], "0"
        while True:
            result = self.call(f"/0/public/Trades?pair={pair}&since={since}")["result"]
            since = result.pop("last")
            page = next(iter(result.values()))
            rows += page
            if len(page) < 1000:
                return rows


class Case:
    def __init__(self, exchange, name):
        self.exchange = exchange
        self.root = tempfile.mkdtemp(prefix=f"kw-{name}-")

    def command(self, *args):
        return [PROGRAM, "data", "download", "--root", self.root, "--url", self.exchange.url,
                "--ca-file", self.exchange.cert, "--json", *args]

    def run(self, *args):
        done = subprocess.run(self.command(*args), capture_output=True, text=True, timeout=100)
        return done.returncode, done.stdout, done.stderr

    def report(self, *args):
        code, out, err = self.run(*args)
        assert code == 0, (code, out, err)
        return json.loads(out)

    def rows(self):
        path = os.path.join(self.root, "market.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            return db.execute("SELECT open_us, open, high, low, close, volume FROM candle"
                              " ORDER BY open_us").fetchall()


def candles_of(trades, span_s):
    made = {}
    for price, amount, when, *_ in trades:
        start, price = int(when // span_s * span_s) * 1_000_000, float(price)
        bar = made.setdefault(start, [price, price, price, price, 0.0])
        bar[1], bar[2], bar[3] = max(bar[1], price), min(bar[2], price), price
        bar[4] += float(amount)
    return made


def compare(rows, made, least):
    traded = [row for row in rows if row[5] > 0]
    assert len(traded) >= least, f"{len(traded)} candles"
    for time_us, *values in traded[1:]:     # the first one may be cut by the span's beginning
        for ours, theirs in zip(values, made[time_us]):
            assert abs(ours - theirs) < 1e-6 * max(1, theirs), (time_us, values, made[time_us])
    times = [row[0] for row in rows]
    assert times == sorted(set(times))


def test_kraken(exchange):
    """Old candles from trades, new ones from OHLC; a second run asks for what is new alone."""
    case = Case(exchange, "kraken")
    args = ("--exchange", "kraken", "--pairs", "BTC/EUR", "--timeframe", "1m", "--days", "2")
    first = case.report(*args)
    assert first["requests"] >= 3, first
    compare(case.rows(), candles_of(exchange.trades("XBTEUR"), 60), 1500)
    exchange.steer("log", clear=True)
    again = case.report(*args)
    assert again["requests"] <= 1 and again["same"] <= 2, again
    asked = [r[0] for r in exchange.steer("log")["requests"]]
    assert not any("Trades" in path for path in asked), asked
    shutil.rmtree(case.root)


def test_killed(exchange):
    """A download that is killed goes on where it was."""
    case = Case(exchange, "killed")
    args = ("--exchange", "kraken", "--pairs", "BTC/EUR", "--timeframe", "1m", "--days", "2")
    child = subprocess.Popen(case.command(*args), stdout=subprocess.DEVNULL)
    time.sleep(3.2)
    child.send_signal(signal.SIGKILL)
    child.wait()
    before = len(case.rows())
    report = case.report(*args)
    assert 0 < before < len(case.rows()) and report["same"] <= 2, (before, report)
    compare(case.rows(), candles_of(exchange.trades("XBTEUR"), 60), 1500)
    shutil.rmtree(case.root)


def test_prepend(exchange):
    """What lies before the oldest candle comes with --prepend."""
    case = Case(exchange, "prepend")
    args = ("--exchange", "kraken", "--pairs", "BTC/EUR", "--timeframe", "5m", "--days", "1")
    case.report(*args)
    first = case.rows()[0][0]
    report = case.report(*args, "--prepend")
    assert report["added"] > 100 and case.rows()[0][0] < first - 20 * 3600 * 1_000_000, report
    compare(case.rows(), candles_of(exchange.trades("XBTEUR"), 300), 300)
    shutil.rmtree(case.root)


def test_binance(exchange):
    """Pages of finished candles; a second run has nothing to fetch but what is new."""
    case = Case(exchange, "binance")
    args = ("--exchange", "binance", "--pairs", "BTC/EUR", "--timeframe", "1m", "--days", "1")
    assert case.report(*args)["added"] > 1000
    assert case.report(*args)["same"] <= 1
    compare(case.rows(), candles_of(exchange.trades("XBTEUR"), 60), 1000)
    shutil.rmtree(case.root)


def test_refusals(exchange):
    """What cannot be is said in German, with the fitting status."""
    case = Case(exchange, "refusals")
    for args, status, word in (
            ((), 2, "--exchange"),
            (("--exchange", "kraken"), 2, "--pairs"),
            (("--exchange", "kraken", "--pairs", "BTC/EUR", "--days", "0"), 2, "--days"),
            (("--exchange", "kraken", "--pairs", "BTC/EUR", "--timeframe", "7m"), 2, "--timeframe"),
            (("--exchange", "kraken", "--pairs", "NIX/EUR"), 69, "NIX/EUR"),
            (("--exchange", "binance", "--pairs", "NIX/EUR"), 69, "Invalid symbol")):
        code, _, err = case.run(*args)
        assert code == status and word in err, (args, code, err)
    shutil.rmtree(case.root)


def main():
    tests = [(name[5:], test) for name, test in globals().items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = False
    folder = tempfile.mkdtemp(prefix="kw-download-")
    exchange = Exchange(folder)
    exchange.steer("walk", pair="XBTEUR", price=58000, per_minute=2, step=0.0005,
                   history_s=3 * 86400)
    for number, (name, test) in enumerate(tests, 1):
        try:
            test(exchange)
            print(f"ok {number} {name}", flush=True)
        except Exception as error:  # a failed assertion or a crash are the same to TAP
            failed = True
            print(f"not ok {number} {name}\n# {type(error).__name__}: {error}", flush=True)
    exchange.child.stdin.close()
    exchange.child.wait()
    shutil.rmtree(folder)
    sys.exit(failed)


main()
