"""Reports that are e-mailed to people every week or month."""

import strawberry

from actions.schedules.schedule import CANCEL_REPORT_SCHEDULE, SCHEDULE_REPORT
from actions.schedules.schedule import cancel_report_schedule as cancel
from actions.schedules.schedule import schedule_report as schedule
from authz.gates import AdminOnly, InCentral, gated, in_central
from authz.schedules import report_schedules
from engine.rows.connection import Connection
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Embedded, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.context import Info
from graph.kit.filters import search
from graph.kit.listed import listed
from graph.kit.mutation import mutation
from graph.kit.node import Node, found_within, named
from graph.kit.noun import AccountPart
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Person
from models.tables.schedule import ReportFrequency
from reports.declarations import REPORTS
from reports.report import Kind

strawberry.enum(ReportFrequency)


@gated(InCentral())
@row_of("report_schedules", "schedule")
@strawberry.type
class ReportSchedule(Node):
    """A report that a person gets by e-mail every week or month, as a chart and a table.

    Each e-mail contains what the recipient's own grants and statistics reach show when it is sent. None is
    sent while the report does not exist for them, and the schedule ends with their membership.
    """

    report: str
    """The name of the report, as in queries."""
    frequency: ReportFrequency
    """How often it is sent."""
    recipient: str
    """The name of the person who gets it, at the time when it was scheduled."""
    next_at: DateTime
    """When it is sent next."""
    created_at: DateTime
    """When it was scheduled."""
    created_by: ChangedBy = sourced(Embedded(names={"name": "created_by_name"}))
    """The person who scheduled it."""


found_within(ReportSchedule, report_schedules)
find_report_schedules = search(ReportSchedule, order=Order("created_at", descending=True))


@strawberry.input
class ScheduleReportInput(RepeatableInput):
    """A report, and how often it is sent."""

    report: str
    """The name of the report, as in queries."""
    frequency: ReportFrequency
    """How often it is sent."""
    person_id: strawberry.ID | None = strawberry.field(default=None, directives=[AdminOnly()])
    """The collaborator who gets it, by the id of a person. If null, you get it."""


@strawberry.input
class CancelReportScheduleInput(RepeatableInput):
    """The schedule to end."""

    id: strawberry.ID
    """The id of the schedule."""


@strawberry.type
class ScheduleReportPayload(Payload):
    """The result of `scheduleReport`."""

    @in_central()
    async def schedule(self, info: Info) -> ReportSchedule | None:
        """The schedule; null if the mutation was refused."""
        return await self.row(ReportSchedule, report_schedules(info.context.viewer))


@strawberry.type
class CancelReportSchedulePayload(Payload):
    """The result of `cancelReportSchedule`."""

    canceled: bool = False
    """Whether the schedule has ended."""


@strawberry.type
class ScheduleMutations:
    """Mutations of scheduled reports."""

    @mutation(SCHEDULE_REPORT)
    async def schedule_report(self, info: Info, input: ScheduleReportInput) -> ScheduleReportPayload:  # noqa: A002
        """Schedules a report that is e-mailed to you every week or month, as a chart and a table.

        A person gets at most 20 reports of an account, and an account sends at most 100. What is scheduled
        already stays as it is. NOT_FOUND: you have no such report, or it is not one that adds up sales by
        period.

        Args:
            input: The report, and how often it is sent.
        """
        report = REPORTS.get(input.report)
        grant = report.grant if report is not None and report.kind is Kind.SUM else None
        person = None if input.person_id is None else named(input.person_id, Person)
        found = await schedule(info.context.call, input.report, grant, input.frequency, person)
        return ScheduleReportPayload(object_id=found)

    @mutation(CANCEL_REPORT_SCHEDULE)
    async def cancel_report_schedule(
        self,
        info: Info,
        input: CancelReportScheduleInput,  # noqa: A002
    ) -> CancelReportSchedulePayload:
        """Ends one of the schedules that you can list. Each e-mail has a link that does the same.

        Args:
            input: The schedule to end.
        """
        await cancel(info.context.call, named(input.id, ReportSchedule))
        return CancelReportSchedulePayload(canceled=True)


@strawberry.type
class SchedulesOfAccount(AccountPart):
    """The scheduled reports."""

    report_schedules: Connection[ReportSchedule] | None = listed(find_report_schedules, in_central())
    """The reports that you get by e-mail, newest first; for the owner and admins, those of everyone."""
