#!/usr/bin/env python3
"""An hour of wall clock: the daemon on ten pairs of the fake Kraken, with chat and faults.

    soak.py [--minutes 60] [--seed 1] [--live] [--out FILE] [--config LINES]

Every ten seconds memory, descriptors and threads of the daemon are noted (each one in
FILE.samples); every few seconds it is asked or told something, by the admin socket and by
Telegram in turn, every minute the exchange misbehaves. Prints one JSON object: first and last
third side by side, so that growth shows, and passes no judgement. With --live the orders go to
the fake: every five seconds its positions are held against the stops that lie there, and at the
end its books against ours: orders without an intent, and intents sent twice. KW_BUILD_ROOT
names the build.
"""
import argparse
import atexit
import json
import os
import random
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
from decimal import Decimal

from fake_telegram import OWNER, TOKEN, FakeTelegram

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
STRATEGY = """return {
  name = "busy", timeframe = "1m", startup_candles = 20, stoploss = -0.006,
  minimal_roi = { [0] = 0.012 },
  indicators = function(c, p) return { fast = ema(c.close, 2), slow = ema(c.close, 7) } end,
  entry = function(c, i) return above(i.fast, i.slow) end,
  exit = function(c, i) return crossed_below(i.fast, i.slow) end,
}
"""
FAKE = os.path.join(HERE, "..", "kraken", "fake-kraken.py")
PAIRS = {"BTC": 58000, "ETH": 3000, "ADA": 0.6, "SOL": 140, "XRP": 0.5, "LTC": 80, "DOGE": 0.1,
         "DOT": 7, "LINK": 15, "ATOM": 8}
# of the fake's account, known to everybody
KEY = "kw-test-key"
SECRET = "a3Vyc3dhcnQgdGVzdCBzZWNyZXQsIGJlbG9uZ3MgdG8gbm9ib2R5IGF0IGFsbCEhISE="
NAMES = {"BTC": "XBTEUR", "DOGE": "XDGEUR"}
QUESTIONS = ("Wie ist der Status?", "/health", "/stats", "Welche Trades sind offen?", "/risk",
             "Gewinn diese Woche", "Was ist offen?", "/help", "Was kannst du?", "asdf qwertz",
             "Wie lief der Bitcoin heute?")
EVERY_S = 5                             # something is asked, and the stops are looked at
FAULTS = (
    ("fault", {"call": "*", "do": "drop_before", "times": 3}),
    ("fault", {"call": "*", "do": "html_before", "code": 502, "times": 3}),
    ("fault", {"call": "*", "do": "hole_before", "times": 2}),
    ("fault", {"call": "*", "do": "slow", "bytes": 64, "ms": 2, "times": 2}),
    ("fault", {"call": "*", "do": "error_before", "text": "EService:Busy", "times": 3}),
    ("fault", {"call": "*", "do": "cut", "times": 2}),
    ("fault", {"call": "*", "do": "half", "times": 2}),
    ("fault", {"call": "*", "do": "strange", "times": 6}),
    ("fault", {"call": "AddOrder", "do": "drop_after", "times": 1}),
    ("fault", {"call": "AddOrder", "do": "wait", "ms": 3000, "times": 1}),
    ("fault", {"call": "CancelOrder", "do": "fill", "times": 1}),
    ("socket", {"do": "close"}),
    ("socket", {"do": "corrupt", "times": 3}),
    ("socket", {"do": "text", "text": "no json"}),
    ("socket", {"do": "drop_report", "times": 2}),
    ("socket", {"do": "double_report", "times": 2}),
    ("socket", {"do": "silence"}),
    ("restart", {"sessions": True}),
    ("restart", {"sessions": False}),
)


