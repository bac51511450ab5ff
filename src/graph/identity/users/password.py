"""Mutations of passwords: reset a forgotten one, and change it."""

import strawberry

from actions.identity.users import password
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload


@strawberry.input
class RequestPasswordResetInput:
    """The user whose password is forgotten."""

    email: str
    """The e-mail address that the user signs in with."""


@strawberry.type
class RequestPasswordResetPayload(Payload):
    """The result of `requestPasswordReset`, which is the same whether or not the address has a user."""

    requested: bool = False
    """Whether the request was accepted. A link is sent if the address has a user."""


@strawberry.input
class ResetPasswordInput:
    """The token of a reset link, and the new password."""

    token: str
    """The token in the link. It is valid once, within an hour."""
    password: str
    """The new password, of 10 to 1024 characters. It must not be the user's address,
    and not easy to guess."""


@strawberry.type
class ResetPasswordPayload(Payload):
    """The result of `resetPassword`."""

    changed: bool = False
    """Whether the password was changed."""


@strawberry.input
class ChangePasswordInput:
    """Your current password, and the new one."""

    current: str
    """The password that you sign in with now."""
    new: str
    """The new password, of 10 to 1024 characters. It must not be your address, and not
    easy to guess."""


@strawberry.type
class ChangePasswordPayload(Payload):
    """The result of `changePassword`."""

    changed: bool = False
    """Whether the password was changed. Personal access tokens are still valid."""


@strawberry.type
class PasswordMutations:
    """Mutations of passwords."""

    @mutation(password.REQUEST_PASSWORD_RESET)
    async def request_password_reset(
        self,
        info: Info,
        input: RequestPasswordResetInput,  # noqa: A002
    ) -> RequestPasswordResetPayload:
        """Sends a link that resets a forgotten password. Previous links are no longer valid.

        At most one link an hour is sent to an address: within that hour, the first link stays valid and no
        other is sent. The payload is the same then, and for an address without a user.

        Args:
            input: The user whose password is forgotten.
        """
        await password.request_password_reset(info.context.call, input.email)
        return RequestPasswordResetPayload(requested=True)

    @mutation(password.RESET_PASSWORD)
    async def reset_password(self, info: Info, input: ResetPasswordInput) -> ResetPasswordPayload:  # noqa: A002
        """Replaces a forgotten password. All sessions and personal access tokens of the user end.

        The link proves that its holder reads the address's mail, so the address is verified from then on. If
        it was not verified before, links to an OpenID Connect provider end too. BAD_LINK: the link is
        unknown, used or expired; the error does not say which.

        Args:
            input: The token of the link, and the new password.
        """
        await password.reset_password(info.context.call, input.token, input.password)
        return ResetPasswordPayload(changed=True)

    @mutation(password.CHANGE_PASSWORD)
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordPayload:  # noqa: A002
        """Changes your password. Your other sessions end, and reset links are no longer valid.

        Personal access tokens stay valid, so that integrations continue to work:
        `revokeAccessToken` ends one, and a reset by a link ends all of them.
        BAD_CREDENTIALS: the current password is wrong.

        Args:
            input: Your current password, and the new one.
        """
        await password.change_password(info.context.call, input.current, input.new)
        return ChangePasswordPayload(changed=True)
