-- Orders that wait at the venue for a price, and limits that only ever make. Only the list of
-- types grows, so the schema's text is changed in place: tables made anew would break the
-- references of fills.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'type IN (''market'', ''limit'')',
    'type IN (''market'', ''limit'', ''post_only'', ''stop_loss'', ''take_profit'')')
WHERE type = 'table' AND name IN ('orders', 'order_event');
PRAGMA writable_schema = RESET;
PRAGMA user_version = 4;
