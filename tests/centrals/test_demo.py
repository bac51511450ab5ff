"""The demo data: what they hold, who sees how much of it, and that they are the same in every run."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from argon2 import PasswordHasher
from stdnum.br import cnpj, cpf
from stdnum.es import cif

import databases
import make
from authz import reach
from authz.catalog import presets
from authz.grant import Grant
from authz.identity import identify, stored_grants
from authz.viewer import Viewer
from centrals.demo.chance import DAY, END, START
from centrals.demo.sales import REAIS_FOR_A_DOLLAR
from centrals.demo.seed import DEMO_PEOPLE, PASSWORD, DemoSummary, NotEmpty, _summary, seed_demo
from extent import by_turns
from graph.viewer.centrals import centrals
from intake.events.event import Event
from intake.events.facts import Facts
from intake.sales.fold import fold
from intake.sales.product import products_of, read_products, settle_offers, settle_products
from intake.sales.sale import read_sales, settle_sales
from intake.sales.shares import SHARE_COLUMNS, share_values
from intake.sales.supplement import history_event_in
from models import database
from models.address import address_of
from models.person_change import Credit
from models.sales.columns import SALE_COLUMNS, SaleColumns
from models.vocabulary import OWN_SOURCES, EventSource, SaleStatus

AURORA, BOSQUE, SOLO = "Aurora Cursos", "Bosque Libros", "Claire Fontaine"
SUPPORT, TECHNICAL, FINANCIAL, AFFILIATES = (
    presets()[key].grants for key in ("SUPPORT", "TECHNICAL", "FINANCIAL", "AFFILIATE_MANAGER")
)
DIRECTION = {
    *SUPPORT,
    *FINANCIAL,
    Grant.VIEW_REVENUE_REPORT,
    Grant.VIEW_REVENUE_BY_PRODUCT_REPORT,
    Grant.VIEW_REVENUE_BY_DEVICE_REPORT,
    Grant.VIEW_SALES_BY_ORIGIN_REPORT,
    Grant.ACCESS_COLLABORATORS_CENTER,
}
LISTED = {Grant.VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT, Grant.VIEW_OVERDUE_SUBSCRIPTIONS_REPORT}
# the demo's numbers stand in documents: whoever changes this refreshes those too
ALL_OF_IT = "41b57941c33fa424"


@pytest.fixture(scope="module")
async def demo(
    migrated: str, database_url: str, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[None]:
    """The whole demo, in a database of its own; the common one is set aside meanwhile."""
    await database.disconnect()
    try:
        if database.is_postgres(migrated):
            url = await databases.copied(migrated, "centrals_demo")
            await asyncio.to_thread(databases.make_demo, url)
        else:
            demo_file = await asyncio.to_thread(databases.demo_file, shared_folder)
            url = await databases.copied(
                f"sqlite:///{demo_file}", tmp_path_factory.mktemp("demo") / "demo.sqlite3"
            )
        async with database.connected(url):
            yield
    finally:
        await database.connect(database_url)


@pytest.fixture(autouse=True)
def _furnished(demo: Any) -> None:
    """Every test here asks the demo's database."""


async def rows(statement: str, *params: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await database.read(statement, params)]


async def account_id(name: str) -> str:
    (row,) = await rows("SELECT id FROM accounts WHERE name = ?", name)
    return str(row["id"])


async def viewer(who: str, account: str | None = None) -> Viewer:
    (person,) = await rows("SELECT id FROM users WHERE email = ?", f"{who}@example.com")
    return await identify(await make.session(person), account and await account_id(account))


async def number_in(found: reach.Reach) -> int:
    condition = found.where("s")
    (row,) = await rows(f"SELECT COUNT(*) AS number FROM sales s WHERE {condition.text}", *condition.params)
    return int(row["number"])


async def grants_of(profile: str, account: str) -> set[str]:
    (row,) = await rows(
        "SELECT grants FROM profiles WHERE account_id = ? AND name = ?", await account_id(account), profile
    )
    return set(stored_grants(row["grants"]))


