"""Creating, updating and deleting profiles, which only the owner can do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from actions.accounts.account_kind import require_legal_entity
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.version import advance
from actions.membership.invitations.pending import update_pending
from authz import reach
from authz.catalog import presets
from authz.gates import Standing
from authz.grant import Grant
from authz.identity import stored_grants
from authz.invitations import pending
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.naming import name_columns
from models.statement import Statement, one_of
from models.text import folded

LONGEST_NAME = 100
MOST_PROFILES = 200

CREATE_PROFILE = Mutation(
    "createProfile",
    Standing.OWNER,
    "Profile",
    codes=(ErrorCode.NOT_A_LEGAL_ENTITY, ErrorCode.NAME_TAKEN, ErrorCode.TOO_MANY, ErrorCode.NOT_FOUND),
    replays=True,
)
UPDATE_PROFILE = Mutation(
    "updateProfile",
    Standing.OWNER,
    "Profile",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.NAME_TAKEN, ErrorCode.VERSION_CONFLICT),
    replays=True,
)
DELETE_PROFILE = Mutation(
    "deleteProfile",
    Standing.OWNER,
    "Profile",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.PROFILE_IN_USE),
    replays=True,
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The source of a profile: grants, a preset's key, or another profile's id. Exactly one of the three."""

    grants: tuple[Grant, ...] | None = None
    preset: str | None = None
    profile_id: str | None = None


def in_order(grants: Iterable[Grant]) -> list[str]:
    """The keys of grants as they are stored: each once, in the order of the catalog."""
    chosen = set(grants)
    return [grant.value for grant in Grant if grant in chosen]


def proper_name(name: str) -> str:
    """A name as it is stored. Refuses a name that is empty, too long or unreadable."""
    return checked_name(name, LONGEST_NAME, length="name_of_length")


async def create_profile(call: Call, name: str, pattern: Pattern, *, allow_natural_persons: bool) -> str:
    """Create a profile and return its id.

    `allow_natural_persons` allows it in accounts of natural persons.
    """

    async def work(viewer: Viewer) -> Done:
        await require_legal_entity(viewer, allow_natural_persons=allow_natural_persons)
        new_name = await _free_name(viewer, name, None)
        await leave_room(reach.profiles(viewer), MOST_PROFILES)
        grants, preset = await _content(viewer, pattern)
        assert viewer.central is not None
        row = {
            "id": database.new_id(),
            "account_id": viewer.central.account_id,
            **name_columns(new_name),
            "preset": preset,
            "grants": msgspec.json.encode(grants).decode(),
            "created_at": database.now(),
        }
        await database.insert("profiles", row)
        changes = (Change("Profile.name", None, new_name), Change("Profile.grants", None, grants))
        return Done(str(row["id"]), changes)

    return await CREATE_PROFILE.perform(call, work)


async def _content(viewer: Viewer, pattern: Pattern) -> tuple[list[str], str | None]:
    """The grants of a pattern, and the preset that is recorded as their origin."""
    if pattern.profile_id is not None:
        copied = await _found(viewer, pattern.profile_id, ("source", "profileId"))
        grants = {Grant(name) for name in stored_grants(copied["grants"]) if name in Grant.__members__}
        return in_order(grants), copied["preset"]
    if pattern.preset is not None:
        return in_order(presets()[pattern.preset].grants), pattern.preset
    return in_order(pattern.grants or ()), None


