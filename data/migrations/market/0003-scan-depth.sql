-- What rested at the market near the middle when a pair was looked at, in base currency; NULL when
-- it is not known, as with every replayed candle.
ALTER TABLE scan ADD COLUMN depth_bid REAL;
ALTER TABLE scan ADD COLUMN depth_ask REAL;
PRAGMA user_version = 3;
