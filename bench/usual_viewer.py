"""Who asks, as an application usually finds it: objects of the ORM, one question after the other."""

from collections import defaultdict
from typing import Any

from authz.gates import Standing, mask_of
from authz.identity import digest
from authz.viewer import SIGNED_OUT, Central, Membership, MyRole, Viewer
from models import Account, Collaborator, Credential, TeamMember
from models.database import now

_STANDING = {
    MyRole.ADMIN: Standing.ADMIN | Standing.LEAD,
    MyRole.TEAM_LEAD: Standing.LEAD,
    MyRole.USER: 0,
}


async def found_viewer(token: str, account_id: str | None) -> Viewer:
    """The collaborator of a session's token, in a central where one is named."""
    found = Credential.filter(digest=digest(token), kind="ACCESS", expires_at__gt=now())
    credential = await found.select_related("session__user").first()
    if credential is None or credential.session.ended_at is not None:
        return SIGNED_OUT
    user = credential.session.user
    person: dict[str, Any] = {
        "user_id": str(user.id),
        "session_id": str(credential.session.id),
        "name": user.name,
        "email": user.email,
        "locale": user.locale,
    }
    if account_id is None:
        return Viewer(**person)
    account = await Account.get(id=account_id)
    collaborator = await Collaborator.get(account_id=account_id, user_id=user.id).select_related("profile")
    role = MyRole[collaborator.role.name]
    return Viewer(
        **person,
        central=Central(
            str(account.id),
            account.name,
            account.teams_on,
            account.privacy,
            account.timezone,
            account.currency,
        ),
        role=role,
        collaborator_id=str(collaborator.id),
        memberships=await _memberships(account_id, collaborator),
        mask=mask_of(collaborator.profile.grants) | _STANDING[role],
    )


async def _memberships(account_id: str, collaborator: Collaborator) -> tuple[Membership, ...]:
    """The teams, and who is in them."""
    places = await TeamMember.filter(account_id=account_id, collaborator_id=collaborator.id).select_related(
        "team"
    )
    if not places:
        return ()
    fellows = defaultdict(set)
    for one in await TeamMember.filter(
        account_id=account_id, team_id__in=[place.team_id for place in places]
    ):
        fellows[one.team_id].add(str(one.collaborator_id))
    return tuple(
        Membership(str(place.team_id), place.leads, place.team.privacy, frozenset(fellows[place.team_id]))
        for place in places
    )
