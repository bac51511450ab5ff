"""Every list of the schema, with all that is below it: as many statements for many rows as for few, none astray."""

import re
from typing import Any

import pytest
from tortoise import Tortoise

import make
import pruned
import whole
from authz.grant import Grant
from client import Client
from extent import extent
from models import database
from models.ledger.books import COLUMNS
from models.vocabulary import Role

LISTS = dict(whole.lists(pruned.schema_for(pruned.FULL)))

IN_THE_PERIOD = 1_770_000_000_000  # of the reports in `whole`
FEW, MANY = 5, extent(30, 100)

# Lists of sums, which are as long for few rows as for many
COUNTS = ("Reports.", "Account.intakeCounts", "Account.noticeChoices")

# Statements that name no account, for they are found by what only its holder has
OWN_NODES = {
    "Account",
    "Viewer",
    "Central",
    "Session",
    "AccessToken",
    "CollaboratorAccessToken",
    "OpenInvitation",
    "Passkey",
}
BY_A_TOKEN = "k.digest = ?"
BY_A_SESSION = ("k.session_id = ?", "s.id = ?", "session_id = ?")


async def _seed(rows: int) -> dict[str, Any]:
    """An account with so many of everything, and so many of each below each of two."""
    owner = await make.user()
    account = await make.account(owner, teams_on=True)

    async def work() -> None:
        profile = await make.profile(account, list(Grant))
        collaborators = [await make.collaborator(account, profile, Role.TEAM_LEAD) for _ in range(rows)]
        for collaborator in collaborators:
            await make.access_token(account, collaborator, [Grant.SEARCH_SALES], [])
            await make.api_credential(account, collaborator["user_id"])
            await make.delivery(account, await make.webhook(account, collaborator["user_id"]))
            integration, _ = await make.integration(account, collaborator["user_id"])
            await make.delivery(account, integration, receiver_kind="INTEGRATION")
        teams = [
            await make.team(account, [member], [collaborators[0]] if member is not collaborators[0] else [])
            for member in collaborators
        ]
        for number in range(rows - 1):
            await make.profile(account)
            product = await make.product(account)
            offers = [await make.offer(account, product) for _ in range(2)]
            sale = await make.sale(
                account,
                product,
                collaborators[number],
                offer_id=offers[0]["id"],
                team_id=teams[number]["id"],
                affiliate_code="A1",
                subscription_code="S1",
                buyer_address='{"city": "Recife"}',
            )
            await _belongings(account, owner, sale, profile)

    await database.transact(work)
    return account | {"owner": owner}


