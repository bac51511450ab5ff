"""What PostgreSQL reads for a statement that is planned for its values, or for all values."""

from typing import Any

import asyncpg
import msgspec

SALES = 10_000
ANEW, ONCE = "force_custom_plan", "force_generic_plan"

Read = tuple[str, tuple[Any, ...], str]  # the text, its values, and the mode in which it is planned
Effort = tuple[int, int]  # how many pages, and how many rows out of tables and indexes


def _literal(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"ARRAY[{', '.join(map(_literal, value))}]::uuid[]"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)


async def effort(connection: asyncpg.Connection, read: Read, mode: str) -> Effort:
    """What a statement reads where it is planned in this mode."""
    text, values, _ = read
    await connection.execute(f"SET plan_cache_mode = {mode}")
    await connection.execute(f"PREPARE repeated AS {text}")
    values_text = f"({', '.join(map(_literal, values))})" if values else ""
    transaction = connection.transaction()
    await transaction.start()
    # what a statement refers to may have gone since it ran
    await connection.execute("SET LOCAL session_replication_role = replica")
    explained = await connection.fetchval(
        f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE repeated{values_text}"
    )
    await transaction.rollback()
    await connection.execute("DEALLOCATE repeated")
    plan = msgspec.json.decode(explained)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], _rows(plan)


async def efforts(connection: asyncpg.Connection, read: Read) -> tuple[Effort, Effort]:
    """The same for the plan for its values, and for the plan for all values."""
    return await effort(connection, read, ANEW), await effort(connection, read, ONCE)


def _rows(plan: dict[str, Any]) -> int:
    below = sum(_rows(part) for part in plan.get("Plans", ()))
    if "Relation Name" not in plan:
        return below
    removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return int((plan["Actual Rows"] + removed) * plan["Actual Loops"]) + below


def grew(anew: Effort, once: Effort) -> bool:
    """Whether the plan for all values reads more than twice as much, and much more than a short table is long.

    The same index without a bitmap may meet a page again, and names are joined one by one or from tables of a
    few thousand rows, as the other tests left them; what is wrong reads a whole account.
    """
    (pages, rows), (pages_once, rows_once) = anew, once
    return pages_once > 2 * pages + 300 or rows_once > 2 * rows + SALES // 2
