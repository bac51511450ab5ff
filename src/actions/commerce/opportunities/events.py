"""The events in opportunities' histories that people and time cause."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from actions.kit.decision import Decision
from actions.kit.event import EventFacts, History, Read, Shown, event
from authz.gates import Standing
from authz.grant import Grant
from authz.viewer import Viewer
from models.changes import ChangeKind, note
from models.person_change import Assignment
from models.tables.opportunity import LostReason


class _Nothing(msgspec.Struct, frozen=True):
    """People's acts are in columns of their own: none is folded from the history."""


OPPORTUNITY_HISTORY = History(
    "opportunity_events",
    "opportunities",
    "opportunity_id",
    enum="OpportunityChange",
    grant=Grant.VIEW_PURCHASE_RECOVERY_REPORT,
    folded=_Nothing,
)
_NAME = "(SELECT {a}.name FROM {table} {a} WHERE {a}.account_id = r.account_id AND {a}.id = r.{key})"
_ASSIGNEE_NAME = _NAME.format(a="c", table="collaborators", key="assignee_id")
_TEAM_NAME = _NAME.format(a="t", table="teams", key="team_id")
_STEP_NAME = _NAME.format(a="p", table="pipeline_steps", key="step_id")


@event(OPPORTUNITY_HISTORY, "CREATION")
class OpportunityCreation(EventFacts, frozen=True):
    """A person added the opportunity."""


@event(OPPORTUNITY_HISTORY, "EDIT")
class OpportunityEdit(EventFacts, frozen=True):
    """The title, amount, probability or star was changed."""


@event(OPPORTUNITY_HISTORY, "NOTE")
class OpportunityNoting(EventFacts, frozen=True):
    """A note was added."""


@event(OPPORTUNITY_HISTORY, "STEP", field="step_change")
class OpportunityStepChange(EventFacts, frozen=True):
    """The opportunity was moved to a step of the pipeline."""

    step: Annotated[str, Read(_STEP_NAME), Shown()] = ""
    """The name of the step at that time."""


@event(OPPORTUNITY_HISTORY, "POSTPONEMENT")
class OpportunityPostponement(EventFacts, frozen=True):
    """The opportunity was postponed."""


@event(OPPORTUNITY_HISTORY, "REMINDER")
class OpportunityReminder(EventFacts, frozen=True):
    """The date came until which the opportunity was postponed."""


@event(OPPORTUNITY_HISTORY, "LOSS")
class OpportunityLoss(EventFacts, frozen=True):
    """The opportunity was lost."""

    reason: Annotated[LostReason, Shown()]
    """Why it was lost."""


@event(OPPORTUNITY_HISTORY, "WIN")
class OpportunityWin(EventFacts, frozen=True):
    """A person said that the opportunity was won."""


@event(OPPORTUNITY_HISTORY, "CANCELLATION")
class OpportunityCancellation(EventFacts, frozen=True):
    """A person said that it was no opportunity."""


@event(OPPORTUNITY_HISTORY, "MERGE")
class OpportunityMerge(EventFacts, frozen=True):
    """A duplicate was merged into the opportunity, with its notes."""


@event(OPPORTUNITY_HISTORY, "MERGED")
class OpportunityMerged(EventFacts, frozen=True):
    """It was merged into another opportunity, and closed as its duplicate."""


@event(OPPORTUNITY_HISTORY, "REOPENING")
class OpportunityReopening(EventFacts, frozen=True):
    """The opportunity was opened again."""


@event(OPPORTUNITY_HISTORY, "ASSIGNMENT", Standing.LEAD)
class OpportunityAssignment(EventFacts, frozen=True):
    """An assignment of the opportunity to a collaborator, or to no one."""

    assignment: Annotated[
        Assignment,
        Read(
            {
                "assignee_id": "r.assignee_id",
                "assignee_name": _ASSIGNEE_NAME,
                "team_id": "r.team_id",
                "team_name": _TEAM_NAME,
            }
        ),
        Shown(of=("assignee_name", "team_name")),
    ] = Assignment()


@event(OPPORTUNITY_HISTORY, "DISTRIBUTION", Standing.LEAD)
class OpportunityDistribution(Decision, frozen=True, kw_only=True):
    """A rule of the distribution chose whom the opportunity was assigned to."""


def note_opportunities(viewer: Viewer, opportunity_ids: Iterable[str]) -> None:
    """Notify subscriptions to opportunities that some of the viewer's account changed."""
    assert viewer.central is not None
    note(viewer.central.account_id, ChangeKind.OPPORTUNITY, opportunity_ids)