async def _belongings(account: Any, owner: Any, sale: Any, profile: Any) -> None:
    at = database.now()
    for position, source in enumerate(("PRODUCER", "COPRODUCER")):
        await _insert(
            "commissions", account, sale_id=sale["id"], position=position, source=source, name="Someone",
            amount=100, currency="BRL",
        )  # fmt: skip
    await _insert(
        "sale_events", account, sale_id=sale["id"], key="k", kind="PURCHASE_APPROVED", status="APPROVED", happened_at=at, source="WEBHOOK",
        received_at=at, facts="{}",
    )  # fmt: skip
    await _insert(
        "refund_requests", account, sale_id=sale["id"], current_of=sale["id"], assignee_id=sale["assignee_id"],
        reference=sale["reference"], status="REQUESTED", reason="REGRET", amount=100, currency="BRL",
        requested_at=at, requested_by_id=owner["id"], requested_by_owner=True, requested_by_name="Owner",
        expires_at=at, own_status="REQUESTED",
    )  # fmt: skip
    withdrawal, currency = database.new_id(), sale["reference"][-3:]
    await database.insert("withdrawals", {
        "id": withdrawal, "account_id": account["id"], "amount": 100, "currency": "BRL", "status": "PAID",
        "bank_kind": "IBAN", "bank_ending": "3000", "bank_holder": "S.", "usable_from": at, "requested_at": at,
        "requested_by_id": owner["id"], "requested_by_owner": True, "requested_by_name": "Owner",
    })  # fmt: skip
    await _insert(
        "withdrawal_events", account, withdrawal_id=withdrawal, status="PAID", at=at, source="PERSON",
        by_name="Owner",
    )  # fmt: skip
    amounts = dict.fromkeys(COLUMNS, 0) | {"pending": 100, "external": -100}
    await _insert(
        "ledger_entries", account, at=IN_THE_PERIOD, kind="SALE", currency=currency,
        reference=sale["reference"], **amounts,
    )  # fmt: skip
    await _insert("balances", account, currency=currency, **amounts)
    await database.insert("sale_postings", {
        "id": sale["id"], "account_id": account["id"], "place": "PENDING", "amount": 100, "currency": currency,
        "release_at": at + 1,
    })  # fmt: skip
    subscription = {"id": database.new_id(), "assignee_id": sale["assignee_id"]}
    await _insert(
        "subscriptions", account, code=sale["reference"], status="ACTIVE", product_id=sale["product_id"],
        plan="Monthly", price=100, currency="BRL", known_since=at, next_charge_at=at, created_at=at, **subscription,
    )  # fmt: skip
    await database.write(
        "UPDATE sales SET subscription_id = ? WHERE id = ?", (subscription["id"], sale["id"])
    )
    await _insert(
        "subscription_requests", account, subscription_id=subscription["id"], assignee_id=sale["assignee_id"],
        kind="CANCEL", status="REQUESTED", own_status="REQUESTED", requested_at=at, expires_at=at,
        requested_by_id=owner["id"], requested_by_name="Owner",
    )  # fmt: skip
    for kind, source in (("SWITCH_PLAN", "WEBHOOK"), ("REMINDER", "PERSON")):
        await _insert(
            "subscription_events", account, subscription_id=subscription["id"], code=sale["reference"], key=kind,
            source=source, kind=kind, happened_at=at, received_at=at, facts="{}",
        )  # fmt: skip
    await make.subscription(
        account, product_id=sale["product_id"], status="CANCELLED", ended_at=IN_THE_PERIOD
    )
    await make.sale(
        account, {"id": sale["product_id"]}, status="OVERDUE", ordered_at=IN_THE_PERIOD,
        subscription_id=subscription["id"], subscription_code="S1",
    )  # fmt: skip
    step, opportunity = database.new_id(), database.new_id()
    await database.insert(
        "pipeline_steps", {"id": step, "account_id": account["id"], "name": "New", "position": 0}
    )
    await database.insert("opportunities", {
        "id": opportunity, "account_id": account["id"], "kind": "REFUSED_PAYMENT", "status": "WON",
        "own_status": "TODO", "contact": "e:b@example.com", "product_id": sale["product_id"], "sale_id": sale["id"],
        "won_by_id": sale["id"], "offer_id": sale["offer_id"], "amount": 100, "currency": "BRL", "step_id": step,
        "contact_name": "Someone", "assignee_id": sale["assignee_id"], "team_id": sale["team_id"],
        "affiliate_code": "A1", "opened_at": at, "last_attempt_at": at, "touched_at": at, "created_at": at,
    })  # fmt: skip
    await _insert(
        "opportunity_events", account, opportunity_id=opportunity, key="k", source="WEBHOOK", kind="OPENED",
        happened_at=at, received_at=at, facts="{}",
    )  # fmt: skip
    await _insert(
        "opportunity_notes", account, opportunity_id=opportunity, text="Called", written_at=at,
        written_by_id=owner["id"], written_by_name="Owner",
    )  # fmt: skip
    for column, about in (
        ("sale_id", sale["id"]),
        ("subscription_id", subscription["id"]),
        ("opportunity_id", opportunity),
    ):
        await _insert("notices", account, user_id=owner["id"], kind="MENTION", at=at, **{column: about})
    await _insert(
        "report_schedules", account, user_id=database.new_id(), recipient="Owner", report="revenue", frequency="WEEKLY",
        next_at=at + 10**9, created_at=at, created_by_id=owner["id"], created_by_name="Owner",
    )  # fmt: skip
    await _insert(
        "invitations", account, profile_id=profile["id"], inviter_id=owner["id"], name="Asked",
        email="asked@example.com", role="USER", status="PENDING", token_digest=database.new_id(), created_at=at,
        expires_at=at,
    )  # fmt: skip
    await _insert(
        "intake_events", account, source="HOTMART", key=sale["reference"], kind="PURCHASE_APPROVED", outcome="SALE",
        reference=sale["reference"], received_at=at, payload="{}",
    )  # fmt: skip
    await _insert(
        "audit_entries", account, act="assignSale", object_type="Sale", object_id=sale["reference"],
        changes='[{"field": "Sale.assignee", "before": null, "after": "Someone"}]', request_id="r", at=at,
        user_id=None, user_name=None, let_by=None, refusal=None, address=None,
    )  # fmt: skip


