"""A seller's data to measure with: one account, sixty people, as many sales as are asked for.

Beside it lie small accounts, as in any installation: what a database assumes of any account (its generic
plan) is then wrong for the one that is measured.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from actions.identity.sessions.session import hash_password
from authz.grant import Grant
from authz.identity import digest
from models import database
from models.address import Address, stored_address
from models.naming import name_columns
from models.sales.words import restore_words
from models.vocabulary import PaymentMethod, SaleStatus

END = 1_780_000_000_000
DAY = 86_400_000
DAYS = 730
PEOPLE = 60
TEAM = 8
RARE = 5  # people with a handful of sales
HANDFUL = 7
SMALL_ACCOUNTS = 150
SMALL_SALES = 40  # of each
WHOLE = 1_234  # the number of a sale that has everything
BATCH = 5_000
TIMEZONE = "America/Sao_Paulo"
PASSWORD = "a password to measure with"

PERSONAL = (Grant.CHANGE_BUYER_EMAIL, Grant.ISSUE_PAYMENT_SLIPS, Grant.SEND_RECEIPTS)
_STATUSES = (
    *(SaleStatus.APPROVED,) * 5,
    *(SaleStatus.COMPLETE,) * 5,
    *(SaleStatus.CANCELLED, SaleStatus.EXPIRED, SaleStatus.REFUNDED, SaleStatus.DISPUTE),
)
_METHODS = (PaymentMethod.CREDIT_CARD, PaymentMethod.PIX, PaymentMethod.BILLET)
_ADDRESS = Address(street="Rua das Flores, 12", city="Campinas", state="SP", zip_code="13010", country="BR")


def uid(kind: int, number: int) -> str:
    """An id that is the same in every run, and in the order of its number."""
    return str(UUID(int=(0x0190 << 112) | (kind << 100) | (7 << 76) | (2 << 62) | number))


ACCOUNT = uid(1, 1)


def names(name: str) -> tuple[str, ...]:
    """A name's columns."""
    return tuple(name_columns(name).values())


@dataclass
class Rows:
    """The rows of a table."""

    table: str
    columns: str  # their names, between spaces
    rows: list[Sequence[Any]] = field(default_factory=list)

    async def insert(self) -> None:
        """Write them down, and forget them."""
        await database.insert_many(self.table, self.columns.split(), self.rows)
        self.rows = []


def token(name: str) -> str:
    """The access token of someone."""
    return f"token of {name}"


def collaborator_id(number: int) -> str:
    """The id of a collaborator: two admins, the second without personal data, then a lead, then users."""
    return uid(4, number)


async def make_data(sales: int) -> None:
    """Fill an empty, migrated database."""
    password = await hash_password(PASSWORD)
    await database.transact(lambda: _people(password))
    await database.transact(_small_accounts)
    names = (("sales", _SALE), ("commissions", _COMMISSION), ("sale_events", _EVENT))
    tables = [Rows(name, columns) for name, columns in names]
    for number, (sale, commissions, events) in enumerate(_sales(sales), 1):
        tables[0].rows.append(sale)
        tables[1].rows += commissions
        tables[2].rows += events
        if number % BATCH == 0 or number == sales:

            async def work() -> None:
                ids = [sale[0] for sale in tables[0].rows]
                for one in tables:
                    await one.insert()
                await restore_words(ACCOUNT, ids)

            await database.transact(work)
            if number == BATCH and database.dialect() == "postgres":
                # a plan made for empty tables would scan full ones for each row that refers to them
                await database.transact(lambda: database.write("ANALYZE"))


