"""Collaborators' access tokens, as part of `Account`."""

import strawberry

from authz.gates import admin_only
from engine.rows.connection import Connection
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.membership.tokens.types import CollaboratorAccessToken, find_tokens


@strawberry.type
class TokensOfAccount(AccountPart):
    """The tokens of the account's collaborators."""

    access_tokens: Connection[CollaboratorAccessToken] | None = listed(find_tokens, admin_only())
    """The valid personal access tokens of the account's collaborators, newest first."""
