"""The receipt of a sale: made of the sale as it is now, whenever someone asks for it."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from actions.commerce.sales.events import ReceiptSent
from actions.kit.event import newest_moment
from authz import reach
from authz.gates import ON_RECORD
from authz.grant import Grant
from authz.viewer import Viewer
from models import database
from models.address import Address, address_of, place_of
from models.masking import masked_number
from models.statement import Statement
from models.vocabulary import SaleStatus, SoldAs

PAID = frozenset(
    (
        *(SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED),
        *(SaleStatus.DISPUTE, SaleStatus.REFUNDED),
    )
)
"""The statuses in which an approved sale has a receipt."""


_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money in minor units."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says. Times are in milliseconds."""

    sale_id: str
    reference: str
    issued_at: int
    seller: str
    seller_address: str | None
    tax_number: str | None
    buyer: str | None
    document: str | None
    address: Address | None
    product: str
    offer: str | None
    price: Amount
    full_price: Amount
    installments: int
    paid_at: int
    refunded: bool
    refunded_at: int | None
    refunded_amount: Amount | None
    footer: str | None
    locale: str
    timezone: str
    emailed_at: int | None

    @property
    def number(self) -> str:
        """The receipt's number, the same each time."""
        return f"R-{self.reference}"

    def shown_to(self, viewer: Viewer) -> "Receipt":
        """The receipt as the API shows it: with a masked tax number, and covered where buyers are."""
        shown = replace(self, tax_number=masked_number(self.tax_number))
        return shown.covered() if viewer.mask & ON_RECORD else shown

    def covered(self) -> "Receipt":
        """The receipt without what identifies the buyer."""
        address = None if self.address is None else place_of(self.address)
        return replace(self, document=masked_number(self.document), address=address)


@dataclass(frozen=True, slots=True)
class Found:
    """A sale within reach: its id, its status, the account's role in it, and its receipt, if there is one."""

    sale_id: str
    status: str
    sold_as: str
    receipt: Receipt | None


async def find_receipt(viewer: Viewer, reference: str, *, locked: bool = False) -> Found | None:
    """The sale of a reference within reach, with its receipt; None for any other reference.

    Only the seller has a receipt: what the account sold as an affiliate or coproducer, another seller did.
    """
    within = reach.rows(viewer, "sales", Grant.SEND_RECEIPTS)
    lock = " FOR UPDATE OF r" if locked and database.dialect() == "postgres" else ""
    rows = await database.read(
        Statement("SELECT " + _COLUMNS + ", ")
        + newest_moment(ReceiptSent)
        + Statement(_TABLES + " WHERE r.reference = ? AND ", (reference,))
        + within.where("r")
        + lock
    )
    if not rows:
        return None
    row = rows[0]
    paid = row["approved_at"] is not None and row["status"] in PAID
    exists = paid and row["sold_as"] == SoldAs.PRODUCER
    return Found(str(row["id"]), row["status"], row["sold_as"], _receipt(row) if exists else None)


_COLUMNS = (
    "r.id, r.reference, r.status, r.sold_as, r.price, r.currency, r.full_price, r.full_currency,"
    " r.instalments, r.approved_at, r.refunded_at, r.refunded_amount, r.refunded_currency,"
    " r.buyer_name, r.buyer_document, r.buyer_address, p.name AS product, COALESCE(o.name, o.code) AS offer,"
    " COALESCE(a.brand_name, a.name) AS seller, a.locale, a.timezone, a.tax_number,"
    " a.receipt_tax_number, a.receipt_address, a.receipt_footer, d.address AS seller_address"
)
_TABLES = (
    " AS emailed_at FROM sales r JOIN accounts a ON a.id = r.account_id"
    " JOIN products p ON p.account_id = r.account_id AND p.id = r.product_id"
    " LEFT JOIN offers o ON o.account_id = r.account_id AND o.id = r.offer_id"
    " LEFT JOIN owner_details d ON d.account_id = r.account_id"
)


def _receipt(row: Any) -> Receipt:
    refunded = row["status"] == SaleStatus.REFUNDED
    part = row["refunded_amount"]
    return Receipt(
        sale_id=str(row["id"]),
        reference=row["reference"],
        issued_at=database.now() // _MINUTE_MS * _MINUTE_MS,
        seller=row["seller"],
        seller_address=_line(row["seller_address"]) if row["receipt_address"] else None,
        tax_number=row["tax_number"] if row["receipt_tax_number"] else None,
        buyer=row["buyer_name"],
        document=row["buyer_document"],
        address=address_of(row["buyer_address"]) if row["buyer_address"] else None,
        product=row["product"],
        offer=row["offer"],
        price=Amount(row["price"], row["currency"]),
        full_price=Amount(row["full_price"], row["full_currency"]),
        installments=row["instalments"],
        paid_at=row["approved_at"],
        refunded=refunded,
        refunded_at=row["refunded_at"],
        refunded_amount=None if part is None else Amount(part, row["refunded_currency"]),
        footer=row["receipt_footer"],
        locale=row["locale"],
        timezone=row["timezone"],
        emailed_at=row["emailed_at"],
    )


_SELLER_LINES = ("street", "city", "region", "postal_code", "country")


def _line(stored: Any) -> str | None:
    """The seller's address on one line."""
    if not stored:
        return None
    lines = stored if isinstance(stored, dict) else msgspec.json.decode(stored)
    return ", ".join(lines[name] for name in _SELLER_LINES if lines.get(name)) or None