async def _small_accounts() -> None:
    """Accounts of an owner, a collaborator, a product and a few sales each."""
    users = Rows("users", "id email name password_hash locale email_verified_at created_at")
    accounts = Rows(
        "accounts",
        "id owner_id name kind country edition teams_on privacy currency timezone locale intake_id"
        " created_at",
    )
    profiles = Rows("profiles", "id account_id name preset grants created_at")
    collaborators = Rows("collaborators", "id account_id user_id profile_id name role joined_at")
    products = Rows("products", "id account_id reference name name_folded named_at named_by created_at")
    sales = Rows("sales", _SMALL_SALE)
    for number in range(1_000, 1_000 + SMALL_ACCOUNTS):
        account, product = uid(1, number), uid(7, number)
        name = f"Small {number}"
        users.rows.append((uid(2, number), f"owner{number}@example.com", name, "", "en", END, END))
        accounts.rows.append(
            (account, uid(2, number), name, "LEGAL_ENTITY", "BR", "EXPERT", True, "OWN", "BRL", "UTC", "en",
             uid(14, number), END)
        )  # fmt: skip
        profiles.rows.append((uid(3, number), account, "Profile", None, "[]", END))
        person = collaborator_id(number)
        collaborators.rows.append((person, account, uid(2, 1), uid(3, number), "Person 1", "USER", END))
        products.rows.append((product, account, "1", "Course", "course", END, "", END))
        for place in range(SMALL_SALES):
            at = END - place * DAY
            sales.rows.append(
                (uid(15, number * SMALL_SALES + place), account, reference(place), "APPROVED", product, 9_700,
                 "BRL", 9_700, "BRL", 8_730, "BRL", "PIX", 1, at, at, at, person if place % 4 else None)
            )  # fmt: skip
    for rows in (users, accounts, profiles, collaborators, products, sales):
        await rows.insert()


async def _people(password: str) -> None:
    users = Rows("users", "id email name password_hash locale email_verified_at created_at")
    sessions = Rows("sessions", "id user_id agent created_at ended_at")
    credentials = Rows("credentials", "id session_id kind digest created_at expires_at used_at")
    for number in range(PEOPLE + 1):
        users.rows.append(
            (uid(2, number), f"p{number}@example.com", f"Person {number}", password, "en", END, END)
        )
        sessions.rows.append((uid(10, number), uid(2, number), "", END, None))
        digested = digest(token(f"p{number}"))
        credentials.rows.append((uid(11, number), uid(10, number), "ACCESS", digested, END, END * 2, None))
    for rows in (users, sessions, credentials):
        await rows.insert()
    await database.insert(
        "accounts",
        {
            "id": ACCOUNT, "owner_id": uid(2, 0), "name": "Aurora", "kind": "LEGAL_ENTITY", "country": "BR",
            "tax_number": "11222333000181", "edition": "EXPERT", "teams_on": True, "privacy": "OWN",
            "currency": "BRL", "timezone": TIMEZONE, "locale": "en", "logo_url": None,
            "intake_id": uid(1, 2), "intake_secret_digest": None, "closed_at": None, "created_at": END,
        },
    )  # fmt: skip
    every = [grant.value for grant in Grant]
    fewer = [grant.value for grant in Grant if grant not in PERSONAL]
    profiles = Rows("profiles", "id account_id name name_folded sort_key preset grants created_at")
    for number, held in enumerate((every, fewer)):
        text = msgspec.json.encode(held).decode()
        profiles.rows.append((uid(3, number), ACCOUNT, *names(f"Profile {number}"), None, text, END))
    await profiles.insert()
    collaborators = Rows(
        "collaborators", "id account_id user_id profile_id name name_folded sort_key role joined_at"
    )
    for number in range(1, PEOPLE + 1):
        role = "ADMIN" if number <= 2 else "TEAM_LEAD" if number == 3 else "USER"
        profile = uid(3, 1 if number == 2 else 0)
        collaborators.rows.append(
            (collaborator_id(number), ACCOUNT, uid(2, number), profile, *names(f"Person {number}"), role, END)
        )
    await collaborators.insert()
    await _teams()
    await _products()


async def _teams() -> None:
    """Teams of people who follow each other. The last two share: one of people with few sales and with a
    handful, one of people with a handful."""
    teams = Rows("teams", "id account_id name name_folded sort_key privacy created_at")
    places = Rows("team_members", "id account_id team_id collaborator_id leads")
    for number in range(3, PEOPLE + 1):
        team = (number - 3) // TEAM
        if (number - 3) % TEAM == 0:
            privacy = "SHARED" if number > PEOPLE - 2 * TEAM else "OWN"
            teams.rows.append((uid(5, team), ACCOUNT, *names(f"Team {team}"), privacy, END))
        places.rows.append((uid(6, number), ACCOUNT, uid(5, team), collaborator_id(number), number == 3))
    await teams.insert()
    await places.insert()


