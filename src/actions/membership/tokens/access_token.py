"""Personal access tokens: created with some of their creator's grants, shown once, and revoked by them."""

import asyncio
import contextvars
import logging
import secrets
from dataclasses import dataclass, field

import msgspec
from cachetools import TTLCache
from msgspec.structs import replace

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.membership.tokens.narrow import Limits, descends, narrowing_of, parent_of
from authz import reach
from authz.gates import NEVER_OF_TOKENS, Standing, grant_bit
from authz.grant import Grant
from authz.identity import TOKEN_PREFIX, NoSuchCentral, digest, inside
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from authz.viewer import Viewer
from models import database
from models.statement import Statement

MOST_TOKENS = 50
MOST_DAYS = 366
LONGEST_NAME = 100
USE_NOTED_EACH_MS = 10 * 60_000
_DAY_MS = 24 * 3_600_000

_log = logging.getLogger("centrals.token")
_noted: TTLCache[str, bool] = TTLCache(maxsize=10_000, ttl=USE_NOTED_EACH_MS / 1000)
_noting: set["asyncio.Task[None]"] = set()

CREATE_ACCESS_TOKEN = Mutation(
    "createAccessToken",
    Standing.SIGNED_IN,
    "AccessToken",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.NOT_HELD, ErrorCode.TOO_MANY, ErrorCode.BAD_INPUT),
    while_closed=False,
)
REVOKE_ACCESS_TOKEN = Mutation(
    "revokeAccessToken", Standing.SIGNED_IN, "AccessToken", codes=(ErrorCode.NOT_FOUND,), while_closed=True
)
_END_COLLABORATORS = replace(REVOKE_ACCESS_TOKEN, gate=Standing.ADMIN)


@dataclass(frozen=True, slots=True)
class NewAccessToken:
    """The properties of a new token."""

    name: str
    grants: tuple[Grant, ...]
    standings: tuple[Standing, ...]
    days: int
    limits: Limits = field(default_factory=Limits)


async def create_access_token(call: Call, account_id: str | None, chosen: NewAccessToken) -> tuple[str, str]:
    """Create a token for a central, by default the request's, and return its id and the token.

    A token creates one that descends from it: it ends with it, and has nothing besides what it has.
    """
    token_id = database.new_id()
    async with CREATE_ACCESS_TOKEN.refusals_logged(call, token_id):
        there = replace(call, viewer=await _stands(call.viewer, account_id))
    assert there.viewer.central is not None
    home = there.viewer.central.account_id
    token = f"{TOKEN_PREFIX}{home.replace('-', '')}_{secrets.token_urlsafe(32)}"

    async def work(viewer: Viewer) -> Done:
        name, now = _checked(viewer, chosen), database.now()
        await _leave_room(viewer)
        narrowing = await narrowing_of(viewer, chosen.limits)
        parent = None if viewer.token_id is None else await parent_of(viewer)
        expires_at = now + chosen.days * _DAY_MS
        grants = [grant.value for grant in Grant if grant in chosen.grants]
        standings = sorted({standing.name for standing in chosen.standings})
        row = {
            "id": token_id,
            "account_id": home,
            "user_id": viewer.user_id,
            "collaborator_id": viewer.collaborator_id,
            "name": name,
            "grants": msgspec.json.encode(grants).decode(),
            "standings": msgspec.json.encode(standings).decode(),
            "digest": digest(token),
            "created_at": now,
            "expires_at": expires_at if parent is None else min(expires_at, parent["expires_at"]),
            "last_used_at": None,
            "ended_at": None,
            "credential_id": None,
            "parent_id": viewer.token_id,
            "narrowing": None if narrowing is None else msgspec.json.encode(narrowing).decode(),
            "spent": None,
        }
        await database.insert("access_tokens", row)
        limits = {} if narrowing is None else msgspec.to_builtins(narrowing)
        changes = (("name", name), ("grants", grants), ("standings", standings), *limits.items())
        return Done(token_id, tuple(Change(f"AccessToken.{field}", None, after) for field, after in changes))

    return await CREATE_ACCESS_TOKEN.perform(there, work, token_id), token


async def _stands(viewer: Viewer, account_id: str | None) -> Viewer:
    if account_id is None:
        if viewer.central is None:
            raise Refusal(ErrorCode.BAD_INPUT, "which_central", ("centralId",))
        return viewer
    if viewer.token_id is not None:
        if account_id != viewer.account_id:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_central", ("centralId",))
        return viewer
    try:
        return await inside(viewer, account_id)
    except NoSuchCentral as denied:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_central", ("centralId",)) from denied
    except Unauthenticated as ended:
        raise Refusal(ErrorCode.SESSION_ENDED, "session_ended") from ended


def _checked(viewer: Viewer, chosen: NewAccessToken) -> str:
    """The name, after all choices are checked. Nobody can give a token what they do not have."""
    name = checked_name(chosen.name, LONGEST_NAME)
    if not 1 <= chosen.days <= MOST_DAYS:
        raise Refusal(ErrorCode.BAD_INPUT, "days", ("days",), most=MOST_DAYS)
    never = [grant.value for grant in chosen.grants if NEVER_OF_TOKENS & grant_bit(grant)]
    if never:
        raise Refusal(ErrorCode.BAD_INPUT, "never_of_tokens", ("grants",), names=", ".join(never))
    lacked = [grant.value for grant in chosen.grants if not viewer.mask & grant_bit(grant)]
    if lacked:
        raise Refusal(ErrorCode.NOT_HELD, "not_held", ("grants",), names=", ".join(lacked))
    lacked = [standing.name for standing in chosen.standings if not viewer.mask & standing]
    if lacked:
        raise Refusal(ErrorCode.NOT_HELD, "not_held", ("standings",), names=", ".join(lacked))
    return name


