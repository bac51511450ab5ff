"""Who works in an account: profiles, collaborators, invitations and teams."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.tables.user import User
from models.vocabulary import InvitationStatus, Privacy, Role


class Profile(Model):
    """A named set of grants that belongs to an account."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    name = fields.CharField(max_length=100)
    name_folded = fields.CharField(max_length=600, db_default="", description="The name as it is searched.")
    sort_key = fields.CharField(max_length=1000, db_default="", description="The name as it is sorted.")
    preset = fields.CharField(max_length=40, null=True, description="The preset that it was copied from.")
    grants: Any = fields.JSONField(description="A list of the catalog's keys.")
    created_at = fields.BigIntField()
    version = fields.IntField(
        db_default=1, description="Grows with each change; a stale write names an older one."
    )

    class Meta:
        table = "profiles"
        indexes = (("account_id", "name"),)


class Collaborator(Model):
    """A person who works in someone else's account."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    profile: fields.ForeignKeyRelation[Profile] = fields.ForeignKeyField(
        "models.Profile", related_name=False, on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=200, description="As invited; the user's own name may differ.")
    name_folded = fields.CharField(max_length=600, db_default="", description="The name as it is searched.")
    sort_key = fields.CharField(max_length=1000, db_default="", description="The name as it is sorted.")
    role = fields.CharEnumField(Role, max_length=10)
    suspended_at = fields.BigIntField(null=True)
    starts_at = fields.BigIntField(null=True)
    ends_at = fields.BigIntField(null=True)
    joined_at = fields.BigIntField()
    last_seen_at = fields.BigIntField(null=True)
    version = fields.IntField(
        db_default=1, description="Grows with each change; a stale write names an older one."
    )

    class Meta:
        table = "collaborators"
        unique_together = (("account_id", "user_id"),)


class SourceCode(Model):
    """A code that assigns new sales to a collaborator."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    collaborator: fields.ForeignKeyRelation[Collaborator] = fields.ForeignKeyField(
        "models.Collaborator", related_name=False
    )
    code = fields.CharField(max_length=100)

    class Meta:
        table = "source_codes"
        unique_together = (("account_id", "code"),)
        indexes = (("account_id", "collaborator_id"),)


class CentralVisit(Model):
    """The position of a central in a user's list, and when they last entered it."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    position = fields.IntField(null=True)
    entered_at = fields.BigIntField(null=True)

    class Meta:
        table = "central_visits"
        unique_together = (("account_id", "user_id"),)


class Team(Model):
    """Collaborators of one account."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    name = fields.CharField(max_length=100)
    name_folded = fields.CharField(max_length=600, db_default="", description="The name as it is searched.")
    sort_key = fields.CharField(max_length=1000, db_default="", description="The name as it is sorted.")
    privacy = fields.CharEnumField(Privacy, max_length=10, default=Privacy.OWN)
    created_at = fields.BigIntField()
    version = fields.IntField(
        db_default=1, description="Grows with each change; a stale write names an older one."
    )

    class Meta:
        table = "teams"
        unique_together = (("account_id", "name"),)


class TeamMember(Model):
    """A collaborator's membership in a team. A lead is a member too."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    team: fields.ForeignKeyRelation[Team] = fields.ForeignKeyField("models.Team", related_name=False)
    collaborator: fields.ForeignKeyRelation[Collaborator] = fields.ForeignKeyField(
        "models.Collaborator", related_name=False
    )
    leads = fields.BooleanField(default=False)

    class Meta:
        table = "team_members"
        unique_together = (("account_id", "team_id", "collaborator_id"),)
        indexes = (("account_id", "collaborator_id"),)


class EndedSeat(Model):
    """What is stored of a former collaborator: a name for the sales credited to them."""

    id = fields.UUIDField(primary_key=True, description="The id that the collaborator had.")
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user_id = fields.UUIDField(description="The user who was the collaborator.")
    name = fields.CharField(max_length=200)
    ended_at = fields.BigIntField()

    class Meta:
        table = "ended_seats"
        indexes = (("account_id", "id"),)


class EndedTeam(Model):
    """What is stored of a deleted team: a name for the sales credited to it."""

    id = fields.UUIDField(primary_key=True, description="The id of the team.")
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    name = fields.CharField(max_length=100)
    ended_at = fields.BigIntField()

    class Meta:
        table = "ended_teams"
        indexes = (("account_id", "id"),)


class Invitation(Model):
    """An invitation by e-mail to become a collaborator. Its token is stored as a digest."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    profile: fields.ForeignKeyRelation[Profile] = fields.ForeignKeyField("models.Profile", related_name=False)
    inviter: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    name = fields.CharField(max_length=200)
    name_folded = fields.CharField(max_length=600, db_default="", description="The name as it is searched.")
    sort_key = fields.CharField(max_length=1000, db_default="", description="The name as it is sorted.")
    email = fields.CharField(max_length=254)
    role = fields.CharEnumField(Role, max_length=10)
    status = fields.CharEnumField(InvitationStatus, max_length=10, default=InvitationStatus.PENDING)
    token_digest = fields.CharField(max_length=64)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()
    decided_at = fields.BigIntField(null=True, description="When it was answered, revoked, or fell.")
    falls_at = fields.BigIntField(null=True, description="When the inviter's access ends, if it does.")

    class Meta:
        table = "invitations"
        unique_together = (("account_id", "token_digest"),)
        indexes = (("account_id", "created_at"),)