def _columns(table: str) -> set[str]:
    assert Tortoise.apps is not None
    model = next(item for item in Tortoise.apps["models"].values() if item._meta.db_table == table)
    return set(model._meta.fields_db_projection.values())


async def _insert(table: str, account: dict[str, Any], **row: Any) -> None:
    await database.insert(table, {"id": database.new_id(), "account_id": account["id"], **row})


@pytest.fixture(scope="module")
async def seeded(database_url: str) -> dict[int, dict[str, Any]]:
    del database_url
    return {rows: await _seed(rows) for rows in (FEW, MANY)}


async def _observed(client: Client, account: dict[str, Any], text: str) -> tuple[list[str], Any]:
    token = await make.session(account["owner"])
    with database.observed() as statements:
        data = await client.ask(text, token=token, account=account)
    return statements, data


def _rows(data: Any) -> int:
    """How many objects a told answer holds."""
    if isinstance(data, dict):
        return 1 + sum(_rows(item) for item in data.values())
    return sum(_rows(item) for item in data) if isinstance(data, list) else 0


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_with_all_below_it_takes_as_many_statements_for_many_rows_as_for_few(
    client: Client, seeded: dict[int, dict[str, Any]], name: str
) -> None:
    few, few_rows = await _observed(client, seeded[FEW], LISTS[name])
    many, many_rows = await _observed(client, seeded[MANY], LISTS[name])

    assert len(many) == len(few)
    assert name.startswith(COUNTS) or _rows(many_rows) > MANY / FEW / 2 * _rows(few_rows)


# Where each statement stands


def _account_tables() -> set[str]:
    assert Tortoise.apps is not None
    models = Tortoise.apps["models"].values()
    return {model._meta.db_table for model in models if "account_id" in _columns(model._meta.db_table)}


def _astray(statement: str) -> list[str]:
    """The tables of an account that a statement touches without saying whose account it is."""
    found = []
    tables = _account_tables()
    for verb, table, alias in re.findall(
        r"\b(FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(?!WHERE|SET|ON|JOIN|LEFT|ORDER|VALUES|GROUP|LIMIT|CROSS)(\w+))?",
        statement,
    ):
        if table not in tables:
            continue
        if verb == "INTO":
            constrained = re.search(rf"INTO {table} \([^)]*\baccount_id\b", statement)
        elif alias:
            constrained = re.search(rf"\b{alias}\.account_id\s*=", statement) or re.search(
                rf"=\s*{alias}\.account_id\b", statement
            )
        else:
            constrained = re.search(r"(?<![.\w])account_id\s*=\s*\?", statement)
        if not constrained:
            found.append(table)
    return found


ALIEN = [
    "SELECT r.id FROM sales r WHERE r.id = ?",
    "SELECT r.id FROM sales r LEFT JOIN products p ON p.id = r.product_id WHERE r.account_id = ?",
    "UPDATE sales AS r SET price = ? WHERE r.id = ?",
    "DELETE FROM idempotency_keys WHERE key = ?",
    "INSERT INTO offers (id, code) VALUES (?, ?)",
    "SELECT COUNT(*) FROM collaborators WHERE id = ?",
]


@pytest.mark.parametrize("statement", ALIEN)
async def test_a_statement_that_names_no_account_is_noticed(database_url: str, statement: str) -> None:
    del database_url

    assert _astray(statement)


@pytest.mark.parametrize("name", LISTS)
async def test_each_statement_of_a_list_names_the_account(
    client: Client, seeded: dict[int, dict[str, Any]], name: str
) -> None:
    visible, _ = await _observed(client, seeded[FEW], LISTS[name])

    assert len(visible) > 1
    assert not [item for item in visible if _astray(item) and BY_A_TOKEN not in item]


