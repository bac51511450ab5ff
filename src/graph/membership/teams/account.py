"""Teams, as part of `Account`."""

import strawberry

from authz import reach
from authz.gates import lead_only
from engine.rows.lists import Rows, unread
from engine.rows.select import Order
from graph.kit.noun import AccountPart
from graph.membership.teams.types import Team


@strawberry.type
class TeamsOfAccount(AccountPart):
    """The teams within reach."""

    @lead_only()
    def teams(self) -> list[Team]:
        """The teams, by name: all of them for the owner and admins, the teams that they lead for team leads.
        At most 200."""
        return unread(Rows(Team, reach.teams(self.viewer), None, (Order("sort_key"),)))
