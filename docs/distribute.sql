-- Keys of every account's rows begin with the account: what Citus and its like ask for before they
-- distribute the tables by account. Run once, on PostgreSQL 15 or newer, with the servers stopped.
-- Afterwards: users, sessions, credentials, user_entries, outbox_messages and accounts become reference
-- tables, and each table whose account_id is never null is distributed by it.
BEGIN;

CREATE TEMP TABLE kept ON COMMIT DROP AS
SELECT c.conrelid::regclass AS child, c.conname AS name, a.attname AS key_column,
       c.confrelid::regclass AS parent, c.confdeltype AS on_delete
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f'
  AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = c.conrelid AND x.attname = 'account_id' AND x.attnotnull)
  AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = c.confrelid AND x.attname = 'account_id' AND x.attnotnull);

DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT * FROM kept LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.child, one.name);
  END LOOP;

  FOR one IN
    SELECT c.conrelid::regclass AS child, c.conname AS name
    FROM pg_constraint c
    WHERE c.contype = 'p' AND c.connamespace = current_schema()::regnamespace
      AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = c.conrelid AND x.attname = 'account_id' AND x.attnotnull)
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD PRIMARY KEY (account_id, id)', one.child, one.name);
  END LOOP;

  FOR one IN SELECT * FROM kept LOOP
    EXECUTE format(
      'ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (account_id, %I) REFERENCES %s (account_id, id) %s',
      one.child, one.name, one.key_column, one.parent,
      CASE one.on_delete
        WHEN 'c' THEN 'ON DELETE CASCADE'
        WHEN 'n' THEN format('ON DELETE SET NULL (%I)', one.key_column)
        WHEN 'r' THEN 'ON DELETE RESTRICT'
        ELSE ''
      END);
  END LOOP;
END $$;

COMMIT;
