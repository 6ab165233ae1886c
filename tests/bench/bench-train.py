#!/usr/bin/env python3
"""Trains with python3-xgboost on the rows that bench-model wrote; prints seconds of processor
time, the most memory it had, and whether the trees are the same.

bench-train.py FILE ROWS VALID COLS ROUNDS: FILE holds float32 values and labels of training
and validation rows.
"""
import hashlib
import json
import resource
import sys
import time

try:
    import numpy
    import xgboost
except ImportError:
    print(json.dumps({"skipped": "python3-xgboost"}))
    sys.exit(0)


def main():
    path, n_rows, n_valid, n_cols, n_rounds = sys.argv[1], *map(int, sys.argv[2:6])
    data = numpy.fromfile(path, dtype=numpy.float32)
    parts = numpy.split(data, numpy.cumsum([n_rows * n_cols, n_rows, n_valid * n_cols]))
    start = time.process_time()
    train = xgboost.DMatrix(parts[0].reshape(n_rows, n_cols), label=parts[1])
    valid = xgboost.DMatrix(parts[2].reshape(n_valid, n_cols), label=parts[3])
    params = {"objective": "reg:squarederror", "tree_method": "hist", "max_depth": 6,
              "eta": 0.1, "max_bin": 256, "min_child_weight": 1, "subsample": 1,
              "colsample_bytree": 1, "lambda": 1, "alpha": 0, "gamma": 0, "seed": 1,
              "seed_per_iteration": True, "nthread": 1, "verbosity": 0,
              "base_score": float(sys.argv[6])}
    booster = xgboost.train(params, train, n_rounds,
                            evals=[(train, "train"), (valid, "valid")],
                            verbose_eval=False)
    took = time.process_time() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    digest = hashlib.sha256(json.dumps(trees).encode()).hexdigest()
    ours = json.load(open(sys.argv[7], encoding="utf-8"))
    trees = ours["learner"]["gradient_booster"]["model"]["trees"]
    same = hashlib.sha256(json.dumps(trees).encode()).hexdigest() == digest
    print(json.dumps({"cpu_seconds": round(took, 2), "peak_mb": round(peak_mb),
                      "same_trees": same, "trees": len(trees)}))


if __name__ == "__main__":
    main()
