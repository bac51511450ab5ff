"""What is stored about the contacts and products whose opportunities are derived again."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from models import database
from models.recovery.contact import DOCUMENT, EMAIL, SALE, contact_of_sale
from models.recovery.derive import DAY_MS, HOUR_MS, Attempt, Purchase
from models.statement import Statement, joined, one_of
from models.vocabulary import EventSource, PaymentMethod, SaleStatus, SlipKind, SoldAs

Group = tuple[str, str]
"""The id of a product, and a contact."""

_PRODUCER = f"s.sold_as = '{SoldAs.PRODUCER.value}'"
_ENDED = "('CANCELLED', 'NO_FUNDS', 'BLOCKED')"
_REFUSED = f"e.account_id = s.account_id AND e.sale_id = s.id AND e.status IN {_ENDED}"
_SLIP = "(s.payment_method IN ('BILLET', 'PIX', 'CASH', 'BANK_TRANSFER') OR s.slip_kind IS NOT NULL)"
_LATE = (
    f"({_SLIP} AND s.approved_at >= s.ordered_at + {HOUR_MS}) OR (s.approved_at >= s.ordered_at + {DAY_MS}"
    f" AND EXISTS (SELECT 1 FROM sale_events e WHERE {_REFUSED}))"
)
_UNPAID = f"{_PRODUCER} AND ((s.approved_at IS NULL AND ({_SLIP} OR s.status IN {_ENDED})) OR {_LATE})"
"""What may have made an opportunity: a sale that is unpaid, or that was paid late."""
_KNOWN = " OR ".join(
    f"EXISTS (SELECT 1 FROM opportunities o WHERE o.account_id = s.account_id AND {same})"
    for same in (
        f"o.product_id = s.product_id AND o.contact = '{EMAIL}' || s.marketplace_email",
        f"o.product_id = s.product_id AND o.contact = '{DOCUMENT}' || s.buyer_document",
        "o.sale_id = s.id",
        "o.marketplace_sale_id = s.id",
    )
)
_COLUMNS = (
    *(
        "id",
        "reference",
        "product_id",
        "offer_id",
        "status",
        "payment_method",
        "slip_kind",
        "price",
        "currency",
    ),
    *(
        "ordered_at",
        "approved_at",
        "ended_at",
        "marketplace_email",
        "buyer_name",
        "buyer_email",
        "buyer_phone",
    ),
    *("buyer_document", "buyer_country", "origin_src", "origin_sck", "origin_xcod", "affiliate_code"),
    *("affiliate_name", "assignee_id", "team_id", "credit_id", "credit_team_id", "recovery_due_at"),
)
_REFUSED_AT = (
    f"(SELECT MIN(e.happened_at) FROM sale_events e WHERE {_REFUSED}"
    " AND (e.status <> 'CANCELLED' OR s.refusal IS NOT NULL)) AS refused_at"
)


class Found(msgspec.Struct):
    """What is stored about some groups."""

    attempts: dict[Group, list[Attempt]]
    purchases: dict[Group, list[Purchase]]
    sales: dict[str, Any]
    """The rows of sales by id."""
    rows: list[Any]
    """The opportunities, those opened first before the others."""


async def concerned(account_id: str, sale_ids: Collection[str]) -> set[Group]:
    """The groups of sales that made an opportunity or may have won one: none, for most sales."""
    if not sale_ids:
        return set()
    rows = await database.read(
        Statement(
            "SELECT s.reference, s.product_id, s.marketplace_email, s.buyer_document FROM sales s"
            " WHERE s.account_id = ? AND ",
            (account_id,),
        )
        + one_of("s.id", sale_ids)
        + f" AND (({_UNPAID}) OR {_KNOWN})"
    )
    found: set[Group] = set()
    for row in rows:
        product_id = str(row["product_id"])
        email, document = row["marketplace_email"], row["buyer_document"]
        found.add((product_id, contact_of_sale(email, document, row["reference"])))
        found |= {(product_id, SALE + row["reference"])} if email or document else set()
        found |= {(product_id, DOCUMENT + document)} if document else set()
    return found


async def read_groups(account_id: str, groups: set[Group], sale_ids: Collection[str]) -> Found:
    """All that the opportunities of groups follow from, and those that sales had before.

    A sale that is recognized by another contact now has left a group, which is added.
    """
    rows = await _opportunities(account_id, {contact for _, contact in groups}, sale_ids)
    left = {
        _group(row)
        for row in rows
        if str(row["sale_id"]) in sale_ids or str(row["marketplace_sale_id"]) in sale_ids
    }
    further = {group for group in left - groups if group[0] and group[1]}
    if further:
        groups |= further
        rows = await _opportunities(account_id, {contact for _, contact in groups}, sale_ids)
    own = [row for row in rows if _group(row) in groups or str(row["sale_id"]) in sale_ids]
    sales = await _sales(account_id, groups)
    purchases = _grouped(groups, sales.values())
    return Found(await _attempts(account_id, groups), purchases, sales, own)


def _group(row: Any) -> Group:
    return str(row["product_id"] or ""), row["contact"] or ""


async def _opportunities(
    account_id: str, contacts: Collection[str], sale_ids: Collection[str]
) -> Sequence[Any]:
    values = {"contact": contacts, "sale_id": sale_ids, "marketplace_sale_id": sale_ids}
    parts = [
        Statement("SELECT id FROM opportunities WHERE account_id = ? AND ", (account_id,))
        + one_of(column, sorted(found))
        for column, found in values.items()
        if found
    ]
    # locked until the transaction ends, so that no one acts on what is read here
    lock = " FOR UPDATE" if database.dialect() == "postgres" else ""
    rows = await database.read(
        Statement("SELECT o.* FROM opportunities o WHERE o.id IN (")
        + joined(parts, " UNION ALL ")  # each by an index of its own
        + f") ORDER BY o.id{lock}"
    )
    return sorted(rows, key=lambda row: (row["opened_at"], str(row["id"])))


async def _sales(account_id: str, groups: Collection[Group]) -> dict[str, Any]:
    parts = []
    for kind, column in ((EMAIL, "marketplace_email"), (DOCUMENT, "buyer_document"), (SALE, "reference")):
        values = sorted({contact.removeprefix(kind) for _, contact in groups if contact.startswith(kind)})
        if values:
            parts.append(one_of(f"s.{column}", values))
    found: dict[str, Any] = {}
    columns = ", ".join(f"s.{name}" for name in _COLUMNS)
    for part in parts:  # each by an index of its own
        rows = await database.read(
            Statement(
                f"SELECT {columns}, {_REFUSED_AT} FROM sales s WHERE s.account_id = ? AND ", (account_id,)
            )
            + part
            + f" AND {_PRODUCER}"
        )
        found |= {str(row["id"]): row for row in rows}
    return found


def _grouped(groups: Collection[Group], sales: Iterable[Any]) -> dict[Group, list[Purchase]]:
    found: dict[Group, list[Purchase]] = {group: [] for group in groups}
    for row in sales:
        email, document, reference = row["marketplace_email"], row["buyer_document"], row["reference"]
        own = contact_of_sale(email, document, reference)
        for contact in {own, SALE + reference, *((DOCUMENT + document,) if document else ())}:
            group = (str(row["product_id"]), contact)
            if group in found:
                found[group].append(_purchase(row, own=contact == own))
    return found


def _purchase(row: Any, *, own: bool) -> Purchase:
    return Purchase(
        str(row["id"]),
        row["reference"],
        SaleStatus(row["status"]),
        row["ordered_at"],
        own,
        PaymentMethod(row["payment_method"]) if row["payment_method"] else None,
        SlipKind(row["slip_kind"]) if row["slip_kind"] else None,
        row["approved_at"],
        row["ended_at"],
        row["refused_at"],
    )


async def _attempts(account_id: str, groups: Collection[Group]) -> dict[Group, list[Attempt]]:
    contacts = sorted({contact for _, contact in groups if not contact.startswith((DOCUMENT, SALE))})
    if not contacts:
        return {}
    rows = await database.read(
        Statement(
            "SELECT p.id AS product_id, a.contact, a.key, a.happened_at, o.id AS offer_id, a.name, a.email,"
            " a.phone, a.country FROM checkout_attempts a"
            " JOIN products p ON p.account_id = a.account_id AND p.reference = a.product_reference"
            " LEFT JOIN offers o ON o.account_id = a.account_id AND o.product_id = p.id"
            " AND o.code = a.offer_code WHERE a.account_id = ? AND ",
            (account_id,),
        )
        + one_of("a.contact", contacts)
    )
    found: dict[Group, list[Attempt]] = {}
    for row in rows:
        attempt = Attempt(
            row["key"],
            row["happened_at"],
            str(row["offer_id"]) if row["offer_id"] else None,
            row["name"],
            row["email"],
            row["phone"],
            row["country"],
        )
        found.setdefault((str(row["product_id"]), row["contact"]), []).append(attempt)
    return found


async def message_events(
    account_id: str, opportunity_ids: Collection[str]
) -> dict[str, dict[str, tuple[str, int]]]:
    """What messages made of opportunities as it is stored: kind and time by key."""
    found: dict[str, dict[str, tuple[str, int]]] = {}
    if opportunity_ids:
        rows = await database.read(
            Statement(
                "SELECT opportunity_id, key, kind, happened_at FROM opportunity_events"
                " WHERE account_id = ? AND source = ? AND ",
                (account_id, EventSource.WEBHOOK.value),
            )
            + one_of("opportunity_id", sorted(opportunity_ids))
        )
        for row in rows:
            found.setdefault(str(row["opportunity_id"]), {})[row["key"]] = (row["kind"], row["happened_at"])
    return found
