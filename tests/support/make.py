"""Rows for tests: each test makes the ones that it names."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import msgspec

from authz.catalog import presets
from authz.grant import Grant
from intake.events.facts import Share
from intake.sales.shares import insert_shares
from models import database
from models.naming import NAMED, name_columns
from models.sales.words import restore_words
from models.text import folded
from models.vocabulary import AccountKind, CommissionSource, Edition, Privacy, Role, SaleStatus

_number = count(1)
_of_first_migration: list[bool] = []  # while there is one, names have no columns of their own but products


@contextmanager
def first_migration() -> Iterator[None]:
    """Rows as the first migration's tables take them."""
    _of_first_migration.append(True)
    try:
        yield
    finally:
        _of_first_migration.pop()


def named(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with the columns that its name is searched and sorted by."""
    if table not in NAMED:
        return row
    columns = name_columns(row["name"])
    if _of_first_migration:
        columns.pop("sort_key")
        if table != "products":
            columns.pop("name_folded")
    return row | columns


async def _insert(table: str, row: dict[str, Any], follow: Any = None) -> dict[str, Any]:
    row = named(table, row)

    async def work() -> None:
        await database.write_later(database.insertion(table, tuple(row)), [tuple(row.values())])
        if follow is not None and not _of_first_migration:
            await follow(row["account_id"], [row["id"]])

    await database.transact(work)
    return row


async def user(name: str | None = None, **changed: Any) -> dict[str, Any]:
    """Someone who can sign in; without a password unless one is given as `password_hash`."""
    user_id = database.new_id()
    row = {
        "id": user_id,
        "email": f"person-{next(_number)}-{user_id[-12:]}@example.com",
        "name": name or f"Person {next(_number)}",
        "password_hash": None,
        "locale": "en",
        "email_verified_at": database.now(),
        "created_at": database.now(),
    }
    return await _insert("users", row | changed)


async def account(owner: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    """A legal entity's account; `teams_on=True` makes it EXPERT too."""
    owner = owner or await user()
    row = {
        "id": database.new_id(),
        "owner_id": owner["id"],
        "name": f"Account {next(_number)}",
        "kind": AccountKind.LEGAL_ENTITY,
        "country": "BR",
        "tax_number": "11222333000181",
        "edition": Edition.EXPERT if changed.get("teams_on") else Edition.STANDARD,
        "teams_on": False,
        "privacy": Privacy.OWN,
        "currency": "BRL",
        "timezone": "UTC",
        "locale": "en",
        "logo_url": None,
        "intake_id": database.new_id(),
        "intake_secret_digest": None,
        "closed_at": None,
        "created_at": database.now(),
    }
    return await _insert("accounts", row | changed)


async def profile(
    account: dict[str, Any], grants: list[Grant] | str = "SUPPORT", **changed: Any
) -> dict[str, Any]:
    """A profile with the grants given, or with those of a preset."""
    preset = grants if isinstance(grants, str) else None
    keys = presets()[grants].grants if isinstance(grants, str) else grants
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "name": f"Profile {next(_number)}",
        "preset": preset,
        "grants": msgspec.json.encode([grant.value for grant in keys]).decode(),
        "created_at": database.now(),
    }
    return await _insert("profiles", row | changed)


async def collaborator(
    account: dict[str, Any],
    profile_: dict[str, Any] | None = None,
    role: Role = Role.USER,
    user_: dict[str, Any] | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """A seat in the account."""
    user_ = user_ or await user()
    profile_ = profile_ or await profile(account)
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": user_["id"],
        "profile_id": profile_["id"],
        "name": user_["name"],
        "role": role,
        "suspended_at": None,
        "starts_at": None,
        "ends_at": None,
        "joined_at": database.now(),
    }
    return await _insert("collaborators", row | changed)


async def team(
    account: dict[str, Any],
    members: list[dict[str, Any]] = [],  # noqa: B006
    leads: list[dict[str, Any]] = [],  # noqa: B006
    privacy: Privacy = Privacy.OWN,
    **changed: Any,
) -> dict[str, Any]:
    """A team of collaborators; its leads are members too."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "name": f"Team {next(_number)}",
        "privacy": privacy,
        "created_at": database.now(),
    } | changed
    await _insert("teams", row)
    for collaborator in [*members, *leads]:
        await _insert(
            "team_members",
            {
                "id": database.new_id(),
                "account_id": account["id"],
                "team_id": row["id"],
                "collaborator_id": collaborator["id"],
                "leads": collaborator in leads,
            },
        )
    return row


async def ended_seat(account: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """What stays of a collaborator whose seat has ended."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": account["owner_id"],
        "name": f"Person {next(_number)}",
        "ended_at": database.now(),
    }
    return await _insert("ended_seats", row | changed)


