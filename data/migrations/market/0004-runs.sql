-- Steps of the laboratory: trainings, backtests, searches, with their time and what came of them.
CREATE TABLE run_step (
    id INTEGER PRIMARY KEY,
    run_us INTEGER NOT NULL,
    verb TEXT NOT NULL CHECK (verb IN ('train', 'backtest', 'optimize')),
    name TEXT NOT NULL,
    step TEXT NOT NULL,
    took_us INTEGER NOT NULL,
    is_good INTEGER NOT NULL CHECK (is_good IN (0, 1)),
    result TEXT NOT NULL
) STRICT;
PRAGMA user_version = 4;
