-- Closed paper trades leave the daily statistics after a while; live ones never do.
CREATE TABLE trade_archive (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('opening', 'open', 'closed', 'void')),
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    pair TEXT NOT NULL,
    open_us INTEGER NOT NULL,
    close_us INTEGER NOT NULL,
    entry_amount TEXT NOT NULL,
    amount TEXT NOT NULL,
    open_rate TEXT NOT NULL,
    close_rate TEXT NOT NULL,
    stake TEXT NOT NULL,
    cost TEXT NOT NULL,
    proceeds TEXT NOT NULL,
    fee_open TEXT NOT NULL,
    fee_close TEXT NOT NULL,
    fee_open_ratio REAL NOT NULL,
    fee_close_ratio REAL NOT NULL,
    stop TEXT NOT NULL,
    initial_stop TEXT NOT NULL,
    stop_ratio REAL,
    is_trailing INTEGER NOT NULL CHECK (is_trailing IN (0, 1)),
    max_rate REAL,
    min_rate REAL,
    profit_abs TEXT NOT NULL,
    profit_ratio REAL,
    confidence REAL,
    enter_tag TEXT NOT NULL,
    exit_reason TEXT NOT NULL,
    strategy_regime TEXT NOT NULL,
    strategy TEXT NOT NULL,
    strategy_hash TEXT NOT NULL,
    model TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TRIGGER trade_archive_paper_only BEFORE INSERT ON trade_archive
WHEN NEW.mode <> 'dryrun' OR NEW.state NOT IN ('closed', 'void')
BEGIN SELECT RAISE(ABORT, 'only closed paper trades are archived'); END;

PRAGMA user_version = 2;
