"""Periods, as inputs name them."""

import strawberry

from graph.kit.scalars import Date


@strawberry.input
class PeriodInput:
    """Days in the account's time zone: from the first one up to, and without, the last one."""

    from_: Date = strawberry.field(name="from")
    """The first day."""
    to: Date
    """The day after the last one."""
