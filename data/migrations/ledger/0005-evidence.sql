-- What was shown before real money: each row proves the one before, none ever changes. A chain of
-- its own, as verbs write here while the daemon keeps the heads of the others in memory.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    time_us INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('gate', 'drill', 'order_begun', 'order_done', 'live')),
    subject TEXT NOT NULL,
    is_good INTEGER NOT NULL CHECK (is_good IN (0, 1)),
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'rows of evidence never change'); END;
CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'rows of evidence never change'); END;
PRAGMA user_version = 5;