async def test_it_holds_as_much_as_the_documents_tell() -> None:
    assert await _summary() == DemoSummary(
        users=10, accounts=3, collaborators=8, products=18, sales=22_000, commissions=49_362, events=65_879
    )


async def test_every_run_gives_the_same_rows() -> None:
    tables = {
        "accounts": "id, owner_id, name, intake_id",
        "collaborators": "id, user_id, profile_id, role",
        "invitations": "id, email, token_digest, created_at, expires_at",
        "products": "id, reference, ucode, name, named_at, named_by",
        "offers": "id, code, price, currency, priced_at",
        "sales": "id, reference, status, price, currency, full_price, net, buyer_name, origin_sck, device,"
        " ordered_at, approved_at, assignee_id, team_id, assigned_at, created_at",
        "commissions": "id, sale_id, position, source, amount, currency",
        # the database ends the ids of what people did
        "sale_events": "sale_id, key, kind, status, happened_at, received_at",
        "refund_requests": "id, sale_id, status, reason, requested_at, closed_at, expires_at",
        "subscriptions": "id, code, status, ended_by, started_at, next_charge_at, ended_at, assignee_id, created_at",
        "subscription_requests": "subscription_id, kind, status, reason, day, requested_at, closed_at",
        "subscription_turns": "subscription_id, position, kind, happened_at, begun_at",
        "checkout_attempts": "key, contact, product_reference, offer_code, name, phone, happened_at",
        "opportunities": "kind, status, contact, title, amount, currency, assignee_id, attempts, opened_at,"
        " touched_at, closed_at, remind_at, lost_reason, won_by_id, version",
        "opportunity_notes": "text, written_at, written_by_name",
        "outbox_messages": "id, kind, recipient, sale_id, created_at, sent_at",
    }

    digest = hashlib.sha256()
    for table, columns in tables.items():
        found = [
            [str(value) for value in tuple(row)]
            for row in await database.read(f"SELECT {columns} FROM {table}")
        ]
        for row in sorted(found):
            digest.update(msgspec.json.encode(row))

    assert digest.hexdigest()[:16] == ALL_OF_IT


async def test_the_accounts_are_as_described() -> None:
    found = await rows(
        "SELECT name, kind, country, tax_number, edition, teams_on, privacy, currency, timezone, locale"
        " FROM accounts ORDER BY name"
    )

    assert [tuple(row.values()) for row in found] == [
        (
            AURORA,
            "LEGAL_ENTITY",
            "BR",
            "11222333000181",
            "EXPERT",
            True,
            "OWN",
            "BRL",
            "America/Sao_Paulo",
            "pt",
        ),
        (
            BOSQUE,
            "LEGAL_ENTITY",
            "ES",
            "B12345674",
            "STANDARD",
            False,
            "SHARED",
            "EUR",
            "Europe/Madrid",
            "es",
        ),
        (SOLO, "NATURAL_PERSON", "FR", None, "STANDARD", False, "OWN", "EUR", "Europe/Paris", "fr"),
    ]
    assert cnpj.is_valid("11222333000181")
    assert cif.is_valid("B12345674")


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("owner", [(AURORA, "OWNER", None)]),
        ("admin", [(AURORA, "ADMIN", "Direction")]),
        ("finance", [(AURORA, "ADMIN", "Financial")]),
        ("lead", [(AURORA, "TEAM_LEAD", "Support")]),
        ("user", [(AURORA, "USER", "Support")]),
        ("south", [(AURORA, "USER", "Support")]),
        ("tech", [(AURORA, "USER", "Technical")]),
        ("affiliates", [(AURORA, "USER", "Affiliate manager"), (BOSQUE, "USER", "Support")]),
        ("livros", [(BOSQUE, "OWNER", None)]),
        ("solo", [(SOLO, "OWNER", None)]),
    ],
)
async def test_everyone_enters_their_own_centrals(
    who: str, expected: list[tuple[str, str, str | None]]
) -> None:
    doors = await centrals(await viewer(who))

    assert [(door.account_name, door.role.value, door.profile_name) for door in doors] == expected