class Fake:
    def __init__(self, folder, seed):
        cert, key = (os.path.join(folder, name) for name in ("cert.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout", key,
                        "-out", cert, "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
        self.cert = cert
        self.process = subprocess.Popen(
            [sys.executable, FAKE, "--cert", cert, "--key", key, "--seed", str(seed)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.places = json.loads(self.process.stdout.readline())
        self.context = ssl.create_default_context(cafile=cert)

    def steer(self, name, args):
        request = urllib.request.Request(f"{self.places['rest']}/fake/{name}",
                                         json.dumps(args).encode(), method="POST")
        with urllib.request.urlopen(request, context=self.context, timeout=30) as answer:
            return json.loads(answer.read())

    def read_minima(self):
        with urllib.request.urlopen(f"{self.places['rest']}/0/public/AssetPairs",
                                    context=self.context, timeout=30) as answer:
            rows = json.loads(answer.read())["result"].values()
        return {row["altname"]: Decimal(row["ordermin"]) for row in rows}

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)


def write_secret(folder, name, text):
    with open(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT, 0o600), "w",
              encoding="ascii") as file:
        file.write(text)


def write_config(folder, fake, telegram, is_live, extra):
    strategy = os.path.join(folder, "busy.lua")
    with open(strategy, "w", encoding="utf-8") as file:
        file.write(STRATEGY)
    write_secret(folder, "telegram-token", TOKEN)
    if is_live:
        write_secret(folder, "kraken-key", KEY)
        write_secret(folder, "kraken-secret", SECRET)
    path = os.path.join(folder, "kurswart.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""[bot]
mode = {'live' if is_live else 'dryrun'}
[secrets]
dir = {folder}
[feed]
kind = kraken
[kraken]
rest_url = {fake.places['rest']}
ws_url = {fake.places['ws']}
ws_auth_url = {fake.places['ws_auth']}
ca_file = {fake.cert}
[trading]
pairs = {', '.join(f'{base}/EUR' for base in PAIRS)}
stake_currency = EUR
stake_amount = {50 if is_live else 100}
max_open_trades = 5
timeframe = 1m
strategy = {strategy}
[telegram]
owners = {OWNER}
base_url = {telegram}
{extra}
""")
    limits = os.path.join(folder, "limits.conf")
    with open(limits, "w", encoding="utf-8") as file:
        file.write("[limits]\nmax_open_trades = 5\nmax_orders_per_hour = 0\n"
                   "max_orders_per_minute = 0\nmax_losses_in_row = 0\nmax_daily_loss_ratio = 0\n"
                   f"max_daily_loss_abs = {50 if is_live else 0}\n")
    return path, limits


def look(pid):
    """Resident MB, descriptors, threads, seconds of processor time"""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        rows = dict(line.split(":", 1) for line in file)
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(rows["VmRSS"].split()[0]) / 1024, len(os.listdir(f"/proc/{pid}/fd")),
            int(rows["Threads"]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))


def tell(root, text):
    return subprocess.run(["timeout", "60", PROGRAM, "tell", "--root", root, text],
                          capture_output=True, text=True, check=False)


def release(root):
    """The first start with real orders is paused: the owner starts it, with the code"""
    code = re.search(r"\b\d{4,8}\b", tell(root, "Start").stdout)
    return code is not None and tell(root, code.group()).returncode == 0


def compare_books(fake, root):
    """Both sides after the end; nothing here may be other than 0, but for the counts"""
    truth = fake.steer("truth", {})
    with sqlite3.connect(os.path.join(root, "ledger.db")) as ledger:
        intents = {row[0] for row in ledger.execute("SELECT client_id FROM orders")}
        held = dict(ledger.execute("SELECT pair, count(*) FROM trade WHERE state IN"
                                   " ('opening', 'open') GROUP BY pair"))
    sent = [order["cl_ord_id"] for order in truth["orders"] if order["cl_ord_id"]]
    stops = sum(order["status"] == "open" and "stop" in order["descr"]["ordertype"]
                for order in truth["orders"])
    return {"intents": len(intents), "orders_at_venue": len(truth["orders"]),
            "without_intent": len(set(sent) - intents), "sent_twice": len(sent) - len(set(sent)),
            "open_trades": sum(held.values()), "stops_at_venue": stops,
            "venue_is_balanced": truth["is_balanced"]}


def summarise(samples):
    third = max(1, len(samples) // 3)
    columns = list(zip(*samples))

    def part(index):
        values = columns[index]
        return {"first_third_max": round(max(values[:third]), 1),
                "last_third_max": round(max(values[-third:]), 1), "max": round(max(values), 1)}

    return {"rss_mb": part(0), "descriptors": part(1), "threads": part(2),
            "cpu_percent": round(100 * (columns[3][-1] - columns[3][0]) / (10 * len(samples)), 1)}


class StopWatch:
    """How long coins lay at the exchange without any order that would sell them. What is less
    than the least order is nobody's fault."""

    def __init__(self, minima):
        self.minima = minima                # pair -> the least that can be sold
        self.bare_since = {}
        self.longest_s = 0.0
        self.longest_at = ""
        self.n_looks = self.n_covered = 0

    def look(self, truth):
        held, covered = {}, {}
        for order in truth["orders"]:
            pair, is_buy = order["descr"]["pair"], order["descr"]["type"] == "buy"
            done = Decimal(order["vol_exec"])
            held[pair] = held.get(pair, 0) + (done if is_buy else -done)
            if order["status"] == "open" and not is_buy:
                covered[pair] = covered.get(pair, 0) + Decimal(order["vol"]) - done
        self.n_looks += 1
        for pair, amount in held.items():
            if amount - covered.get(pair, 0) < self.minima[pair]:
                self.bare_since.pop(pair, None)
                self.n_covered += amount > 0
                continue
            bare_s = (truth["us"] - self.bare_since.setdefault(pair, truth["us"])) / 1e6
            if bare_s > self.longest_s:
                self.longest_s, self.longest_at = bare_s, f"{pair} {time.strftime('%H:%M:%S')}"


class Soak:
    def __init__(self, options, folder):
        self.options = options
        self.root = os.path.join(folder, "root")
        self.rand = random.Random(options.seed)
        self.fake = Fake(folder, options.seed)
        self.telegram = FakeTelegram()
        self.watch = StopWatch(self.fake.read_minima())
        self.samples, self.n_faults, self.n_asked, self.n_answers = [], 0, 0, 0
        self.fake.steer("set", {"level_worth": 2000})
        for base, price in PAIRS.items():
            self.fake.steer("walk", {"pair": NAMES.get(base, base + "EUR"), "price": price,
                                     "per_minute": 30, "step": 0.0008, "history_s": 7200})
        self.config, self.limits = write_config(folder, self.fake, self.telegram.url,
                                                options.live, options.config.replace(";", "\n"))
        with open(os.path.join(folder, "log"), "wb") as log:
            self.daemon = subprocess.Popen(
                [PROGRAM, "run", "--config", self.config, "--limits", self.limits, "--root",
                 self.root], stderr=log, stdout=log, env={**os.environ, "HOME": folder})
        atexit.register(self.daemon.kill)

    def talk(self, n_round):
        self.n_asked += 1
        if n_round % 60 == 30:              # stopped and started again, with the code
            self.telegram.ask("Stopp")
            self.n_answers += self.telegram.ask_for_code("Start") is not None
        elif n_round % 2 == 0:
            self.n_answers += self.telegram.ask(self.rand.choice(QUESTIONS)) is not None
        else:
            self.n_answers += tell(self.root, self.rand.choice(QUESTIONS)).returncode == 0

    def disturb(self):
        try:
            self.fake.steer(*self.rand.choice(FAULTS))
            self.n_faults += 1
        except OSError as error:            # the machine is busy, and the fake with it
            print(f"soak: the fake does not answer: {error}", file=sys.stderr)

    def watch_stops(self):
        try:
            self.watch.look(self.fake.steer("truth", {}))
        except OSError as error:
            print(f"soak: the fake does not answer: {error}", file=sys.stderr)

    def note(self, minutes):
        self.samples.append(look(self.daemon.pid))
        if not self.options.out:
            return
        with open(self.options.out + ".samples", "a", encoding="utf-8") as file:
            file.write(json.dumps([round(minutes, 2), *self.samples[-1], self.n_faults,
                                   self.watch.longest_s]) + "\n")

    def play(self):
        begin, n_round = time.monotonic(), 0
        time.sleep(20)
        if self.options.live and not release(self.root):
            raise SystemExit("soak: the bot could not be started by chat")
        while self.daemon.poll() is None:
            minutes = (time.monotonic() - begin) / 60
            if minutes >= self.options.minutes:
                break
            if n_round % 2 == 0:
                self.note(minutes)
            if n_round % 12 == 11:
                self.disturb()
            self.talk(n_round)
            if self.options.live:
                self.watch_stops()
            n_round += 1
            time.sleep(max(0, begin + 20 + n_round * EVERY_S - time.monotonic()))
        return (time.monotonic() - begin) / 60

    def run(self):
        minutes = self.play()
        is_alive = self.daemon.poll() is None
        self.daemon.send_signal(signal.SIGTERM)
        status = self.daemon.wait(60)
        books = {}
        if self.options.live:
            books = {**compare_books(self.fake, self.root), "stop_looks": self.watch.n_looks,
                     "positions_seen_covered": self.watch.n_covered,
                     "longest_without_stop_s": round(self.watch.longest_s, 1),
                     "longest_at": self.watch.longest_at}
        self.fake.stop()
        if self.options.out:
            shutil.copy(os.path.join(os.path.dirname(self.root), "log"), self.options.out + ".log")
        check = subprocess.run([PROGRAM, "doctor", "--root", self.root, "--config", self.config,
                                "--limits", self.limits], capture_output=True, text=True,
                               timeout=120, check=False)
        return {"minutes": round(minutes, 1), "mode": "live" if self.options.live else "paper",
                "pairs": len(PAIRS), "faults": self.n_faults, "asked": self.n_asked,
                "answers": self.n_answers, "telegram_sent": self.telegram.n_sent,
                "alive_to_the_end": is_alive, "exit": status, "doctor": check.returncode,
                **books, **summarise(self.samples)}


def main():
    parser = argparse.ArgumentParser(description="the daemon before the fake Kraken for an hour")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--live", action="store_true", help="orders go to the fake")
    parser.add_argument("--out")
    parser.add_argument("--config", default="", help="further lines, separated by ;")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kurswart-soak-")
    try:
        text = json.dumps(Soak(options, folder).run())
        print(text)
        if options.out:
            with open(options.out, "w", encoding="utf-8") as file:
                file.write(text + "\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
