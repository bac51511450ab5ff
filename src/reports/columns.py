"""The columns of reports: totals that the database adds up, and ratios of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum

from models.tables.opportunity import OPEN as STILL_OPEN
from models.tables.opportunity import OpportunityStatus
from models.tables.subscription import BEGINNINGS, TurnKind
from models.vocabulary import CommissionSource, SaleStatus
from reports.expressions import PAID
from reports.facts import ATTEMPTS, LOST, SHARES, Facts


class Carried(Enum):
    """Which buckets before its own a total adds up, too."""

    START = "START"
    """All before the bucket, without the bucket itself."""
    END = "END"
    """All before the bucket, and the bucket."""


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """The sum of a value over the rows `p` at one of the statuses, by the currency in a column of theirs.

    `reads` are the values of the facts that the value is computed from. Without `statuses`, rows at any
    status count; without `currency`, it is that of the facts; without `facts`, they are the report's. `when`
    is a condition on the rows, whose `?` is the present. `unknown` is the column, or the attribute of a row,
    that makes the total unknown where it is not 0. With `distinct`, different values are counted. A total
    that is `carried` is also about everything before its bucket and before the period.
    """

    name: str
    value: str
    statuses: tuple[StrEnum, ...] = ()
    reads: tuple[str, ...] = ()
    currency: str = ""
    facts: Facts | None = None
    when: str = ""
    unknown: str = ""
    money: bool = True
    distinct: bool = False
    carried: Carried | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """One total divided by another, or by nothing, and by `per`, rounded half to even; None if the divisor
    is 0.

    With `of_all`, the divisor is the sum over all keys of the bucket, group and currency. Without decimals,
    the result is an amount in minor units.
    """

    name: str
    dividend: Total
    divisor: Total | None
    decimals: int = 4
    of_all: bool = False
    per: int = 1


Column = Total | Ratio
_HOUR_MS = 3_600_000


def _count(name: str, statuses: tuple[StrEnum, ...], facts: Facts | None = None) -> Total:
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

OPENED_COUNT = _count("opened", ())
WON = _count("won", (OpportunityStatus.WON,))
LOST_OPPORTUNITIES = _count("lost", (OpportunityStatus.LOST,))
STILL_TO_DO = _count("open", STILL_OPEN)
OPENED_VALUE = Total("opened_value", "p.amount", (), ("amount",))
RECOVERED_VALUE = Total(
    "recovered_value",
    "p.won_back",
    (),
    ("won_back",),
    currency="won_back_currency",
    when=" AND p.won_back IS NOT NULL",
)
TIME_TO_WIN = Total(
    "time_to_win",
    "p.closed_at - p.opened_at",
    (OpportunityStatus.WON,),
    ("closed_at", "opened_at"),
    money=False,
)
RECOVERY_RATE = Ratio("recovery_rate", WON, OPENED_COUNT)
HOURS_TO_WIN = Ratio("hours_to_win", TIME_TO_WIN, WON, decimals=2, per=_HOUR_MS)


def _turns(name: str, *kinds: TurnKind, more: str = "") -> Total:
    among = ", ".join(f"'{kind.value}'" for kind in kinds)
    return Total(name, "1", (), ("turn",), when=f" AND p.turn IN ({among}){more}", money=False)


_ENDS = tuple(kind for kind in TurnKind if kind not in BEGINNINGS)
ACTIVE_AT_START = Total("active_at_start", "p.step", (), ("step",), money=False, carried=Carried.START)
STARTED = _turns("started", TurnKind.STARTED)
REACTIVATED = _turns("reactivated", TurnKind.REACTIVATED)
TURNED_CANCELED = _turns("canceled", TurnKind.CANCELLED)
TURNED_EXPIRED = _turns("expired", TurnKind.EXPIRED)
CHURNED = _turns("churned", TurnKind.CANCELLED, more=" AND p.since_in < p.placed_in")
ACTIVE_AT_END = Total("active_at_end", "p.step", (), ("step",), money=False, carried=Carried.END)
RECURRING_TWELFTHS = Total(
    "recurring_twelfths", "p.step * p.twelfths", (), ("step", "twelfths"), carried=Carried.END
)
ENDED_TWELFTHS = Total("ended_twelfths", "p.twelfths", (), ("step", "twelfths"), when=" AND p.step = -1")
CHURN_RATE = Ratio("churn_rate", CHURNED, ACTIVE_AT_START)
RECURRING = Ratio("recurring", RECURRING_TWELFTHS, None, decimals=0, per=12)
ENDED_RECURRING = Ratio("lost_recurring", ENDED_TWELFTHS, None, decimals=0, per=12)

_BEGUN = " AND p.started_at IS NOT NULL"
CANCELED_COUNT = Total("canceled", "1", money=False)
IN_FIRST_PERIOD = Total(
    "in_first_period",
    "1",
    (),
    ("paid_recurrences", "started_at"),
    when=f"{_BEGUN} AND p.paid_recurrences <= 1",
    money=False,
)
BEGUN_COUNT = Total("begun", "1", (), ("started_at",), when=_BEGUN, money=False)
PAYMENT_COUNT = Total(
    "payments_made", "p.paid_recurrences", (), ("paid_recurrences", "started_at"), when=_BEGUN, money=False
)
TIME_SUBSCRIBED = Total(
    "time_subscribed",
    "p.ended_at - p.started_at",
    (),
    ("ended_at", "started_at"),
    when=_BEGUN,
    money=False,
)
CANCELED_TWELFTHS = Total("cancelled_twelfths", "p.twelfths", (), ("twelfths",))
MEAN_PAYMENTS = Ratio("mean_payments", PAYMENT_COUNT, BEGUN_COUNT, decimals=2)
MEAN_DAYS = Ratio("mean_days", TIME_SUBSCRIBED, BEGUN_COUNT, decimals=2, per=24 * _HOUR_MS)
LOST_RECURRING = Ratio("lost_recurring", CANCELED_TWELFTHS, None, decimals=0, per=12)

BASE: tuple[Column, ...] = (COUNT, GROSS, NET, UNKNOWN_NET, REFUNDED, DISPUTED, CHARGED_BACK)


def totals(columns: Iterable[Column]) -> tuple[Total, ...]:
    """What the database adds up: the columns that are totals, and what the others are made of."""
    found: dict[Total, None] = {}
    for column in columns:
        parts = (column,) if isinstance(column, Total) else (column.dividend, column.divisor)
        found |= dict.fromkeys(part for part in parts if part is not None)
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
