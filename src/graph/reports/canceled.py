"""The list of canceled subscriptions: a report whose rows are subscriptions, each with why it ended."""

from collections.abc import Sequence

import strawberry

from actions.commerce.subscriptions.found import subscriptions
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from authz.viewer import Viewer
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Beside, Column, Expression, Within, computed, joined, sourced
from graph.commerce.products.types import Product
from graph.commerce.subscriptions.types import ProductSubscription
from graph.kit.changed_by import ChangedBy
from graph.kit.filters import Criterion, criterion, equal
from graph.kit.money import Money
from graph.kit.row_reach import RowConnection
from graph.kit.scalars import DateTime
from graph.reports.filters import of_report
from graph.reports.listed import Listing, found_for_rows
from models.statement import Statement, one_of
from models.tables.subscription import CancellationReason, EndedBy
from reports.declarations import REPORTS
from reports.expressions import known_currency
from reports.lists import Listed, a_month, canceled_totals, received

_REPORT = REPORTS["cancelledSubscriptionsInDetail"]
_GATE = Needs(grant=_REPORT.grant)

strawberry.enum(CancellationReason)


def _ended_by(stored: str | None) -> EndedBy:
    return EndedBy(stored or EndedBy.UNKNOWN)


def _reason(stored: str | None) -> CancellationReason:
    return CancellationReason(stored or CancellationReason.UNKNOWN)


def _person(name: str | None) -> ChangedBy | None:
    return ChangedBy(name=name) if name else None


def _lost(price: int | None, period: str | None, currency: str) -> Money | None:
    minor = a_month(price, period)
    return None if minor is None else Money(minor=minor, currency=currency)


async def _received(viewer: Viewer, ids: Sequence[str]) -> dict[str, list[Money]]:
    return {
        subscription_id: [Money(minor=minor, currency=currency) for minor, currency in amounts]
        for subscription_id, amounts in (await received(viewer, _REPORT, ids)).items()
    }


@gated(_GATE)
@row_of("subscriptions", carries={"id": "id"})
@strawberry.type
class CanceledSubscription:
    """A row of `cancelledSubscriptionsInDetail`: one subscription that is canceled."""

    code: str
    """The marketplace's code of the subscriber, for example `KOBB7XB2`."""
    product: Product = joined("product_id")
    """The product that was subscribed to."""
    plan: str | None
    """The name of the plan; null if it is not known."""
    started_at: DateTime | None
    """When the subscription started; null if its first payment is not known."""
    ended_at: DateTime
    """When the subscription ended."""
    ended_by: EndedBy = computed(_ended_by, "ended_by")
    """Who canceled it."""
    reason: CancellationReason = computed(_reason, "reason")
    """The reason, as it was requested here; `UNKNOWN` if no one here had requested it."""
    payments: int = sourced(Column("paid_recurrences"))
    """The number of its payments that were approved."""
    received: list[Money] = sourced(
        found_for_rows(_received, list[Money], "The total price of its payments that are revenue.")
    )
    """The total price of its payments that are revenue, for each currency in which there are any. Payments
    outside your statistics reach add nothing."""
    lost_recurring: Money | None = computed(_lost, "price", "period", Expression(known_currency))
    """What it brought in a month: its last price, of a yearly plan a twelfth. Null if its price or period is
    not known."""
    requested_by: ChangedBy | None = computed(
        _person, Beside("cancelled_by_request", "subscription_requests", "requested_by_name")
    )
    """Who requested here that it be canceled; null if no person did."""
    subscription: ProductSubscription | None = needs(Grant.MANAGE_SUBSCRIPTIONS, Within("id", subscriptions))
    """The subscription itself, if it is among those that you can see."""


@gated(_GATE)
@strawberry.type
class CancellationTotal:
    """What the canceled subscriptions of a list with one reason add up to in one currency."""

    reason: CancellationReason
    """The reason."""
    currency: str
    """The currency, as an ISO 4217 code."""
    canceled: int
    """The number of these subscriptions."""
    lost_recurring: Money
    """What they brought in a month. One whose price or period is not known adds nothing."""


def _of_reason(chosen: Criterion) -> Statement:
    column = f"COALESCE(r.reason, '{CancellationReason.UNKNOWN.value}')"
    return one_of(column, [reason.value for reason in chosen.value])


def _of_who(chosen: Criterion) -> Statement:
    return one_of(f"COALESCE(r.ended_by, '{EndedBy.UNKNOWN.value}')", [who.value for who in chosen.value])


@strawberry.input
class CanceledSubscriptionFilter:
    """A filter for canceled subscriptions. Only subscriptions that meet all given conditions are listed."""

    product: strawberry.ID | None = equal("product_id", Product, (of_report("revenueByProduct"),))
    """Subscriptions to the product with this id."""
    reason: list[CancellationReason] | None = criterion(_of_reason)
    """Subscriptions that were canceled for one of these reasons."""
    ended_by: list[EndedBy] | None = criterion(_of_who)
    """Subscriptions that were canceled by one of these."""


@gated(_GATE)
@strawberry.type
class CanceledSubscriptionConnection(RowConnection[CanceledSubscription]):
    """One page of a list of canceled subscriptions."""

    viewer: strawberry.Private[Viewer]
    listed: strawberry.Private[Listed]

    @strawberry.field
    async def totals(self) -> list[CancellationTotal]:
        """What all subscriptions of the list add up to, by reason and currency. It is added up only if it is
        selected."""
        return [
            CancellationTotal(
                reason=total.reason,
                currency=total.currency,
                canceled=total.canceled,
                lost_recurring=Money(minor=total.lost_recurring, currency=total.currency),
            )
            for total in await canceled_totals(self.viewer, self.listed)
        ]


CANCELED = Listing(
    _REPORT,
    CanceledSubscription,
    CanceledSubscriptionConnection,
    CanceledSubscriptionFilter,
    Order("ended_at", descending=True),
    "Those that ended last come first.",
    (
        *("code", "product.name", "plan", "startedAt", "endedAt", "endedBy", "reason", "payments"),
        *("received", "lostRecurring.amount", "lostRecurring.currency", "requestedBy.name"),
    ),
    amounts=("received",),
)
