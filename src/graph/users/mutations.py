"""Signing up, showing that an address is one's own, and what one changes about oneself."""

import strawberry
from msgspec.structs import replace

from actions.users import user
from authz.gates import in_session
from authz.refusal import Refusal
from graph.kit.context import Info
from graph.kit.errors import UserError, user_error
from graph.viewer.types import Viewer, viewer_of


@strawberry.input
class SignUpInput:
    """Who wants to become a user."""

    email: str
    """The address to sign in with; a link goes to it."""
    name: str
    """The person's name, of at most 200 characters."""
    password: str
    """A password of 10 to 1024 characters that is not the address."""
    locale: str | None = None
    """The language of messages and e-mails, one of `instance.locales`; without it, the request's."""


@strawberry.type
class SignUpPayload:
    """What came of signing up: the same whether or not the address has a user already."""

    email: str | None = None
    """The address that an e-mail went to."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class VerifyEmailInput:
    """The link that was sent to an address."""

    token: str
    """The token in the link; good once, for 48 hours."""


@strawberry.type
class VerifyEmailPayload:
    """What came of verifying an address."""

    email: str | None = None
    """The address that is verified now."""
    password_token: str | None = None
    """Where no password is left to sign in with: what `resetPassword` sets one by, once, within an hour."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class ResendVerificationPayload:
    """What came of asking for another link."""

    email: str | None = None
    """The address that the link went to."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class RenameInput:
    """Another name."""

    name: str
    """The name, of at most 200 characters."""


@strawberry.type
class RenamePayload:
    """What came of taking another name."""

    viewer: Viewer | None = None
    """You, with the name."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class SetLocaleInput:
    """Another language."""

    locale: str
    """One of `instance.locales`."""


@strawberry.type
class SetLocalePayload:
    """What came of choosing a language."""

    viewer: Viewer | None = None
    """You, with the language."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class UserMutations:
    """Mutations about oneself."""

    @strawberry.mutation
    async def sign_up(self, info: Info, input: SignUpInput) -> SignUpPayload:  # noqa: A002
        """Become a user. An e-mail with a link that verifies the address goes out.

        Where the address has a user already, its owner gets an e-mail that says so, and the answer here is
        the same. At most one such e-mail an hour goes to an address. You can sign in before the address is
        verified; opening the link elsewhere ends that session, and asks for another password.
        Errors: BAD_EMAIL, BAD_INPUT, RATE_LIMITED.

        Args:
            input: Who signs up.
        """
        context = info.context
        locale = context.locale if input.locale is None else input.locale
        try:
            email = await user.sign_up(context.caller, input.email, input.name, input.password, locale)
        except Refusal as refusal:
            return SignUpPayload(errors=[user_error(refusal, context)])
        return SignUpPayload(email=email)

    @strawberry.mutation
    async def verify_email(self, info: Info, input: VerifyEmailInput) -> VerifyEmailPayload:  # noqa: A002
        """Show that an address is your own, by the link that was sent to it.

        The first proof of an address ends whatever was made with it before, since anyone may have signed up:
        sessions, the password, personal access tokens and provider links. Made from a session of the user, it
        leaves that session and the password. Errors: BAD_LINK for one that is unknown, used or expired,
        alike; RATE_LIMITED.

        Args:
            input: The link.
        """
        context = info.context
        try:
            proved = await user.verify_email(context.caller, input.token)
        except Refusal as refusal:
            return VerifyEmailPayload(errors=[user_error(refusal, context)])
        return VerifyEmailPayload(email=proved.email, password_token=proved.password_token)

    @in_session()
    async def resend_verification(self, info: Info) -> ResendVerificationPayload:
        """Have another link sent to your own address; the older one is good for nothing any more.

        At most one link an hour goes to an address. Errors: ALREADY_VERIFIED, RATE_LIMITED.
        """
        context = info.context
        try:
            return ResendVerificationPayload(email=await user.resend_verification(context.caller))
        except Refusal as refusal:
            return ResendVerificationPayload(errors=[user_error(refusal, context)])

    @in_session()
    async def rename(self, info: Info, input: RenameInput) -> RenamePayload:  # noqa: A002
        """Take another name. The names on your seats stay as they are.

        Errors: BAD_INPUT.

        Args:
            input: The name.
        """
        context = info.context
        try:
            name = await user.rename(context.caller, input.name)
        except Refusal as refusal:
            return RenamePayload(errors=[user_error(refusal, context)])
        context.viewer = replace(context.viewer, name=name)
        return RenamePayload(viewer=viewer_of(context.viewer))

    @in_session()
    async def set_locale(self, info: Info, input: SetLocaleInput) -> SetLocalePayload:  # noqa: A002
        """Choose the language of your messages and e-mails.

        Errors: BAD_INPUT.

        Args:
            input: The language.
        """
        context = info.context
        try:
            locale = await user.set_locale(context.caller, input.locale)
        except Refusal as refusal:
            return SetLocalePayload(errors=[user_error(refusal, context)])
        context.viewer = replace(context.viewer, locale=locale)
        context.locale = locale
        return SetLocalePayload(viewer=viewer_of(context.viewer))
