-- Candles. Everything in this file can be had again from its source.

CREATE TABLE origin (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    is_synthetic INTEGER NOT NULL CHECK (is_synthetic IN (0, 1)),
    UNIQUE (source, is_synthetic)
) STRICT;

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    pair TEXT NOT NULL,
    timeframe_us INTEGER NOT NULL CHECK (timeframe_us > 0),
    UNIQUE (pair, timeframe_us)
) STRICT;

CREATE TABLE candle (
    series INTEGER NOT NULL REFERENCES series (id),
    open_us INTEGER NOT NULL,
    open REAL NOT NULL,
    high REAL NOT NULL,
    low REAL NOT NULL,
    close REAL NOT NULL,
    volume REAL NOT NULL,
    origin INTEGER NOT NULL REFERENCES origin (id),
    PRIMARY KEY (series, open_us)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
