"""Expressions for values of the rows that reports count, which call a row `s`."""

import re
from collections.abc import Callable, Iterator

from models import database
from models.product_vocabulary import PlanPeriod
from models.tables.opportunity import OpportunityStatus
from models.tables.subscription import BEGINNINGS
from models.vocabulary import SaleStatus

PAID = (SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED)


def capitals(text: str) -> str:
    """An expression for a text with its ASCII letters in upper case, which is all that SQLite's UPPER
    changes."""
    return f'UPPER({text} COLLATE "C")' if database.dialect() == "postgres" else f"UPPER({text})"


_WITHIN = re.compile(r"\{within (\w+)\}")


def within_reach(alias: str) -> str:
    """In the expression of a value: the condition that another row, by its alias, is within the report's
    reach, too."""
    return f"{{within {alias}}}"


def parts_within_reach(text: str) -> Iterator[tuple[str, str | None]]:
    """The parts of an expression, each with the alias of the row whose condition follows it, if one does."""
    *parts, last = _WITHIN.split(text)
    yield from zip(parts[::2], parts[1::2], strict=True)
    yield last, None


_DAY = 86_400_000
_PAYOUT_DAYS = {"BRL": 30}
_OTHER_PAYOUT_DAYS = 15


def release() -> str:
    """When what a sale earns can be paid out: a number of days after its approval, which its currency
    decides, but not before its warranty ends."""
    days = " ".join(f"WHEN '{currency}' THEN {days}" for currency, days in _PAYOUT_DAYS.items())
    paid_out = (
        f"s.approved_at + CASE s.currency {days} ELSE {_OTHER_PAYOUT_DAYS} END * CAST({_DAY} AS BIGINT)"
    )
    return f"CASE WHEN s.warranty_until > {paid_out} THEN s.warranty_until ELSE {paid_out} END"


_RECOVERED_DAYS = 30


def recovered() -> str:
    """1 if the same buyer bought the same product within some days after all, else 0."""
    return (
        "CASE WHEN EXISTS (SELECT 1 FROM sales t WHERE t.account_id = s.account_id"
        " AND t.marketplace_email = s.marketplace_email AND t.product_id = s.product_id"
        " AND t.sold_as = s.sold_as AND t.approved_at >= s.ended_at"
        f" AND t.approved_at < s.ended_at + {_RECOVERED_DAYS} * CAST({_DAY} AS BIGINT)"
        f" AND {within_reach('t')}) THEN 1 ELSE 0 END"
    )


def in_address(name: str) -> Callable[[], str]:
    """A part of the buyer's address as the marketplace spells it."""
    return lambda: (
        f"s.buyer_address ->> '{name}'"
        if database.dialect() == "postgres"
        else f"json_extract(s.buyer_address, '$.{name}')"
    )


def known_currency(alias: str = "s") -> str:
    """The currency of a row's amount; without one, that of its product's offers if all of them have the same,
    and else the account's."""
    offers = (
        f"SELECT MIN(o.currency) FROM offers o WHERE o.account_id = {alias}.account_id"
        f" AND o.product_id = {alias}.product_id HAVING MIN(o.currency) = MAX(o.currency)"
    )
    account = f"SELECT a.currency FROM accounts a WHERE a.id = {alias}.account_id"
    return f"COALESCE({alias}.currency, ({offers}), ({account}))"


def won_back(column: str) -> Callable[[], str]:
    """A column of the sale that won an opportunity, if it is revenue and this is the first opportunity that
    it won."""
    paid = ", ".join(f"'{status.value}'" for status in PAID)
    found = (
        f"CASE WHEN s.won_by_id IS NULL OR s.status <> '{OpportunityStatus.WON.value}' OR EXISTS"
        " (SELECT 1 FROM opportunities o WHERE o.account_id = s.account_id AND o.won_by_id = s.won_by_id"
        f" AND o.status = '{OpportunityStatus.WON.value}' AND (o.opened_at < s.opened_at"
        f" OR (o.opened_at = s.opened_at AND o.id < s.id)) AND {within_reach('o')}) THEN NULL ELSE"
        f" (SELECT t.{column} FROM sales t WHERE t.account_id = s.account_id AND t.id = s.won_by_id"
        f" AND t.status IN ({paid}) AND {within_reach('t')}) END"
    )
    return lambda: found


TWELFTHS = {
    PlanPeriod.WEEKLY: 52,
    PlanPeriod.MONTHLY: 12,
    PlanPeriod.BIMONTHLY: 6,
    PlanPeriod.QUARTERLY: 4,
    PlanPeriod.BIANNUAL: 2,
    PlanPeriod.ANNUAL: 1,
}
"""How often a subscription is paid in a year: twelve times what a payment weighs in a month."""


def monthly_twelfths(alias: str = "s") -> str:
    """Twelve times what a subscription brings in a month; null without a known price and period."""
    weights = " ".join(f"WHEN '{period.value}' THEN {weight}" for period, weight in TWELFTHS.items())
    return f"{alias}.price * CASE {alias}.period {weights} END"


def step_of_turn() -> str:
    """How many more subscriptions are active after a turn: 1 or -1."""
    begun = ", ".join(f"'{kind.value}'" for kind in BEGINNINGS)
    return f"CASE WHEN c.kind IN ({begun}) THEN 1 ELSE -1 END"
