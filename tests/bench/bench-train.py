#!/usr/bin/env python3
"""Trains with python3-xgboost on the rows that bench-train wrote, leaves the model in a file,
and prints seconds of processor time and the most memory in MB.

bench-train.py FILE ROWS,VALID,COLS,ROUNDS INTERCEPT MODEL: FILE holds float32 values and labels
of the training rows, then those of the validation rows. The model is cut at the best round.
"""
import resource
import sys
import time

try:
    import numpy
    import xgboost
except ImportError:
    sys.exit("no python3-xgboost")


def main():
    path, sizes, intercept, target = sys.argv[1:5]
    n_rows, n_valid, n_cols, n_rounds = map(int, sizes.split(","))
    data = numpy.fromfile(path, dtype=numpy.float32)
    parts = numpy.split(data, numpy.cumsum([n_rows * n_cols, n_rows, n_valid * n_cols]))
    start = time.process_time()
    train = xgboost.DMatrix(parts[0].reshape(n_rows, n_cols), label=parts[1])
    valid = xgboost.DMatrix(parts[2].reshape(n_valid, n_cols), label=parts[3])
    params = {"objective": "reg:squarederror", "tree_method": "hist", "max_depth": 6,
              "eta": 0.1, "max_bin": 256, "min_child_weight": 1, "subsample": 1,
              "colsample_bytree": 1, "lambda": 1, "alpha": 0, "gamma": 0, "seed": 1,
              "seed_per_iteration": True, "nthread": 1, "verbosity": 0,
              "base_score": float(intercept)}
    stop = xgboost.callback.EarlyStopping(n_rounds + 1, data_name="valid", save_best=True)
    booster = xgboost.train(params, train, n_rounds,
                            evals=[(train, "train"), (valid, "valid")],
                            verbose_eval=False, callbacks=[stop])
    booster.set_attr(best_iteration=None, best_ntree_limit=None)  # notes of train() for Python
    model = booster.save_raw("json")
    took = time.process_time() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with open(target, "wb") as file:
        file.write(model)
    print(f"{took:.3f} {peak_mb:.1f}")


if __name__ == "__main__":
    main()
