"""Collaborators in `Account`: `collaborators` for those who manage them, `people` for coworkers."""

import strawberry

from authz.gates import admin_only, lead_only, needs
from authz.grant import Grant
from engine.rows.connection import Connection
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.membership.collaborators.filters import find_assignees, find_collaborators, find_people
from graph.membership.collaborators.types import Collaborator, Person


@strawberry.type
class CollaboratorsOfAccount(AccountPart):
    """The people who work in the account."""

    collaborators: Connection[Collaborator] | None = listed(
        find_collaborators, needs(Grant.ACCESS_COLLABORATORS_CENTER)
    )
    """The account's collaborators, by name by default."""
    people: Connection[Person] | None = listed(find_people, admin_only())
    """Everyone who works in the account, by name."""
    assignees: Connection[Person] | None = listed(find_assignees, lead_only())
    """The people to whom you can assign a sale, by name. Only people who can enter now are listed."""
