"""PostgreSQL plans a prepared statement for all values from its sixth execution on: none may read more then."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import msgspec
import pytest

import make
from authz.grant import Grant
from client import Client
from models import database
from models.words import Role

SALES, SMALL_ACCOUNTS, TIMES = 10_000, 60, 12
DAY = 86_400_000
START = 1_735_689_600_000  # 2025-01-01

_FOUND = "query Q($f: SaleFilter, $o: SaleOrder) { account { sales(filter: $f, order: $o) { PART } } }"
PAGE = _FOUND.replace("PART", "nodes { id reference product { id name } assignee { id name } }")
COUNT = _FOUND.replace("PART", "totalCount")
COLUMNS = "{ from currency count gross { amount } }"
MONTH = '{from: "2025-02-01", to: "2025-03-01"}'
YEAR = '{from: "2025-01-01", to: "2026-01-01"}'
REPORTS = ("revenue", "revenueByProduct", "salesByOrigin", "paymentMethods")
ENTRIES = "query Q($f: AuditFilter) { account { auditLog(filter: $f) { nodes { id act } } } }"

Read = tuple[str, tuple[Any, ...], str]  # the text, its values, and the mode in which it is planned

_MANY_SALES = """
INSERT INTO sales (id, account_id, reference, status, product_id, price, currency, full_price, full_currency, net,
    net_currency, payment_method, instalments, buyer_name, buyer_folded, ordered_at, approved_at, created_at,
    assignee_id, credit_id, credit_team_id)
SELECT gen_random_uuid(), $1, 'R' || n, (ARRAY['APPROVED', 'COMPLETE', 'EXPIRED', 'REFUNDED'])[1 + n % 4], $2,
    1000 + n % 500, 'BRL', 1000, 'BRL', 900, 'BRL', 'PIX', 1, 'Buyer ' || n, 'buyer ' || n,
    $3::bigint + n * 3154000::bigint, CASE WHEN n % 4 <> 2 THEN $3::bigint + n * 3154000::bigint END, $3::bigint,
    ($4::uuid[])[1 + n % 40], ($4::uuid[])[1 + n % 40], $6
FROM generate_series(1, $5::int) n
"""
_SMALL_ACCOUNTS = """
WITH made AS (
    INSERT INTO accounts (id, owner_id, name, kind, country, edition, teams_on, privacy, currency, timezone, locale,
        intake_id, created_at)
    SELECT gen_random_uuid(), owner_id, name, kind, country, edition, teams_on, privacy, currency, timezone, locale,
        gen_random_uuid(), created_at
    FROM accounts, generate_series(1, $2::int) WHERE id = $1 RETURNING id
)
INSERT INTO sales (id, account_id, reference, status, product_id, price, currency, full_price, full_currency,
    payment_method, instalments, ordered_at, approved_at, created_at)
SELECT gen_random_uuid(), made.id, 'R' || n, 'APPROVED', $3, 1000, 'BRL', 1000, 'BRL', 'PIX', 1,
    $4::bigint + n * 86400000, $4::bigint + n * 86400000, $4::bigint
FROM made, generate_series(1, 10) n
"""
_ENTRIES = """
INSERT INTO audit_entries (id, account_id, at, user_id, user_name, act, request_id, changes)
SELECT gen_random_uuid(), $1, $3::bigint + n, $2, 'Owner', 'assignSale', '', '{}' FROM generate_series(1, 3000) n
"""


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the test's own."""
    if not database.is_postgres(database_url):
        pytest.skip("SQLite plans a statement once, when it is prepared")
    found = await asyncpg.connect(database_url, server_settings={"jit": "off"})
    yield found
    await found.close()


@pytest.fixture
async def asking(connection: asyncpg.Connection) -> dict[str, dict[str, Any]]:
    """Who asks: the owner, a lead of ten people and a user of an account that lies beside many small ones."""
    account = await make.account(teams_on=True)
    profile = await make.profile(account, list(Grant))
    product = await make.product(account)
    seats = [await make.collaborator(account, profile) for _ in range(38)]
    lead = await make.collaborator(account, profile, Role.TEAM_LEAD)
    team = await make.team(account, seats[:9], [lead])
    ids = [seat["id"] for seat in [lead, *seats]]
    await connection.execute(
        _MANY_SALES, account["id"], product["id"], START, [*ids, None], SALES, team["id"]
    )
    for seat in [await make.ended_seat(account) for _ in range(3)]:
        await make.sale(account, product, credit_id=seat["id"], credit_team_id=team["id"], ordered_at=START)
    await connection.execute(_SMALL_ACCOUNTS, account["id"], SMALL_ACCOUNTS, product["id"], START)
    await connection.execute(_ENTRIES, account["id"], account["owner_id"], START)
    await connection.execute("VACUUM ANALYZE")
    tokens = {
        "owner": await Client.owner(account),
        "lead": await Client.seat(lead),
        "user": await Client.seat(seats[20]),
    }
    return {who: {"token": token, "account": account} for who, token in tokens.items()}


