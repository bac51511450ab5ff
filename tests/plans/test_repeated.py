"""PostgreSQL plans most statements once, for all values: none may read more for that."""

import contextlib
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from client import Client
from effort import ANEW, ONCE, SALES, Read, effort, efforts, grew
from models import database

_FOUND = "query Q($f: SaleFilter, $o: SaleOrder) { account { sales(filter: $f, order: $o) { PART } } }"
PAGE = _FOUND.replace("PART", "nodes { id reference product { id name } assignee { id name } }")
COUNT = _FOUND.replace("PART", "totalCount")
COLUMNS = "{ from currency count gross { amount } }"
MONTH = '{from: "2025-02-01", to: "2025-03-01"}'
YEAR = '{from: "2025-01-01", to: "2026-01-01"}'
REPORTS = ("revenue", "revenueByProduct", "salesByOrigin", "paymentMethods", "revenueByDevice")
# few sales, or none, meet these, and few rows are read to say so
FEW: tuple[dict[str, Any], ...] = (
    {"status": ["CHARGEBACK"]},
    {"status": ["CHARGEBACK", "WAITING_PAYMENT"]},
    {"soldAs": ["AFFILIATE"]},
    {"refusal": ["LIMIT"]},
    {"refundedPeriod": {"from": "2025-02-01", "to": "2025-03-01"}},
    {"coupon": "SAVE10"},
    {"inFunnel": True},
)
ENOUGH = 3
ENTRIES = "query Q($f: AuditFilter) { account { auditLog(filter: $f) { nodes { id act } } } }"


@contextlib.contextmanager
def observed_reads() -> Iterator[list[Read]]:
    """What reaches the readers of the database."""
    opened = database._open()
    found: list[Read] = []
    readers: list[tuple[Any, str]] = [(opened.reader, ONCE), (opened.custom_reader, ANEW)]
    with contextlib.ExitStack() as stack:
        for reader, mode in readers:
            fetch = reader.fetch

            async def watched(
                text: str, values: Any, *, named: bool = True, _fetch: Any = fetch, _mode: str = mode
            ) -> Any:
                found.append((text, tuple(values), _mode))
                return await _fetch(text, values, named=named)

            reader.fetch = watched
            stack.callback(delattr, reader, "fetch")
        yield found


def _requests(who: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "{ viewer { id centrals { id accountName } } }", {}
    yield PAGE, {}
    yield COUNT, {}
    for found in (
        {"status": ["REFUNDED"]},
        *FEW,
        {"currency": "EUR"},
        {"currency": "BRL", "amount": {"atLeast": "10", "atMost": "10.05"}},
        {"unassigned": True},
        {"approvedPeriod": {"from": "2025-02-01", "to": "2025-03-01"}},
        {"approvedPeriod": {"from": "2025-02-01", "to": "2025-03-01"}, "inReports": True},
        {"origin": {"src": "ads"}, "inInstallments": True},
        {"paymentMethod": ["PIX"]},
        {"device": "MOBILE"},
        {"text": "buyer 77"},
    ):
        yield PAGE, {"f": found}
        yield COUNT, {"f": found}
    yield PAGE, {"f": {"currency": "BRL"}, "o": {"field": "AMOUNT"}}
    for report in REPORTS:
        for period in (MONTH, YEAR):
            query = f"{report}(period: {period}, every: MONTH)"
            yield f"{{ account {{ reports {{ {query} {COLUMNS} }} }} }}", {}
    if who == "owner":
        yield ENTRIES, {}
        yield ENTRIES, {"f": {"act": ["createTeam"]}}
        yield ENTRIES, {"f": {"refused": True}}


async def _reads(client: Client, who: str, asking: dict[str, Any]) -> dict[Read, None]:
    found: dict[Read, None] = {}
    for query, variables in _requests(who):
        with observed_reads() as statements:
            response = await client.post(query, variables, **asking)
        body = response.json()
        if response.status_code == 200 and "errors" not in body:
            found |= dict.fromkeys(statements)
    return found


async def test_no_statement_reads_more_by_being_planned_once(
    client: Client, connection: asyncpg.Connection, asking: dict[str, dict[str, Any]]
) -> None:
    found = {who: await _reads(client, who, item) for who, item in asking.items()}
    grown, would_grow = [], 0

    for who, reads in found.items():
        for read in reads:
            text, _, mode = read
            if mode == ANEW and would_grow >= ENOUGH:
                continue
            anew, once = await efforts(connection, read)
            if mode == ONCE and grew(anew, once):
                grown.append((who, anew, once, text))
            would_grow += mode == ANEW and grew(anew, once)

    assert [(who, anew, once) for who, anew, once, _ in grown] == [], [text for *_, text in grown]
    assert would_grow >= ENOUGH  # the account is one whose statements do get slower where nothing is done


async def test_a_filter_that_few_rows_meet_reads_few_rows(
    client: Client, connection: asyncpg.Connection, asking: dict[str, dict[str, Any]]
) -> None:
    for who, headers in asking.items():
        for chosen in FEW:
            with observed_reads() as reads:
                await client.post(PAGE, {"f": chosen}, **headers)
            spent = [await effort(connection, read, read[2]) for read in reads if " ORDER BY " in read[0]]

            assert len(spent) == 1
            assert spent[0][1] < SALES / 100, (who, chosen, spent)


@pytest.mark.parametrize(("mode", "pool"), [(ONCE, "reader"), (ANEW, "custom_reader")])
async def test_what_depends_on_its_values_is_planned_on_connections_apart(
    connection: asyncpg.Connection, mode: str, pool: str
) -> None:
    reader: Any = getattr(database._open(), pool)

    assert (await reader.fetch("SHOW plan_cache_mode", ()))[0][0] == mode
