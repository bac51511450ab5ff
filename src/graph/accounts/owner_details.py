"""What of an account is its owner's alone."""

from typing import Any

import strawberry

from authz import reach
from authz.gates import OwnerOnly, gated
from authz.viewer import Viewer
from engine.rows.lists import decoded
from models import database
from models.statement import Statement
from models.vocabulary import BankKind

strawberry.enum(BankKind)


@gated(OwnerOnly())
@strawberry.type
class OwnerAddress:
    """The postal address of the account's owner."""

    street: str | None
    """The street and house number."""
    city: str | None
    """The city."""
    region: str | None
    """The state, province or region."""
    postal_code: str | None
    """The postal code."""
    country: str | None
    """The country's ISO 3166 code, for example `BR`."""


@gated(OwnerOnly())
@strawberry.type
class BankDetails:
    """The bank account that receives the account's money."""

    holder: str
    """The name of the bank account's holder."""
    kind: BankKind
    """The format of the bank account number."""
    number: str
    """The bank account number, without separators except for a space between its parts."""


@gated(OwnerOnly())
@strawberry.type
class OwnerDetails:
    """The legal identity and bank details of the account's owner. They are deleted when the account is
    transferred."""

    legal_name: str | None
    """The legal name of the person or company."""
    phone: str | None
    """The owner's phone number."""
    address: OwnerAddress | None
    """The owner's postal address."""
    bank: BankDetails | None
    """The bank account that receives the account's money."""
    version: int
    """A number that grows with each change of the details; 0 if they were never set. Mutations that replace
    the details require it."""


_LINES = ("street", "city", "region", "postal_code", "country")


async def details_of(viewer: Viewer) -> OwnerDetails:
    """The details of the viewer's account; empty if nobody entered any."""
    rows = await database.read(
        Statement(
            "SELECT r.legal_name, r.phone, r.address, r.bank_holder, r.bank_kind, r.bank_number, r.version"
            " FROM owner_details r WHERE "
        )
        + reach.owner_details(viewer).where("r")
    )
    if not rows:
        return OwnerDetails(legal_name=None, phone=None, address=None, bank=None, version=0)
    row = rows[0]
    return OwnerDetails(
        legal_name=row["legal_name"],
        phone=row["phone"],
        address=_address(row["address"]),
        bank=_bank(row) if row["bank_number"] is not None else None,
        version=row["version"],
    )


def _address(stored: Any) -> OwnerAddress | None:
    lines = decoded(stored)
    return OwnerAddress(**{name: lines.get(name) for name in _LINES}) if lines else None


def _bank(row: Any) -> BankDetails:
    return BankDetails(holder=row["bank_holder"], kind=BankKind(row["bank_kind"]), number=row["bank_number"])
