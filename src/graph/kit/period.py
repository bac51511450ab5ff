"""Periods, as inputs name them."""

import strawberry

from graph.kit.scalars import Date


@strawberry.input
class PeriodInput:
    """A period of days in the account's time zone, for example `{from: "2026-06-01", to: "2026-07-01"}` for
    June."""

    from_: Date = strawberry.field(name="from")
    """The first day of the period."""
    to: Date
    """The day after the last day of the period."""
