-- The tier of a signal's confidence, which hangs on the scan before as well and cannot be told
-- from the confidence alone. Signals from before have none.
ALTER TABLE signal ADD COLUMN tier TEXT NOT NULL DEFAULT ''
    CHECK (tier IN ('', 'none', 'low', 'medium', 'high'));
PRAGMA user_version = 6;
