"""Mutations that change one's e-mail address."""

import strawberry

from actions.identity.email_changes import change
from graph.identity.two_factor.identity import IdentityInput, shown_in, vault_in
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload


@strawberry.input
class RequestEmailChangeInput:
    """Your new e-mail address, and proof that it is you."""

    email: str
    """The new address. A link is sent to it."""
    identity: IdentityInput | None = None
    """Your password, or a code of your second factor."""


@strawberry.type
class RequestEmailChangePayload(Payload):
    """The result of `requestEmailChange`, which is the same whether or not the address already has a user."""

    email: str | None = None
    """The address to be confirmed; null if the mutation was refused."""


@strawberry.input
class ConfirmEmailChangeInput:
    """The token of the link that was sent to a new address."""

    token: str
    """The token in the link. It is valid once, within 24 hours."""


@strawberry.type
class ConfirmEmailChangePayload(Payload):
    """The result of `confirmEmailChange`."""

    email: str | None = None
    """The address that the user signs in with from now on; null if the mutation was refused."""


@strawberry.input
class UndoEmailChangeInput:
    """The token of the link that was sent to the old address."""

    token: str
    """The token in the newest link. It is valid once, within 7 days."""


@strawberry.type
class UndoEmailChangePayload(Payload):
    """The result of `undoEmailChange`."""

    email: str | None = None
    """The address that the user signs in with again; null if the mutation was refused."""


@strawberry.type
class EmailChangeMutations:
    """Mutations that change one's e-mail address."""

    @mutation(change.REQUEST_EMAIL_CHANGE)
    async def request_email_change(
        self,
        info: Info,
        input: RequestEmailChangeInput,  # noqa: A002
    ) -> RequestEmailChangePayload:
        """Starts a change of your e-mail address. Opening the link sent to the new address completes it.

        Your old mailbox gets a notice with a link that stops it. A later request replaces this one. No link
        is sent to an address that already has a user, or for a second time within an hour; the payload is the
        same. BAD_CREDENTIALS or BAD_CODE: the proof is wrong or missing.

        Args:
            input: The new address, and proof that it is you.
        """
        context = info.context
        shown = shown_in(input.identity)
        email = await change.request_email_change(context.call, vault_in(context), input.email, shown)
        return RequestEmailChangePayload(email=email)

    @mutation(change.CONFIRM_EMAIL_CHANGE)
    async def confirm_email_change(
        self,
        info: Info,
        input: ConfirmEmailChangeInput,  # noqa: A002
    ) -> ConfirmEmailChangePayload:
        """Changes the e-mail address of the user to whom the link belongs. The new address is verified.

        Other sessions and all earlier links end; personal access tokens and the second factor stay. Both
        mailboxes get an e-mail. BAD_LINK: the link is unknown, used, replaced or expired; the error does not
        say which. ADDRESS_TAKEN: another user has the address by now.

        Args:
            input: The token of the link.
        """
        context = info.context
        own_session = context.viewer.session_id
        email = await change.confirm_email_change(context.call, input.token, own_session)
        return ConfirmEmailChangePayload(email=email)

    @mutation(change.UNDO_EMAIL_CHANGE)
    async def undo_email_change(self, info: Info, input: UndoEmailChangeInput) -> UndoEmailChangePayload:  # noqa: A002
        """Stops a change of an e-mail address, or undoes it, by the link in the old mailbox.

        If the address has already changed, the old one is restored. All sessions, personal access
        tokens and the password end; `requestPasswordReset` leads to a new password. The second factor stays.
        BAD_LINK: the link is unknown, used, replaced or expired; the error does not say which.

        Args:
            input: The token of the link.
        """
        return UndoEmailChangePayload(email=await change.undo_email_change(info.context.call, input.token))