async def _found(viewer: Viewer, profile_id: str, field: tuple[str, ...]) -> Any:
    rows = await database.read(
        Statement(
            "SELECT r.id, r.name, r.preset, r.grants FROM profiles r WHERE r.id = ? AND ", (profile_id,)
        )
        + reach.profiles(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_profile", field)
    return rows[0]


async def _free_name(viewer: Viewer, name: str, but: str | None) -> str:
    name = proper_name(name)
    if await is_taken(reach.profiles(viewer), name, but):
        raise Refusal(ErrorCode.NAME_TAKEN, "profile_name_taken", ("name",))
    return name


async def is_taken(within: Reach, name: str, but: str | None) -> bool:
    """Whether another row in reach has the same name. `models.text` says which names are the same."""
    rows = await database.read(
        Statement(f"SELECT r.id FROM {within.table} r WHERE r.name_folded = ? AND ", (folded(name),))
        + within.where("r")
    )
    return any(row["id"] != but for row in rows)


async def leave_room(within: Reach, most: int) -> None:
    """Refuse with TOO_MANY if there is no room for another row. This bounds lists without pages."""
    rows = await database.read(
        Statement(f"SELECT COUNT(*) AS n FROM {within.table} r WHERE ") + within.where("r")
    )
    if rows[0]["n"] >= most:
        raise Refusal(ErrorCode.TOO_MANY, "too_many_of", most=most)


async def update_profile(
    call: Call,
    profile_id: str,
    *,
    name: str | None,
    grants: Sequence[Grant] | None,
    expected: int,
) -> str:
    """Change a profile's name or grants. The grants apply from its holders' next requests on."""

    async def work(viewer: Viewer) -> Done:
        stored = await _found(viewer, profile_id, ("profileId",))
        before = stored_grants(stored["grants"])
        new_name = stored["name"] if name is None else await _free_name(viewer, name, profile_id)
        after = before if grants is None else in_order(grants)
        await advance(reach.profiles(viewer), profile_id, expected)
        values = {**name_columns(new_name), "grants": msgspec.json.encode(after).decode()}
        written = await database.write(
            Statement(
                f"UPDATE profiles AS r SET {', '.join(f'{name} = ?' for name in values)} WHERE r.id = ? AND ",
                (*values.values(), profile_id),
            )
            + reach.profiles(viewer).where("r")
        )
        if not written:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_profile", ("profileId",))
        changes = (
            Change("Profile.name", stored["name"], new_name),
            Change("Profile.grants", before, after),
        )
        entailed = await update_pending(reach.profiles(viewer).account_id or "")
        return Done(profile_id, (*(change for change in changes if change.before != change.after), *entailed))

    return await UPDATE_PROFILE.perform(call, work, profile_id)


async def delete_profile(call: Call, profile_id: str, replacement_id: str | None) -> str:
    """Delete a profile. Its holders get the replacement. Without one, nobody can hold the profile."""

    async def work(viewer: Viewer) -> Done:
        known = await database.read(
            Statement("SELECT r.id, r.name FROM profiles r WHERE ")
            + one_of("r.id", [found_id for found_id in (profile_id, replacement_id) if found_id])
            + " AND "
            + reach.profiles(viewer).where("r")
        )
        names = {str(row["id"]): str(row["name"]) for row in known}
        if profile_id not in names:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_profile", ("profileId",))
        if replacement_id == profile_id or (replacement_id is not None and replacement_id not in names):
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_profile", ("replacementId",))
        replaced: tuple[Change, ...] = ()
        if replacement_id is not None:
            replaced = await _replace(viewer, profile_id, replacement_id, names)
        elif await _in_use(viewer, profile_id):
            raise Refusal(ErrorCode.PROFILE_IN_USE, "profile_in_use", ("replacementId",))
        await database.write(
            Statement("DELETE FROM profiles AS r WHERE r.id = ? AND ", (profile_id,))
            + reach.profiles(viewer).where("r")
        )
        entailed = await update_pending(reach.profiles(viewer).account_id or "") if replaced else ()
        return Done(profile_id, (Change("Profile.name", names[profile_id], None), *replaced, *entailed))

    return await DELETE_PROFILE.perform(call, work, profile_id)


async def _in_use(viewer: Viewer, profile_id: str) -> bool:
    """Whether a collaborator or an open invitation has a profile."""
    holders = await database.read(
        Statement("SELECT r.id FROM collaborators r WHERE r.profile_id = ? AND ", (profile_id,))
        + reach.collaborators(viewer).where("r")
        + " LIMIT 1"
    )
    offered = await database.read(
        Statement("SELECT r.id FROM invitations r WHERE r.profile_id = ?", (profile_id,))
        & pending("r")
        & reach.invitations(viewer).where("r") + " LIMIT 1"
    )
    return bool(holders or offered)


async def _replace(
    viewer: Viewer, profile_id: str, replacement_id: str, names: Mapping[str, str]
) -> tuple[Change, ...]:
    """Give the replacement to everyone who has a profile or is invited with it, and return who they are."""
    changes: list[Change] = []
    for kind, table, within in (
        ("Collaborator", "collaborators", reach.collaborators(viewer)),
        ("Invitation", "invitations", reach.invitations(viewer)),
    ):
        reached = within.where("r")
        rows = await database.read(
            Statement(f"SELECT r.name FROM {table} r WHERE r.profile_id = ? AND ", (profile_id,)) + reached
        )
        if not rows:
            continue
        await database.write(
            Statement(
                f"UPDATE {table} AS r SET profile_id = ? WHERE r.profile_id = ? AND ",
                (replacement_id, profile_id),
            )
            + reached
        )
        who = sorted(str(row["name"]) for row in rows)
        changes.append(Change(f"{kind}.name", who, who, len(who)))
        changes.append(Change(f"{kind}.profile", names[profile_id], names[replacement_id], len(who)))
    return tuple(changes)
