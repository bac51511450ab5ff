"""What a connected database holds: its tables, their rows and their schema."""

import re
from typing import Any

from models import database

_SEPARATE = ("tortoise_migrations", "aerich", "sqlite_sequence")
_OF_AN_INDEX = "sale_words_index"  # which SQLite keeps in tables of its own


async def tables() -> list[str]:
    """The names of the application's tables."""
    if database.dialect() == "postgres":
        query = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = [row["name"] for row in await database.read(query)]
    return sorted(name for name in names if name not in _SEPARATE and not name.startswith(_OF_AN_INDEX))


async def rows_of_all_tables() -> dict[str, list[dict[str, Any]]]:
    """The rows of each table, by id."""
    found = {}
    for table in await tables():
        rows = [dict(row) for row in await database.read(f"SELECT * FROM {table}")]
        found[table] = sorted(rows, key=lambda row: str(row.get("id", row)))
    return found


async def schema_of_all_tables() -> list[tuple[Any, ...]]:
    """Columns, constraints, indexes and triggers, in no order of their making."""
    found: list[tuple[Any, ...]] = []
    if database.dialect() == "postgres":
        for query in (
            (
                "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
                " FROM information_schema.columns WHERE table_schema = 'public'"
            ),
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            (
                "SELECT CAST(conrelid AS regclass)::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE connamespace = 'public'::regnamespace"
            ),
            (
                "SELECT CAST(tgrelid AS regclass)::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
                " WHERE NOT tgisinternal"
            ),
        ):
            found += [tuple(map(_as_once_read, row.values())) for row in await database.read(query)]
        return sorted(found, key=str)
    for table in await tables():
        columns = await database.read(f"PRAGMA table_info({table})")
        found += [
            (table, row["name"], row["type"], row["notnull"], row["dflt_value"], row["pk"]) for row in columns
        ]
        keys = await database.read(f"PRAGMA foreign_key_list({table})")
        found += [(table, row["from"], row["table"], row["to"], row["on_delete"]) for row in keys]
        for row in await database.read(f"PRAGMA index_list({table})"):
            parts = await database.read(f"PRAGMA index_info({row['name']})")
            found.append((table, row["name"], row["unique"], [part["name"] for part in parts]))
    triggers = await database.read("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    return sorted([*found, *(tuple(row) for row in triggers)], key=str)


def _as_once_read(value: Any) -> Any:
    """An expression without casts: PostgreSQL writes them anew each time that it reads what it has written."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", value) if isinstance(value, str) else value


async def shape_of_all_tables() -> dict[str, set[tuple[Any, ...]]]:
    """Columns, foreign keys, unique columns and indexes by what they are, whatever their names."""
    return await (_postgres_shape() if database.dialect() == "postgres" else _sqlite_shape())


async def _sqlite_shape() -> dict[str, set[tuple[Any, ...]]]:
    shape: dict[str, set[tuple[Any, ...]]] = {
        "columns": set(),
        "keys": set(),
        "unique": set(),
        "indexes": set(),
    }
    for table in await tables():
        for row in await database.read(f"PRAGMA table_info({table})"):
            details = (row["type"], bool(row["notnull"]), row["dflt_value"], bool(row["pk"]))
            shape["columns"].add((table, row["name"], *details))
        for row in await database.read(f"PRAGMA foreign_key_list({table})"):
            shape["keys"].add((table, row["from"], row["table"], row["to"], row["on_delete"]))
        for row in await database.read(f"PRAGMA index_list({table})"):
            parts = await database.read(f"PRAGMA index_info({row['name']})")
            kind = "unique" if row["unique"] else "indexes"
            partial = (row["name"],) if row["partial"] else ()
            shape[kind].add((table, *(part["name"] for part in parts if part["name"]), *partial))
    return shape


async def _postgres_shape() -> dict[str, set[tuple[Any, ...]]]:
    columns = await database.read(
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public'"
    )
    keys = await database.read(
        "SELECT CAST(conrelid AS regclass)::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND contype = 'f'"
    )
    indexes = await database.read(
        "SELECT i.indrelid::regclass::text AS table, i.indisunique AS unique,"
        " array_to_string(ARRAY(SELECT a.attname FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY place), ',') AS columns,"
        " CASE WHEN i.indpred IS NOT NULL THEN i.indexrelid::regclass::text END AS partial"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace"
    )
    known = set(await tables())
    shape = {
        "columns": {tuple(row.values()) for row in columns if row["table_name"] in known},
        "keys": {tuple(row.values()) for row in keys},
    }
    for kind, unique in (("unique", True), ("indexes", False)):
        shape[kind] = {
            (row["table"], *row["columns"].split(","), *((row["partial"],) if row["partial"] else ()))
            for row in indexes
            if row["unique"] is unique and row["table"] in known and row["columns"]
        }
    return shape
