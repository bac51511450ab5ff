"""E-mails to buyers: in the account's language, answered to the product's support, and limited.

    await post_to_buyer(emails.RECEIPT, sale_id, {"number": "R-HP1"})

A text can name `account`, `product`, `reference` and `support` besides the data that its caller provides.
"""

from dataclasses import dataclass
from typing import Any

from actions.kit.email import Email
from actions.kit.outbox import About, post
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from models import database
from models.masking import masked_email
from models.statement import Statement
from models.text import address_of

DAY_MS = 24 * 3_600_000
MOST_OF_A_KIND = 3
"""How many e-mails of a kind a buyer gets about one sale within 24 hours."""
MOST_TO_AN_ADDRESS = 10
"""How many e-mails of all kinds an account sends to one buyer's address within 24 hours."""


@dataclass(frozen=True, slots=True)
class _Sale:
    id: str
    account_id: str
    reference: str
    address: str | None
    product: str
    support: str | None
    access: str | None
    account: str
    locale: str


async def post_to_buyer(
    email: Email,
    sale_id: str,
    data: dict[str, Any] | None = None,
    *,
    to: str | None = None,
    limited: bool = True,
    field: tuple[str, ...] = ("reference",),
) -> str:
    """Put an e-mail to the buyer of a sale into the outbox, and return the masked address.

    `to` is another address, which the caller has checked. Refuses with NO_ADDRESS a sale without an address
    that e-mail can be sent to, and with RATE_LIMITED one more than the limits allow; `field` names the input.
    A warning that must arrive is not `limited`, and counts for the others all the same.
    """
    sale = await _sale(sale_id)
    address = sale.address if to is None else to
    if address is None:
        raise Refusal(ErrorCode.NO_ADDRESS, "no_buyer_address", field)
    if limited:
        await _require_few(email, sale, address, field)
    words = {"account": sale.account, "product": sale.product, "reference": sale.reference}
    words |= {"support": sale.support} if sale.support else {}
    words |= {"access": sale.access} if email.outside == "access" and sale.access else {}
    about = About(sale.account_id, sale.id, sale.support)
    await post(email, address, sale.locale, words | (data or {}), about)
    return masked_email(address) or ""


async def post_by_rule(email: Email, sale_id: str, data: dict[str, Any] | None = None) -> ErrorCode | None:
    """The same, for what no person does: it is skipped where it would be refused.

    Returns the reason, for the caller to note where the object's history shows it.
    """
    try:
        await post_to_buyer(email, sale_id, data)
    except Refusal as refusal:
        return refusal.code
    return None


async def masked_buyer(within: Reach, sale_id: str) -> str | None:
    """The masked address of a sale's buyer, for a call that is repeated; None if the sale left the reach."""
    rows = await database.read(
        Statement("SELECT r.buyer_email FROM sales r WHERE r.id = ? AND ", (sale_id,)) + within.where("r")
    )
    return masked_email(rows[0]["buyer_email"]) if rows else None


async def _sale(sale_id: str) -> _Sale:
    rows = await database.read(
        "SELECT s.account_id, s.reference, s.buyer_email, p.name AS product, p.support_email, p.access_url,"
        " COALESCE(a.brand_name, a.name) AS account, a.locale FROM sales s"
        " JOIN products p ON p.account_id = s.account_id AND p.id = s.product_id"
        " JOIN accounts a ON a.id = s.account_id WHERE s.id = ?",
        (sale_id,),
    )
    row = rows[0]
    support = row["support_email"] and address_of(row["support_email"])
    address = row["buyer_email"] and address_of(row["buyer_email"])
    return _Sale(
        id=sale_id,
        account_id=str(row["account_id"]),
        reference=row["reference"],
        address=address or None,
        product=row["product"],
        support=support or None,
        access=row["access_url"],
        account=row["account"],
        locale=row["locale"],
    )


async def _require_few(email: Email, sale: _Sale, address: str, field: tuple[str, ...]) -> None:
    if database.dialect() == "postgres":
        # two e-mails to one address are counted one after the other
        lock = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))"
        await database.read(lock, (f"{sale.account_id} {address}",))
    rows = await database.read(
        "SELECT COUNT(CASE WHEN sale_id = ? AND kind = ? THEN 1 END) AS of_kind,"
        " COUNT(CASE WHEN recipient = ? THEN 1 END) AS to_address FROM outbox_messages"
        " WHERE account_id = ? AND created_at > ? AND (recipient = ? OR sale_id = ?)",
        (sale.id, email.kind, address, sale.account_id, database.now() - DAY_MS, address, sale.id),
    )
    if rows[0]["of_kind"] >= MOST_OF_A_KIND:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_of_a_kind", field, most=MOST_OF_A_KIND)
    if rows[0]["to_address"] >= MOST_TO_AN_ADDRESS:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_to_address", field, most=MOST_TO_AN_ADDRESS)