async def test_everyone_is_listed_and_signs_in_with_the_password() -> None:
    people = await rows("SELECT email, password_hash, email_verified_at FROM users")

    assert {row["email"] for row in people} == {email for email, _ in DEMO_PEOPLE}
    assert all(row["email_verified_at"] for row in people)
    (stored,) = {row["password_hash"] for row in people}
    assert PasswordHasher().verify(stored, PASSWORD)


async def test_the_profiles_are_the_presets_and_direction() -> None:
    assert await grants_of("Support", AURORA) == {*SUPPORT, Grant.VIEW_REVENUE_REPORT, *LISTED}
    assert await grants_of("Technical", AURORA) == set(TECHNICAL)
    assert await grants_of("Financial", AURORA) == set(FINANCIAL)
    assert await grants_of("Affiliate manager", AURORA) == set(AFFILIATES)
    assert await grants_of("Direction", AURORA) == DIRECTION
    assert await grants_of("Support", BOSQUE) == set(SUPPORT)


async def test_the_teams_are_north_and_south() -> None:
    found = await rows(
        "SELECT t.name, t.privacy, u.email, m.leads FROM team_members m JOIN teams t ON t.id = m.team_id"
        " JOIN collaborators c ON c.id = m.collaborator_id JOIN users u ON u.id = c.user_id ORDER BY 1, 3"
    )

    assert [tuple(row.values()) for row in found] == [
        ("North", "SHARED", "lead@example.com", True),
        ("North", "SHARED", "user@example.com", False),
        ("South", "OWN", "south@example.com", False),
    ]


async def test_three_invitations_are_open_and_one_is_past_its_time() -> None:
    found = await rows(
        "SELECT i.expires_at, u.email FROM invitations i JOIN users u ON u.id = i.inviter_id"
        " WHERE i.status = 'PENDING' AND i.account_id = ?",
        await account_id(AURORA),
    )

    assert Counter(row["expires_at"] > database.now() for row in found) == {True: 3, False: 1}
    assert {row["email"] for row in found} == {"owner@example.com", "admin@example.com"}


@pytest.mark.parametrize(
    ("who", "account", "expected"),
    [
        ("owner", AURORA, 20_000),
        ("admin", AURORA, 20_000),
        ("lead", AURORA, 7_601),
        ("user", AURORA, 7_601),  # North shares its rows, and its lead leads no other team
        ("south", AURORA, 4_597),
        ("finance", AURORA, 0),  # without SEARCH_SALES
        ("tech", AURORA, 0),
        ("affiliates", AURORA, 0),
        ("affiliates", BOSQUE, 2_000),
        ("livros", BOSQUE, 2_000),
        ("solo", SOLO, 0),
    ],
)
async def test_everyone_sees_the_sales_in_their_reach(who: str, account: str, expected: int) -> None:
    assert await number_in(reach.sales(await viewer(who, account))) == expected


@pytest.mark.parametrize(
    ("who", "report", "expected"),
    [
        ("owner", Grant.VIEW_REVENUE_REPORT, 20_000),
        ("admin", Grant.VIEW_REVENUE_REPORT, 20_000),
        ("admin", Grant.VIEW_REVENUE_BY_DEVICE_REPORT, 20_000),
        ("lead", Grant.VIEW_REVENUE_REPORT, 7_601),
        ("user", Grant.VIEW_REVENUE_REPORT, 4_263),
        ("south", Grant.VIEW_REVENUE_REPORT, 4_597),
        ("finance", Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT, 20_000),
        ("tech", Grant.VIEW_SALES_BY_ORIGIN_REPORT, 1_001),
        ("affiliates", Grant.VIEW_AFFILIATE_PERFORMANCE_REPORT, 1_652),
    ],
)
async def test_a_report_adds_up_the_statistics_in_reach(who: str, report: Grant, expected: int) -> None:
    assert await number_in(reach.statistics(await viewer(who, AURORA), report)) == expected


