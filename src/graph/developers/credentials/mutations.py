"""Mutations of API credentials: create one, replace its secret, and end it."""

import strawberry

from actions.developers.credentials import credential
from actions.developers.credentials.credential import NewApiCredential
from authz import reach
from authz.gates import needs
from authz.grant import Grant
from graph.developers.credentials.types import ApiCredential
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput


@strawberry.input
class CreateApiCredentialInput(RepeatableInput):
    """A new API credential: its name, its grants, and how long it is valid."""

    name: str
    """The name, of 1 to 100 characters. No two valid credentials of an account have the same name."""
    grants: list[Grant]
    """Grants that you have: at least one. No token can have MANAGE_API_CREDENTIALS or
    MANAGE_API_AND_NOTIFICATIONS."""
    days: int
    """For how many days the credential is valid, from 1 to 366."""


@strawberry.input
class RotateApiCredentialInput(RepeatableInput):
    """The credential whose secret is replaced."""

    id: strawberry.ID
    """The credential: one of `credentials` that you created."""


@strawberry.input
class RevokeApiCredentialInput(RepeatableInput):
    """The credential to end."""

    id: strawberry.ID
    """The credential: one of `credentials`."""


@strawberry.type
class CredentialPayload(Payload):
    """The result of a mutation of an API credential."""

    @needs(Grant.MANAGE_API_CREDENTIALS)
    async def credential(self, info: Info) -> ApiCredential | None:
        """The credential as it is now; null if the mutation was refused."""
        return await self.row(ApiCredential, reach.api_credentials(info.context.viewer))


@strawberry.type
class CreateApiCredentialPayload(CredentialPayload):
    """The result of `createApiCredential`."""

    secret: str | None = None
    """What machines send as `client_secret`. It is shown once: a repeated call does not return it."""


@strawberry.type
class RotateApiCredentialPayload(CredentialPayload):
    """The result of `rotateApiCredential`."""

    secret: str | None = None
    """The new secret. It is shown once: a repeated call does not return it."""


@strawberry.type
class RevokeApiCredentialPayload(CredentialPayload):
    """The result of `revokeApiCredential`."""


@strawberry.type
class CredentialMutations:
    """Mutations of API credentials."""

    @mutation(credential.CREATE_API_CREDENTIAL)
    async def create_api_credential(
        self,
        info: Info,
        input: CreateApiCredentialInput,  # noqa: A002
    ) -> CreateApiCredentialPayload:
        """Creates an API credential, and e-mails the account's owner. An account can have 20 valid ones.

        Machines exchange it at `POST /oauth/token` (OAuth 2.0 client credentials) for an access token of one
        hour. With it they have those of the chosen grants that you have at the time of a request, and reach
        the rows that you reach. They never have what depends on a role, and they create no tokens. NOT_HELD
        names the grants that you do not have.

        Args:
            input: The new credential.
        """
        chosen = NewApiCredential(input.name, tuple(dict.fromkeys(input.grants)), input.days)
        object_id, secret = await credential.create_api_credential(info.context.call, chosen)
        return CreateApiCredentialPayload(object_id=object_id, secret=secret)

    @mutation(credential.ROTATE_API_CREDENTIAL)
    async def rotate_api_credential(
        self,
        info: Info,
        input: RotateApiCredentialInput,  # noqa: A002
    ) -> RotateApiCredentialPayload:
        """Replaces the secret of a credential that you created. The old one and its tokens end at once.

        FORBIDDEN: someone else created it. WRONG_STATE: it has ended.

        Args:
            input: The credential.
        """
        object_id = named(input.id, ApiCredential)
        secret = await credential.rotate_api_credential(info.context.call, object_id)
        return RotateApiCredentialPayload(object_id=object_id, secret=secret)

    @mutation(credential.REVOKE_API_CREDENTIAL)
    async def revoke_api_credential(
        self,
        info: Info,
        input: RevokeApiCredentialInput,  # noqa: A002
    ) -> RevokeApiCredentialPayload:
        """Ends a credential and its tokens, which are no longer valid from the next request on.

        WRONG_STATE: it has ended already.

        Args:
            input: The credential to end.
        """
        object_id = named(input.id, ApiCredential)
        return RevokeApiCredentialPayload(
            object_id=await credential.revoke_api_credential(info.context.call, object_id)
        )
