"""Which e-mails of the subscription rules are due, as statements.

A *step* is one e-mail of the rules: so many days before or after a moment of the subscription, its *anchor*.
It is due once for each anchor, and stands in the subscription's history under its key.
"""

from collections.abc import Iterator, Sequence

import msgspec

from actions.tools.subscription_rules import SubscriptionRules, SubscriptionSegments, offer_on_sale
from models.statement import Statement, one_of
from models.tables.subscription import (
    SubscriptionEmailKind,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
    SubscriptionStatus,
)

DAY_MS = 24 * 3_600_000
LATE_MS = 2 * DAY_MS
"""How late an e-mail is still sent, for example if the server was off or a message arrived late."""
BATCH = 100
_KIND = SubscriptionEmailKind
_NEWEST = (
    "(SELECT n.id FROM sales n WHERE n.account_id = r.account_id AND n.subscription_id = r.id"
    " ORDER BY n.ordered_at DESC, n.reference DESC LIMIT 1)"
)
_OPEN_CANCEL = (
    "EXISTS (SELECT 1 FROM subscription_requests q WHERE q.account_id = r.account_id"
    " AND q.subscription_id = r.id"
    f" AND q.kind = '{SubscriptionRequestKind.CANCEL.value}'"
    f" AND q.status = '{SubscriptionRequestStatus.REQUESTED.value}')"
)
_RETURNED = (
    "EXISTS (SELECT 1 FROM subscriptions o WHERE o.account_id = r.account_id AND o.product_id = r.product_id"
    " AND o.subscriber_email = r.subscriber_email AND o.id <> r.id"
    " AND o.status IN ('STARTED', 'ACTIVE', 'DELAYED'))"
)
_ANCHORS = {
    _KIND.RENEWAL: (
        "r.next_charge_at",
        f"s.id = {_NEWEST}",
        f"r.status = '{SubscriptionStatus.ACTIVE.value}' AND NOT {_OPEN_CANCEL}",
    ),
    _KIND.OVERDUE: (
        "s.ordered_at",
        "s.subscription_id = r.id",
        f"r.status = '{SubscriptionStatus.DELAYED.value}' AND s.status = 'OVERDUE'",
    ),
    _KIND.WIN_BACK: (
        "r.ended_at",
        f"s.id = {_NEWEST}",
        f"r.status = '{SubscriptionStatus.CANCELLED.value}' AND NOT {_RETURNED}",
    ),
}
"""For each kind: its anchor, the payment `s` that the e-mail is about, and which subscriptions `r` get it."""


class Step(msgspec.Struct, frozen=True):
    """One e-mail of the rules."""

    kind: SubscriptionEmailKind
    days: int
    """The number of days before the anchor, or after it."""
    until: int | None = None
    """The number of days at which the next step replaces it."""
    with_slip: bool = False

    @property
    def offset(self) -> int:
        """From the anchor to when it is due, in milliseconds."""
        return -self.days * DAY_MS if self.kind is _KIND.RENEWAL else self.days * DAY_MS

    @property
    def lasts(self) -> int:
        """For how long it is due, in milliseconds."""
        if self.until is None:
            return LATE_MS
        return min(LATE_MS, abs(self.until - self.days) * DAY_MS)


class Scope(msgspec.Struct, frozen=True):
    """The subscriptions of an account that rules are for."""

    account_id: str
    product_id: str | None
    """The product whose own rules they are; None for the account's."""
    without: Sequence[str] = ()
    """The products with rules of their own, which the account's are not for."""

    def where(self, segments: SubscriptionSegments | None) -> Statement:
        """The condition on a subscription `r` and its payment `s`."""
        found = Statement("r.account_id = ? AND s.account_id = r.account_id", (self.account_id,))
        if self.product_id is not None:
            found = found & Statement("r.product_id = ?", (self.product_id,))
        if self.without:
            found = found & Statement("NOT ") + one_of("r.product_id", self.without)
        if segments is not None:
            for column, values in (
                ("r.plan", segments.plans),
                ("r.subscriber_country", segments.countries),
                ("s.payment_method", [method.value for method in segments.methods]),
            ):
                if values:
                    found = found & one_of(column, values)
        # only the seller writes to a buyer
        return found & Statement("s.sold_as = 'PRODUCER'")


def steps_of(rules: SubscriptionRules) -> Iterator[Step]:
    """The e-mails of rules, by kind and in the order in which they are due."""
    before = sorted((step.days_before for step in rules.renewal), reverse=True)
    for days, closer in zip(before, [*before[1:], 0], strict=False):
        yield Step(_KIND.RENEWAL, days, closer)
    after = sorted(rules.overdue, key=lambda step: step.days_after)
    later = [step.days_after for step in after[1:]]
    for reminder, until in zip(after, [*later, None], strict=False):
        yield Step(_KIND.OVERDUE, reminder.days_after, until, reminder.with_slip)
    if rules.win_back is not None:
        yield Step(_KIND.WIN_BACK, rules.win_back.days_after)