async def test_everyone_with_a_membership_has_sales_under_the_stamp_of_their_team() -> None:
    found = await rows(
        "SELECT u.email, t.name AS team, COUNT(*) AS number FROM sales s"
        " LEFT JOIN collaborators c ON c.id = s.assignee_id LEFT JOIN users u ON u.id = c.user_id"
        " LEFT JOIN teams t ON t.id = s.team_id WHERE s.account_id = ? GROUP BY u.email, t.name",
        await account_id(AURORA),
    )

    assert {(row["email"], row["team"]): row["number"] for row in found} == {
        (None, None): 2_974,
        ("admin@example.com", None): 1_367,
        ("finance@example.com", None): 808,
        ("lead@example.com", "North"): 3_338,
        ("user@example.com", "North"): 4_263,
        ("south@example.com", "South"): 4_597,
        ("tech@example.com", None): 1_001,
        ("affiliates@example.com", None): 1_652,
    }


async def test_the_desk_requested_refunds_and_wrote_to_buyers() -> None:
    requests = await rows("SELECT status, COUNT(*) AS number FROM refund_requests GROUP BY status")
    by_hand = "SELECT DISTINCT kind FROM sale_events WHERE source = 'PERSON'"
    waiting = await rows("SELECT 1 FROM outbox_messages WHERE sent_at IS NULL OR sent_at > ?", END)
    masked = await rows("SELECT name FROM accounts WHERE reveal_on_record = ?", True)

    assert {row["status"]: row["number"] for row in requests} == {
        "AWAITING_APPROVAL": 2, "REQUESTED": 6, "REFUNDED": 24, "REFUSED": 2, "WITHDRAWN": 3, "EXPIRED": 1,
    }  # fmt: skip
    assert waiting == []
    refundable = await rows(
        "SELECT 1 FROM sales s JOIN collaborators c ON c.id = s.assignee_id JOIN users u ON u.id = c.user_id"
        " WHERE u.email = 'user@example.com' AND s.status = 'APPROVED' AND s.warranty_until > ?",
        END + 9_999 * DAY,
    )
    assert refundable
    assert [row["name"] for row in masked] == [BOSQUE]
    assert {row["kind"] for row in await rows(by_hand)} >= {
        *("REFUND_REQUEST", "BUYER_EMAIL", "RECEIPT_SENT", "PURCHASE_EMAIL_SENT", "PAYMENT_SLIP_EMAIL"),
        "PAYMENT_SLIP_REQUEST",
    }


async def test_the_marketplace_reports_ended_subscriptions_and_first_accesses() -> None:
    sales = await rows(
        "SELECT subscription_code AS code, MAX(ordered_at) AS newest FROM sales WHERE subscription_code IS NOT NULL"
        " GROUP BY subscription_code"
    )
    ends = await rows("SELECT code, kind, happened_at FROM subscription_events WHERE source = 'WEBHOOK'")
    opened = await rows("SELECT first_access_at - approved_at AS late FROM sales WHERE first_access_at > 0")
    intake = await rows("SELECT kind FROM intake_events WHERE kind = 'SUBSCRIPTION_CANCELLATION'")

    newest = {row["code"]: row["newest"] for row in sales}
    assert len(newest) == 470
    assert 200 < len(ends) == len(intake) < 300
    assert all(row["happened_at"] > newest[row["code"]] for row in ends)
    assert 300 < sum(0 <= row["late"] < DAY for row in opened) <= 400


