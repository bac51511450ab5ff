"""How buyers paid, over time."""

from authz.grant import Grant
from authz.viewer import Viewer
from models.words import PaymentMethod
from reports.grouping import Grouping, Key
from reports.period import Every, Period
from reports.revenue_columns import Sum, Values, sums


def method_of(keys: Values) -> PaymentMethod | None:
    """The method that a row's keys name; none where none is known."""
    return PaymentMethod(keys[0]) if keys and keys[0] else None


def in_instalments(keys: Values) -> bool:
    """Whether a row is of sales in more than one instalment, by its keys."""
    return bool(keys and keys[1])


async def payment_methods(
    viewer: Viewer, period: Period, every: Every, by: Grouping | None = None
) -> list[Sum]:
    """Sales by payment method, those in more than one instalment apart, by the date of their approval."""
    keys = [Key("s.payment_method"), Key("CASE WHEN s.instalments > 1 THEN 1 ELSE 0 END")]
    return await sums(viewer, Grant.VIEW_PAYMENT_METHODS_REPORT, period, every, by, keys)