@contextlib.contextmanager
def observed_reads() -> Iterator[list[Read]]:
    """What reaches the readers of the database."""
    opened = database._open()
    found: list[Read] = []
    readers: list[tuple[Any, str]] = [(opened.reader, "auto"), (opened.custom_reader, "force_custom_plan")]
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
        {"status": ["CHARGEBACK"]},
        {"currency": "EUR"},
        {"currency": "BRL", "amount": {"atLeast": "10", "atMost": "10.05"}},
        {"unassigned": True},
        {"approved": {"from": "2025-02-01", "to": "2025-03-01"}},
        {"approved": {"from": "2025-02-01", "to": "2025-03-01"}, "inReports": True},
        {"origin": {"src": "ads"}, "inInstalments": True},
        {"paymentMethod": ["PIX"]},
        {"text": "buyer 77"},
    ):
        yield PAGE, {"f": found}
        yield COUNT, {"f": found}
    yield PAGE, {"f": {"currency": "BRL"}, "o": {"field": "AMOUNT"}}
    for report in REPORTS:
        for period in (MONTH, YEAR):
            asked = f"{report}(period: {period}, every: MONTH)"
            yield f"{{ account {{ reports {{ {asked} {COLUMNS} }} }} }}", {}
    if who == "owner":
        yield ENTRIES, {}
        yield ENTRIES, {"f": {"act": ["createTeam"]}}
        yield ENTRIES, {"f": {"refused": True}}


async def _reads(client: Client, who: str, asking: dict[str, Any]) -> dict[Read, None]:
    found: dict[Read, None] = {}
    for query, variables in _requests(who):
        with observed_reads() as seen:
            response = await client.post(query, variables, **asking)
        told = response.json()
        if response.status_code == 200 and "errors" not in told:
            found |= dict.fromkeys(seen)
    return found


def _literal(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"ARRAY[{', '.join(map(_literal, value))}]::uuid[]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)


async def _effort(connection: asyncpg.Connection, read: Read, mode: str) -> list[tuple[int, int]]:
    """How many pages, and how many rows out of tables and indexes, each of a dozen executions reads."""
    text, values, _ = read
    await connection.execute(f"SET plan_cache_mode = {mode}")
    await connection.execute(f"PREPARE repeated AS {text}")
    given = f"({', '.join(map(_literal, values))})" if values else ""
    found = []
    for _ in range(TIMES):
        told = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE repeated{given}"
        )
        plan = msgspec.json.decode(told)[0]["Plan"]
        found.append((plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], _rows(plan)))
    await connection.execute("DEALLOCATE repeated")
    return found


def _rows(plan: dict[str, Any]) -> int:
    below = sum(_rows(part) for part in plan.get("Plans", ()))
    if "Relation Name" not in plan:
        return below
    removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return int((plan["Actual Rows"] + removed) * plan["Actual Loops"]) + below


def _grew(effort: list[tuple[int, int]]) -> bool:
    """Whether later executions read more than twice as much, and much more than a short table is long.

    The same index without a bitmap may meet a page again, and names are joined one by one or from tables of a
    few hundred rows, as the other tests left them; what is wrong reads a whole account.
    """
    (pages, rows), (pages_later, rows_later) = effort[0], effort[-1]
    return pages_later > 2 * pages + 150 or rows_later > 2 * rows + SALES // 10


async def test_no_statement_reads_more_by_being_repeated(
    client: Client, connection: asyncpg.Connection, asking: dict[str, dict[str, Any]]
) -> None:
    found = {who: await _reads(client, who, one) for who, one in asking.items()}
    grown, would_grow = [], 0

    for who, reads in found.items():
        for read in reads:
            text, _, mode = read
            effort = await _effort(connection, read, mode)
            if _grew(effort):
                grown.append((who, effort[0], effort[-1], text))
            if mode != "auto":
                would_grow += _grew(await _effort(connection, read, "auto"))

    assert [(who, first, last) for who, first, last, _ in grown] == [], [text for *_, text in grown]
    assert would_grow >= 3  # the account is one whose statements do get slower where nothing is done


@pytest.mark.parametrize(("mode", "pool"), [("auto", "reader"), ("force_custom_plan", "custom_reader")])
async def test_what_depends_on_its_values_is_planned_on_connections_apart(
    connection: asyncpg.Connection, mode: str, pool: str
) -> None:
    reader: Any = getattr(database._open(), pool)

    assert (await reader.fetch("SHOW plan_cache_mode", ()))[0][0] == mode
