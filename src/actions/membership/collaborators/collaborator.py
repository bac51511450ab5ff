"""Changes to a collaborator: profile, role, suspension, access dates and source codes."""

import re
from collections.abc import Sequence
from typing import Any

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.version import advance, advance_teams_of
from actions.membership.invitations.pending import update_pending
from actions.membership.transfers.transfer import cancel_offer
from authz import reach
from authz.active import within_dates
from authz.gates import Standing
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of
from models.text import code
from models.vocabulary import Role

MOST_CODES = 50
_SOURCE_CODE = re.compile(r"[\w-]{1,100}")
_FIELD = ("collaboratorId",)

ASSIGN_PROFILE = Mutation(
    "assignProfile", Standing.OWNER, "Person", codes=(ErrorCode.NOT_FOUND,), replays=True
)
CHANGE_ROLE = Mutation("changeRole", Standing.ADMIN, "Person", codes=(ErrorCode.NOT_FOUND,), replays=True)
SUSPEND_COLLABORATOR = Mutation(
    "suspendCollaborator", Standing.ADMIN, "Person", codes=(ErrorCode.NOT_FOUND,), replays=True
)
RESTORE_COLLABORATOR = Mutation(
    "restoreCollaborator", Standing.ADMIN, "Person", codes=(ErrorCode.NOT_FOUND,), replays=True
)
SET_ACCESS_DATES = Mutation(
    "setAccessDates",
    Standing.ADMIN,
    "Person",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT),
    replays=True,
)
SET_SOURCE_CODES = Mutation(
    "setSourceCodes",
    Standing.ADMIN,
    "Person",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.CODE_TAKEN, ErrorCode.VERSION_CONFLICT),
    replays=True,
)


