"""The same fields as Strawberry is usually written: ORM objects, a permission for each field, no caches."""

import time
from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.asgi import GraphQL
from strawberry.permission import BasePermission
from tortoise.transactions import in_transaction

from authz import reach
from authz.gates import Standing
from authz.grant import Grant
from authz.viewer import Viewer
from bench.seal import PURPOSE, SEAL
from bench.usual_types import RevenueRow, Sale, holds, moment, money, needs, sale_of
from bench.usual_viewer import found_viewer
from models import AuditEntry, Collaborator, TeamMember
from models import Sale as SaleRow
from models.database import new_id, now
from reports.declarations import REPORTS
from reports.period import Period
from reports.period import ReportInterval as Step
from reports.sums import sums
from telemetry.request import OperationRecord, current_request

_RELATED = ("product", "offer", "assignee", "team")


class SignedIn(BasePermission):
    """Someone asks."""

    message = "Sign in."

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        """Judge by the context."""
        return info.context["viewer"].user_id is not None


class Leads(BasePermission):
    """Someone who may hand sales to people."""

    message = "You may not."

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        """Judge by the context."""
        return bool(info.context["viewer"].mask & Standing.LEAD)


@strawberry.enum
class Every(Enum):
    """How a period is cut."""

    DAY = "DAY"
    MONTH = "MONTH"


@strawberry.input
class PeriodInput:
    """Days."""

    from_: date = strawberry.field(name="from")
    to: date


@strawberry.type
class PageInfo:
    """Where a page stands."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class SaleConnection:
    """A page of sales."""

    nodes: list[Sale]
    page_info: PageInfo


@strawberry.type
class Reports:
    """Reports."""

    viewer: strawberry.Private[Viewer]

    @needs(Grant.VIEW_REVENUE_REPORT)
    async def revenue(self, period: PeriodInput, every: Every = Every.MONTH) -> list[RevenueRow]:
        """What was sold."""
        found = await sums(self.viewer, REPORTS["revenue"], Period(period.from_, period.to), Step[every.name])
        return [
            RevenueRow(
                from_=row.bucket.first,
                to=row.bucket.end,
                currency=row.currency,
                count=row.count,
                gross=money(row.gross, row.currency),
                net=money(row.net, row.currency),
                refunded=money(row.refunded, row.currency),
            )
            for row in found
        ]


@strawberry.type
class Account:
    """The seller's business."""

    viewer: strawberry.Private[Viewer]

    def _within(self) -> Any:
        found = reach.sales(self.viewer)
        rows = SaleRow.filter(account_id=found.account_id)
        return rows if found.values is None else rows.filter(assignee_id__in=found.values)

    @needs(Grant.SEARCH_SALES)
    async def sales(self, first: int = 20, after: str | None = None) -> SaleConnection:
        """The sales within reach."""
        rows = self._within().order_by("-ordered_at", "-id").limit(first + 1)
        if after is not None:
            rows = rows.filter(ordered_at__lt=SEAL.read(PURPOSE, after, 2)[0])
        found = await rows.select_related("product", "assignee")
        kept = found[:first]
        last = SEAL.write(PURPOSE, (kept[-1].ordered_at, str(kept[-1].id))) if kept else None
        return SaleConnection(
            nodes=[sale_of(row) for row in kept],
            page_info=PageInfo(has_next_page=len(found) > first, end_cursor=last),
        )

    @needs(Grant.SEARCH_SALES)
    async def sale(self, reference: str) -> Sale | None:
        """The sale of a reference."""
        found = await self._within().filter(reference=reference).select_related(*_RELATED).first()
        return sale_of(found) if found else None

    @strawberry.field
    def reports(self) -> Reports:
        """The reports."""
        return Reports(viewer=self.viewer)


@strawberry.type
class Central:
    """An account that can be entered."""

    id: strawberry.ID
    account_name: str
    access: str
    role: str
    joined_at: datetime | None


