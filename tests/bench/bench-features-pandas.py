#!/usr/bin/env python3
"""The standard features in pandas beside Kurswart's.

Runs the program bench-features, then the same 88 columns over as many rows of one pair in
pandas, and prints the ratios as a JSON line: of CPU time for one pair, and of the time on the
wall for all pairs (pandas uses one thread): as it was, and from the CPU times, as it would be on
two free processors. Without python3-pandas it says so and measures
nothing.
"""
import json
import os
import subprocess
import sys
import time

try:
    import numpy as np
    import pandas as pd
except ImportError:
    print(json.dumps({"bench": "features", "name": "pandas", "skipped": "no python3-pandas"}))
    sys.exit(0)

BENCH = os.path.join(os.environ["KW_BUILD_ROOT"], "tests", "bench", "bench-features")
PERIODS = (7, 14, 28, 56)
SHIFTS = (0, 1, 2)


def make_candles(n):
    rng = np.random.default_rng(1)
    close = 30000 * np.exp(np.cumsum(rng.normal(0, 5e-4, n)))
    opening = np.concatenate(([30000.0], close[:-1]))
    return pd.DataFrame({
        "high": np.maximum(opening, close) * (1 + rng.random(n) * 2e-4),
        "low": np.minimum(opening, close) * (1 - rng.random(n) * 2e-4),
        "close": close,
        "volume": 1 + rng.random(n),
    }, index=pd.date_range("2020-01-01", periods=n, freq="min"))


def base_columns(candles):
    close, high, low = candles["close"], candles["high"], candles["low"]
    move = close.diff()
    true_range = np.maximum(high, close.shift()) - np.minimum(low, close.shift())
    for n in PERIODS:
        gain = move.clip(lower=0).ewm(alpha=1 / n, adjust=False).mean()
        size = move.abs().ewm(alpha=1 / n, adjust=False).mean()
        mean = close.ewm(span=n, adjust=False).mean()
        window = close.rolling(n)
        yield f"rsi_{n}", 100 * gain / size
        yield f"ema_ratio_{n}", close / mean - 1
        yield f"natr_{n}", 100 * true_range.ewm(alpha=1 / n, adjust=False).mean() / close
        yield f"pct_change_{n}", close.pct_change(n)
        yield f"zscore_{n}", (close - window.mean()) / window.std(ddof=0)
        yield f"volume_ratio_{n}", candles["volume"] / candles["volume"].rolling(n).mean()
        yield f"hl_mean_{n}", (high / low).rolling(n).mean()


def features(candles):
    columns = {}
    for name, values in base_columns(candles):
        for shift in SHIFTS:
            columns[f"{name}_shift{shift}"] = values.shift(shift).astype("float32")
    hour = candles.index.hour
    for name, first, end in (("tokyo", 0, 9), ("london", 8, 17), ("new_york", 13, 22)):
        columns[name] = ((hour >= first) & (hour < end)).astype("float32")
    rank = candles["close"].pct_change().rolling(20).std(ddof=0).rolling(500).rank(pct=True)
    columns["regime"] = np.minimum(np.floor(rank * 3), 2).astype("float32")
    return pd.DataFrame(columns).to_numpy()


def main():
    lines = subprocess.run([BENCH], capture_output=True, text=True, check=True).stdout
    own = next(row for row in map(json.loads, lines.splitlines()) if "pair_cpu_s" in row)
    candles = make_candles(own["rows"])
    start, wall = time.process_time(), time.perf_counter()
    matrix = features(candles)
    spent, wall = time.process_time() - start, time.perf_counter() - wall
    print(json.dumps({
        "bench": "features", "name": "pandas", "pandas": pd.__version__,
        "rows": matrix.shape[0], "features": matrix.shape[1], "pandas_cpu_s": round(spent, 2),
        "pair_cpu_s": own["pair_cpu_s"], "cpu_ratio": round(spent / own["pair_cpu_s"], 1),
        "wall_ratio": round(wall * own["pairs"] / own["wall_s"], 1), "limit": 15,
        "wall_ratio_by_cpu": round(spent * own["pairs"] / (own["cpu_s"] / 2), 1),
        "load": round(os.getloadavg()[0], 1)}))


main()