async def product(account: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Something that the account sells."""
    number = next(_number)
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "reference": str(1_000_000 + number),
        "ucode": f"ucode-{number}",
        "name": f"Product {number}",
        "support_email": "support@example.com",
        "named_at": 0,
        "named_by": "",
        "created_at": database.now(),
    }
    row |= changed
    return await _insert("products", row)


async def offer(account: dict[str, Any], product_: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """One way to buy a product."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "product_id": product_["id"],
        "code": f"offer{next(_number)}",
        "price": 9_900,
        "currency": "BRL",
        "priced_at": 0,
        "created_at": database.now(),
    }
    if _of_first_migration:
        row["priced_by"] = ""
    return await _insert("offers", row | changed)


async def subscription(
    account: dict[str, Any], assignee: dict[str, Any] | None = None, **changed: Any
) -> dict[str, Any]:
    """One active subscription, to a product of its own unless `product_id` says otherwise. It counts for its
    assignee."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "code": f"S{next(_number)}",
        "status": "ACTIVE",
        "product_id": changed.get("product_id") or (await product(account))["id"],
        "known_since": database.now(),
        "created_at": database.now(),
        "assignee_id": assignee and assignee["id"],
        "credit_id": assignee and assignee["id"],
    } | changed
    await _insert("subscriptions", row)
    return row


async def turns(subscription_: dict[str, Any], *times: int) -> None:
    """Beginnings and cancellations of a subscription in turn, at these times."""
    for position, at in enumerate(times):
        kind = "CANCELLED" if position % 2 else "REACTIVATED" if position else "STARTED"
        keys = {"account_id": subscription_["account_id"], "subscription_id": subscription_["id"]}
        begun = {"happened_at": at, "begun_at": times[position - position % 2]}
        row = {"id": database.new_id(), "position": position, "kind": kind}
        await _insert("subscription_turns", row | keys | begun)


async def opportunity(
    account: dict[str, Any], assignee: dict[str, Any] | None = None, **changed: Any
) -> dict[str, Any]:
    """One open opportunity, added by a person now, that counts for its assignee."""
    step = changed.get("step_id") or await _step(account)
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "kind": "MANUAL",
        "status": "TODO",
        "own_status": "TODO",
        "step_id": step,
        "opened_at": database.now(),
        "last_attempt_at": database.now(),
        "touched_at": database.now(),
        "created_at": database.now(),
        "assignee_id": assignee and assignee["id"],
        "credit_id": assignee and assignee["id"],
    } | changed
    await _insert("opportunities", row)
    return row


async def _step(account: dict[str, Any]) -> str:
    """A step of the account's pipeline."""
    row = {"id": database.new_id(), "account_id": account["id"], "name": "New", "position": 0}
    await _insert("pipeline_steps", row)
    return str(row["id"])


async def sale(
    account: dict[str, Any],
    product_: dict[str, Any] | None = None,
    assignee: dict[str, Any] | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """One approved sale of 99.00 BRL, made now, that counts for its assignee and team."""
    number = next(_number)
    product_ = product_ or await product(account)
    at = changed.get("ordered_at", database.now())
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "reference": f"HP{10_000_000 + number}",
        "status": SaleStatus.APPROVED,
        "product_id": product_["id"],
        "offer_id": None,
        "price": 9_900,
        "currency": "BRL",
        "full_price": 9_900,
        "full_currency": "BRL",
        "net": 9_000,
        "net_currency": "BRL",
        "payment_method": "PIX",
        "instalments": 1,
        "buyer_name": f"Buyer {number}",
        "buyer_email": f"buyer-{number}@example.com",
        "buyer_phone": f"+5511{90_000_000 + number}",
        "buyer_document": f"{number:011}",
        "buyer_country": "BR",
        "buyer_address": None,
        "origin_src": None,
        "origin_sck": None,
        "checkout_origin": None,
        "device": None,
        "affiliate_code": None,
        "affiliate_name": None,
        "subscription_code": None,
        "recurrence": None,
        "ordered_at": at,
        "approved_at": at,
        "refunded_at": None,
        "warranty_until": None,
        "created_at": database.now(),
        "assignee_id": assignee["id"] if assignee else None,
        "team_id": None,
        "assigned_at": at if assignee else None,
    }
    row |= changed
    row |= {"buyer_folded": row["buyer_name"] and folded(row["buyer_name"])}
    if not _of_first_migration:
        row = {"credit_id": row["assignee_id"], "credit_team_id": row["team_id"]} | row
    return await _insert("sales", row, restore_words)


