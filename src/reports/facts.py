"""What a report counts: a table, which of its rows, and the moment that places each row in a bucket."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models.tables.opportunity import OpportunityStatus
from models.tables.subscription import SubscriptionStatus
from models.vocabulary import UNPAID as ENDED_UNPAID
from models.vocabulary import CommissionSource, SaleStatus, SoldAs
from reports.expressions import (
    PAID,
    capitals,
    in_address,
    known_currency,
    monthly_twelfths,
    recovered,
    release,
    step_of_turn,
    won_back,
)

LOST = (SaleStatus.REFUNDED, SaleStatus.DISPUTE, SaleStatus.CHARGEBACK)


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows count: those that are revenue, and those that were lost, which have columns of their own."""

    name: str
    revenue: tuple[SaleStatus, ...]
    lost: tuple[SaleStatus, ...]
    says: str
    condition: str = ""
    """What each row must meet besides."""


@dataclass(frozen=True, slots=True)
class Search:
    """Rows at one of the statuses, by the time in a column and without a time in another, so that an index
    finds them. Without statuses, rows at any status."""

    time: str
    statuses: tuple[StrEnum, ...] = ()
    without: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When a row counts: searches of which at most one finds a given row."""

    name: str
    searches: Callable[[Rows], tuple[Search, ...]]
    says: str


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """A table whose rows a report counts, with the alias `s`, and the reach that a report's grant opens.

    `currency` is what the amounts of a row are in, and `values` are the expressions of values that are not
    columns of the table. `rows` and `at` are set where they are not those of the report. `since` is a value
    with a second time: `since_in` and `placed_in` are then the numbers of the buckets of both times.
    """

    name: str
    table: str
    within: Callable[[Viewer, Grant], Reach]
    currency: str = "currency"
    joined: str = ""
    since: str = ""
    values: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    rows: Rows | None = None
    at: Moment | None = None
    says: str = ""

    def value(self, name: str) -> str:
        """The expression of a value of a row."""
        found = self.values.get(name) or _VALUES.get(name)
        return f"s.{name}" if found is None else found()


def _statistics(viewer: Viewer, grant: Grant) -> Reach:
    return reach.statistics(viewer, grant)  # looked up by name, so that the tests can plant faults in it


def _of_opportunities(viewer: Viewer, grant: Grant) -> Reach:
    return reach.statistics(viewer, grant, "opportunities")


def _of_subscriptions(viewer: Viewer, grant: Grant) -> Reach:
    return reach.statistics(viewer, grant, "subscriptions")


def _placed(rows: Rows) -> tuple[Search, ...]:
    return (
        Search("approved_at", rows.revenue + rows.lost),
        Search("ordered_at", rows.lost, without="approved_at"),
    )


def _ordered(_rows: Rows) -> tuple[Search, ...]:
    return (Search("ordered_at"),)


def _ended(_rows: Rows) -> tuple[Search, ...]:
    return (Search("ended_at"),)  # only sales that ended unpaid have it


def _opened(_rows: Rows) -> tuple[Search, ...]:
    return (Search("opened_at"),)


def _turned(_rows: Rows) -> tuple[Search, ...]:
    return (Search("c.happened_at"),)


def _due(_rows: Rows) -> tuple[Search, ...]:
    return (Search("ordered_at", (SaleStatus.OVERDUE,)),)


def _canceled(_rows: Rows) -> tuple[Search, ...]:
    return (Search("ended_at", (SubscriptionStatus.CANCELLED,)),)


# no status is named: a viewer who has only a report does not have the enum
SOLD = Rows(
    "SOLD",
    PAID,
    LOST,
    says="Revenue is the seller's own sales that are approved, complete or partially refunded. Refunds,"
    " disputes and chargebacks have columns of their own.",
    condition=f" AND s.sold_as = '{SoldAs.PRODUCER.value}'",
)
PROMOTED = Rows(
    "PROMOTED",
    PAID,
    LOST,
    says="Counted are the account's sales as an affiliate of other sellers' products that are approved,"
    " complete or partially refunded. Refunds, disputes and chargebacks have columns of their own.",
    condition=f" AND s.sold_as = '{SoldAs.AFFILIATE.value}'",
)
COPRODUCED = Rows(
    "COPRODUCED",
    PAID,
    LOST,
    says="Sales as a coproducer of other sellers' products count with the account's own share.",
    condition=f" AND s.sold_as = '{SoldAs.COPRODUCER.value}'",
)

IN_ANY_ROLE = Rows(
    "IN_ANY_ROLE",
    PAID,
    LOST,
    says="Counted are the account's own shares of all of its sales, as a seller, coproducer or affiliate,"
    " that are approved, complete or partially refunded. Shares of refunds, disputes and chargebacks have a"
    " column of their own.",
)
UNPAID = Rows(
    "UNPAID",
    ENDED_UNPAID,
    (),
    says="Counted are the seller's own sales whose payment was refused, canceled or not made in time, and"
    " that were never approved.",
    condition=f" AND s.sold_as = '{SoldAs.PRODUCER.value}'",
)

OPPORTUNITIES_OPENED = Rows(
    "OPPORTUNITIES_OPENED",
    (),
    (),
    says="Counted is what became of the opportunities by now. Canceled opportunities do not count.",
    condition=f" AND s.status <> '{OpportunityStatus.CANCELLED.value}'",
)
SUBSCRIPTIONS_PAID = Rows(
    "SUBSCRIPTIONS_PAID",
    (),
    (),
    says="Counted are subscriptions that were paid at least once, or whose beginning is not known. One that"
    " is late is active. A subscription that was canceled and paid again later counts each time.",
)
SUBSCRIPTIONS_CANCELED = Rows(
    "SUBSCRIPTIONS_CANCELED",
    (),
    (),
    says="Counted are subscriptions that are canceled now.",
)

CHARGES_OVERDUE = Rows(
    "CHARGES_OVERDUE",
    (),
    (),
    says="Listed are the payments of subscriptions that are overdue now. One that is paid is gone.",
    condition=" AND s.subscription_id IS NOT NULL",
)

PLACED = Moment(
    "PLACED",
    _placed,
    says="A sale counts on the day of its approval or, if it was lost without being approved, on the day of"
    " its order.",
)
ENDED = Moment("ENDED", _ended, says="A sale counts on the day on which it ended.")
OPENED = Moment("OPENED", _opened, says="An opportunity counts on the day on which it was opened.")
TURNED = Moment(
    "TURNED",
    _turned,
    says="A subscription counts on the day on which it began and on the day on which it ended.",
)
CANCELED = Moment("CANCELED", _canceled, says="A subscription counts on the day on which it ended.")
DUE = Moment("DUE", _due, says="A payment counts on the day on which it was due.")
ORDERED = Moment("ORDERED", _ordered, says="An attempt counts on the day of its order.")

_VALUES = {
    "recovered": recovered,
    "state": in_address("state"),
    "city": in_address("city"),
    "buyer": lambda: f"COALESCE({capitals('s.buyer_email')}, s.buyer_document, CAST(s.id AS TEXT))",
    "release": release,
}
_COMMISSIONS = "JOIN commissions c ON c.account_id = s.account_id AND c.sale_id = s.id"


def _first(repeats: int) -> Callable[[], str]:
    """1 for a share that repeats less than this of an earlier one of its sale, else 0. A sale whose shares
    are not known counts once."""
    return lambda: f"CASE WHEN c.repeats >= {repeats} THEN 0 ELSE 1 END"


def _shares(first_share: Callable[[], str]) -> dict[str, Callable[[], str]]:
    return {
        "source": lambda: "c.source",
        "amount": lambda: "c.amount",
        "amount_currency": lambda: "COALESCE(c.currency, s.currency)",
        "first_share": first_share,
    }


_FIRST_OF_SOURCE, _FIRST_OF_NAME = _first(1), _first(2)
SALES = Facts("SALES", "sales", _statistics)
CHARGES = Facts("CHARGES", "sales", _statistics)
ATTEMPTS = Facts("ATTEMPTS", "sales", _statistics, at=ORDERED)
SHARES = Facts(
    "SHARES",
    "sales",
    _statistics,
    currency="amount_currency",
    joined=f" LEFT {_COMMISSIONS}",  # a sale whose shares are not known has a row, too
    values=_shares(_FIRST_OF_SOURCE),
)
COPRODUCER_SHARES = Facts(
    "COPRODUCER_SHARES",
    "sales",
    _statistics,
    joined=f" {_COMMISSIONS} AND c.source = '{CommissionSource.COPRODUCER.value}'",
    values=_shares(_FIRST_OF_NAME),
)
AFFILIATE_SHARES = Facts(
    "AFFILIATE_SHARES",
    "sales",
    _statistics,
    joined=f" {_COMMISSIONS} AND c.source = '{CommissionSource.AFFILIATE.value}'",
    values=_shares(_FIRST_OF_SOURCE),
)
_OWN = {
    "amount": lambda: "s.own_amount",
    "amount_currency": lambda: "COALESCE(s.own_currency, s.currency)",
    "first_share": lambda: "1",
}
OWN_SHARES = Facts("OWN_SHARES", "sales", _statistics, values=_OWN)
RECEIVED_SHARES = Facts("RECEIVED_SHARES", "sales", _statistics, currency="amount_currency", values=_OWN)
COPRODUCED_SHARES = Facts("COPRODUCED_SHARES", "sales", _statistics, values=_OWN, rows=COPRODUCED)
OPPORTUNITIES = Facts(
    "OPPORTUNITIES",
    "opportunities",
    _of_opportunities,
    currency="known_currency",
    values={
        "known_currency": known_currency,
        "won_back": won_back("price"),
        "won_back_currency": won_back("currency"),
    },
)
_OF_SUBSCRIPTIONS = {"known_currency": known_currency, "twelfths": monthly_twelfths}
SUBSCRIPTIONS = Facts(
    "SUBSCRIPTIONS", "subscriptions", _of_subscriptions, currency="known_currency", values=_OF_SUBSCRIPTIONS
)
TURNS = Facts(
    "TURNS",
    "subscriptions",
    _of_subscriptions,
    currency="known_currency",
    joined=" JOIN subscription_turns c ON c.account_id = s.account_id AND c.subscription_id = s.id",
    since="begun_at",
    values=_OF_SUBSCRIPTIONS
    | {"turn": lambda: "c.kind", "step": step_of_turn, "begun_at": lambda: "c.begun_at"},
)
