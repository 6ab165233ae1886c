-- What the strategy saw: a row for every pair and scan, after a week one for every hour.

CREATE TABLE column_set (
    id INTEGER PRIMARY KEY,
    strategy_hash TEXT NOT NULL,
    names TEXT NOT NULL,
    UNIQUE (strategy_hash, names)
) STRICT;

CREATE TABLE scan (
    pair TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    price REAL,
    spread REAL,
    regime TEXT NOT NULL,
    column_set INTEGER NOT NULL REFERENCES column_set (id),
    column_values BLOB NOT NULL,
    has_signal INTEGER NOT NULL CHECK (has_signal IN (0, 1)),
    action TEXT NOT NULL,
    confidence REAL,
    reason TEXT NOT NULL,
    PRIMARY KEY (time_us, pair, mode)
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_hour (
    pair TEXT NOT NULL,
    hour_us INTEGER NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    n_scans INTEGER NOT NULL,
    n_signals INTEGER NOT NULL,
    price_low REAL,
    price_high REAL,
    price_last REAL,
    spread_mean REAL,
    regime TEXT NOT NULL,
    confidence_max REAL,
    column_set INTEGER NOT NULL REFERENCES column_set (id),
    column_values BLOB NOT NULL,
    PRIMARY KEY (hour_us, pair, mode)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 2;