async def _products() -> None:
    products = Rows(
        "products",
        "id account_id reference ucode name name_folded sort_key support_email named_at named_by created_at",
    )
    offers = Rows("offers", "id account_id product_id code price currency priced_at created_at")
    for number in range(12):
        name = f"Course {number}"
        products.rows.append(
            (
                uid(7, number),
                ACCOUNT,
                str(1000 + number),
                f"u{number}",
                *names(name),
                None,
                END,
                "",
                END,
            )
        )
        for offer in range(3):
            code, price = f"o{number}{offer}", 9_700 + 1_000 * offer
            offers.rows.append(
                (uid(8, number * 3 + offer), ACCOUNT, uid(7, number), code, price, "BRL", END, END)
            )
    await products.insert()
    await offers.insert()


_SALE = """
id account_id reference status product_id offer_id price currency full_price full_currency net net_currency
payment_method instalments buyer_name buyer_folded buyer_email buyer_phone buyer_document buyer_country
buyer_address origin_src origin_sck checkout_origin device affiliate_code affiliate_name subscription_code
recurrence ordered_at approved_at refunded_at warranty_until created_at assignee_id team_id assigned_at
credit_id credit_team_id
"""
_SMALL_SALE = """
id account_id reference status product_id price currency full_price full_currency net net_currency
payment_method instalments ordered_at approved_at created_at assignee_id
"""
_COMMISSION = "id account_id sale_id position source name amount currency"
_EVENT = "id account_id sale_id key source kind status happened_at received_at facts"


def reference(number: int) -> str:
    """A sale's reference."""
    return f"HP{number:010d}"


def _sales(
    count: int,
) -> Iterator[tuple[Sequence[Any], Sequence[Sequence[Any]], Sequence[Sequence[Any]]]]:
    """Sales in the order of their ids and times, each with its shares and its history."""
    chance = random.Random(count)
    rare = {chance.randrange(count): PEOPLE - place % RARE for place in range(RARE * HANDFUL)}
    frequent = range(1, PEOPLE - RARE + 1)
    weights = [1 / place for place in frequent]
    start = END - DAYS * DAY
    address = stored_address(_ADDRESS)
    for number in range(count):
        at = start + number * DAYS * DAY // count
        status = chance.choice(_STATUSES)
        product = chance.randrange(12)
        price = 9_700 + chance.randrange(20) * 1_000
        person = (
            4
            if number == WHOLE
            else rare.get(number) or (chance.choices(frequent, weights)[0] if chance.random() < 0.9 else None)
        )
        approved = at + 60_000 if status in (SaleStatus.APPROVED, SaleStatus.COMPLETE) else None
        sale_id = uid(9, number)
        team = uid(5, (person - 3) // TEAM) if person is not None and person > 2 else None
        sale = (
            sale_id, ACCOUNT, reference(number), status.value, uid(7, product),
            uid(8, product * 3 + number % 3), price, "BRL", price, "BRL", price * 9 // 10, "BRL",
            _METHODS[number % 3].value, 1 + number % 12,
            f"Buyer {number}", f"buyer {number}", f"buyer{number}@example.com", "+5519990001122",
            "12345678909", "BR", address, "instagram", None, "checkout", "mobile",
            None, None, None, None, at, approved, None, at + 7 * DAY, at,
            collaborator_id(person) if person else None, team, at if person else None,
            collaborator_id(person) if person else None, team,
        )  # fmt: skip
        commissions = [
            (uid(12, number * 2), ACCOUNT, sale_id, 0, "MARKETPLACE", None, price // 10, "BRL"),
            (uid(12, number * 2 + 1), ACCOUNT, sale_id, 1, "PRODUCER", "Aurora", price * 9 // 10, "BRL"),
        ]
        events = [
            (uid(13, number * 2), ACCOUNT, sale_id, f"{number}a", "WEBHOOK", "PURCHASE_DELAYED", "PROCESSING",
             at, at, "{}"),
            (uid(13, number * 2 + 1), ACCOUNT, sale_id, f"{number}b", "WEBHOOK", "PURCHASE", status.value,
             at + 60_000, at + 60_000, "{}"),
        ]  # fmt: skip
        yield sale, commissions, events
