-- Money, orders and what was decided. Rows of order_event, fill, capital and audit are chained:
-- hash = SHA-256(hash of the row before, all other columns of this row). They never change.

CREATE TABLE chain (
    name TEXT PRIMARY KEY,
    n_rows INTEGER NOT NULL,
    head BLOB NOT NULL,
    marked_row INTEGER NOT NULL,
    marked_hash BLOB NOT NULL,
    seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    venue_id TEXT NOT NULL,
    trade_id INTEGER NOT NULL,
    pair TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    type TEXT NOT NULL CHECK (type IN ('market', 'limit')),
    state TEXT NOT NULL CHECK (state IN ('intent', 'sent', 'open', 'partial', 'filled',
        'cancelled', 'rejected', 'lapsed', 'unknown')),
    price TEXT NOT NULL,
    amount TEXT NOT NULL,
    filled TEXT NOT NULL,
    candle_us INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX orders_created ON orders (created_us);
CREATE INDEX orders_working ON orders (state)
    WHERE state IN ('intent', 'sent', 'open', 'partial', 'unknown');

CREATE TABLE order_event (
    id INTEGER PRIMARY KEY,
    time_us INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    venue_id TEXT NOT NULL,
    trade_id INTEGER NOT NULL,
    pair TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    type TEXT NOT NULL CHECK (type IN ('market', 'limit')),
    state TEXT NOT NULL CHECK (state IN ('intent', 'sent', 'open', 'partial', 'filled',
        'cancelled', 'rejected', 'lapsed', 'unknown')),
    price TEXT NOT NULL,
    amount TEXT NOT NULL,
    filled TEXT NOT NULL,
    candle_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE fill (
    id INTEGER PRIMARY KEY,
    time_us INTEGER NOT NULL,
    exec_id TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES orders (client_id),
    pair TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    price TEXT NOT NULL,
    amount TEXT NOT NULL,
    fee TEXT NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (exec_id, mode)
) STRICT;
CREATE INDEX fill_client ON fill (client_id);

CREATE TABLE capital (
    id INTEGER PRIMARY KEY,
    time_us INTEGER NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    kind TEXT NOT NULL CHECK (kind IN ('start', 'deposit', 'withdrawal', 'entry', 'exit')),
    amount TEXT NOT NULL,
    cash_after TEXT NOT NULL,
    trade_id INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX capital_start ON capital (mode) WHERE kind = 'start';

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    time_us INTEGER NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TRIGGER order_event_no_update BEFORE UPDATE ON order_event
BEGIN SELECT RAISE(ABORT, 'rows of order_event never change'); END;
CREATE TRIGGER order_event_no_delete BEFORE DELETE ON order_event
BEGIN SELECT RAISE(ABORT, 'rows of order_event never change'); END;
CREATE TRIGGER fill_no_update BEFORE UPDATE ON fill
BEGIN SELECT RAISE(ABORT, 'rows of fill never change'); END;
CREATE TRIGGER fill_no_delete BEFORE DELETE ON fill
BEGIN SELECT RAISE(ABORT, 'rows of fill never change'); END;
CREATE TRIGGER capital_no_update BEFORE UPDATE ON capital
BEGIN SELECT RAISE(ABORT, 'rows of capital never change'); END;
CREATE TRIGGER capital_no_delete BEFORE DELETE ON capital
BEGIN SELECT RAISE(ABORT, 'rows of capital never change'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'rows of audit never change'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'rows of audit never change'); END;

-- hash = SHA-256(all other columns); no chain, as an open trade changes
CREATE TABLE trade (
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

CREATE TABLE signal (
    id INTEGER PRIMARY KEY,
    candle_us INTEGER NOT NULL,
    pair TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    price REAL,
    confidence REAL,
    action TEXT NOT NULL CHECK (action IN ('enter', 'exit', 'rejected')),
    reason TEXT NOT NULL,
    tag TEXT NOT NULL,
    strategy_regime TEXT NOT NULL,
    strategy TEXT NOT NULL,
    strategy_hash TEXT NOT NULL,
    model TEXT NOT NULL,
    trade_id INTEGER NOT NULL
) STRICT;
CREATE INDEX signal_time ON signal (mode, candle_us);

CREATE TABLE pair_lock (
    pair TEXT NOT NULL,
    by TEXT NOT NULL,
    from_us INTEGER NOT NULL,
    until_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (pair, by)
) STRICT, WITHOUT ROWID;

CREATE TABLE equity (
    mode TEXT NOT NULL CHECK (mode IN ('dryrun', 'live')),
    time_us INTEGER NOT NULL,
    equity TEXT NOT NULL,
    cash TEXT NOT NULL,
    realised TEXT NOT NULL,
    open_profit TEXT NOT NULL,
    n_open INTEGER NOT NULL,
    PRIMARY KEY (mode, time_us)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    sent_us INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (id) WHERE sent_us IS NULL;

CREATE TABLE schedule_mark (
    name TEXT NOT NULL,
    date TEXT NOT NULL,
    is_late INTEGER NOT NULL CHECK (is_late IN (0, 1)),
    time_us INTEGER NOT NULL,
    PRIMARY KEY (name, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    time_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
