"""Accepting an invitation, and declining it."""

import strawberry

from actions.invitations.accept import Accepted, Newcomer, accept_by_id, accept_by_token
from actions.invitations.decline import decline_by_id, decline_by_token
from actions.kit.act import Act, refusals_logged
from actions.sessions.session import storable
from authz.gates import no_token
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer as Judged
from graph.invitations.types import Invitation
from graph.kit.context import Context, Info
from graph.kit.errors import UserError, user_error
from graph.kit.node import row_id
from graph.sessions.mutations import begin
from graph.viewer.centrals import centrals
from graph.viewer.types import Central, central_of

_NOWHERE = "00000000-0000-0000-0000-000000000000"


@strawberry.input
class InvitedSignUp:
    """Who signs up by an invitation: the address is the invited one, and verified by the link."""

    name: str
    """The user's name."""
    password: str
    """The user's password, of 10 to 1024 characters."""
    locale: str | None = None
    """The language of messages and e-mails; without it, that of the request."""
    cookie: bool = False
    """For a page in a browser: the user is signed in, too, by cookies as those of `signIn`."""


@strawberry.input
class AcceptInvitationInput:
    """Which invitation is accepted, by its token or by its id: one of the two."""

    token: str | None = None
    """The token of the link in the e-mail."""
    invitation_id: strawberry.ID | None = None
    """An open invitation of your own."""
    sign_up: InvitedSignUp | None = None
    """For someone without a user, signed out, with a token: the user to make."""


@strawberry.type
class AcceptInvitationPayload:
    """What came of accepting an invitation."""

    central: Central | None = None
    """The central that can be entered from now on; without a session, after signing in."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class DeclineInvitationInput:
    """Which invitation is declined, by its token or by its id: one of the two."""

    token: str | None = None
    """The token of the link in the e-mail."""
    invitation_id: strawberry.ID | None = None
    """The invitation's id, as the invited person reads it."""


@strawberry.type
class DeclineInvitationPayload:
    """The result of declining an invitation."""

    declined: bool
    """Whether the invitation is declined."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why the mutation was refused."""


async def _decline(context: Context, given: DeclineInvitationInput) -> None:
    if given.invitation_id is not None:
        named = row_id(Invitation, given.invitation_id) or _NOWHERE
        await decline_by_id(context.caller, named)
    else:
        await decline_by_token(context.caller, storable(given.token or ""))


async def _accepted(context: Context, asked: AcceptInvitationInput) -> Accepted:
    lifted = context.serving.allow_natural_persons
    if asked.invitation_id is not None:
        named = row_id(Invitation, asked.invitation_id) or _NOWHERE
        return await accept_by_id(context.caller, named, lifted=lifted)
    newcomer = None
    if asked.sign_up is not None:
        newcomer = Newcomer(
            name=asked.sign_up.name,
            password=storable(asked.sign_up.password),
            locale=context.locale if asked.sign_up.locale is None else storable(asked.sign_up.locale),
            agent=context.agent if asked.sign_up.cookie else None,
        )
    return await accept_by_token(context.caller, storable(asked.token or ""), newcomer, lifted=lifted)


async def _must_make_sense(
    context: Context, act: str, asked: AcceptInvitationInput | DeclineInvitationInput
) -> None:
    refusal = None
    if (asked.token is None) == (asked.invitation_id is None):
        refusal = Refusal(ErrorCode.BAD_INPUT, "token_or_id", ("token",))
    elif asked.invitation_id is not None and context.viewer.user_id is None:
        refusal = Refusal(ErrorCode.NOT_FOUND, "no_such_invitation", ("invitationId",))
    elif (
        isinstance(asked, AcceptInvitationInput)
        and asked.sign_up is not None
        and context.viewer.user_id is not None
    ):
        refusal = Refusal(ErrorCode.BAD_INPUT, "signed_in_already", ("signUp",))
    if refusal is not None:
        async with refusals_logged(context.caller.alone, Act(act, 0, "Invitation")):
            raise refusal


@strawberry.type
class AcceptanceMutations:
    """The mutation of whoever is invited."""

    @no_token()
    async def accept_invitation(self, info: Info, input: AcceptInvitationInput) -> AcceptInvitationPayload:  # noqa: A002
        """Accept an invitation, which opens the central it is about. Accepting twice is one acceptance.

        The address of whoever accepts is the invited one, and verified: the link's token proves it, and ends
        whatever was made with an address that was never proved before. Signed out, someone who cannot sign in
        with the address yet signs up with the token; others sign in first. Errors: NOT_FOUND for a token or
        id that is good for nothing; OTHER_ADDRESS, UNVERIFIED_ADDRESS, SIGN_IN_FIRST; INVITATION_DECLINED,
        INVITATION_REVOKED, INVITATION_EXPIRED, INVITATION_ACCEPTED where the seat has ended since;
        INVITATION_FALLEN where the inviter could not send it any more; ALREADY_COLLABORATOR, OWN_ADDRESS,
        NOT_A_LEGAL_ENTITY, ACCOUNT_CLOSED; BAD_INPUT; RATE_LIMITED.

        Args:
            input: Which invitation.
        """
        context = info.context
        try:
            await _must_make_sense(context, "acceptInvitation", input)
            accepted = await _accepted(context, input)
        except Refusal as refusal:
            return AcceptInvitationPayload(errors=[user_error(refusal, context)])
        if accepted.tokens is not None:
            await begin(context, accepted.tokens, cookie=True)
        doors = await centrals(Judged(user_id=accepted.user_id))
        entered = [door for door in doors if door.account_id == accepted.account_id]
        return AcceptInvitationPayload(central=central_of(entered[0]) if entered else None)

    @no_token()
    async def decline_invitation(self, info: Info, input: DeclineInvitationInput) -> DeclineInvitationPayload:  # noqa: A002
        """Decline an invitation: by the token of its link, signed in or not, or by its id.

        The inviter gets an e-mail that says so. Declining twice is the same as declining once. Errors:
        NOT_FOUND for a token or an id that names no invitation of yours; UNVERIFIED_ADDRESS for an id;
        INVITATION_ACCEPTED, INVITATION_REVOKED, INVITATION_EXPIRED, INVITATION_FALLEN; BAD_INPUT;
        RATE_LIMITED.

        Args:
            input: Which invitation.
        """
        context = info.context
        try:
            await _must_make_sense(context, "declineInvitation", input)
            await _decline(context, input)
        except Refusal as refusal:
            return DeclineInvitationPayload(declined=False, errors=[user_error(refusal, context)])
        return DeclineInvitationPayload(declined=True)
