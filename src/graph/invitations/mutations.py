"""Inviting people, sending an invitation again, and taking it back."""

import strawberry

from actions.invitations.invite import Invited, invite, resend, revoke
from authz import reach
from authz.gates import needs
from authz.grant import Grant
from authz.refusal import Refusal
from engine.rows.lists import One, Rows
from graph.invitations.types import Invitation
from graph.kit.context import Context, Info
from graph.kit.errors import UserError, user_error
from graph.kit.node import row_id
from graph.profiles.types import Profile
from models.statement import Statement
from models.words import Role

_NOWHERE = "00000000-0000-0000-0000-000000000000"


@strawberry.input
class InviteCollaboratorInput:
    """Whom you invite, and to what."""

    name: str
    """The name on the seat."""
    email: str
    """Where the invitation goes; only its holder can accept."""
    profile_id: strawberry.ID
    """One of the account's `profiles`."""
    role: Role = Role.USER
    """How far the person will see."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class ResendInvitationInput:
    """Which invitation is sent again."""

    invitation_id: strawberry.ID
    """One of `invitations`."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class RevokeInvitationInput:
    """Which invitation is taken back."""

    invitation_id: strawberry.ID
    """One of `invitations`."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


async def _invitation(context: Context, invitation_id: str | None) -> Invitation | None:
    if invitation_id is None:
        return None
    named = Statement("r.id = ?", (invitation_id,))
    return await One(Rows(Invitation, reach.invitations(context.viewer), named))


@strawberry.type
class InviteCollaboratorPayload:
    """What came of inviting someone."""

    invitation_id: strawberry.Private[str | None] = None
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def invitation(self, info: Info) -> Invitation | None:
        """The invitation. Its link is in the e-mail alone."""
        return await _invitation(info.context, self.invitation_id)


@strawberry.type
class ResendInvitationPayload:
    """What came of sending an invitation again."""

    invitation_id: strawberry.Private[str | None] = None
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def invitation(self, info: Info) -> Invitation | None:
        """The invitation, renewed. Its link is in the e-mail alone."""
        return await _invitation(info.context, self.invitation_id)


@strawberry.type
class RevokeInvitationPayload:
    """What came of taking an invitation back."""

    invitation_id: strawberry.Private[str | None] = None
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def invitation(self, info: Info) -> Invitation | None:
        """The invitation, revoked."""
        return await _invitation(info.context, self.invitation_id)


@strawberry.type
class InvitationMutations:
    """Mutations of those who invite."""

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def invite_collaborator(
        self,
        info: Info,
        input: InviteCollaboratorInput,  # noqa: A002
    ) -> InviteCollaboratorPayload:
        """Invite someone: an e-mail goes out with a link that is good for seven days.

        The owner gives any role and profile; others the role USER and profiles whose grants they hold,
        without that of the collaborators centre. Errors: NOT_A_LEGAL_ENTITY, BAD_INPUT for the name,
        BAD_EMAIL; NOT_FOUND for a profile that is not there; FORBIDDEN for a role or a profile that you
        may not give; OWN_ADDRESS, ALREADY_COLLABORATOR, ALREADY_INVITED; RATE_LIMITED,
        IDEMPOTENCY_CONFLICT.

        Args:
            input: Whom, and to what.
        """
        context = info.context
        answer = InviteCollaboratorPayload()
        invited = Invited(
            name=input.name,
            email=input.email,
            profile_id=row_id(Profile, input.profile_id) or _NOWHERE,
            role=input.role,
        )
        try:
            answer.invitation_id = await invite(
                context.caller,
                invited,
                key=input.idempotency_key,
                lifted=context.serving.allow_natural_persons,
            )
        except Refusal as refusal:
            answer.errors = [user_error(refusal, context)]
        return answer

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def resend_invitation(self, info: Info, input: ResendInvitationInput) -> ResendInvitationPayload:  # noqa: A002
        """Send an invitation again, for seven more days; its older link is good for nothing from then on.

        Whoever sends it again counts as its inviter; one that expired or fell is pending again. Errors:
        NOT_FOUND; FORBIDDEN for one that you could not have sent; INVITATION_ACCEPTED, INVITATION_DECLINED,
        INVITATION_REVOKED; NOT_A_LEGAL_ENTITY; OWN_ADDRESS,
        ALREADY_COLLABORATOR, ALREADY_INVITED where that has come about since; RATE_LIMITED,
        IDEMPOTENCY_CONFLICT.

        Args:
            input: Which one.
        """
        context = info.context
        answer = ResendInvitationPayload()
        try:
            answer.invitation_id = await resend(
                context.caller,
                row_id(Invitation, input.invitation_id) or _NOWHERE,
                key=input.idempotency_key,
                lifted=context.serving.allow_natural_persons,
            )
        except Refusal as refusal:
            answer.errors = [user_error(refusal, context)]
        return answer

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def revoke_invitation(self, info: Info, input: RevokeInvitationInput) -> RevokeInvitationPayload:  # noqa: A002
        """Take an invitation back: its link is good for nothing from then on.

        Errors: NOT_FOUND; FORBIDDEN for one that you could not have sent; INVITATION_ACCEPTED,
        INVITATION_DECLINED, INVITATION_REVOKED, INVITATION_EXPIRED, INVITATION_FALLEN; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which one.
        """
        context = info.context
        answer = RevokeInvitationPayload()
        try:
            answer.invitation_id = await revoke(
                context.caller, row_id(Invitation, input.invitation_id) or _NOWHERE, key=input.idempotency_key
            )
        except Refusal as refusal:
            answer.errors = [user_error(refusal, context)]
        return answer
