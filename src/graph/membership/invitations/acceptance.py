"""Mutations of those who are invited: accept an invitation, and decline it."""

from contextlib import suppress

import strawberry

from actions.identity.sessions.session import storable
from actions.kit.mutation import Mutation
from actions.membership.invitations.accept import (
    ACCEPT_INVITATION,
    Accepted,
    Newcomer,
    accept_by_id,
    accept_by_token,
)
from actions.membership.invitations.decline import DECLINE_INVITATION, decline_by_id, decline_by_token
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer as Judged
from graph.identity.sessions.mutations import begin
from graph.kit.context import Context, Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload
from graph.membership.invitations.types import Invitation
from graph.viewer.centrals import centrals
from graph.viewer.types import Central, central_of


@strawberry.input
class InvitedSignUp:
    """A new user who signs up by an invitation. The link verifies the invited address as theirs."""

    name: str
    """The user's name."""
    password: str
    """The user's password, of 10 to 1024 characters, and not easy to guess."""
    locale: str | None = None
    """The language of messages and e-mails. If null, it is the request's."""
    cookie: bool = False
    """True for a page in a browser: the user is also signed in, by cookies like those of `signIn`."""


@strawberry.input
class AcceptInvitationInput:
    """The invitation to accept, by its token or by its id: exactly one of the two."""

    token: str | None = None
    """The token of the link in the e-mail."""
    invitation_id: strawberry.ID | None = None
    """One of your own pending invitations."""
    sign_up: InvitedSignUp | None = None
    """The user to create, for an invited person who has no user yet, is signed out and uses the token."""


@strawberry.type
class AcceptInvitationPayload(Payload):
    """The result of `acceptInvitation`."""

    central: Central | None = None
    """The central that can be entered from now on, after signing in if there is no session; null if the
    mutation was refused."""


@strawberry.input
class DeclineInvitationInput:
    """The invitation to decline, by its token or by its id: exactly one of the two."""

    token: str | None = None
    """The token of the link in the e-mail."""
    invitation_id: strawberry.ID | None = None
    """One of your own pending invitations."""


@strawberry.type
class DeclineInvitationPayload(Payload):
    """The result of `declineInvitation`."""

    declined: bool = False
    """Whether the invitation is declined."""


async def _decline(context: Context, chosen: DeclineInvitationInput) -> None:
    if chosen.invitation_id is not None:
        await decline_by_id(context.call, named(chosen.invitation_id, Invitation))
    else:
        await decline_by_token(context.call, storable(chosen.token or ""))


async def _accept(context: Context, chosen: AcceptInvitationInput) -> Accepted:
    allowed = context.serving.allow_natural_persons
    if chosen.invitation_id is not None:
        invitation_id = named(chosen.invitation_id, Invitation)
        return await accept_by_id(context.call, invitation_id, allow_natural_persons=allowed)
    newcomer = None
    if chosen.sign_up is not None:
        newcomer = Newcomer(
            name=chosen.sign_up.name,
            password=storable(chosen.sign_up.password),
            locale=context.locale if chosen.sign_up.locale is None else storable(chosen.sign_up.locale),
            agent=context.agent if chosen.sign_up.cookie else None,
        )
    token = storable(chosen.token or "")
    return await accept_by_token(context.call, token, newcomer, allow_natural_persons=allowed)


async def _require_sense(
    context: Context, declaration: Mutation, chosen: AcceptInvitationInput | DeclineInvitationInput
) -> None:
    signed_in = context.viewer.user_id is not None
    async with declaration.refusals_logged(context.call):
        if (chosen.token is None) == (chosen.invitation_id is None):
            raise Refusal(ErrorCode.BAD_INPUT, "token_or_id", ("token",))
        if chosen.invitation_id is not None and not signed_in:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_invitation", ("invitationId",))
        if signed_in and isinstance(chosen, AcceptInvitationInput) and chosen.sign_up is not None:
            raise Refusal(ErrorCode.BAD_INPUT, "signed_in_already", ("signUp",))


@strawberry.type
class AcceptanceMutations:
    """Mutations of those who are invited."""

    @mutation(ACCEPT_INVITATION)
    async def accept_invitation(self, info: Info, input: AcceptInvitationInput) -> AcceptInvitationPayload:  # noqa: A002
        """Accepts an invitation. From then on, you can enter its central. Accepting it again changes nothing.

        You must have the invited address, and have verified it. The token of the link verifies it, and ends
        whatever was created with an address that was never verified before. A person who is signed out and
        cannot sign in with the address yet signs up with the token; anyone else must sign in first
        (SIGN_IN_FIRST). INVITATION_ACCEPTED: the invitation was accepted, and the collaborator has left
        since. INVITATION_FALLEN: its inviter can no longer send it.

        Args:
            input: The invitation to accept.
        """
        context = info.context
        await _require_sense(context, ACCEPT_INVITATION, input)
        accepted = await _accept(context, input)
        if accepted.tokens is not None:
            with suppress(Refusal):  # they are a collaborator now, even if the session ended meanwhile
                await begin(context, accepted.tokens, cookie=True)
        found = await centrals(Judged(user_id=accepted.user_id))
        entered = (central_of(central) for central in found if central.account_id == accepted.account_id)
        return AcceptInvitationPayload(central=next(entered, None))

    @mutation(DECLINE_INVITATION)
    async def decline_invitation(self, info: Info, input: DeclineInvitationInput) -> DeclineInvitationPayload:  # noqa: A002
        """Declines an invitation: by the token of its link, signed in or not, or by its id.

        The inviter receives an e-mail that says so. Declining it twice is the same as declining it once.

        Args:
            input: The invitation to decline.
        """
        context = info.context
        await _require_sense(context, DECLINE_INVITATION, input)
        await _decline(context, input)
        return DeclineInvitationPayload(declined=True)