async def shares(sale_: dict[str, Any], *sources: CommissionSource) -> None:
    """The shares of a sale: of each source as much as the price."""

    found = [Share(source, sale_["price"], sale_["currency"]) for source in sources]
    await database.transact(lambda: insert_shares(sale_["account_id"], [(sale_["id"], found)]))


async def session(user_: dict[str, Any], *, ended: bool = False) -> str:
    """An access token of someone who signed in."""
    from authz.identity import digest

    token = f"access-{database.new_id()}"
    session_id = database.new_id()
    at = database.now()
    await _insert(
        "sessions",
        {
            "id": session_id,
            "user_id": user_["id"],
            "agent": "",
            "created_at": at,
            "ended_at": at if ended else None,
        },
    )
    await _insert(
        "credentials",
        {
            "id": database.new_id(),
            "session_id": session_id,
            "kind": "ACCESS",
            "digest": digest(token),
            "created_at": at,
            "expires_at": at + 3_600_000,
            "used_at": None,
        },
    )
    return token


async def api_credential(account: dict[str, Any], user_id: str, **changed: Any) -> str:
    """The id of an API credential of someone's."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": user_id,
        "name": "Warehouse",
        "grants": "[]",
        "client_id": database.new_id(),
        "digest": database.new_id(),
        "created_at": database.now(),
        "created_by_name": "Someone",
        "expires_at": database.now() + 3_600_000,
        "fell": False,
    } | changed
    await _insert("api_credentials", row)
    return str(row["id"])


async def webhook(account: dict[str, Any], user_id: str, **changed: Any) -> str:
    """The id of an endpoint that someone is responsible for."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": user_id,
        "user_name": "Someone",
        "enabled": True,
        "events": "[]",
        "products": "[]",
        "created_at": database.now(),
        "url": "https://93.184.215.14/hook",
        "description": "",
        "secrets": "[]",
        "version": 1,
        "fell": False,
    } | changed
    await _insert("webhook_endpoints", row)
    return str(row["id"])


async def integration(account: dict[str, Any], user_id: str, **changed: Any) -> tuple[str, str]:
    """The ids of an integration and of its target, which is confirmed on the authority of a user."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "enabled": True,
        "events": '["SALE_APPROVED"]',
        "products": "[]",
        "created_at": database.now(),
        "name": "Warehouse",
        "kind": "JSON",
        "chosen": '[{"name": "ref", "field": "Sale.reference"}]',
        "template": "",
        "headers": "[]",
        "version": 1,
        "changed_at": database.now(),
        "changed_by": "Someone",
    }
    target = {
        "id": database.new_id(),
        "account_id": account["id"],
        "purpose": "INTEGRATION",
        "thing_id": row["id"],
        "url": "https://93.184.215.14/in",
        "host": "93.184.215.14",
        "sent": '["Sale.reference"]',
        "status": "CONFIRMED",
        "authority": "MAKER",
        "user_id": user_id,
        "user_name": "Someone",
        "created_at": database.now(),
        "confirmed_at": database.now(),
        "version": 1,
    } | changed
    await _insert("integrations", row)
    await _insert("targets", target)
    return str(row["id"]), str(target["id"])


async def delivery(account: dict[str, Any], endpoint_id: str, **changed: Any) -> str:
    """The id of something that an endpoint got."""
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "receiver_kind": "WEBHOOK",
        "receiver_id": endpoint_id,
        "event": "SALE_APPROVED",
        "event_id": "evt_1",
        "happened_at": database.now(),
        "created_at": database.now(),
        "status": "SENT",
        "again": False,
        "reduced": False,
        "tries": 1,
        "attempts": "[]",
    } | changed
    await _insert("deliveries", row)
    return str(row["id"])


async def access_token(
    account: dict[str, Any], holder: dict[str, Any], grants: list[Grant], standings: list[str]
) -> str:
    """A personal access token of the user in a seat."""
    from authz.identity import TOKEN_PREFIX, digest

    token = f"{TOKEN_PREFIX}{account['id'].replace('-', '')}_{database.new_id()}"
    await _insert(
        "access_tokens",
        {
            "id": database.new_id(),
            "account_id": account["id"],
            "user_id": holder["user_id"],
            "collaborator_id": holder.get("id"),
            "name": "Nightly export",
            "grants": msgspec.json.encode([grant.value for grant in grants]).decode(),
            "standings": msgspec.json.encode(standings).decode(),
            "digest": digest(token),
            "created_at": database.now(),
            "expires_at": database.now() + 3_600_000,
            "last_used_at": database.now(),
            "ended_at": None,
        },
    )
    return token
