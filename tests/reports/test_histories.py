"""Whatever becomes of people and teams, in whatever order: no report of the past changes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import make
from center import DONE, Center, center
from client import Client
from models.vocabulary import Role, SaleStatus

JUNE = int(datetime(2026, 6, 10, tzinfo=UTC).timestamp() * 1000)
# each belongs to one team, so that what is assigned to them has its stamp; the lead leads North alone
NORTH, SOUTH, ALONE = ("ada", "ben", "cleo"), ("dora", "eli"), ("fay",)
PEOPLE = (*NORTH, *SOUTH, *ALONE)
SOLD_BY = (*PEOPLE, "lead", "admin", None)
STATUSES = (SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.REFUNDED)
ACTS = ("remove", "bequeath", "leave", "suspend", "restore", "end", "delete", "transfer")
COLUMNS = "currency count gross { amount } net { amount } refunded { amount } member { nodeId name } team { nodeId name }"
TOTALS = COLUMNS.partition(" member")[0]
SPLITS = {"owner": ("MEMBER", "TEAM"), "admin": ("MEMBER", "TEAM"), "lead": ("MEMBER",)}

Sales = list[tuple[str | None, SaleStatus]]
Steps = list[tuple[str, str, str]]
sales = st.lists(st.tuples(st.sampled_from(SOLD_BY), st.sampled_from(STATUSES)), min_size=3, max_size=8)
steps = st.lists(
    st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.sampled_from([*PEOPLE, "lead"])),
    min_size=1,
    max_size=6,
)


@dataclass
class Staff:
    """An account's people, and what has become of each."""

    at: Center
    south: dict[str, Any]
    here: set[str] = field(default_factory=lambda: {*PEOPLE})
    suspended: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)
    deleted: bool = False

    @property
    def active(self) -> set[str]:
        """Who can enter now."""
        return self.here - self.suspended - self.over

    async def step(self, act: str, name: str, successor: str) -> bool:
        """Do one act, where it makes sense by now; it is then done."""
        done = await getattr(self, f"_{act}")(name, successor)
        assert done in (None, DONE), (act, name, successor, done)
        return done is not None

    async def _remove(self, name: str, _successor: str, **values: str) -> str | None:
        if name not in self.here:
            return None
        self.here.remove(name)
        return await self.at.outcome(
            "owner", "removeCollaborator", collaboratorId=self.at.collaborator(name), **values
        )

    async def _bequeath(self, name: str, successor: str) -> str | None:
        if successor == name or successor not in self.active | {"lead"}:
            return None
        return await self._remove(name, successor, reassignTo=self.at.collaborator(successor))

    async def _leave(self, name: str, _successor: str) -> str | None:
        if name not in self.active:
            return None
        self.here.remove(name)
        return await self.at.outcome(name, "leaveCentral")

    async def _suspend(self, name: str, _successor: str) -> str | None:
        if name not in self.here - self.suspended:
            return None
        self.suspended.add(name)
        return await self.at.outcome(
            "admin", "suspendCollaborator", collaboratorId=self.at.collaborator(name)
        )

    async def _restore(self, name: str, _successor: str) -> str | None:
        if name not in self.here & self.suspended:
            return None
        self.suspended.remove(name)
        return await self.at.outcome(
            "admin", "restoreCollaborator", collaboratorId=self.at.collaborator(name)
        )

    async def _end(self, name: str, _successor: str) -> str | None:
        if name not in self.here - self.over:
            return None
        self.over.add(name)
        dates = {"endsAt": "2026-07-01T00:00:00Z"}
        return await self.at.outcome(
            "admin", "setAccessDates", collaboratorId=self.at.collaborator(name), **dates
        )

    async def _delete(self, _name: str, _successor: str) -> str | None:
        if self.deleted:
            return None
        self.deleted = True
        return await self.at.outcome("owner", "deleteTeam", teamId=f"team_{self.south['id']}")

    async def _transfer(self, name: str, _successor: str) -> str | None:
        if name not in self.active:
            return None
        self.here.remove(name)
        offered = await self.at.outcome("owner", "offerTransfer", collaboratorId=self.at.collaborator(name))
        assert offered == DONE
        done = await self.at.outcome(name, "acceptTransfer", centralId=f"central_{self.at.account['id']}")
        self.at.tokens["owner"] = self.at.tokens[name]
        return done


async def staff(client: Client) -> Staff:
    """The people of North, led, of South, and one of no team."""
    at = await center(client)
    for name in PEOPLE:
        at.collaborators[name] = await make.collaborator(
            at.account, at.profiles["full"], Role.USER, name=name
        )
        at.tokens[name] = await Client.collaborator(at.collaborators[name])
    for name in NORTH:
        added = await at.outcome(
            "owner", "addTeamMember", teamId=at.team_id, collaboratorId=at.collaborator(name)
        )
        assert added == DONE
    return Staff(at, await make.team(at.account, [at.collaborators[name] for name in SOUTH]))


async def sold(at: Center, by: str | None, status: SaleStatus) -> None:
    """A sale of June, assigned by hand."""
    sale = await make.sale(at.account, ordered_at=JUNE, status=status)
    if by is not None:
        person = f"person_{at.collaborators[by]['id']}"
        assert await at.outcome("owner", "assignSale", reference=sale["reference"], assigneeId=person) == DONE


async def june(at: Center, who: str) -> Any:
    """All that someone's reports say of June."""
    period = 'period: {from: "2026-06-01", to: "2026-07-01"}'
    splits = ["", *(f", by: {by}" for by in SPLITS[who])]
    columns = COLUMNS if who != "lead" else COLUMNS.partition(" team")[0]
    requests = [
        f"r{number}: revenue({period}{by}) {{ {columns} }} p{number}: paymentMethods({period}{by}) {{ count }}"
        f" y{number}: annualSummary(firstYear: 2026{by}) {{ total {{ {TOTALS} }} member {{ nodeId }} }}"
        for number, by in enumerate(splits)
    ]
    return (await at.ask(who, f"{{ account {{ reports {{ {' '.join(requests)} }} }} }}"))["account"][
        "reports"
    ]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(sales=sales, steps=steps)
async def test_no_report_of_june_changes_whatever_becomes_of_people_and_teams(
    client: Client, sales: Sales, steps: Steps
) -> None:
    there = await staff(client)
    for by, status in sales:
        await sold(there.at, by, status)
    before = {who: await june(there.at, who) for who in SPLITS}
    counted = before["owner"]["r0"]
    assert sum(row["count"] for row in counted) == sum(
        status is not SaleStatus.REFUNDED for _, status in sales
    )

    for step in steps:
        if await there.step(*step):
            assert {who: await june(there.at, who) for who in SPLITS} == before, step
