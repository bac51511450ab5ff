"""Products and offers as the events name them: the same for every order of arrival."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from intake.events.event import Event
from intake.events.facts import Facts
from models import database
from models.naming import name_columns
from models.plans import link_plans
from models.price_history import UNQUOTED
from models.product_vocabulary import ByHand, Source
from models.statement import one_of

_UNTOLD = -1
_SIDE_FACTS = {
    "ucode": "ucode",
    "marketplace_support_email": "support_email",
    "coproduced": "coproduced",
}
"""The columns of facts without times of their own, and their names in events."""
_READ = (
    "id, reference, name, ucode, support_email, coproduced, marketplace_name, marketplace_support_email,"
    " by_hand, source, named_at, named_by"
)

Clock = tuple[int, str]


def lock() -> str:
    """The clause that locks rows until the transaction ends. SQLite has one writer anyway."""
    return " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""


def clock(event: Event) -> Clock:
    """Orders two events: by time, then by id."""
    return event.happened_at or 0, event.key


def _facts(event: Event) -> Facts:
    assert event.facts is not None
    return event.facts


async def read_products(account_id: str, references: Iterable[str]) -> dict[str, Any]:
    """The rows of the known products by reference, locked until the transaction ends."""
    chosen = one_of("reference", sorted(references))
    if not chosen.params:
        return {}
    rows = await database.read(
        f"SELECT {_READ} FROM products WHERE account_id = ? AND {chosen.text} ORDER BY reference{lock()}",
        (account_id, *chosen.params),
    )
    return {row["reference"]: row for row in rows}


def products_of(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events that are about a product, by its reference."""
    mentions: dict[str, list[Event]] = {}
    for event in events:
        reference = _facts(event).product_reference
        if reference is not None:
            mentions.setdefault(reference, []).append(event)
    return mentions


async def settle_products(
    account_id: str, events: Sequence[Event], present: Mapping[str, Any]
) -> dict[str, str]:
    """Add and rename the products of the events, given the known ones in `present`.

    Returns ids by reference.
    """
    mentions = products_of(events)
    rows = {name: present[name] for name in mentions if name in present}
    added: dict[str, Any] = {
        name: {"id": database.new_id(), "reference": name, "name": name, "ucode": None}
        | {"support_email": None, "coproduced": None, "named_at": _UNTOLD, "named_by": ""}
        | {"marketplace_name": None, "marketplace_support_email": None}
        | {"by_hand": 0, "source": Source.MARKETPLACE.value}
        for name in sorted(mentions.keys() - rows.keys())
    }
    columns = ("id", "account_id", "reference", *name_columns(""), "named_at", "named_by", "created_at")
    at = database.now()
    await database.write_later(
        database.insertion("products", columns),
        [
            (row["id"], account_id, name, *name_columns(name).values(), _UNTOLD, "", at)
            for name, row in added.items()
        ],
    )
    rows |= added
    for name in sorted(rows):
        await _name(account_id, rows[name], mentions[name])
    return {name: str(row["id"]) for name, row in rows.items()}


async def _name(account_id: str, row: Any, events: Sequence[Event]) -> None:
    """Each fact of a product comes from the latest event that has it. What people set is above the facts."""
    changed: dict[str, Any] = {}
    if row["source"] == Source.HAND:
        changed["source"] = Source.BOTH.value
    name = _latest(events, "product_name")
    if name and name[0] > (row["named_at"], row["named_by"]):
        changed |= {"named_at": name[0][0], "named_by": name[0][1], "marketplace_name": name[1]}
        if name[1] != row["name"] and not row["by_hand"] & ByHand.NAME:
            changed |= name_columns(name[1])
    for column, fact in _SIDE_FACTS.items():
        found = _latest(events, f"product_{fact}")
        if found is None or found[1] == row[column]:
            continue
        # the row does not store times for these: they rarely change, so the time is looked up when they do
        if row[column] is None or not await _has_later(account_id, row["reference"], fact, found[0]):
            changed[column] = found[1]
    if "marketplace_support_email" in changed and not row["by_hand"] & ByHand.SUPPORT_EMAIL:
        changed["support_email"] = changed["marketplace_support_email"]
    if changed:
        settings = ", ".join(f"{column} = ?" for column in changed)
        await database.write_later(
            f"UPDATE products SET {settings} WHERE account_id = ? AND id = ?",
            [(*changed.values(), account_id, str(row["id"]))],
        )


def _latest(events: Iterable[Event], fact: str) -> tuple[Clock, Any] | None:
    mentions = [
        (clock(event), value) for event in events if (value := getattr(event.facts, fact)) is not None
    ]
    return max(mentions, default=None)