async def test_subscriptions_are_folded_and_the_desk_works_on_them() -> None:
    statuses = await rows("SELECT status, COUNT(*) AS number FROM subscriptions GROUP BY status")
    requests = await rows(
        "SELECT kind, status, COUNT(*) AS number FROM subscription_requests GROUP BY kind, status"
    )
    reminders = await rows("SELECT 1 FROM subscription_events WHERE kind = 'REMINDER'")
    strays = await rows(
        "SELECT 1 FROM sales WHERE (subscription_code IS NULL) <> (subscription_id IS NULL)"
        " OR (subscription_code IS NULL) <> (charge IS NULL)"
    )

    assert {row["status"]: row["number"] for row in statuses} == {
        "ACTIVE": 225, "CANCELLED": 241, "DELAYED": 3, "STARTED": 1,
    }  # fmt: skip
    assert {(row["kind"], row["status"]): row["number"] for row in requests} == {
        ("CANCEL", "REQUESTED"): 6, ("CANCEL", "WITHDRAWN"): 2, ("CHARGE_DAY", "REQUESTED"): 4,
        ("REACTIVATE", "REQUESTED"): 2,
    }  # fmt: skip
    assert len(reminders) == 3
    assert strays == []


async def test_opportunities_are_a_funnel_that_the_desk_works_on() -> None:
    found = await rows("SELECT kind, status, COUNT(*) AS number FROM opportunities GROUP BY kind, status")
    worked = await rows(
        "SELECT status, COUNT(*) AS number FROM opportunities WHERE own_touched_at IS NOT NULL GROUP BY status"
    )
    people = await rows(
        "SELECT COUNT(DISTINCT written_by_name) AS people, COUNT(*) AS notes FROM opportunity_notes"
    )
    strays = await rows(
        "SELECT 1 FROM opportunities WHERE opened_at > touched_at OR closed_at < opened_at"
        " OR (status = 'STANDBY') <> (remind_at IS NOT NULL) OR (status = 'LOST') <> (lost_reason IS NOT NULL)"
    )

    kinds: dict[str, dict[str, int]] = {}
    for row in found:
        kinds.setdefault(row["kind"], {})[row["status"]] = row["number"]
    assert kinds == {
        "ABANDONED_CHECKOUT": {"TODO": 583, "STANDBY": 6, "WON": 388, "LOST": 6},
        "EXPIRED_SLIP": {"TODO": 224, "STANDBY": 3, "WON": 5, "LOST": 11, "CANCELLED": 2},
        "MANUAL": {"TODO": 24},
        "REFUSED_PAYMENT": {"TODO": 30, "WON": 4, "LOST": 1, "CANCELLED": 1},
        "UNPAID_SLIP": {"TODO": 7, "WON": 17},
    }
    assert {row["status"]: row["number"] for row in worked} == {
        "TODO": 312, "STANDBY": 9, "WON": 9, "LOST": 18, "CANCELLED": 3,
    }  # fmt: skip
    assert (people[0]["people"], people[0]["notes"]) == (3, 72)
    assert strays == []
    decisions = await rows("SELECT facts FROM opportunity_events WHERE kind = 'DISTRIBUTION'")
    notices = await rows("SELECT kind, COUNT(*) AS number FROM notices GROUP BY kind")
    getting = await rows("SELECT number FROM distribution_counts ORDER BY number")
    # a hundred that the owner handed to each of three people, and what the rules distributed
    assert {row["kind"]: row["number"] for row in notices} == {"ASSIGNMENT": 300 + len(decisions)}
    assert [row["number"] for row in getting] == [2, 2, 3]
    assert len(decisions) == 7


