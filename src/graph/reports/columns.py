"""How the columns of reports appear in the API: the docstrings are their descriptions."""

from typing import Any

import strawberry

from engine.rows.source import Embedded, sourced
from graph.kit.money import Money
from graph.kit.scalars import Decimal
from graph.reports.words import fields_for
from reports import columns


def _amount(name: str, present: str | None = None) -> Any:
    """An amount in the row's currency. Null where the column `present` is null, if one is given."""
    names = {"minor": present or name, "currency": "currency"}
    return sourced(Embedded(names=names, present=present, of_object=True))


@strawberry.type
class InCurrency:
    """A row of one currency."""

    currency: str
    """The currency of every amount in the row, as an ISO 4217 code."""


@fields_for(columns.COUNT)
class Count:
    """How many sales."""

    count: int
    """The number of sales that are revenue."""


@fields_for(columns.GROSS)
class Gross:
    """At what price."""

    gross: Money = _amount("gross")
    """The total price of these sales."""


@fields_for(columns.NET)
class Net:
    """What the producer is paid."""

    net: Money | None = _amount("net", present="known_net")
    """What the producer is paid in this currency for these sales, whatever currency they are priced in. Null
    where that is not known for every sale counted."""


@fields_for(columns.UNKNOWN_NET)
class UnknownNet:
    """How much is missing from the net."""

    unknown_net: int
    """The number of these sales whose net is not known: import their commissions to complete it."""


@fields_for(columns.REFUNDED)
class Refunded:
    """What was refunded."""

    refunded: Money = _amount("refunded")
    """The total price of refunded sales, which are not part of revenue."""


@fields_for(columns.DISPUTED)
class Disputed:
    """What is in dispute."""

    disputed: Money = _amount("disputed")
    """The total price of sales in dispute, which are not part of revenue."""


@fields_for(columns.CHARGED_BACK)
class ChargedBack:
    """What was charged back."""

    charged_back: Money = _amount("charged_back")
    """The total price of sales that were charged back, which are not part of revenue."""


@fields_for(columns.SHARE)
class Share:
    """The row's part of the whole."""

    share: Decimal | None
    """The row's part of the gross of its bucket, group and currency, rounded half to even to four decimals,
    for example `"0.2500"` for a quarter. Null where nothing was sold."""


@fields_for(columns.AVERAGE)
class Average:
    """The price of a sale."""

    average: Money | None = _amount("average", present="average")
    """The average price of these sales: gross divided by count, rounded half to even to the minor unit. Null
    where nothing was sold."""


@strawberry.type
class ReportColumns(InCurrency, Count, Gross, Net, UnknownNet, Refunded, Disputed, ChargedBack):
    """What the sales of one currency add up to."""
