"""Invitations, as part of `Account`."""

import strawberry

from authz.gates import needs
from authz.grant import Grant
from engine.rows.connection import Connection
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.membership.invitations.filters import find_invitations
from graph.membership.invitations.types import Invitation


@strawberry.type
class InvitationsOfAccount(AccountPart):
    """The account's invitations."""

    invitations: Connection[Invitation] | None = listed(
        find_invitations, needs(Grant.ACCESS_COLLABORATORS_CENTER)
    )
    """The invitations to work in the account, newest first by default."""
