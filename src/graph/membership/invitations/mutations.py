"""Mutations of those who invite: send an invitation, send it again, and revoke it."""

import strawberry

from actions.membership.invitations import invite
from actions.membership.invitations.invite import Invited
from authz import reach
from authz.gates import needs
from authz.grant import Grant
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.membership.invitations.types import Invitation
from graph.membership.profiles.types import Profile
from models.vocabulary import Role


@strawberry.input
class InviteCollaboratorInput(RepeatableInput):
    """The person to invite, and the profile and role that they will have."""

    name: str
    """The person's name, as the account will show it."""
    email: str
    """The e-mail address that the invitation goes to. Only its owner can accept it."""
    profile_id: strawberry.ID
    """The profile, one of `profiles`."""
    role: Role = Role.USER
    """The role, which decides whose rows the person will see."""


@strawberry.input
class ResendInvitationInput(RepeatableInput):
    """The invitation to send again."""

    invitation_id: strawberry.ID
    """The invitation, one of `invitations`."""


@strawberry.input
class RevokeInvitationInput(RepeatableInput):
    """The invitation to revoke."""

    invitation_id: strawberry.ID
    """The invitation, one of `invitations`."""


@strawberry.type
class InvitationPayload(Payload):
    """The result of a mutation of an invitation."""

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def invitation(self, info: Info) -> Invitation | None:
        """The invitation as it is now; null if the mutation was refused. Only the e-mail has its link."""
        return await self.row(Invitation, reach.invitations(info.context.viewer))


@strawberry.type
class InviteCollaboratorPayload(InvitationPayload):
    """The result of `inviteCollaborator`."""


@strawberry.type
class ResendInvitationPayload(InvitationPayload):
    """The result of `resendInvitation`."""


@strawberry.type
class RevokeInvitationPayload(InvitationPayload):
    """The result of `revokeInvitation`."""


@strawberry.type
class InvitationMutations:
    """Mutations of those who invite."""

    @mutation(invite.INVITE_COLLABORATOR)
    async def invite_collaborator(
        self,
        info: Info,
        input: InviteCollaboratorInput,  # noqa: A002
    ) -> InviteCollaboratorPayload:
        """Invites a person to the account. They receive an e-mail with a link that is valid for seven days.

        The owner can give every role and profile. Others can give the role USER and profiles whose grants
        they have themselves, except the grant of the collaborators center. NOT_FOUND: the profile does not
        exist. FORBIDDEN: you cannot give this role or profile. RATE_LIMITED: the account has sent too many
        invitations within an hour.

        Args:
            input: The person to invite.
        """
        context = info.context
        invited = Invited(
            name=input.name,
            email=input.email,
            profile_id=named(input.profile_id, Profile),
            role=input.role,
        )
        allowed = context.serving.allow_natural_persons
        sent = await invite.invite(context.call, invited, allow_natural_persons=allowed)
        return InviteCollaboratorPayload(object_id=sent)

    @mutation(invite.RESEND_INVITATION)
    async def resend_invitation(self, info: Info, input: ResendInvitationInput) -> ResendInvitationPayload:  # noqa: A002
        """Sends an invitation again, for another seven days. Its previous link is no longer valid.

        You become its inviter. An expired invitation, or one that its inviter could no longer send, becomes
        pending again. FORBIDDEN: you could not have sent this invitation.

        Args:
            input: The invitation to send again.
        """
        context = info.context
        sent = await invite.resend(
            context.call,
            named(input.invitation_id, Invitation),
            allow_natural_persons=context.serving.allow_natural_persons,
        )
        return ResendInvitationPayload(object_id=sent)

    @mutation(invite.REVOKE_INVITATION)
    async def revoke_invitation(self, info: Info, input: RevokeInvitationInput) -> RevokeInvitationPayload:  # noqa: A002
        """Revokes a pending invitation. Its link is no longer valid.

        FORBIDDEN: you could not have sent this invitation.

        Args:
            input: The invitation to revoke.
        """
        revoked = await invite.revoke(info.context.call, named(input.invitation_id, Invitation))
        return RevokeInvitationPayload(object_id=revoked)