async def test_the_commissions_of_a_sale_add_up_to_its_price() -> None:
    found = await rows(
        "SELECT s.price, s.currency, c.currency AS paid_in, SUM(c.amount) AS paid, COUNT(*) AS shares"
        " FROM sales s JOIN commissions c ON c.sale_id = s.id GROUP BY s.id, s.price, s.currency, c.currency"
    )

    assert len(found) == 22_000
    mixed = [row for row in found if row["currency"] != row["paid_in"]]
    assert all(row["paid"] == row["price"] for row in found if row["currency"] == row["paid_in"])
    assert {(row["currency"], row["paid_in"]) for row in mixed} == {("USD", "BRL")}
    assert all(row["paid"] == row["price"] * REAIS_FOR_A_DOLLAR // 100 for row in mixed)
    assert len(mixed) == 16
    assert {row["shares"] for row in found} == {2, 3, 4}


async def _histories() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await rows("SELECT * FROM sale_events ORDER BY happened_at"):
        found.setdefault(str(row["sale_id"]), []).append(row)
    return found


async def test_folding_its_history_gives_every_sale() -> None:
    sales = await rows(
        "SELECT s.*, p.reference AS product_reference, o.code FROM sales s"
        " JOIN products p ON p.id = s.product_id JOIN offers o ON o.id = s.offer_id"
    )
    shares: dict[str, list[tuple[Any, ...]]] = {}
    for row in await rows("SELECT * FROM commissions ORDER BY position"):
        share = tuple(row[name] for name in SHARE_COLUMNS)
        shares.setdefault(str(row["sale_id"]), []).append(share)
    histories = await _histories()

    assert len(sales) == len(histories) == 22_000
    for sale in by_turns(sales, 6):
        folded = fold(map(history_event_in, histories[str(sale["id"])]))
        address = sale["buyer_address"]
        row = {name: sale[name] for name in SALE_COLUMNS}
        assert SaleColumns(**row | {"buyer_address": address and address_of(address)}) == folded.columns
        if sale["assigned_at"] is None:
            assert (folded.assigned, folded.credit, sale["assignee_id"]) == (None, None, None)
        else:
            at, to = folded.assigned
            assert (at, to.assignee_id, to.team_id) == (
                *(sale["assigned_at"], sale["assignee_id"], sale["team_id"]),
            )
            assert folded.credit == Credit(sale["credit_id"], sale["credit_team_id"])
        assert folded.product_reference == sale["product_reference"]
        assert folded.offer == (sale["product_reference"], sale["code"])
        assert [share_values(share) for share in folded.shares] == shares[str(sale["id"])]


async def test_histories_run_forward_and_end_with_the_data() -> None:
    for whole in (await _histories()).values():
        history = [row for row in whole if row["source"] not in OWN_SOURCES]
        times = [row["happened_at"] for row in history]
        assert times == sorted(set(times))
        assert START <= times[0] <= times[-1] <= END
        assert all(row["received_at"] > row["happened_at"] for row in history)
        assert {row["key"].startswith("rest:") for row in history if row["source"] == "REST"} <= {True}


async def test_a_complete_sale_is_past_its_warranty_and_an_approved_one_is_not() -> None:
    found = await rows(
        "SELECT s.status, s.approved_at, s.warranty_until, e.happened_at FROM sales s"
        " JOIN sale_events e ON e.sale_id = s.id AND e.status = s.status"
        " WHERE s.status IN ('APPROVED', 'COMPLETE')"
    )

    for row in found:
        if row["approved_at"] >= END - DAY:
            assert row["warranty_until"] > END + 9_999 * DAY
            continue
        assert 7 * DAY <= row["warranty_until"] - row["approved_at"] <= 30 * DAY
        if row["status"] == "COMPLETE":
            assert row["happened_at"] == row["warranty_until"]
    late = [row for row in found if row["status"] == "APPROVED" and row["warranty_until"] <= END]
    assert late == []


async def test_the_spread_of_statuses_is_a_sellers() -> None:
    found = await rows(
        "SELECT status, COUNT(*) AS number FROM sales WHERE account_id = ? GROUP BY status",
        await account_id(AURORA),
    )

    numbers = {row["status"]: row["number"] for row in found}
    assert numbers["COMPLETE"] > 16_000
    assert {
        *("APPROVED", "WAITING_PAYMENT", "EXPIRED", "CANCELLED", "REFUNDED", "PARTIALLY_REFUNDED", "DISPUTE"),
        *("CHARGEBACK", "OVERDUE", "NO_FUNDS", "BLOCKED", "STARTED", "PRE_ORDER"),
    } <= set(numbers)


async def test_there_are_more_sales_in_the_second_year() -> None:
    middle = START + 365 * DAY
    (row,) = await rows("SELECT COUNT(*) AS number FROM sales WHERE ordered_at < ?", middle)

    assert 0 < row["number"] < 22_000 - row["number"]


async def test_a_subscription_is_one_buyers_and_counts_on() -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await rows("SELECT * FROM sales WHERE subscription_code IS NOT NULL ORDER BY ordered_at"):
        found.setdefault(row["subscription_code"], []).append(row)

    assert len(found) == 470
    for months in found.values():
        assert [row["recurrence"] for row in months] == list(range(1, len(months) + 1))
        assert len({(row["buyer_email"], row["assignee_id"], row["product_id"]) for row in months}) == 1


async def test_addresses_and_documents_belong_to_no_one() -> None:
    addresses = [
        *(await rows("SELECT email FROM users")),
        *(await rows("SELECT email FROM invitations")),
        *(await rows("SELECT DISTINCT buyer_email FROM sales")),
        *(await rows("SELECT DISTINCT support_email FROM products")),
    ]
    documents = await rows("SELECT DISTINCT buyer_document AS number FROM sales WHERE buyer_country = 'BR'")

    assert all(address.endswith("@example.com") for row in addresses for address in row.values())
    assert not any(cpf.is_valid(row["number"]) for row in documents)


async def test_ids_are_of_version_seven_and_in_order_of_time() -> None:
    ids = [UUID(str(row["id"])) for row in await rows("SELECT id FROM sales ORDER BY ordered_at")]

    assert {item.version for item in ids} == {7}
    assert [item.int >> 80 for item in ids] == sorted(item.int >> 80 for item in ids)


class _Undone(Exception):
    pass


_SALES = "SELECT * FROM sales WHERE account_id = ? ORDER BY id"


async def _received(account: str, event: Event) -> Sequence[Any]:
    """The sales of an account after an event, which is taken back again."""
    found: list[Any] = []

    async def work() -> None:
        before = await read_sales(account, [str(event.reference)])
        known = await read_products(account, products_of([event]))
        products = await settle_products(account, [event], known)
        offers = await settle_offers(account, [event], products, {})
        await settle_sales(account, [event], products, offers, before, {}, END + DAY, {})
        found.extend(await database.read(_SALES, (account,)))
        raise _Undone

    with pytest.raises(_Undone):
        await database.transact(work)
    return found


async def test_a_message_that_comes_later_lies_over_the_sale() -> None:
    account = await account_id(AURORA)
    before = await database.read(_SALES, (account,))
    sale = dict(next(row for row in before if row["status"] == "APPROVED" and row["assignee_id"]))
    (product,) = await rows("SELECT reference FROM products WHERE id = ?", str(sale["product_id"]))
    facts = Facts(SaleStatus.REFUNDED, product_reference=product["reference"], refunded_at=END + DAY)
    event = Event("later", "PURCHASE_REFUNDED", EventSource.WEBHOOK, END + DAY, sale["reference"], facts)

    after = await _received(account, event)

    (changed,) = [
        (dict(old), dict(new)) for old, new in zip(before, after, strict=True) if tuple(old) != tuple(new)
    ]
    assert changed == (sale, sale | {"status": "REFUNDED", "refunded_at": END + DAY})


async def test_a_database_that_holds_users_is_left_as_it_is() -> None:
    with pytest.raises(NotEmpty):
        await seed_demo(b"demo")

    assert (await rows("SELECT COUNT(*) AS number FROM sales"))[0]["number"] == 22_000
    assert (await rows("SELECT COUNT(*) AS number FROM users"))[0]["number"] == 10
