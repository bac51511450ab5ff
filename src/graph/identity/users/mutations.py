"""Mutations of users: sign up, verify the e-mail address, change name and language."""

import strawberry
from msgspec.structs import replace

from actions.identity.users import user
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload
from graph.viewer.types import Viewer, viewer_of


@strawberry.input
class SignUpInput:
    """A new user."""

    email: str
    """The e-mail address to sign in with. A link is sent to it."""
    name: str
    """The person's name, of at most 200 characters."""
    password: str
    """The password, of 10 to 1024 characters. It must not be the address,
    and not easy to guess."""
    locale: str | None = None
    """The language of messages and e-mails, one of `instance.locales`. If null, it is the request's."""


@strawberry.type
class SignUpPayload(Payload):
    """The result of `signUp`, which is the same whether or not the address already has a user."""

    email: str | None = None
    """The address that an e-mail was sent to; null if the mutation was refused."""


@strawberry.input
class VerifyEmailInput:
    """The token of a verification link."""

    token: str
    """The token in the link. It is valid once, within 48 hours."""


@strawberry.type
class VerifyEmailPayload(Payload):
    """The result of `verifyEmail`."""

    email: str | None = None
    """The address that is now verified; null if the mutation was refused."""
    password_token: str | None = None
    """A token with which `resetPassword` sets a password, valid once and for an hour; null if the user has a
    password."""


@strawberry.type
class ResendVerificationPayload(Payload):
    """The result of `resendVerification`."""

    email: str | None = None
    """The address that the link was sent to; null if the mutation was refused."""


@strawberry.input
class SetNameInput:
    """Your new name."""

    name: str
    """The name, of at most 200 characters."""


@strawberry.type
class SetNamePayload(Payload):
    """The result of `setName`."""

    viewer: Viewer | None = None
    """You, under the new name; null if the mutation was refused."""


@strawberry.input
class SetLocaleInput:
    """Your new language."""

    locale: str
    """The language, one of `instance.locales`."""


@strawberry.type
class SetLocalePayload(Payload):
    """The result of `setLocale`."""

    viewer: Viewer | None = None
    """You, with the new language; null if the mutation was refused."""


@strawberry.type
class UserMutations:
    """Mutations of users."""

    @mutation(user.SIGN_UP)
    async def sign_up(self, info: Info, input: SignUpInput) -> SignUpPayload:  # noqa: A002
        """Creates a user and sends a link that verifies their e-mail address.

        If the address already has a user, they receive an e-mail that says so, and the payload is the same.
        At most one such e-mail an hour is sent to an address. The user can sign in before the address is
        verified. Opening the link elsewhere ends that session, and the user must then set a new password.

        Args:
            input: The new user.
        """
        context = info.context
        locale = context.locale if input.locale is None else input.locale
        email = await user.sign_up(context.call, input.email, input.name, input.password, locale)
        return SignUpPayload(email=email)

    @mutation(user.VERIFY_EMAIL)
    async def verify_email(self, info: Info, input: VerifyEmailInput) -> VerifyEmailPayload:  # noqa: A002
        """Verifies an e-mail address by the link that was sent to it.

        The first verification of an address ends whatever was created with it before, since anyone could have
        signed up with it: sessions, the password, personal access tokens and provider links. If the request
        is made in a session of the same user, that session and the password stay valid. BAD_LINK: the link is
        unknown, used or expired; the error does not say which.

        Args:
            input: The token of the link.
        """
        verified = await user.verify_email(info.context.call, input.token)
        return VerifyEmailPayload(email=verified.email, password_token=verified.password_token)

    @mutation(user.RESEND_VERIFICATION)
    async def resend_verification(self, info: Info) -> ResendVerificationPayload:
        """Sends another verification link to your own address. The previous link is no longer valid.

        At most one link an hour is sent to an address.
        """
        return ResendVerificationPayload(email=await user.resend_verification(info.context.call))

    @mutation(user.SET_NAME)
    async def set_name(self, info: Info, input: SetNameInput) -> SetNamePayload:  # noqa: A002
        """Changes your name. Your names in the accounts that you work in stay as they are.

        Args:
            input: Your new name.
        """
        context = info.context
        name = await user.set_name(context.call, input.name)
        context.viewer = replace(context.viewer, name=name)
        return SetNamePayload(viewer=viewer_of(context.viewer))

    @mutation(user.SET_LOCALE)
    async def set_locale(self, info: Info, input: SetLocaleInput) -> SetLocalePayload:  # noqa: A002
        """Sets the language of your messages and e-mails.

        Args:
            input: Your new language.
        """
        context = info.context
        locale = await user.set_locale(context.call, input.locale)
        context.viewer = replace(context.viewer, locale=locale)
        context.locale = locale
        return SetLocalePayload(viewer=viewer_of(context.viewer))
