"""How reports on opportunities and subscriptions appear in the API: their columns, keys and filters."""

import strawberry

from graph.kit.filters import criterion
from graph.kit.money import Money
from graph.kit.scalars import Decimal
from graph.reports.columns import amount
from graph.reports.field_classes import fields_for
from graph.reports.filters import of_product, of_report, with_value
from models.tables.opportunity import OpportunityKind
from models.tables.subscription import EndedBy
from reports import columns, keys


@strawberry.input
class RecoveryFilter:
    """A filter for what a report on opportunities adds up. Only opportunities that meet all given conditions
    count."""

    product: strawberry.ID | None = criterion(of_product, of_report("revenueByProduct"))
    """Opportunities for the product with this id."""
    src: str | None = with_value("origin_src", of_report("salesByOrigin"))
    """Opportunities whose link had this source code, exactly as the marketplace sent it. Null finds
    opportunities without one."""
    sck: str | None = with_value("origin_sck", of_report("salesByOrigin"))
    """Opportunities whose link had this source code of the checkout, exactly as the marketplace sent it. Null
    finds opportunities without one."""
    currency: str | None = None
    """Rows in this currency, as an ISO 4217 code, for example `BRL`."""


@strawberry.input
class SubscriptionReportFilter:
    """A filter for what a report on subscriptions adds up. Only subscriptions that meet all given conditions
    count."""

    product: strawberry.ID | None = criterion(of_product, of_report("revenueByProduct"))
    """Subscriptions to the product with this id."""
    plan: str | None = with_value("plan", of_report("cancelledSubscriptions"))
    """Subscriptions with the plan of this name, exactly as the marketplace sent it. Null finds subscriptions
    whose plan is not known."""
    currency: str | None = None
    """Rows in this currency, as an ISO 4217 code, for example `BRL`."""


@fields_for(columns.OPENED_COUNT)
class OpenedCount:
    """How many opportunities."""

    opened: int
    """The number of opportunities that were opened in the bucket."""


@fields_for(columns.WON)
class Won:
    """How many were won."""

    won: int
    """The number of these opportunities that are won by now."""


@fields_for(columns.LOST_OPPORTUNITIES)
class Lost:
    """How many were lost."""

    lost: int
    """The number of these opportunities that are lost by now."""


@fields_for(columns.STILL_TO_DO)
class StillToDo:
    """How many are open."""

    open: int
    """The number of these opportunities that are still open."""


@fields_for(columns.RECOVERY_RATE)
class RecoveryRate:
    """The part of the opportunities that was won."""

    recovery_rate: Decimal | None
    """The part of these opportunities that is won by now, rounded half to even to four decimals, for example
    `"0.2500"` for a quarter. Null where none was opened."""


@fields_for(columns.OPENED_VALUE)
class OpenedValue:
    """What was nearly lost."""

    opened_value: Money = amount("opened_value")
    """The total amount of these opportunities. One whose amount is not known adds nothing."""


@fields_for(columns.RECOVERED_VALUE)
class RecoveredValue:
    """What came back."""

    recovered_value: Money = amount("recovered_value")
    """The total price in this currency of the sales that won these opportunities and are revenue by now. A
    sale that won several counts with the one opened first. Sales outside your statistics reach add
    nothing."""


@fields_for(columns.HOURS_TO_WIN)
class HoursToWin:
    """How long it took."""

    hours_to_win: Decimal | None
    """The mean time from the opening of these opportunities until they were won, in hours, rounded half to
    even to two decimals, for example `"20.00"`. Null where none was won."""


@fields_for(columns.ACTIVE_AT_START)
class ActiveAtStart:
    """How many there were."""

    active_at_start: int
    """The number of subscriptions that were active when the bucket began."""


@fields_for(columns.STARTED)
class Started:
    """How many began."""

    started: int
    """The number of subscriptions that were paid for the first time in the bucket."""


@fields_for(columns.REACTIVATED)
class Reactivated:
    """How many began again."""

    reactivated: int
    """The number of subscriptions that had ended and were paid again in the bucket."""


@fields_for(columns.TURNED_CANCELED)
class TurnedCanceled:
    """How many were canceled."""

    canceled: int
    """The number of active subscriptions that were canceled in the bucket."""


@fields_for(columns.TURNED_EXPIRED)
class TurnedExpired:
    """How many ended otherwise."""

    expired: int
    """The number of active subscriptions that ended in the bucket in any other way, for example because their
    term was over."""


@fields_for(columns.ACTIVE_AT_END)
class ActiveAtEnd:
    """How many are left."""

    active_at_end: int
    """The number of subscriptions that were active when the bucket ended: those at its start, those that
    started and were reactivated, without those that were canceled and expired."""


@fields_for(columns.CHURN_RATE)
class ChurnRate:
    """The part that was canceled."""

    churn_rate: Decimal | None
    """The part of the subscriptions active at the start that was canceled in the bucket, rounded half to even
    to four decimals, for example `"0.0500"`. Null where none was active."""


@fields_for(columns.RECURRING)
class Recurring:
    """What the active ones bring."""

    recurring: Money = amount("recurring")
    """What the subscriptions active at the end bring in a month: their newest prices, of yearly plans a
    twelfth. A subscription whose price or period is not known adds nothing."""


@fields_for(columns.ENDED_RECURRING)
class EndedRecurring:
    """What the ended ones brought."""

    lost_recurring: Money = amount("lost_recurring")
    """What the subscriptions that ended in the bucket brought in a month, in the same way."""


@fields_for(columns.CANCELED_COUNT)
class CanceledCount:
    """How many were canceled."""

    canceled: int
    """The number of these subscriptions."""


@fields_for(columns.IN_FIRST_PERIOD)
class InFirstPeriod:
    """How many stayed for one period at most."""

    in_first_period: int
    """The number of these subscriptions whose beginning is known and that were paid at most once."""


@fields_for(columns.MEAN_PAYMENTS)
class MeanPayments:
    """How often they were paid."""

    mean_payments: Decimal | None
    """The mean number of payments of these subscriptions, of those whose beginning is known, rounded half to
    even to two decimals, for example `"3.50"`. Null without any."""


@fields_for(columns.MEAN_DAYS)
class MeanDays:
    """How long they lasted."""

    mean_days: Decimal | None
    """The mean number of days from the beginning to the end of these subscriptions, of those whose beginning
    is known, rounded half to even to two decimals. Null without any."""


@fields_for(columns.LOST_RECURRING)
class LostRecurring:
    """What is lost."""

    lost_recurring: Money = amount("lost_recurring")
    """What these subscriptions brought in a month: their last prices, of yearly plans a twelfth. A
    subscription whose price or period is not known adds nothing."""


@fields_for(keys.OPPORTUNITY_KIND)
class OfKind:
    """Rows by kind."""

    kind: OpportunityKind | None
    """How the opportunities came about. Null in a period without any."""


@fields_for(keys.PLAN)
class OfPlan:
    """Rows by plan."""

    plan: str | None
    """The name of the plan. Null where it is not known."""


@fields_for(keys.ENDED_BY)
class OfEndedBy:
    """Rows by who canceled."""

    ended_by: EndedBy | None
    """Who canceled the subscriptions. Null in a period without any."""
