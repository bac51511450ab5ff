"""How the columns of reports appear in the API: the docstrings are their descriptions."""

from collections.abc import Callable
from typing import Any

import strawberry

from engine.rows.source import Computed, Embedded, sourced
from graph.kit.money import Money
from graph.kit.scalars import Decimal
from graph.reports.field_classes import fields_for
from reports import columns


def amount(name: str, present: str | None = None) -> Any:
    """An amount in the row's currency. Null where the column `present` is null, if one is given."""
    names = {"minor": present or name, "currency": "currency"}
    return sourced(Embedded(names=names, present=present, of_object=True))


def of_attribute(make: Callable[[Any], Any], name: str) -> Computed:
    """A value computed from an attribute of a row."""
    return Computed(make, (name,), of_object=True)


def _same(value: Any) -> Any:
    return value


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

    gross: Money = amount("gross")
    """The total price of these sales."""


@fields_for(columns.NET)
class Net:
    """What the producer is paid."""

    net: Money | None = amount("net", present="known_net")
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

    refunded: Money = amount("refunded")
    """The total price of refunded sales, which are not part of revenue."""


@fields_for(columns.DISPUTED)
class Disputed:
    """What is in dispute."""

    disputed: Money = amount("disputed")
    """The total price of sales in dispute, which are not part of revenue."""


@fields_for(columns.CHARGED_BACK)
class ChargedBack:
    """What was charged back."""

    charged_back: Money = amount("charged_back")
    """The total price of sales that were charged back, which are not part of revenue."""


@fields_for(columns.FULL_GROSS)
class FullGross:
    """What buyers paid."""

    full_gross: Money = amount("full_gross")
    """What the buyers of these sales paid in this currency, including the interest of installments."""


@fields_for(columns.FEE)
class Fee:
    """What the marketplace kept."""

    fee: Money | None = amount("fee", present="known_fee")
    """The marketplace's shares of these sales. Null where the shares of a sale are not known."""


@fields_for(columns.AFFILIATES)
class Affiliates:
    """What affiliates got."""

    affiliates: Money | None = amount("affiliates", present="known_affiliates")
    """The affiliates' shares of these sales. Null where the shares of a sale are not known."""


@fields_for(columns.COPRODUCERS)
class Coproducers:
    """What coproducers got."""

    coproducers: Money | None = amount("coproducers", present="known_coproducers")
    """The coproducers' shares of these sales. Null where the shares of a sale are not known."""


@fields_for(columns.ADDONS)
class Addons:
    """What others got."""

    addons: Money | None = amount("addons", present="known_addons")
    """All other shares of these sales, for example of add-ons. Null where the shares of a sale are not
    known."""


@fields_for(columns.UNKNOWN_SHARES)
class UnknownShares:
    """How many shares are missing."""

    unknown_shares: int
    """The number of these sales whose shares are not known: import their commissions to complete them."""


@fields_for(columns.ATTEMPTED)
class Attempted:
    """How many orders."""

    attempts: int
    """The number of orders placed in the bucket, whatever became of them."""


@fields_for(columns.APPROVED)
class Approved:
    """How many of the orders were paid."""

    approved: int
    """The number of these orders whose payment was ever approved."""


@fields_for(columns.APPROVAL_RATE)
class ApprovalRate:
    """The part of the orders that was paid."""

    approval_rate: Decimal | None
    """The part of these orders whose payment was ever approved, rounded half to even to four decimals, for
    example `"0.7500"`. Null without orders."""


@fields_for(columns.LOST_RATE)
class LostRate:
    """The part of the sales that was lost."""

    lost_rate: Decimal | None
    """The part of all sales that was refunded, is in dispute or was charged back, by number, rounded half to
    even to four decimals. Null where there are no sales."""


@fields_for(columns.BUYERS)
class Buyers:
    """How many people bought."""

    buyers: int | None = sourced(of_attribute(_same, "known_buyers"))
    """The number of different buyers of sales that are revenue or were lost, distinguished by e-mail address.
    Null for all other keys."""


