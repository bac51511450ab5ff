"""Mutations of passkeys."""

import strawberry

from actions.identity.two_factor import passkeys
from graph.identity.two_factor.identity import IdentityInput, party_in, shown_in, vault_in
from graph.identity.two_factor.types import PASSKEY, TwoFactor
from graph.identity.two_factor.viewer import two_factor_of
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import prefixed
from graph.kit.payload import Payload


@strawberry.input
class StartPasskeyInput:
    """Proof that it is you."""

    identity: IdentityInput | None = None
    """Your password, or a code of a second factor that you already have."""


@strawberry.type
class StartPasskeyPayload(Payload):
    """The result of `startPasskey`."""

    token: str | None = None
    """The token to send to `addPasskey`, valid once and for ten minutes; null if the mutation was refused."""
    options: str | None = None
    """The options for `navigator.credentials.create`, as JSON, which
    `PublicKeyCredential.parseCreationOptionsFromJSON` reads; null if the mutation was refused."""


@strawberry.input
class AddPasskeyInput:
    """A passkey that the browser created."""

    token: str
    """The token from `startPasskey`."""
    credential: str
    """The credential from `navigator.credentials.create`, as the JSON of its `toJSON()`."""
    name: str
    """A name for it, of at most 100 characters, for example `Phone`."""


@strawberry.type
class AddPasskeyPayload(Payload):
    """The result of `addPasskey`."""

    recovery_codes: list[str] | None = None
    """Ten codes for signing in without the passkey, each valid once. They are shown once. Null if you had a
    second factor before, or if the mutation was refused."""
    two_factor: TwoFactor | None = None
    """Your second factors; null if the mutation was refused."""


@strawberry.input
class RenamePasskeyInput:
    """A passkey and its new name."""

    id: strawberry.ID
    """The passkey, one of `viewer.twoFactor.passkeys`."""
    name: str
    """The name, of at most 100 characters."""


@strawberry.type
class RenamePasskeyPayload(Payload):
    """The result of `renamePasskey`."""

    two_factor: TwoFactor | None = None
    """Your second factors; null if the mutation was refused."""


@strawberry.input
class RemovePasskeyInput:
    """A passkey to remove."""

    id: strawberry.ID
    """The passkey, one of `viewer.twoFactor.passkeys`."""
    identity: IdentityInput | None = None
    """Your password, or a code of your second factor."""


@strawberry.type
class RemovePasskeyPayload(Payload):
    """The result of `removePasskey`."""

    two_factor: TwoFactor | None = None
    """Your second factors; null if the mutation was refused."""


@strawberry.type
class PasskeyMutations:
    """Mutations of passkeys."""

    @mutation(passkeys.START_PASSKEY)
    async def start_passkey(self, info: Info, input: StartPasskeyInput | None = None) -> StartPasskeyPayload:  # noqa: A002
        """Begins to register a passkey (WebAuthn). Nothing changes before `addPasskey`.

        BAD_CREDENTIALS or BAD_CODE: the proof is wrong or missing. TOO_MANY: you have 20 passkeys.

        Args:
            input: Proof that it is you.
        """
        context = info.context
        shown = shown_in(input.identity if input else None)
        challenge, options = await passkeys.start_passkey(
            context.call, vault_in(context), party_in(context), shown
        )
        return StartPasskeyPayload(token=challenge.token, options=options)

    @mutation(passkeys.ADD_PASSKEY)
    async def add_passkey(self, info: Info, input: AddPasskeyInput) -> AddPasskeyPayload:  # noqa: A002
        """Adds a passkey. It can replace the password, or be a second factor after it.

        With your first second factor, your other sessions end, and you get recovery codes. BAD_CODE: the
        credential does not match the challenge, comes from another site, or is already registered.

        Args:
            input: The passkey that the browser created.
        """
        context = info.context
        _, codes = await passkeys.add_passkey(
            context.call, party_in(context), input.token, input.credential, input.name
        )
        return AddPasskeyPayload(recovery_codes=codes or None, two_factor=await two_factor_of(context.viewer))

    @mutation(passkeys.RENAME_PASSKEY)
    async def rename_passkey(self, info: Info, input: RenamePasskeyInput) -> RenamePasskeyPayload:  # noqa: A002
        """Renames one of your passkeys.

        Args:
            input: The passkey and its new name.
        """
        context = info.context
        await passkeys.rename_passkey(context.call, prefixed(PASSKEY, input.id), input.name)
        return RenamePasskeyPayload(two_factor=await two_factor_of(context.viewer))

    @mutation(passkeys.REMOVE_PASSKEY)
    async def remove_passkey(self, info: Info, input: RemovePasskeyInput) -> RemovePasskeyPayload:  # noqa: A002
        """Removes one of your passkeys. If it is your last second factor, the recovery codes go with it.

        BAD_CREDENTIALS or BAD_CODE: the proof is wrong or missing.

        Args:
            input: The passkey to remove.
        """
        context = info.context
        passkey_id = prefixed(PASSKEY, input.id)
        await passkeys.remove_passkey(context.call, vault_in(context), passkey_id, shown_in(input.identity))
        return RemovePasskeyPayload(two_factor=await two_factor_of(context.viewer))