@strawberry.type
class ViewerType:
    """The user who asks."""

    judged: strawberry.Private[Viewer]
    id: strawberry.ID = strawberry.field(permission_classes=[SignedIn])
    name: str = strawberry.field(permission_classes=[SignedIn])
    email: str = strawberry.field(permission_classes=[SignedIn])
    locale: str = strawberry.field(permission_classes=[SignedIn])

    @strawberry.field(permission_classes=[SignedIn])
    async def centrals(self) -> list[Central]:
        """The accounts that the user may enter."""
        collaborators = Collaborator.filter(user_id=self.judged.user_id, suspended_at=None)
        return [
            Central(
                id=strawberry.ID(f"central_{collaborator.account_id}"),
                account_name=collaborator.account.name,
                access="COLLABORATOR",
                role=collaborator.role.value,
                joined_at=moment(collaborator.joined_at),
            )
            for collaborator in await collaborators.select_related("account", "profile")
        ]


@strawberry.type
class Query:
    """What can be read."""

    @strawberry.field(permission_classes=[SignedIn])
    def viewer(self, info: strawberry.Info) -> ViewerType:
        """The user who asks."""
        found: Viewer = info.context["viewer"]
        name = strawberry.ID(f"user_{found.user_id}")
        return ViewerType(judged=found, id=name, name=found.name, email=found.email, locale=found.locale)

    @strawberry.field(permission_classes=[SignedIn])
    def account(self, info: strawberry.Info) -> Account | None:
        """The account of the central."""
        found: Viewer = info.context["viewer"]
        return Account(viewer=found) if found.central else None


@strawberry.input
class AssignSaleInput:
    """Which sale goes to whom."""

    reference: str
    assignee_id: strawberry.ID


@strawberry.type
class UserError:
    """Why not."""

    code: str
    message: str
    field: list[str]


@strawberry.type
class AssignSalePayload:
    """What came of it."""

    reference: str
    errors: list[UserError]
    sale: Sale | None = strawberry.field(permission_classes=[holds(Grant.SEARCH_SALES)])


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation(permission_classes=[SignedIn, Leads])
    async def assign_sale(self, info: strawberry.Info, input: AssignSaleInput) -> AssignSalePayload:  # noqa: A002
        """Hand a sale to someone, and log it."""
        viewer: Viewer = info.context["viewer"]
        assert viewer.central is not None
        account_id = viewer.central.account_id
        async with in_transaction("default"):
            assignee = await Collaborator.get(account_id=account_id, id=input.assignee_id[7:])
            place = await TeamMember.filter(account_id=account_id, collaborator_id=assignee.id).first()
            sale = await SaleRow.get(account_id=account_id, reference=input.reference)
            before = await Collaborator.get_or_none(id=sale.assignee_id)
            sale.credit_id, sale.credit_team_id = assignee.id, place.team_id if place else None
            sale.assignee_id, sale.team_id = assignee.id, place.team_id if place else None
            sale.assigned_at = now()
            await sale.save()
            changes = [{"before": before.name if before else None, "after": assignee.name}]
            await AuditEntry.create(
                id=new_id(),
                account_id=account_id,
                user_id=viewer.user_id,
                user_name=viewer.name,
                act="assignSale",
                object_type="Sale",
                object_id=input.reference,
                changes=changes,
                request_id=new_id(),
                at=now(),
            )
        found = await SaleRow.get(id=sale.id).select_related(*_RELATED)
        return AssignSalePayload(reference=input.reference, sale=sale_of(found), errors=[])


class View(GraphQL[Any, Any]):
    """The usual view: who asks is found once a request, and a line of the log tells of it."""

    async def get_context(self, request: Any, response: Any) -> Any:
        """Who asks."""
        header = request.headers.get("authorization", "")
        central = request.headers.get("x-central")
        viewer = await found_viewer(header[7:], central.removeprefix("central_") if central else None)
        request.state.viewer = viewer
        return {"viewer": viewer}

    async def run(self, request: Any, *given: Any, **named: Any) -> Any:
        """The answer, and its line."""
        started = time.perf_counter()
        answer = await super().run(request, *given, **named)
        viewer: Viewer = request.state.viewer
        record = current_request.get()
        assert record is not None
        record.operations.append(
            OperationRecord(
                user_id=viewer.user_id,
                account_id=viewer.central.account_id if viewer.central else None,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        )
        return answer


def view() -> View:
    """The usual schema, served."""
    return View(strawberry.Schema(query=Query, mutation=Mutation))
