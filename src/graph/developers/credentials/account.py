"""API credentials, as part of `Account`."""

import strawberry

from authz.gates import needs
from authz.grant import Grant
from engine.rows.connection import Connection
from graph.developers.credentials.types import ApiCredential, find_credentials
from graph.kit.listed import listed
from graph.kit.noun import AccountPart


@strawberry.type
class CredentialsOfAccount(AccountPart):
    """The account's API credentials."""

    credentials: Connection[ApiCredential] | None = listed(
        find_credentials, needs(Grant.MANAGE_API_CREDENTIALS)
    )
    """The API credentials of the account, whoever created them, newest first."""
