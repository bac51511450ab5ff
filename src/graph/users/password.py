"""Forgetting a password, and changing it."""

import strawberry

from actions.users import password
from authz.gates import in_session
from authz.refusal import Refusal
from graph.kit.context import Info
from graph.kit.errors import UserError, user_error


@strawberry.input
class RequestPasswordResetInput:
    """Whose password is forgotten."""

    email: str
    """The address that the user signs in with."""


@strawberry.type
class RequestPasswordResetPayload:
    """What came of asking for a link: the same whether or not the address has a user."""

    requested: bool
    """Whether a link goes out, should the address have a user."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class ResetPasswordInput:
    """The link that was sent, and the password to come."""

    token: str
    """The token in the link; good once, for an hour."""
    password: str
    """A password of 10 to 1024 characters that is not the address."""


@strawberry.type
class ResetPasswordPayload:
    """What came of setting a password by a link."""

    changed: bool
    """Whether the password is the new one."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class ChangePasswordInput:
    """The password that is, and the one to come."""

    current: str
    """The password that you sign in with now."""
    new: str
    """A password of 10 to 1024 characters that is not your address."""


@strawberry.type
class ChangePasswordPayload:
    """What came of changing a password."""

    changed: bool
    """Whether the password is the new one. Personal access tokens are still good."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class PasswordMutations:
    """Mutations about passwords."""

    @strawberry.mutation
    async def request_password_reset(
        self,
        info: Info,
        input: RequestPasswordResetInput,  # noqa: A002
    ) -> RequestPasswordResetPayload:
        """Have a link sent with which a forgotten password is replaced; older ones are good for nothing then.

        The answer is the same for an address without a user, and for one that a link went to within the hour:
        no other goes there then, and that one stays good. Errors: RATE_LIMITED.

        Args:
            input: Whose password is forgotten.
        """
        context = info.context
        try:
            await password.request_password_reset(context.caller, input.email)
        except Refusal as refusal:
            return RequestPasswordResetPayload(requested=False, errors=[user_error(refusal, context)])
        return RequestPasswordResetPayload(requested=True)

    @strawberry.mutation
    async def reset_password(self, info: Info, input: ResetPasswordInput) -> ResetPasswordPayload:  # noqa: A002
        """Replace a forgotten password. All sessions and personal access tokens of the user end with it.

        Whoever has the link reads the address's mail, so the address counts as verified from then on. If it
        was not before, provider links end with the rest.
        Errors: BAD_LINK for a link that is unknown, used or expired, alike; BAD_INPUT; RATE_LIMITED.

        Args:
            input: The link, and the password.
        """
        context = info.context
        try:
            await password.reset_password(context.caller, input.token, input.password)
        except Refusal as refusal:
            return ResetPasswordPayload(changed=False, errors=[user_error(refusal, context)])
        return ResetPasswordPayload(changed=True)

    @in_session()
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordPayload:  # noqa: A002
        """Change your password. Your other sessions end, and links to reset it.

        Personal access tokens stay good, so that integrations go on: `endAccessToken` ends one. A reset by a
        link ends all of them.

        Errors: BAD_CREDENTIALS where the current password is another; BAD_INPUT; RATE_LIMITED.

        Args:
            input: The password that is, and the one to come.
        """
        context = info.context
        try:
            await password.change_password(context.caller, input.current, input.new)
        except Refusal as refusal:
            return ChangePasswordPayload(changed=False, errors=[user_error(refusal, context)])
        return ChangePasswordPayload(changed=True)
