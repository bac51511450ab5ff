"""The list of overdue payments: a report whose rows are payments of subscriptions that are late now."""

from collections.abc import Sequence

import strawberry

from actions.commerce.subscriptions.found import subscriptions
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from authz.viewer import Viewer
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Beside, Column, Within, computed, joined, sourced
from graph.commerce.products.types import Product
from graph.commerce.subscriptions.types import ProductSubscription
from graph.kit.filters import equal
from graph.kit.money import Money, priced
from graph.kit.row_reach import RowConnection
from graph.kit.scalars import DateTime
from graph.reports.filters import of_report
from graph.reports.listed import Listing, found_for_rows
from reports.declarations import REPORTS
from reports.lists import Lateness, Listed, days_late, lateness, overdue_totals, reminders

_REPORT = REPORTS["overdueSubscriptions"]
_GATE = Needs(grant=_REPORT.grant)

strawberry.enum(Lateness)


def _as_it_is(plan: str | None) -> str | None:
    return plan


async def _reminders(viewer: Viewer, ids: Sequence[str]) -> dict[str, int]:
    return await reminders(viewer, _REPORT, ids)


@gated(_GATE)
@row_of("sales", carries={"subscription_id": "subscription_id"})
@strawberry.type
class OverdueCharge:
    """A row of `overdueSubscriptions`: one payment of a subscription that is overdue."""

    code: str = sourced(Column("subscription_code"))
    """The marketplace's code of the subscriber, for example `KOBB7XB2`."""
    product: Product = joined("product_id")
    """The product that is subscribed to."""
    plan: str | None = computed(_as_it_is, Beside("subscription_id", "subscriptions", "plan"))
    """The name of the subscription's plan; null if it is not known."""
    recurrence: int | None
    """The number of the payment in its subscription, starting at 1; null if it is not known."""
    amount: Money = sourced(priced("price"))
    """The price."""
    due_at: DateTime = sourced(Column("ordered_at"))
    """When the payment was due."""
    days_late: int = computed(days_late, "ordered_at")
    """The number of whole days since then."""
    late: Lateness = computed(lateness, "ordered_at")
    """How long it is late, as the totals distinguish it."""
    reminders: int = sourced(
        found_for_rows(_reminders, int, "How often the subscriber was reminded by e-mail.")
    )
    """The number of e-mails about an overdue payment that the subscriber was sent since it was due: by
    people, and by the subscription rules."""
    subscription: ProductSubscription | None = needs(
        Grant.MANAGE_SUBSCRIPTIONS, Within("subscription_id", subscriptions)
    )
    """The subscription itself, if it is among those that you can see."""


@gated(_GATE)
@strawberry.type
class OverdueTotal:
    """What the overdue payments of a list that are late for about as long add up to in one currency."""

    late: Lateness
    """How long they are late."""
    currency: str
    """The currency, as an ISO 4217 code."""
    charges: int
    """The number of these payments."""
    amount: Money
    """Their total price."""


@strawberry.input
class OverdueChargeFilter:
    """A filter for overdue payments. Only payments that meet all given conditions are listed."""

    product: strawberry.ID | None = equal("product_id", Product, (of_report("revenueByProduct"),))
    """Payments of subscriptions to the product with this id."""


@gated(_GATE)
@strawberry.type
class OverdueChargeConnection(RowConnection[OverdueCharge]):
    """One page of a list of overdue payments."""

    viewer: strawberry.Private[Viewer]
    listed: strawberry.Private[Listed]

    @strawberry.field
    async def totals(self) -> list[OverdueTotal]:
        """What all payments of the list add up to, by how long they are late and by currency. It is added up
        only if it is selected."""
        return [
            OverdueTotal(
                late=total.late,
                currency=total.currency,
                charges=total.charges,
                amount=Money(minor=total.amount, currency=total.currency),
            )
            for total in await overdue_totals(self.viewer, self.listed)
        ]


OVERDUE = Listing(
    _REPORT,
    OverdueCharge,
    OverdueChargeConnection,
    OverdueChargeFilter,
    Order("ordered_at"),
    "Those that are late longest come first.",
    (
        *("code", "product.name", "plan", "recurrence", "amount.amount", "amount.currency"),
        *("dueAt", "daysLate", "late", "reminders"),
    ),
)
