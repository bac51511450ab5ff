"""The types of reports' rows, built from the reports' declarations."""

from operator import attrgetter

import strawberry

from authz.gates import LeadOnly, Needs, admin_only, gated, lead_only
from engine.rows.lists import BINDINGS, projected
from engine.rows.source import sourced
from graph.kit.scalars import Date
from graph.membership.collaborators.types import Person, TeamSummary
from graph.reports.billing import OnStatement
from graph.reports.columns import InCurrency, of_attribute
from graph.reports.field_classes import field_classes
from reports.grouping import Grouping, Named
from reports.report import Report


@gated(LeadOnly())
@strawberry.type
class CreditHolder:
    """The person or team that a report's row is about, including one that has left or was deleted."""

    node_id: strawberry.ID
    """The id of the `Person` or `Team`, which the filters of sales by credit accept. It distinguishes people
    or teams that have the same name. `node` finds it until the person leaves or the team is deleted."""
    name: str
    """The name of the person or team."""


_NODES: dict[Grouping, type] = {Grouping.MEMBER: Person, Grouping.TEAM: TeamSummary}


def _group(found: Named | None) -> CreditHolder | None:
    if found is None or found.grouping is None or found.id is None or found.name is None:
        return None
    row_id = BINDINGS[_NODES[found.grouping]].global_id(found.id)
    return CreditHolder(node_id=strawberry.ID(row_id), name=found.name)


def _member(found: Named | None) -> CreditHolder | None:
    return _group(found) if found is not None and found.grouping is Grouping.MEMBER else None


def _team(found: Named | None) -> CreditHolder | None:
    return _group(found) if found is not None and found.grouping is Grouping.TEAM else None


@strawberry.type
class InBucket:
    """A row of one bucket of the period."""

    from_: Date = sourced(of_attribute(attrgetter("first"), "bucket"), name="from")
    """The bucket's first day, in the account's time zone."""
    to: Date = sourced(of_attribute(attrgetter("end"), "bucket"))
    """The day after the bucket's last one."""


@strawberry.type
class OthersOrNot:
    """A row of single keys, or of all others."""

    others: bool
    """Whether the row adds up all keys that have no rows of their own: those beyond the number that was
    requested, and those with too few buyers to be shown. Its keys are null."""


@strawberry.type
class Split:
    """A row of one person or team, in a report that is split by them."""

    group: CreditHolder | None = lead_only(of_attribute(_group, "group"))
    """The person or team, if the report is split by one. Null for what is credited to neither."""
    member: CreditHolder | None = lead_only(of_attribute(_member, "group"))
    """The person, if the report is split by member. Null for what is credited to no one."""
    team: CreditHolder | None = admin_only(of_attribute(_team, "group"))
    """The team, if the report is split by team. Null for what is credited to no team."""


def grain(report: Report, *first: str) -> str:
    """What each row of a report stands for, in words."""
    *most, last = (*first, *(key.label for key in report.keys), "currency")
    return f"{', '.join(most)}{',' if len(most) > 1 else ''} and {last}"


def row_type(report: Report) -> type:
    """The type of a report's rows: behind the report's gate, with the fields of its columns and keys."""
    columns, keys = field_classes(report.columns), field_classes(report.keys)
    billed = (OnStatement,) if report.monthly else ()
    parents = (InCurrency, *columns, InBucket, OthersOrNot, Split, *keys, *billed)
    says = f"A row of `{report.name}`: one {grain(report, 'bucket')}."
    cls = type(report.row_name, parents, {"__doc__": says, "__module__": __name__})
    return gated(Needs(grant=report.grant))(projected(strawberry.type(cls)))