async def find_collaborator(within: Reach, collaborator_id: str, field: tuple[str, ...] = _FIELD) -> Any:
    """The row of a collaborator within reach. Refuses all others with NOT_FOUND, as if they did not exist."""
    rows = await database.read(
        Statement(
            "SELECT r.id, r.account_id, r.user_id, r.profile_id, r.name, r.role, r.suspended_at, r.starts_at,"
            " r.ends_at FROM collaborators r WHERE r.id = ? AND ",
            (collaborator_id,),
        )
        + within.where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", field)
    return rows[0]


def require_below(viewer: Viewer, collaborator: Any, field: tuple[str, ...] = _FIELD) -> None:
    """Refuse with FORBIDDEN what admins cannot do to themselves or to another admin."""
    if viewer.mask & Standing.OWNER:
        return
    if collaborator["id"] in viewer.own or collaborator["user_id"] == viewer.user_id:
        raise Refusal(ErrorCode.FORBIDDEN, "own_collaborator", field)
    if collaborator["role"] == Role.ADMIN.value:
        raise Refusal(ErrorCode.FORBIDDEN, "admin_collaborator", field)


async def _change(viewer: Viewer, collaborator: Any, **values: Any) -> None:
    """Write columns of a collaborator whom the viewer administers. The statement checks this once more."""
    columns = ", ".join(f"{name} = ?" for name in values)
    written = await database.write(
        Statement(
            f"UPDATE collaborators AS r SET {columns}, version = version + 1 WHERE r.id = ? AND ",
            (*values.values(), collaborator["id"]),
        )
        + reach.people(viewer).where("r")
    )
    if not written:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", _FIELD)


async def assign_profile(call: Call, collaborator_id: str, profile_id: str) -> str:
    """Assign another profile to a collaborator. Only the owner can do this."""

    async def work(viewer: Viewer) -> Done:
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        names = {
            str(row["id"]): str(row["name"])
            for row in await database.read(
                Statement("SELECT r.id, r.name FROM profiles r WHERE ")
                + one_of("r.id", (profile_id, collaborator["profile_id"]))
                + " AND "
                + reach.profiles(viewer).where("r")
            )
        }
        if profile_id not in names:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_profile", ("profileId",))
        await _change(viewer, collaborator, profile_id=profile_id)
        change = Change("Collaborator.profile", names[str(collaborator["profile_id"])], names[profile_id])
        return Done(collaborator_id, (change, *await update_pending(collaborator["account_id"])))

    return await ASSIGN_PROFILE.perform(call, work, collaborator_id)


async def change_role(call: Call, collaborator_id: str, role: Role) -> str:
    """Change a collaborator's role. Only the owner can change it to or from ADMIN.

    Someone who loses the role TEAM_LEAD stops leading their teams.
    """

    async def work(viewer: Viewer) -> Done:
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        require_below(viewer, collaborator)
        if role is Role.ADMIN and not viewer.mask & Standing.OWNER:
            raise Refusal(ErrorCode.FORBIDDEN, "admin_collaborator", ("role",))
        await _change(viewer, collaborator, role=role.value)
        if role is not Role.TEAM_LEAD:
            await _end_leading(viewer, collaborator_id)
        return Done(collaborator_id, (Change("Person.role", collaborator["role"], role.value),))

    return await CHANGE_ROLE.perform(call, work, collaborator_id)


async def _end_leading(viewer: Viewer, collaborator_id: str) -> None:
    await advance_teams_of(reach.people(viewer).account_id or "", collaborator_id)
    await database.write(
        Statement(
            "UPDATE team_members AS r SET leads = ? WHERE r.collaborator_id = ? AND ",
            (False, collaborator_id),
        )
        + reach.team_places(viewer).where("r")
    )


async def suspend_collaborator(call: Call, collaborator_id: str) -> str:
    """Suspend a collaborator until they are restored. Their sales stay assigned to them."""
    return await _suspend(call, SUSPEND_COLLABORATOR, collaborator_id, suspended=True)


async def restore_collaborator(call: Call, collaborator_id: str) -> str:
    """Restore a suspended collaborator."""
    return await _suspend(call, RESTORE_COLLABORATOR, collaborator_id, suspended=False)


async def _suspend(call: Call, mutation: Mutation, collaborator_id: str, *, suspended: bool) -> str:

    async def work(viewer: Viewer) -> Done:
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        require_below(viewer, collaborator)
        before = collaborator["suspended_at"] is not None
        if before == suspended:
            return Done(collaborator_id)
        await _change(viewer, collaborator, suspended_at=database.now() if suspended else None)
        entailed = await cancel_offer(viewer, collaborator) if suspended else ()
        entailed = (*entailed, *await update_pending(collaborator["account_id"]))
        return Done(collaborator_id, (Change("Person.suspended", before, suspended), *entailed))

    return await mutation.perform(call, work, collaborator_id)


async def set_access_dates(
    call: Call,
    collaborator_id: str,
    *,
    starts_at: int | None,
    ends_at: int | None,
    expected: int,
) -> str:
    """Set when a collaborator's access starts and ends, in milliseconds since 1970. None means no bound."""

    async def work(viewer: Viewer) -> Done:
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        require_below(viewer, collaborator)
        if starts_at is not None and ends_at is not None and ends_at <= starts_at:
            raise Refusal(ErrorCode.BAD_INPUT, "access_ends_before_it_starts", ("endsAt",))
        await advance(reach.people(viewer), collaborator_id, expected)
        await _change(viewer, collaborator, starts_at=starts_at, ends_at=ends_at)
        now = database.now()
        stays_open = within_dates(collaborator["starts_at"], collaborator["ends_at"], now) and within_dates(
            starts_at, ends_at, now
        )
        entailed = () if stays_open else await cancel_offer(viewer, collaborator)
        entailed = (*entailed, *await update_pending(collaborator["account_id"]))
        return Done(
            collaborator_id,
            (
                Change("Person.startsAt", collaborator["starts_at"], starts_at),
                Change("Person.endsAt", collaborator["ends_at"], ends_at),
                *entailed,
            ),
        )

    return await SET_ACCESS_DATES.perform(call, work, collaborator_id)


async def set_source_codes(call: Call, collaborator_id: str, codes: Sequence[str], expected: int) -> str:
    """Replace a collaborator's source codes."""
    codes = [code(text) for text in codes]
    distinct = list(dict.fromkeys(codes))

    async def work(viewer: Viewer) -> Done:
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        require_below(viewer, collaborator)
        if len(distinct) > MOST_CODES:
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_source_codes", ("codes",), most=MOST_CODES)
        for number, source_code in enumerate(codes):
            if not _SOURCE_CODE.fullmatch(source_code):
                raise Refusal(ErrorCode.BAD_INPUT, "source_code_shape", ("codes", str(number)))
        await advance(reach.people(viewer), collaborator_id, expected)
        before = await _replace_codes(viewer, collaborator_id, distinct)
        return Done(collaborator_id, (Change("Person.sourceCodes", before, sorted(distinct)),))

    return await SET_SOURCE_CODES.perform(call, work, collaborator_id)


async def _replace_codes(viewer: Viewer, collaborator_id: str, distinct: Sequence[str]) -> list[str]:
    """Write someone's codes and return the previous ones.

    A code that someone else has is refused without naming them.
    """
    within = reach.source_codes(viewer)
    rows = await database.read(
        Statement("SELECT r.code, r.collaborator_id FROM source_codes r WHERE ") + within.where("r")
    )
    holders = {str(row["code"]): str(row["collaborator_id"]) for row in rows}
    for number, source_code in enumerate(distinct):
        if holders.get(source_code, collaborator_id) != collaborator_id:
            raise Refusal(ErrorCode.CODE_TAKEN, "source_code_taken", ("codes", str(number)))
    await database.write(
        Statement("DELETE FROM source_codes AS r WHERE r.collaborator_id = ? AND ", (collaborator_id,))
        + within.where("r")
    )
    new = [(database.new_id(), within.account_id, collaborator_id, source_code) for source_code in distinct]
    await database.insert_many("source_codes", ("id", "account_id", "collaborator_id", "code"), new)
    return sorted(source_code for source_code, holder in holders.items() if holder == collaborator_id)
