"""The bank account that withdrawals are paid to, as far as anyone but the owner may read it."""

import msgspec

from models import database
from models.vocabulary import BankKind

WAIT_MS = 24 * 3_600_000
"""How long after a change of the bank details no withdrawal can be requested."""
_SHOWN = 4


class Destination(msgspec.Struct, frozen=True):
    """What is shown of the bank details."""

    kind: BankKind
    ending: str
    holder: str
    usable_from: int


async def destination_of(account_id: str) -> Destination | None:
    """The destination; None if the owner has not set bank details."""
    rows = await database.read(
        "SELECT bank_kind, bank_number, bank_holder, bank_changed_at FROM owner_details"
        " WHERE account_id = ? AND bank_number IS NOT NULL",
        (account_id,),
    )
    if not rows:
        return None
    row = rows[0]
    return Destination(
        BankKind(row["bank_kind"]),
        row["bank_number"][-_SHOWN:],
        initials(row["bank_holder"]),
        row["bank_changed_at"] + WAIT_MS,
    )


def initials(name: str) -> str:
    """The first letter of each word, for example `A. C.`."""
    return " ".join(f"{word[0]}." for word in name.split())
