"""The columns of reports: totals that the database adds up, and ratios of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.vocabulary import CommissionSource, SaleStatus
from reports.facts import ATTEMPTS, LOST, PAID, SHARES, Facts


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """The sum of a value over the rows `p` at one of the statuses, by the currency in a column of theirs.

    `reads` are the values of the facts that the value is computed from. Without `statuses`, rows at any
    status count; without `currency`, it is that of the facts; without `facts`, they are the report's. `when`
    is a condition on the rows, whose `?` is the present. `unknown` is the column, or the attribute of a row,
    that makes the total unknown where it is not 0. With `distinct`, different values are counted.
    """

    name: str
    value: str
    statuses: tuple[SaleStatus, ...] = ()
    reads: tuple[str, ...] = ()
    currency: str = ""
    facts: Facts | None = None
    when: str = ""
    unknown: str = ""
    money: bool = True
    distinct: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """One total divided by another, rounded half to even; None if the divisor is 0.

    With `of_all`, the divisor is the sum over all keys of the bucket, group and currency. Without decimals,
    the result is an amount in minor units.
    """

    name: str
    dividend: Total
    divisor: Total
    decimals: int = 4
    of_all: bool = False


Column = Total | Ratio


def _count(name: str, statuses: tuple[SaleStatus, ...], facts: Facts | None = None) -> Total:
    return Total(name, "1", statuses, facts=facts, money=False)


def _of_status(name: str, status: SaleStatus) -> Total:
    return Total(name, "p.price", (status,), ("price",))


def _share_of(name: str, *sources: CommissionSource) -> Total:
    among = ", ".join(f"'{source.value}'" for source in sources)
    return Total(
        name,
        "p.amount",
        PAID,
        ("amount", "source"),
        facts=SHARES,
        when=f" AND p.source IN ({among})",
        unknown="unknown_shares",
    )


COUNT = _count("count", PAID)
GROSS = Total("gross", "p.price", PAID, ("price",))
FULL_GROSS = Total("full_gross", "p.full_price", PAID, ("full_price",), currency="full_currency")
NET = Total("net", "p.net", PAID, ("net",), currency="net_currency", unknown="unknown_net")
UNKNOWN_NET = Total(
    "unknown_net",
    "CASE WHEN p.net IS NULL OR p.net_currency IS NULL THEN 1 ELSE 0 END",
    PAID,
    ("net", "net_currency"),
    money=False,
)
REFUNDED = _of_status("refunded", SaleStatus.REFUNDED)
DISPUTED = _of_status("disputed", SaleStatus.DISPUTE)
CHARGED_BACK = _of_status("charged_back", SaleStatus.CHARGEBACK)
LOST_COUNT = _count("lost_count", LOST)
SETTLED = _count("settled", PAID + LOST)
BUYERS = Total("buyers", "p.buyer", PAID + LOST, ("buyer",), unknown="others", money=False, distinct=True)

FEE = _share_of("fee", CommissionSource.MARKETPLACE)
AFFILIATES = _share_of("affiliates", CommissionSource.AFFILIATE)
COPRODUCERS = _share_of("coproducers", CommissionSource.COPRODUCER)
ADDONS = _share_of("addons", CommissionSource.ADDON, CommissionSource.OTHER)
UNKNOWN_SHARES = Total(
    "unknown_shares",
    "CASE WHEN p.source IS NULL THEN 1 ELSE 0 END",
    PAID,
    ("source",),
    facts=SHARES,
    money=False,
)

ATTEMPTED = _count("attempts", (), ATTEMPTS)
APPROVED = Total(
    "approved", "1", (), ("approved_at",), facts=ATTEMPTS, when=" AND p.approved_at IS NOT NULL", money=False
)

SALES_SHARED = Total("count", "p.first_share", PAID, ("first_share",), money=False)
GROSS_SHARED = Total("gross", "p.price * p.first_share", PAID, ("price", "first_share"))
AMOUNT = Total("amount", "p.amount", PAID, ("amount",), currency="amount_currency", unknown="unknown_amount")
EARNED = Total("earned", "p.amount", PAID, ("amount",), currency="amount_currency", unknown="unknown_amount")
UNKNOWN_AMOUNT = Total(
    "unknown_amount", "CASE WHEN p.amount IS NULL THEN 1 ELSE 0 END", PAID, ("amount",), money=False
)
REVERSED = Total("reversed", "p.amount", LOST, ("amount",), currency="amount_currency")
PENDING = Total(
    "pending",
    "p.amount",
    PAID,
    ("amount", "release"),
    currency="amount_currency",
    when=" AND p.release > ?",
    unknown="unknown_amount",
)
RELEASED = Total(
    "released",
    "p.amount",
    PAID,
    ("amount", "release"),
    currency="amount_currency",
    when=" AND p.release <= ?",
    unknown="unknown_amount",
)

RECEIVED = Total(
    "received", "p.amount", PAID, ("amount",), currency="amount_currency", unknown="unknown_amount"
)
ENDED_COUNT = Total("count", "1", money=False)
VALUE = Total("value", "p.price", (), ("price",))
RECOVERED = Total("recovered", "p.recovered", (), ("recovered",), money=False)

SHARE = Ratio("share", GROSS, GROSS, of_all=True)
SHARE_OF_AMOUNT = Ratio("share", AMOUNT, AMOUNT, of_all=True)
SHARE_OF_VALUE = Ratio("share", VALUE, VALUE, of_all=True)
AVERAGE = Ratio("average", GROSS, COUNT, decimals=0)
APPROVAL_RATE = Ratio("approval_rate", APPROVED, ATTEMPTED)
LOST_RATE = Ratio("lost_rate", LOST_COUNT, SETTLED)

BASE: tuple[Column, ...] = (COUNT, GROSS, NET, UNKNOWN_NET, REFUNDED, DISPUTED, CHARGED_BACK)


def totals(columns: Iterable[Column]) -> tuple[Total, ...]:
    """What the database adds up: the columns that are totals, and what the others are made of."""
    found: dict[Total, None] = {}
    for column in columns:
        parts = (column,) if isinstance(column, Total) else (column.dividend, column.divisor)
        found |= dict.fromkeys(parts)
    return tuple(found)


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
