"""What PostgreSQL reads for a statement that is repeated."""

from typing import Any

import asyncpg
import msgspec

SALES, TIMES = 10_000, 8  # the plan for all values is chosen from the sixth on

Read = tuple[str, tuple[Any, ...], str]  # the text, its values, and the mode in which it is planned


def _literal(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"ARRAY[{', '.join(map(_literal, value))}]::uuid[]"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)


async def effort(connection: asyncpg.Connection, read: Read, mode: str) -> list[tuple[int, int]]:
    """How many pages, and how many rows out of tables and indexes, each of several executions reads."""
    text, values, _ = read
    await connection.execute(f"SET plan_cache_mode = {mode}")
    await connection.execute(f"PREPARE repeated AS {text}")
    values_text = f"({', '.join(map(_literal, values))})" if values else ""
    found = []
    transaction = connection.transaction()
    await transaction.start()
    # what a statement refers to may have gone since it ran
    await connection.execute("SET LOCAL session_replication_role = replica")
    for _ in range(TIMES):
        await connection.execute("SAVEPOINT before")
        explained = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE repeated{values_text}"
        )
        await connection.execute("ROLLBACK TO before")
        plan = msgspec.json.decode(explained)[0]["Plan"]
        found.append((plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], _rows(plan)))
    await transaction.rollback()
    await connection.execute("DEALLOCATE repeated")
    return found


def _rows(plan: dict[str, Any]) -> int:
    below = sum(_rows(part) for part in plan.get("Plans", ()))
    if "Relation Name" not in plan:
        return below
    removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return int((plan["Actual Rows"] + removed) * plan["Actual Loops"]) + below


def grew(effort: list[tuple[int, int]]) -> bool:
    """Whether later executions read more than twice as much, and much more than a short table is long.

    The same index without a bitmap may meet a page again, and names are joined one by one or from tables of a
    few thousand rows, as the other tests left them; what is wrong reads a whole account.
    """
    (pages, rows), (pages_later, rows_later) = effort[0], effort[-1]
    return pages_later > 2 * pages + 300 or rows_later > 2 * rows + SALES // 2
