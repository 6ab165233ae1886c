#!/usr/bin/env python3
"""The whole command: a backtest of two pairs of hourly candles of seven years, ema_cross.lua,
from the stored candles to the report. The candles are seeded, as many as BTC and ETH have from
August 2017 to the end of 2024; --data FILE... imports others. One JSON line: the middle of seven
runs on the wall, what of it was processor time (a busy machine shows in the difference), and the
start of the program alone (--version).
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 7
PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
STRATEGY = os.path.join(os.environ["KW_SOURCE_ROOT"], "data", "strategies", "ema_cross.lua")


def run(*words):
    start = time.monotonic()
    subprocess.run([PROGRAM, *words], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return 1000 * (time.monotonic() - start)


def cpu_ms():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (used.ru_utime + used.ru_stime)


def make_candles(folder):
    for seed, name in ((1, "BTC"), (2, "ETH")):
        path = os.path.join(folder, f"synth-{name}_USDT-1h.csv")
        run("data", "synth", "--seed", str(seed), "--pair", f"{name}/USDT", "--timeframe", "1h",
            "--from", "2017-08-17", "--days", "2694", "--out", path)
        yield path


def main():
    with tempfile.TemporaryDirectory() as folder:
        files = sys.argv[2:] if sys.argv[1:2] == ["--data"] else list(make_candles(folder))
        root = os.path.join(folder, "root")
        run("data", "import", *files, "--root", root)
        command = ("backtest", "--root", root, "--strategy", STRATEGY, "--pairs",
                   "BTC/USDT,ETH/USDT")
        whole, cpu, start = [], [], []
        for _ in range(ROUNDS):
            before = cpu_ms()
            whole.append(run(*command))
            cpu.append(cpu_ms() - before)
            start.append(run("--version"))
    print(json.dumps({"bench": "command", "name": "backtest", "pairs": 2,
                      "wall_ms": round(statistics.median(whole)),
                      "cpu_ms": round(statistics.median(cpu)),
                      "start_ms": round(statistics.median(start)), "limit_ms": 250,
                      "load": round(os.getloadavg()[0], 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