def key_of(step: Step) -> str:
    """The key of a step in the history of a subscription `r`, as SQL: one for each day of its anchor."""
    anchor, _, _ = _ANCHORS[step.kind]
    which = f"'rules:{step.kind.value}:{step.days}:'"
    return f"{which} || CAST({anchor} / {DAY_MS} AS VARCHAR(20))"


def due_now(step: Step, scope: Scope, rules: SubscriptionRules, since: int, now: int) -> Statement:
    """The subscriptions that get a step now: what became due after a moment, and not too long ago."""
    anchor, _, _ = _ANCHORS[step.kind]
    key = key_of(step)
    return (
        Statement(
            f"SELECT r.id, r.price, r.currency, {anchor} AS anchor, s.id AS sale_id, s.buyer_email,"
            f" {key} AS key"
        )
        + _rows(step, scope, rules, max(since, now - step.lasts), now)
        & Statement(
            "NOT EXISTS (SELECT 1 FROM subscription_events e WHERE e.account_id = r.account_id"
            f" AND e.code = r.code AND e.key = {key})"
        )
        + f" ORDER BY {anchor}, r.id LIMIT {BATCH}"
    )


def due_later(step: Step, scope: Scope, rules: SubscriptionRules, now: int, until: int) -> Statement:
    """How many subscriptions would get a step, by the hour since 1970 in which it will be due."""
    anchor, _, _ = _ANCHORS[step.kind]
    hour = f"({anchor} + {step.offset}) / 3600000"
    counted = Statement(f"SELECT '{step.kind.value}' AS kind, {hour} AS hour, COUNT(*) AS count")
    return counted + _rows(step, scope, rules, now, until) + f" GROUP BY {hour}"


def _rows(step: Step, scope: Scope, rules: SubscriptionRules, after: int, until: int) -> Statement:
    anchor, payment, of = _ANCHORS[step.kind]
    found = Statement(
        f" FROM subscriptions r JOIN sales s ON s.account_id = r.account_id AND {payment} WHERE "
    )
    found = found + (scope.where(rules.segments) & Statement(of))
    found = found & Statement(f"{anchor} > ? AND {anchor} <= ?", (after - step.offset, until - step.offset))
    if step.kind is _KIND.WIN_BACK and rules.win_back is not None:
        offer = offer_on_sale(rules.win_back.offer) & Statement("r.account_id = ?", (scope.account_id,))
        found = found & Statement("EXISTS (SELECT 1 FROM offers r WHERE ") + offer + ")"
    return found


def unpaid_in_a_row(scope: Scope, rules: SubscriptionRules, since: int, now: int) -> Statement:
    """The subscriptions whose end is to be requested: with so many unpaid payments since the last paid one.

    The newest of them was due after a moment, and not too long ago.
    """
    assert rules.ask_cancel_after_unpaid is not None
    unpaid = (
        " FROM sales u WHERE u.account_id = r.account_id AND u.subscription_id = r.id"
        " AND u.status = 'OVERDUE' AND u.ordered_at > COALESCE((SELECT MAX(p.ordered_at) FROM sales p"
        " WHERE p.account_id = r.account_id AND p.subscription_id = r.id AND p.approved_at IS NOT NULL), 0)"
    )
    key = "'rules:CANCEL:' || CAST(r.paid_recurrences AS VARCHAR(20))"
    return (
        Statement(
            f"SELECT r.id, r.assignee_id, r.ended_at, s.id AS sale_id, {key} AS key FROM subscriptions r"
            f" JOIN sales s ON s.account_id = r.account_id AND s.id = {_NEWEST} WHERE "
        )
        + scope.where(rules.segments)
        & Statement(
            f"r.status = '{SubscriptionStatus.DELAYED.value}' AND NOT {_OPEN_CANCEL}"
            f" AND r.overdue_recurrences >= ? AND (SELECT COUNT(*){unpaid}) >= ?"
            f" AND (SELECT MAX(u.ordered_at){unpaid}) > ?",
            (rules.ask_cancel_after_unpaid,) * 2 + (max(since, now - 7 * DAY_MS),),
        )
        & Statement(
            "NOT EXISTS (SELECT 1 FROM subscription_events e WHERE e.account_id = r.account_id"
            f" AND e.code = r.code AND e.key = {key})"
        )
        + f" ORDER BY r.id LIMIT {BATCH}"
    )