async def _has_later(account_id: str, reference: str, fact: str, since: Clock) -> bool:
    """Whether an event after this one had the fact."""
    for table in ("sale_events", "sale_supplements"):
        condition = (
            f"SELECT key FROM {table} WHERE account_id = ? AND facts ->> 'product_reference' = ?"
            f" AND facts ->> 'product_{fact}' IS NOT NULL AND happened_at"
        )
        if await database.read(f"{condition} > ? LIMIT 1", (account_id, reference, since[0])):
            return True
        beside = await database.read(f"{condition} = ?", (account_id, reference, since[0]))
        if any(row["key"] > since[1] for row in beside):
            return True
    return False


def offers_of(events: Iterable[Event]) -> dict[tuple[str, str], list[Event]]:
    """The events that are about an offer, by its product and code."""
    mentions: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        facts = _facts(event)
        if facts.offer_code is not None and facts.product_reference is not None:
            mentions.setdefault((facts.product_reference, facts.offer_code), []).append(event)
    return mentions


async def read_offers(account_id: str, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """The rows of the known offers, locked until the transaction ends."""
    wanted = set(names)
    found = await _offers(account_id, sorted(wanted), lock())
    return {name: row for row in found if (name := (row["reference"], row["code"])) in wanted}


async def settle_offers(
    account_id: str,
    events: Sequence[Event],
    products: Mapping[str, str],
    present: Mapping[tuple[str, str], Any],
) -> dict[tuple[str, str], str]:
    """Add and name the offers of the events, given the known ones in `present`. Returns their ids."""
    mentions = offers_of(events)
    rows = {name: present[name] for name in mentions if name in present}
    added = {
        name: {"id": database.new_id(), "reference": name[0], "code": name[1]}
        | {
            "named_at": _UNTOLD,
            "named_by": "",
            "planned_at": _UNTOLD,
            "planned_by": "",
            "marketplace_plan": None,
        }
        | {"named_by_hand": False, "source": Source.MARKETPLACE.value}
        for name in sorted(mentions.keys() - rows.keys())
    }
    columns = ("id", "account_id", "product_id", "code", "priced_at", "created_at")
    at = database.now()
    await database.write_later(
        database.insertion("offers", columns),
        [
            (row["id"], account_id, products[product], code, UNQUOTED, at)
            for (product, code), row in added.items()
        ],
    )
    rows |= added
    planned = [name[0] for name in sorted(rows) if await _describe(account_id, rows[name], mentions[name])]
    if planned:
        await link_plans(account_id, {products[reference] for reference in planned})
    return {name: str(row["id"]) for name, row in rows.items()}


async def _offers(account_id: str, names: Iterable[tuple[str, str]], suffix: str = "") -> Sequence[Any]:
    names = list(names)
    if not names:
        return []
    codes, references = (
        one_of("o.code", {code for _, code in names}),
        one_of("p.reference", {p for p, _ in names}),
    )
    return await database.read(
        "SELECT o.id, p.reference, o.code, o.price, o.currency, o.priced_at, o.named_at, o.named_by,"
        " o.named_by_hand, o.source, o.planned_at, o.planned_by, o.marketplace_plan FROM offers o"
        " JOIN products p ON p.account_id = o.account_id AND p.id = o.product_id"
        f" WHERE o.account_id = ? AND {codes.text} AND {references.text} ORDER BY o.id"
        + (f"{suffix} OF o" if suffix else ""),
        (account_id, *codes.params, *references.params),
    )


async def _describe(account_id: str, row: Any, events: Sequence[Event]) -> bool:
    """An offer's name and plan come from the latest events that have them. Its price follows from its sales.

    Returns whether its plan changes.
    """
    changed: dict[str, Any] = {}
    name = _latest(events, "offer_name")
    if name and name[0] > (row["named_at"], row["named_by"]):
        changed |= {"marketplace_name": name[1], "named_at": name[0][0], "named_by": name[0][1]}
        if not row["named_by_hand"]:
            changed["name"] = name[1]
    plan = _latest(events, "subscription_plan")
    if plan and plan[0] > (row["planned_at"], row["planned_by"]):
        changed |= {"marketplace_plan": plan[1], "planned_at": plan[0][0], "planned_by": plan[0][1]}
    if row["source"] == Source.HAND:
        changed["source"] = Source.BOTH.value
    if changed:
        settings = ", ".join(f"{column} = ?" for column in changed)
        await database.write_later(
            f"UPDATE offers SET {settings} WHERE account_id = ? AND id = ?",
            [(*changed.values(), account_id, str(row["id"]))],
        )
    return bool(changed.get("marketplace_plan", row["marketplace_plan"]) != row["marketplace_plan"])


async def product_ids(account_id: str, references: Iterable[str]) -> dict[str, str]:
    """The ids of the known products, by reference."""
    chosen = one_of("reference", references)
    rows = await database.read(
        f"SELECT id, reference FROM products WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    return {row["reference"]: str(row["id"]) for row in rows}


async def offer_ids(account_id: str, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The ids of the known offers, by product and code."""
    return {(row["reference"], row["code"]): str(row["id"]) for row in await _offers(account_id, names)}