async def _leave_room(viewer: Viewer) -> None:
    """Refuse if there is no room for another token. The account is locked, so none is created meanwhile."""
    rows = await database.read(
        Statement(
            "SELECT COUNT(*) FROM access_tokens k"
            " WHERE k.credential_id IS NULL AND k.ended_at IS NULL AND k.expires_at > ? AND ",
            (database.now(),),
        )
        + reach.own_tokens(viewer).where("k")
    )
    if rows[0][0] >= MOST_TOKENS:
        raise Refusal(ErrorCode.TOO_MANY, "too_many_tokens", most=MOST_TOKENS)


async def revoke_access_token(call: Call, token_id: str) -> str:
    """Revoke one of the caller's own tokens, for any central, and those that descend from it.

    A token can revoke the ones that descend from it.

    The owner and admins of the current central can also revoke collaborators' tokens. Other, ended and
    missing tokens are refused in the same way. The account logs it while the creator can enter the account,
    and not afterwards.
    """
    home = await _home(call.viewer, token_id)
    in_session = call.viewer.token_id is None
    if home is None and in_session and call.viewer.mask & Standing.ADMIN:
        return await _end_collaborators(call, token_id)
    there = call.outside
    if not in_session:
        there = call
    elif home is not None:
        try:
            there = replace(call, viewer=await inside(call.viewer, home))
        except (NoSuchCentral, Unauthenticated):
            there = call.outside

    async def work(viewer: Viewer) -> Done:
        ended = home is not None and await database.write(
            Statement("UPDATE access_tokens AS k SET ended_at = ?", (database.now(),))
            + " WHERE k.ended_at IS NULL AND "
            + (descends("k", token_id, home) & reach.own_tokens(viewer, home).where("k"))
        )
        if not ended:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_token", ("id",))
        return Done(token_id)

    return await REVOKE_ACCESS_TOKEN.perform(there, work, token_id)


async def _end_collaborators(call: Call, token_id: str) -> str:

    async def work(viewer: Viewer) -> Done:
        within = reach.collaborator_tokens(viewer).where("k") & Statement(
            f"k.{reach.OF_COLLABORATORS} AND k.credential_id IS NULL"
        )
        rows = await database.read(
            Statement(
                "SELECT k.account_id, k.name, c.name AS collaborator FROM access_tokens k"
                " JOIN collaborators c ON c.account_id = k.account_id AND c.id = k.collaborator_id"
                " WHERE k.id = ? AND ",
                (token_id,),
            )
            + within
        )
        now = database.now()
        ended = rows and await database.write(
            Statement("UPDATE access_tokens AS k SET ended_at = ?", (now,))
            + Statement(" WHERE k.ended_at IS NULL AND k.expires_at > ? AND ", (now,))
            + (descends("k", token_id, str(rows[0]["account_id"])) & within)
        )
        if not ended:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_token", ("id",))
        fields = (("name", rows[0]["name"]), ("person", rows[0]["collaborator"]))
        return Done(
            token_id, tuple(Change(f"CollaboratorAccessToken.{field}", was, None) for field, was in fields)
        )

    return await _END_COLLABORATORS.perform(call, work, token_id)


def note_use(viewer: Viewer) -> None:
    """Record in a separate task that a token was used, at most once in ten minutes, even if this fails."""
    if viewer.token_id is None or viewer.token_id in _noted:
        return
    _noted[viewer.token_id] = True
    # a separate context: the request's has its transaction and counts its statements
    task = asyncio.get_running_loop().create_task(_note_use(viewer), context=contextvars.Context())
    _noting.add(task)
    task.add_done_callback(_noting.discard)


async def _note_use(viewer: Viewer) -> None:
    now = database.now()
    used = Statement(
        "UPDATE access_tokens AS k SET last_used_at = ? WHERE k.id = ? AND ", (now, viewer.token_id)
    )
    unless = Statement("(k.last_used_at IS NULL OR k.last_used_at <= ?) AND ", (now - USE_NOTED_EACH_MS,))
    within = reach.own_tokens(viewer).where("k")
    of_credential = Statement(
        "UPDATE api_credentials SET last_used_at = ? WHERE account_id = ? AND id ="
        " (SELECT k.credential_id FROM access_tokens k WHERE k.id = ? AND ",
        (now, viewer.account_id, viewer.token_id),
    )

    async def note() -> None:
        await database.write(used + unless + within)
        await database.write(of_credential + within + ")")

    try:
        await database.transact(note)
    except Exception as fault:
        _log.warning("use not noted", extra={"kind": type(fault).__qualname__})


async def _home(viewer: Viewer, token_id: str) -> str | None:
    """The account that one of the viewer's own tokens is for; of a token's, one that descends from it."""
    found = Statement(
        "SELECT k.account_id FROM access_tokens k"
        " WHERE k.id = ? AND k.user_id = ? AND k.credential_id IS NULL",
        (token_id, viewer.user_id),
    )
    if viewer.token_id is not None:
        below = descends("k", viewer.token_id, viewer.account_id or "")
        found = found & Statement("k.id <> ?", (viewer.token_id,)) & below
    rows = await database.read(found)
    return str(rows[0]["account_id"]) if rows else None
