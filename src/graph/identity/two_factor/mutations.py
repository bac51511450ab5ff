"""Mutations of two-factor sign-in: set up and confirm an authenticator app, turn it off, recovery codes."""

import strawberry

from actions.identity.two_factor import two_factor
from graph.identity.two_factor.identity import IdentityInput, shown_in, vault_in
from graph.identity.two_factor.types import TwoFactor
from graph.identity.two_factor.viewer import two_factor_of
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload


@strawberry.input
class SetUpTwoFactorInput:
    """Proof that it is you."""

    identity: IdentityInput | None = None
    """Your password, or a code of a second factor that you already have."""


@strawberry.type
class SetUpTwoFactorPayload(Payload):
    """The result of `setUpTwoFactor`."""

    secret: str | None = None
    """The secret for the authenticator app, in base32, for typing. It is shown once; null if the mutation was
    refused."""
    uri: str | None = None
    """The same as an `otpauth:` address, to be shown as a QR code; null if the mutation was refused."""


@strawberry.input
class ConfirmTwoFactorInput:
    """The first code of a new authenticator app."""

    code: str
    """The six digits that the app shows."""


@strawberry.type
class ConfirmTwoFactorPayload(Payload):
    """The result of `confirmTwoFactor`."""

    recovery_codes: list[str] | None = None
    """Ten codes for signing in without the app, each valid once. They are shown once. Null if you had a
    second factor before, whose recovery codes stay valid, or if the mutation was refused."""
    two_factor: TwoFactor | None = None
    """Your second factors; null if the mutation was refused."""


@strawberry.input
class DisableTwoFactorInput:
    """Proof that it is you."""

    identity: IdentityInput | None = None
    """Your password, or a code of your second factor."""


@strawberry.type
class DisableTwoFactorPayload(Payload):
    """The result of `disableTwoFactor`."""

    two_factor: TwoFactor | None = None
    """Your second factors, which are now empty; null if the mutation was refused."""


@strawberry.input
class RenewRecoveryCodesInput:
    """Proof that it is you."""

    identity: IdentityInput | None = None
    """Your password, or a code of your second factor."""


@strawberry.type
class RenewRecoveryCodesPayload(Payload):
    """The result of `renewRecoveryCodes`."""

    recovery_codes: list[str] | None = None
    """Ten new codes, each valid once. They are shown once; null if the mutation was refused."""


@strawberry.type
class TwoFactorMutations:
    """Mutations of two-factor sign-in."""

    @mutation(two_factor.SET_UP_TWO_FACTOR)
    async def set_up_two_factor(
        self,
        info: Info,
        input: SetUpTwoFactorInput | None = None,  # noqa: A002
    ) -> SetUpTwoFactorPayload:
        """Begins to set up an authenticator app. Nothing changes before `confirmTwoFactor`.

        A later call replaces the secret. BAD_CREDENTIALS or BAD_CODE: the proof is wrong or missing.
        TWO_FACTOR_ON: an app is set up already; `disableTwoFactor` removes it.

        Args:
            input: Proof that it is you.
        """
        context = info.context
        shown = shown_in(input.identity if input else None)
        found = await two_factor.set_up_two_factor(context.call, vault_in(context), shown)
        return SetUpTwoFactorPayload(secret=found.secret, uri=found.uri)

    @mutation(two_factor.CONFIRM_TWO_FACTOR)
    async def confirm_two_factor(self, info: Info, input: ConfirmTwoFactorInput) -> ConfirmTwoFactorPayload:  # noqa: A002
        """Takes the authenticator app into use. From now on, signing in requires a code from it.

        With your first second factor, your other sessions end, and you get recovery codes. Personal access
        tokens stay valid. BAD_CODE: the code is wrong, or no app is being set up.

        Args:
            input: The first code of the app.
        """
        context = info.context
        codes = await two_factor.confirm_two_factor(context.call, vault_in(context), input.code)
        return ConfirmTwoFactorPayload(
            recovery_codes=codes or None, two_factor=await two_factor_of(context.viewer)
        )

    @mutation(two_factor.DISABLE_TWO_FACTOR)
    async def disable_two_factor(
        self,
        info: Info,
        input: DisableTwoFactorInput | None = None,  # noqa: A002
    ) -> DisableTwoFactorPayload:
        """Removes your authenticator app, your passkeys and your recovery codes.

        From then on, the password is enough to sign in. You can no longer enter accounts that require a
        second factor. BAD_CREDENTIALS or BAD_CODE: the proof is wrong or missing.

        Args:
            input: Proof that it is you.
        """
        context = info.context
        shown = shown_in(input.identity if input else None)
        await two_factor.disable_two_factor(context.call, vault_in(context), shown)
        return DisableTwoFactorPayload(two_factor=await two_factor_of(context.viewer))

    @mutation(two_factor.RENEW_RECOVERY_CODES)
    async def renew_recovery_codes(
        self,
        info: Info,
        input: RenewRecoveryCodesInput | None = None,  # noqa: A002
    ) -> RenewRecoveryCodesPayload:
        """Replaces your recovery codes. The old ones are no longer valid.

        BAD_CREDENTIALS or BAD_CODE: the proof is wrong or missing.

        Args:
            input: Proof that it is you.
        """
        context = info.context
        shown = shown_in(input.identity if input else None)
        codes = await two_factor.renew_codes(context.call, vault_in(context), shown)
        return RenewRecoveryCodesPayload(recovery_codes=codes)
