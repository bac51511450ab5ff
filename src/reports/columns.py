"""The columns of reports: totals that the database adds up, and ratios of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.vocabulary import SaleStatus
from reports.facts import PAID


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a value over the rows `p` at one of the statuses, by the currency in a column of theirs.

    `reads` are the columns of the facts that the value is computed from.
    """

    name: str
    value: str
    statuses: tuple[SaleStatus, ...]
    reads: tuple[str, ...] = ()
    currency: str = "currency"


@dataclass(frozen=True, slots=True)
class Ratio:
    """One total divided by another, rounded half to even; None if the divisor is 0.

    With `of_all`, the divisor is the sum over all keys of the bucket, group and currency. Without decimals,
    the result is an amount in minor units.
    """

    name: str
    dividend: Total
    divisor: Total
    decimals: int
    of_all: bool = False


Column = Total | Ratio

COUNT = Total("count", "1", PAID)
GROSS = Total("gross", "p.price", PAID, ("price",))
NET = Total("net", "p.net", PAID, ("net",), currency="net_currency")
UNKNOWN_NET = Total(
    "unknown_net",
    "CASE WHEN p.net IS NULL OR p.net_currency IS NULL THEN 1 ELSE 0 END",
    PAID,
    ("net", "net_currency"),
)
REFUNDED = Total("refunded", "p.price", (SaleStatus.REFUNDED,), ("price",))
DISPUTED = Total("disputed", "p.price", (SaleStatus.DISPUTE,), ("price",))
CHARGED_BACK = Total("charged_back", "p.price", (SaleStatus.CHARGEBACK,), ("price",))
SHARE = Ratio("share", GROSS, GROSS, decimals=4, of_all=True)
AVERAGE = Ratio("average", GROSS, COUNT, decimals=0)

BASE: tuple[Column, ...] = (COUNT, GROSS, NET, UNKNOWN_NET, REFUNDED, DISPUTED, CHARGED_BACK)


def totals(columns: Sequence[Column]) -> tuple[Total, ...]:
    """The columns that the database adds up."""
    return tuple(column for column in columns if isinstance(column, Total))


def ratios(columns: Sequence[Column]) -> tuple[Ratio, ...]:
    """The columns that are computed from totals."""
    return tuple(column for column in columns if isinstance(column, Ratio))


def quotient(dividend: int, divisor: int, decimals: int) -> Decimal | int | None:
    """An exact division, rounded half to even: a whole number if no decimals are requested."""
    if divisor == 0:
        return None
    whole, rest = divmod(dividend * 10**decimals, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and whole % 2):
        whole += 1
    return Decimal(whole).scaleb(-decimals) if decimals else whole
