"""The distribution of new sales and opportunities that nobody has, by the rules of the account."""

from itertools import takewhile
from typing import Any

import msgspec

from actions.commerce.assign import Assignable, announce
from actions.commerce.distribution.candidates import Candidate, candidates, chosen, count, day_of, free
from actions.commerce.opportunities.assign import OPPORTUNITIES
from actions.commerce.opportunities.events import OpportunityDistribution
from actions.commerce.sales.assign import SALES
from actions.commerce.sales.events import SaleDistribution
from actions.kit.clock import Due, Job
from actions.kit.event import EventFacts, record_by_clock
from actions.tools.distribution import Distribution, DistributionRule, DistributionTarget, product_row
from actions.tools.save import read_settings
from actions.tools.settings import TOOLS
from models import database
from models.statement import Statement, either, one_of

TOOL = TOOLS["distribution"]
BATCH = 100
"""How many rows a round assigns at most."""
_PERIOD_MS = 60_000
_MOST_VERSIONS = 50


class _Kind(msgspec.Struct, frozen=True):
    """What is distributed: its rows, when one became new, and what says by which rule it was assigned."""

    target: DistributionTarget
    rows: Assignable
    since: str
    open: str
    decision: type[EventFacts]


_KINDS = (
    _Kind(DistributionTarget.SALES, SALES, "ordered_at", "r.assigned_at IS NULL", SaleDistribution),
    _Kind(
        DistributionTarget.OPPORTUNITIES,
        OPPORTUNITIES,
        "opened_at",
        "r.assigned_at IS NULL AND r.status IN ('TODO', 'STANDBY')",
        OpportunityDistribution,
    ),
)


class _Round(msgspec.Struct):
    """One round in an account."""

    account_id: str
    settings: Distribution
    since: int
    day: str
    now: int
    people: dict[str, Candidate]
    left: int = BATCH

    async def distribute(self, kind: _Kind) -> None:
        """Assign what is new of a kind, rule by rule."""
        earlier: list[Statement] = []
        assigned: list[str] = []
        for rule in self.settings.rules:
            if kind.target not in rule.targets:
                continue
            condition = _condition(rule, kind)
            if self.left and free(rule, self.people):
                # a row without a product or source is in none of the rules that name some
                others = either(earlier) + " IS NOT TRUE" if earlier else Statement("1 = 1")
                for row in await self._new(kind, condition & others):
                    among = free(rule, self.people)
                    if not among:
                        break
                    if await self._assign(kind, rule, str(row["id"]), among):
                        assigned.append(str(row["id"]))
            earlier.append(condition)
        await announce(self.account_id, kind.rows, assigned)

    async def _new(self, kind: _Kind, condition: Statement) -> Any:
        """The rows that nobody has, oldest first."""
        of_account = Statement(
            f"r.account_id = ? AND r.assignee_id IS NULL AND {kind.open} AND r.{kind.since} >= ?",
            (self.account_id, self.since),
        )
        return await database.read(
            Statement(f"SELECT r.id FROM {kind.rows.table} r WHERE ")
            + (of_account & condition)
            + f" ORDER BY r.{kind.since}, r.id LIMIT {self.left}"
        )

    async def _assign(
        self, kind: _Kind, rule: DistributionRule, found_id: str, among: "list[Candidate] | Any"
    ) -> bool:
        """Assign a row to one of some people. False: someone assigned it meanwhile."""
        person = chosen(rule, among)
        changed = await database.write(
            Statement(f"UPDATE {kind.rows.table} AS r SET ")
            + kind.rows.written(person.id, person.team_id, self.now, by_person=False)
            + Statement(
                f" WHERE r.account_id = ? AND r.id = ? AND r.assignee_id IS NULL AND {kind.open}",
                (self.account_id, found_id),
            )
        )
        if not changed:
            return False
        # the account is locked, so the count is as it was read; if it is not, the whole round is undone
        if not await count(self.account_id, person, self.day, self.now):
            raise RuntimeError("A person got more than their daily number.")
        person.number += 1
        self.left -= 1
        await record_by_clock(self.account_id, kind.rows.event(), found_id, self.now)
        facts: Any = kind.decision
        decision = facts(
            rule=rule.name,
            method=rule.method,
            candidates=len(among),
            load=person.load,
            number=person.number,
            daily_cap=person.cap,
        )
        await record_by_clock(self.account_id, decision, found_id, self.now)
        person.load += 1
        # later than whoever got one before in this round
        person.last_at = max(self.now, *(other.last_at + 1 for other in self.people.values()))
        return True


def _condition(rule: DistributionRule, kind: _Kind) -> Statement:
    """The condition that a rule is for a row `r`."""
    found = Statement("(1 = 1")
    if rule.product_ids:
        found = found & one_of("r.product_id", [product_row(name) for name in rule.product_ids])
    if rule.sources:
        found = found & either([one_of("r.origin_src", rule.sources), one_of("r.origin_sck", rule.sources)])
    if rule.kinds and kind.target is DistributionTarget.OPPORTUNITIES:
        found = found & one_of("r.kind", [kind.value for kind in rule.kinds])
    return found + ")"


async def _round(due: Due, now: int) -> None:
    """Distribute what is new in an account."""
    rows = await database.read(
        "SELECT v.settings, v.changed_at, a.timezone FROM tool_versions v"
        " JOIN accounts a ON a.id = v.account_id"
        f" WHERE v.account_id = ? AND v.tool = ? ORDER BY v.version DESC LIMIT {_MOST_VERSIONS}",
        (due.account_id, TOOL.name),
    )
    versions = [(read_settings(TOOL, row["settings"]), row["changed_at"]) for row in rows]
    on = list(takewhile(lambda version: version[0].rules, versions))  # type: ignore[attr-defined]
    if not on:
        return
    settings = versions[0][0]
    assert isinstance(settings, Distribution)
    day = day_of(now, rows[0]["timezone"])
    people = await candidates(due.account_id, settings, day, now)
    work = _Round(due.account_id, settings, on[-1][1], day, now, people)
    for kind in _KINDS:
        await work.distribute(kind)


DISTRIBUTION = Job(
    "distribution",
    table="tool_versions",
    since="work_at",
    work=_round,
    where=f"r.tool = '{TOOL.name}'",
    again_ms=_PERIOD_MS,
)
"""New sales and opportunities of an account are distributed."""

JOBS = (DISTRIBUTION,)
