"""The subscription rules in force for an account or a product, and since when each part of them is."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from actions.commerce.subscriptions.due import Scope, Step, due_later, steps_of
from actions.tools.save import read_settings
from actions.tools.settings import TOOLS
from actions.tools.subscription_rules import SubscriptionRules
from models import database
from models.statement import Statement, joined, one_of
from models.tables.subscription import SubscriptionEmailKind

TOOL = TOOLS["subscriptionRules"]
_MOST_VERSIONS = 50


class Saved(msgspec.Struct, frozen=True):
    """A saved version of rules."""

    rules: SubscriptionRules
    at: int


class InForce(msgspec.Struct, frozen=True):
    """Rules that apply to the subscriptions of a scope."""

    scope: Scope
    timezone: str
    versions: Sequence[Saved]
    """Newest first."""
    not_before: int
    """Since when the scope has these rules."""

    @property
    def rules(self) -> SubscriptionRules:
        """The newest version."""
        return self.versions[0].rules

    def since(self, step: Step) -> int:
        """Since when the rules have had a step without a break."""
        having = takewhile(
            lambda saved: any(_same(step, other) for other in steps_of(saved.rules)), self.versions
        )
        return max(self.not_before, list(having)[-1].at)

    def asks_since(self) -> int:
        """Since when an end is requested after so many unpaid payments, or fewer."""
        most = self.rules.ask_cancel_after_unpaid
        having = takewhile(lambda saved: saved.rules.ask_cancel_after_unpaid == most, self.versions)
        return max(self.not_before, list(having)[-1].at)

    def quiet(self, now: int) -> bool:
        """Whether nothing is sent at a time."""
        hours = self.rules.quiet_hours
        return hours is not None and hours.cover(
            datetime.fromtimestamp(now / 1000, ZoneInfo(self.timezone)).hour
        )


def _same(step: Step, other: Step) -> bool:
    return (step.kind, step.days) == (other.kind, other.days)


async def in_force(account_id: str, scope_id: str) -> InForce | None:
    """The rules of an account, or of a product; None if no one saved any."""
    rows = await database.read(
        Statement(
            "SELECT v.scope_id, v.settings, v.changed_at, a.timezone FROM tool_versions v"
            " JOIN accounts a ON a.id = v.account_id WHERE v.account_id = ? AND v.tool = ? AND ",
            (account_id, TOOL.name),
        )
        + one_of("v.scope_id", dict.fromkeys((account_id, scope_id)))
        + " ORDER BY v.version DESC"
        + f" LIMIT {2 * _MOST_VERSIONS}"
    )
    of_account, own = (
        [_saved(row) for row in rows if row["scope_id"] == scope] for scope in (account_id, scope_id)
    )
    product_id = None if scope_id == account_id else scope_id
    following = list(takewhile(lambda saved: saved.rules.follows_account, own)) if product_id else []
    versions = of_account if following or not own else own
    if not versions:
        return None
    if following:
        not_before = following[-1].at
    else:
        not_before = list(
            takewhile(lambda saved: not (product_id and saved.rules.follows_account), versions)
        )[-1].at
    without = () if product_id else await _with_own(account_id)
    return InForce(Scope(account_id, product_id, without), rows[0]["timezone"], versions, not_before)


def _saved(row: Any) -> Saved:
    rules = read_settings(TOOL, row["settings"])
    assert isinstance(rules, SubscriptionRules)
    return Saved(rules, row["changed_at"])


async def _with_own(account_id: str) -> Sequence[str]:
    """The products that rules were saved for: each of them is worked with by itself."""
    rows = await database.read(
        "SELECT DISTINCT scope_id FROM tool_versions WHERE account_id = ? AND tool = ? AND scope_id <> ?",
        (account_id, TOOL.name, account_id),
    )
    return [row["scope_id"] for row in rows]


class Ahead(msgspec.Struct, frozen=True):
    """How many e-mails of a kind are due on a day."""

    day: date
    kind: SubscriptionEmailKind
    count: int


async def ahead(found: InForce, days: int) -> list[Ahead]:
    """The e-mails that will be due in some days, by the account's calendar, as things stand now."""
    now = database.now()
    steps = list(steps_of(found.rules))
    if not steps:
        return []
    parts = [due_later(step, found.scope, found.rules, now, now + days * 86_400_000) for step in steps]
    rows = await database.read(joined(parts, " UNION ALL "))
    zone, counts = ZoneInfo(found.timezone), dict[tuple[date, SubscriptionEmailKind], int]()
    for row in rows:
        day = datetime.fromtimestamp(row["hour"] * 3600, zone).date()
        key = day, SubscriptionEmailKind(row["kind"])
        counts[key] = counts.get(key, 0) + row["count"]
    return [Ahead(*key, count) for key, count in sorted(counts.items())]
