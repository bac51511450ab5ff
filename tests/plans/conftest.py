"""An account of many sales beside many small ones, and who asks there."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

import make
from authz.grant import Grant
from client import Client
from effort import SALES
from extent import extent
from models import database
from models.vocabulary import Role

SMALL_ACCOUNTS, SMALL_SALES = extent((3000, 4), (3000, 10))
START = 1_735_689_600_000  # 2025-01-01

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
),
sold AS (
    INSERT INTO products (id, account_id, reference, name, name_folded, named_at, named_by, created_at)
    SELECT gen_random_uuid(), made.id, p.reference, p.name, p.name_folded, p.named_at, p.named_by, p.created_at
    FROM made, products p WHERE p.id = $3 RETURNING id, account_id
)
INSERT INTO sales (id, account_id, reference, status, product_id, price, currency, full_price, full_currency,
    payment_method, instalments, ordered_at, approved_at, created_at)
SELECT gen_random_uuid(), sold.account_id, 'R' || n, 'APPROVED', sold.id, 1000, 'BRL', 1000, 'BRL', 'PIX', 1,
    $4::bigint + n * 86400000, $4::bigint + n * 86400000, $4::bigint
FROM sold, generate_series(1, $5::int) n
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


@pytest.fixture(scope="module")
async def asking(database_url: str) -> dict[str, dict[str, Any]]:
    """Who asks: the owner, a lead of ten people and a user of an account that lies beside many small ones."""
    if not database.is_postgres(database_url):
        pytest.skip("SQLite plans a statement once, when it is prepared")
    account = await make.account(teams_on=True)
    profile = await make.profile(account, list(Grant))
    product = await make.product(account)
    collaborators = [await make.collaborator(account, profile) for _ in range(38)]
    lead = await make.collaborator(account, profile, Role.TEAM_LEAD)
    team = await make.team(account, collaborators[:9], [lead])
    ids = [member["id"] for member in [lead, *collaborators]]
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        _MANY_SALES, account["id"], product["id"], START, [*ids, None], SALES, team["id"]
    )
    for collaborator in [await make.ended_seat(account) for _ in range(3)]:
        await make.sale(
            account, product, credit_id=collaborator["id"], credit_team_id=team["id"], ordered_at=START
        )
    await connection.execute(
        _SMALL_ACCOUNTS, account["id"], SMALL_ACCOUNTS, product["id"], START, SMALL_SALES
    )
    await connection.execute(_ENTRIES, account["id"], account["owner_id"], START)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    tokens = {
        "owner": await Client.owner(account),
        "lead": await Client.collaborator(lead),
        "user": await Client.collaborator(collaborators[20]),
    }
    return {who: {"token": token, "account": account} for who, token in tokens.items()}
