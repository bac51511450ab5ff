"""Teams and their members."""

import strawberry

from authz import by_id, reach
from authz.gates import admin_only, lead_only
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Joined
from graph.collaborators.types import Person
from graph.kit.node import Node, found_within
from models.words import Privacy

strawberry.enum(Privacy)


@row_of("teams", "team")
@strawberry.type
class Team(Node):
    """Collaborators who work together; a sale is stamped with the team it was assigned in."""

    name: str
    """Its name in the account."""
    privacy: Privacy = lead_only()
    """Whether its members see each other's rows."""
    version: int = admin_only()
    """Grows with each change, of its members too; whoever replaces the members says which one they saw."""

    members: list["TeamMember"] = lead_only(Children("team_id", Order("id"), reach=reach.team_places))
    """Its members, leads too. Of a team that you neither lead nor administer, whom you may assign to."""


@row_of("team_members")
@strawberry.type
class TeamMember:
    """A person's place in a team."""

    person: Person = lead_only(Joined("collaborator_id"))
    """Who it is."""
    leads: bool = lead_only()
    """Whether the person leads the team."""


found_within(Team, by_id.teams)