@fields_for(columns.SALES_SHARED)
class SalesShared:
    """How many sales have such a share."""

    count: int
    """The number of sales that are revenue and have such a share."""


@fields_for(columns.GROSS_SHARED)
class GrossShared:
    """At what price."""

    gross: Money = amount("gross")
    """The total price of these sales."""


@fields_for(columns.AMOUNT)
class Amount:
    """The shares."""

    amount: Money | None = amount("amount", present="known_amount")
    """The total of the shares in this currency. Null where a share is not known."""


@fields_for(columns.EARNED)
class Earned:
    """The account's own shares."""

    earned: Money | None = amount("earned", present="known_earned")
    """The total of the account's own shares in this currency. Null where a share is not known."""


@fields_for(columns.UNKNOWN_AMOUNT)
class UnknownAmount:
    """How many shares are missing."""

    unknown_amount: int
    """The number of these sales whose share is not known: import their commissions to complete it."""


@fields_for(columns.REVERSED)
class Reversed:
    """The shares of lost sales."""

    reversed: Money = amount("reversed")
    """The total of the shares of sales that were refunded, are in dispute or were charged back."""


@fields_for(columns.PENDING)
class Pending:
    """The shares that are not paid out yet."""

    pending: Money | None = amount("pending", present="known_pending")
    """The part of the shares that cannot be paid out yet: a share is released 30 days after the approval of a
    sale in BRL, and 15 days after it in other currencies, but not before the warranty ends. Null where a
    share is not known."""


@fields_for(columns.RELEASED)
class Released:
    """The shares that can be paid out."""

    released: Money | None = amount("released", present="known_released")
    """The part of the shares that is released by now. Null where a share is not known."""


@fields_for(columns.RECEIVED)
class Received:
    """What the account got."""

    received: Money | None = amount("received", present="known_received")
    """The total of the account's own shares in this currency. Null where a share is not known."""


@fields_for(columns.ENDED_COUNT)
class Ended:
    """How many sales ended unpaid."""

    count: int
    """The number of these sales."""


@fields_for(columns.VALUE)
class Value:
    """What was not paid."""

    value: Money = amount("value")
    """The total price of these sales."""


@fields_for(columns.RECOVERED)
class Recovered:
    """How many bought after all."""

    recovered: int
    """The number of these sales whose buyer, by e-mail address, had a payment for the same product approved
    within 30 days after all. Purchases outside your statistics reach are not counted."""


@fields_for(columns.SHARE_OF_VALUE)
class ShareOfValue:
    """The row's part of what was not paid."""

    share: Decimal | None
    """The row's part of the value of its bucket, group and currency, rounded half to even to four decimals,
    for example `"0.2500"` for a quarter. Null where no sale ended unpaid."""


@fields_for(columns.SHARE_OF_AMOUNT)
class ShareOfAmount:
    """The row's part of all shares."""

    share: Decimal | None
    """The row's part of all shares of its bucket, group and currency, rounded half to even to four decimals,
    for example `"0.2500"` for a quarter. Null where nothing was shared or a share is not known."""


@fields_for(columns.SHARE)
class Share:
    """The row's part of the whole."""

    share: Decimal | None
    """The row's part of the gross of its bucket, group and currency, rounded half to even to four decimals,
    for example `"0.2500"` for a quarter. Null where nothing was sold."""


@fields_for(columns.AVERAGE)
class Average:
    """The price of a sale."""

    average: Money | None = amount("average", present="average")
    """The average price of these sales: gross divided by count, rounded half to even to the minor unit. Null
    where nothing was sold."""


@strawberry.type
class ReportColumns(InCurrency, Count, Gross, Net, UnknownNet, Refunded, Disputed, ChargedBack):
    """What the sales of one currency add up to."""
