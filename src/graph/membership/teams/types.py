"""Teams and their members."""

import strawberry

from authz import by_id, reach
from authz.gates import admin_only, lead_only
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Joined
from graph.kit.node import Node, found_within
from graph.membership.collaborators.types import Person
from models.vocabulary import Privacy

strawberry.enum(Privacy)


@row_of("teams", "team")
@strawberry.type
class Team(Node):
    """A group of collaborators who work together. A sale keeps the team in which it was assigned."""

    name: str
    """The team's name in the account."""
    privacy: Privacy = lead_only()
    """Whether the members of the team see each other's rows."""
    version: int = admin_only()
    """A number that grows with each change of the team or its members. Mutations that replace the members
    require it."""

    members: list["TeamMember"] = lead_only(Children("team_id", Order("id"), reach=reach.team_places))
    """The members of the team, including its leads. If you neither lead nor administer the team, only the
    members to whom you can assign sales. At most 500."""


@row_of("team_members")
@strawberry.type
class TeamMember:
    """A member of a team."""

    person: Person = lead_only(Joined("collaborator_id"))
    """The person who is the member."""
    leads: bool = lead_only()
    """Whether the person leads the team."""


found_within(Team, by_id.teams)
