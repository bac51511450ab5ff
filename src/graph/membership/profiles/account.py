"""Profiles, as part of `Account`."""

import strawberry

from authz import reach
from authz.gates import needs
from authz.grant import Grant
from engine.rows.lists import Rows, unread
from engine.rows.select import Order
from graph.kit.noun import AccountPart
from graph.membership.profiles.types import Profile


@strawberry.type
class ProfilesOfAccount(AccountPart):
    """The account's profiles."""

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    def profiles(self) -> list[Profile]:
        """The account's profiles, by name; at most 200."""
        return unread(Rows(Profile, reach.profiles(self.viewer), None, (Order("sort_key"),)))
