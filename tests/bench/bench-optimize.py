#!/usr/bin/env python3
"""Trials of a parameter search per second: one pair-year of 5m candles, ema_cross.

The candles are seeded, the searches interleaved. What a search costs before its first trial is
taken out by the difference of a long and a short one. One JSON line: trials per second of one
worker, how much faster two are, and whether both found the same. Two workers need two free
processors: "ratio_by_cpu" says what these would give, from the processor time of a trial,
"load" whether they were free, and "two_programs" how much more two programs of one worker do at
the same time, which know nothing of each other: what the machine itself gives.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SHORT, LONG, ROUNDS = 40, 400, 3
PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
STRATEGY = os.path.join(os.environ["KW_SOURCE_ROOT"], "data", "strategies", "ema_cross.lua")


def make_candles(folder):
    path = os.path.join(folder, "synth-BTC_USDT-5m.csv")
    subprocess.run([PROGRAM, "data", "synth", "--pair", "BTC/USDT", "--days", "365",
                    "--timeframe", "5m", "--seed", "3", "--out", path],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def begin(folder, n_trials, n_workers):
    return subprocess.Popen(
        [PROGRAM, "optimize", "--strategy", STRATEGY, "--timeframe", "5m", "--data", folder,
         "--trials", str(n_trials), "--workers", str(n_workers), "--seed", "1", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def finish(child):
    text = child.communicate()[0]
    if child.returncode != 0:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    return json.loads(text)


def search(folder, n_trials, n_workers):
    start, start_cpu = time.monotonic(), cpu_s()
    answer = finish(begin(folder, n_trials, n_workers))
    return time.monotonic() - start, cpu_s() - start_cpu, answer


def search_twice(folder, n_trials):
    """Two programs at the same time; seconds on the wall."""
    start = time.monotonic()
    for child in [begin(folder, n_trials, 1), begin(folder, n_trials, 1)]:
        finish(child)
    return time.monotonic() - start


def strip(answer):
    """What must not depend on the workers."""
    return {key: value for key, value in answer.items()
            if key not in ("workers", "seconds", "elapsed_s")}


def main():
    with tempfile.TemporaryDirectory() as folder:
        make_candles(folder)
        rates, costs, same = {1: [], 2: []}, {1: [], 2: []}, True
        pairs = []
        for _ in range(ROUNDS):
            answers = []
            for n_workers in rates:
                short, short_cpu, _answer = search(folder, SHORT, n_workers)
                long, long_cpu, answer = search(folder, LONG, n_workers)
                costs[n_workers].append((long_cpu - short_cpu) / (LONG - SHORT))
                rates[n_workers].append((LONG - SHORT) / (long - short))
                answers.append(strip(answer))
            same = same and answers[0] == answers[1]
            pairs.append(2 * (LONG - SHORT) /
                         (search_twice(folder, LONG) - search_twice(folder, SHORT)))
        one, two = (statistics.median(rates[n]) for n in rates)
        cost_one, cost_two = (statistics.median(costs[n]) for n in costs)
    print(json.dumps({"bench": "optimize", "trials_per_s": round(one, 1), "limit": 50,
                      "ratio": round(two / one, 2), "ratio_limit": 1.8,
                      "ratio_by_cpu": round(2 * cost_one / cost_two, 2),
                      "two_programs": round(statistics.median(pairs) / one, 2), "same": same,
                      "load": round(os.getloadavg()[0], 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