async def test_each_statement_of_a_mutation_names_the_account(
    client: Client, seeded: dict[int, dict[str, Any]]
) -> None:
    account = seeded[FEW]
    collaborators = await database.read("SELECT id FROM collaborators WHERE account_id = ?", (account["id"],))
    sales = await database.read("SELECT reference FROM sales WHERE account_id = ?", (account["id"],))
    below = whole.selection(pruned.schema_for(pruned.FULL).type_map["AssignSalePayload"])
    values = f'reference: "{sales[0]["reference"]}", assigneeId: "person_{collaborators[0]["id"]}"'
    texts = [
        f"mutation {{ assignSale(input: {{ {values} }}) {below} }}",
        f'mutation {{ assignSale(input: {{ {values}, idempotencyKey: "once" }}) {below} }}',
        f'mutation {{ assignSale(input: {{ {values}, idempotencyKey: "once" }}) {below} }} ',
        f'mutation {{ assignSale(input: {{ reference: "none" }}) {below} }}',
    ]

    for text in texts:
        visible, _ = await _observed(client, account, text)
        assert len(visible) > 2
        assert not [
            item
            for item in visible
            if _astray(item) and not any(key in item for key in (BY_A_TOKEN, *BY_A_SESSION))
        ]


async def test_each_statement_about_a_node_names_the_account(
    client: Client, seeded: dict[int, dict[str, Any]]
) -> None:
    account = seeded[FEW]
    full = pruned.schema_for(pruned.FULL)
    tables = {
        "sale": "sales", "product": "products", "offer": "offers", "profile": "profiles", "team": "teams",
        "person": "collaborators", "collaborator": "collaborators", "invitation": "invitations",
        "entry": "audit_entries", "message": "intake_events", "refund": "refund_requests",
        "subscription": "subscriptions", "subscriptionRequest": "subscription_requests",
        "trackingPixels": "products", "subscriptionRules": "products",
        "schedule": "report_schedules",
        "opportunity": "opportunities",
        "notice": "notices",
        "credential": "api_credentials",
        "webhook": "webhook_endpoints",
        "delivery": "deliveries",
        "integration": "integrations",
        "integrationDelivery": "deliveries",
        "target": "targets",
        "withdrawal": "withdrawals", "ledgerEntry": "ledger_entries",
    }  # fmt: skip
    kinds: Any = full.get_possible_types(full.type_map["Node"])  # type: ignore[arg-type]
    of_account = [kind for kind in kinds if kind.name not in OWN_NODES]
    assert len(of_account) == len(tables) + 1
    ids = [f"distribution_{account['id']}"]  # its settings are the account's
    kind_of = {"delivery": "WEBHOOK", "integrationDelivery": "INTEGRATION"}
    for prefix, table in tables.items():
        chosen = f" AND receiver_kind = '{kind_of[prefix]}'" if prefix in kind_of else ""
        rows = await database.read(
            f"SELECT id FROM {table} WHERE account_id = ?{chosen} LIMIT 1", (account["id"],)
        )
        ids.append(f"{prefix}_{rows[0]['id']}")

    for kind in of_account:
        request = ", ".join(f'"{item}"' for item in ids)
        text = f"{{ nodes(ids: [{request}]) {{ __typename ... on {kind.name} {whole.selection(kind, whole.LEFT_OUT.get(kind.name, ()))} }} }}"
        visible, result = await _observed(client, account, text)

        assert {node["__typename"] for node in result["nodes"]} == {item.name for item in of_account}
        own = (BY_A_TOKEN, "WHERE v.id = ?")  # an invitation can be the viewer's own, too
        assert not [item for item in visible if _astray(item) and not any(key in item for key in own)]


async def test_an_owners_own_statements_are_the_only_ones_without_an_account(client: Client) -> None:
    owner = await make.user()
    text = "{ viewer " + whole.selection(pruned.schema_for(pruned.FULL).type_map["Viewer"]) + " }"

    with database.observed() as statements:
        await client.ask(text, token=await make.session(owner))

    astray = [item for item in statements if _astray(item) and BY_A_TOKEN not in item]
    assert all(re.search(r"\b(user_id|owner_id) = \?", item) for item in astray)
