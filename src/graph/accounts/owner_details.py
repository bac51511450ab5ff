"""What of an account is its owner's alone."""

from typing import Any

import strawberry

from authz import reach
from authz.gates import OwnerOnly, gated
from authz.viewer import Viewer
from engine.rows.lists import decoded
from models import database
from models.statement import Statement
from models.words import BankKind

strawberry.enum(BankKind)


@gated(OwnerOnly())
@strawberry.type
class OwnerAddress:
    """A postal address."""

    street: str | None
    """Street and number."""
    city: str | None
    """City."""
    region: str | None
    """State, province or region."""
    postal_code: str | None
    """Postal code."""
    country: str | None
    """The country's ISO 3166 code."""


@gated(OwnerOnly())
@strawberry.type
class BankDetails:
    """Where the account's money goes."""

    holder: str
    """Whose bank account it is."""
    kind: BankKind
    """The form of the number."""
    number: str
    """The number, without separators but a space between its parts."""


@gated(OwnerOnly())
@strawberry.type
class OwnerDetails:
    """Who stands behind the account, for its owner alone; forgotten when the account is handed over."""

    legal_name: str | None
    """The name of the person or the company in law."""
    phone: str | None
    """A telephone number."""
    address: OwnerAddress | None
    """The postal address."""
    bank: BankDetails | None
    """Where the account's money goes."""
    version: int
    """Grows with each change; 0 where nothing was ever set. What replaces them takes it."""


_LINES = ("street", "city", "region", "postal_code", "country")


async def details_of(viewer: Viewer) -> OwnerDetails:
    """The details of the viewer's account; empty where none were ever told."""
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
