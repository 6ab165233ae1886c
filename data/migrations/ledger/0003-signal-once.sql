-- A candle that is decided again after a crash gives the same signal, not a second row.
CREATE UNIQUE INDEX signal_once ON signal (mode, pair, candle_us, side);
PRAGMA user_version = 3;
