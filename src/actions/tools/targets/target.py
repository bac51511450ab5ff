"""The target of a tool: settled as the tool is saved, and confirmed or refused by the owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post_to_user
from actions.kit.refusals import wrong_state
from actions.kit.version import conflict
from actions.tools.targets.emails import TARGET_WAITS
from actions.tools.targets.gates import bits_of, grants_of
from authz import reach
from authz.gates import Standing
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import MyRole, Viewer
from models import database
from models.statement import Statement
from models.tables.target import TargetAuthority, TargetPurpose, TargetStatus

MOST_TARGETS = 50
_CODES = (ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.VERSION_CONFLICT)

CONFIRM_TARGET = Mutation(
    "confirmTarget",
    Standing.OWNER,
    "Target",
    codes=_CODES,
    replays=True,
    changes_access=False,
    while_closed=False,
)
REFUSE_TARGET = Mutation(
    "refuseTarget",
    Standing.OWNER,
    "Target",
    codes=_CODES,
    replays=True,
    changes_access=False,
    while_closed=True,
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a tool sends, and what."""

    purpose: TargetPurpose
    thing_id: str
    name: str
    """The tool's name, for the owner."""
    url: str
    fields: Sequence[str]
    """What is sent, by the coordinates of fields."""
    gate: Grant
    """The grant of the tool."""

    @property
    def gates(self) -> int:
        """The bits of the grants of what is sent, and of the tool."""
        return bits_of({self.gate, *grants_of(self.fields)})

    @property
    def host(self) -> str:
        """The host of the address, with its port."""
        return self.url.split("/")[2]


async def settle_target(viewer: Viewer, destination: Destination) -> None:
    """Make or change the target of a tool that someone saves.

    Whoever holds the gates of everything that is sent confirms it by saving. Otherwise what was confirmed
    stays so, unless the address changes or more is sent: the owner has to decide then, and gets an e-mail.
    """
    assert viewer.central is not None
    account_id, now = viewer.central.account_id, database.now()
    found = await _of_thing(account_id, destination)
    if found is None and await _count(account_id) >= MOST_TARGETS:
        raise Refusal(ErrorCode.TOO_MANY, "too_many_targets", ("url",), most=MOST_TARGETS)
    columns = {
        "url": destination.url,
        "host": destination.host,
        "sent": msgspec.json.encode(sorted(set(destination.fields))).decode(),
        **_decision(viewer, destination, found, now),
    }
    if found is None:
        row = {
            "id": database.new_id(),
            "account_id": account_id,
            "purpose": destination.purpose.value,
            "thing_id": destination.thing_id,
            "created_at": now,
            "version": 1,
            **columns,
        }
        await database.insert("targets", row)
    else:
        settings = ", ".join(f"{name} = ?" for name in columns)
        await database.write(
            f"UPDATE targets SET {settings}, version = version + 1 WHERE account_id = ? AND id = ?",
            (*columns.values(), account_id, found["id"]),
        )
    if columns.get("status") == TargetStatus.WAITING:
        await _tell_owner(viewer, destination)


def _decision(viewer: Viewer, destination: Destination, found: Any, now: int) -> dict[str, Any]:
    """The columns that say whether data can be sent from now on."""
    owner, holds = viewer.role is MyRole.OWNER, not destination.gates & ~viewer.mask
    widened, status = _widened(found, destination), found and found["status"]
    by = {"user_id": viewer.user_id, "user_name": viewer.name}
    if not widened:
        on_owner = status == TargetStatus.CONFIRMED and found["authority"] == TargetAuthority.OWNER
        if status == TargetStatus.REFUSED or (on_owner and not owner):
            return {}
        if not holds and status != TargetStatus.SUSPENDED:
            return {}
    if not holds:
        return {"status": TargetStatus.WAITING.value, "authority": None, "confirmed_at": None, **by}
    authority = TargetAuthority.OWNER if owner else TargetAuthority.MAKER
    since = found["confirmed_at"] if status == TargetStatus.CONFIRMED else now
    return {
        "status": TargetStatus.CONFIRMED.value,
        "authority": authority.value,
        "confirmed_at": since,
        **by,
    }


def _widened(found: Any, destination: Destination) -> bool:
    """Whether the address is another one, or more is sent than before."""
    if found is None or found["url"] != destination.url:
        return True
    return bool(set(destination.fields) - set(stored_list(found["sent"])))


def stored_list(stored: Any) -> list[Any]:
    """A list as a column has it."""
    found: list[Any] = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return found


async def _of_thing(account_id: str, destination: Destination) -> Any:
    rows = await database.read(
        "SELECT id, url, CAST(sent AS TEXT) AS sent, status, authority, confirmed_at FROM targets"
        " WHERE account_id = ? AND purpose = ? AND thing_id = ?",
        (account_id, destination.purpose.value, destination.thing_id),
    )
    return rows[0] if rows else None


async def _count(account_id: str) -> int:
    rows = await database.read(
        "SELECT COUNT(*) FROM targets WHERE account_id = ?", (account_id,), named=False
    )
    return int(rows[0][0])


async def _tell_owner(viewer: Viewer, destination: Destination) -> None:
    assert viewer.central is not None
    rows = await database.read(
        "SELECT u.name, u.email, COALESCE(a.brand_name, a.name) AS account"
        " FROM accounts a JOIN users u ON u.id = a.owner_id WHERE a.id = ?",
        (viewer.central.account_id,),
    )
    words = {"by": viewer.name, "tool": destination.name, "host": destination.host}
    named = {"name": rows[0]["name"], "account": rows[0]["account"]}
    await post_to_user(TARGET_WAITS, rows[0]["email"], {**named, **words})


async def drop_target(account_id: str, purpose: TargetPurpose, thing_id: str) -> None:
    """Delete the target of a tool that is deleted."""
    await database.write(
        "DELETE FROM targets WHERE account_id = ? AND purpose = ? AND thing_id = ?",
        (account_id, purpose.value, thing_id),
    )


async def require_confirmed(account_id: str, purpose: TargetPurpose, thing_id: str) -> None:
    """Refuse to send to a target that is not confirmed."""
    rows = await database.read(
        "SELECT 1 AS confirmed FROM targets"
        " WHERE account_id = ? AND purpose = ? AND thing_id = ? AND status = ?",
        (account_id, purpose.value, thing_id, TargetStatus.CONFIRMED.value),
    )
    if not rows:
        raise Refusal(ErrorCode.TARGET_UNCONFIRMED, "target_unconfirmed", ("id",))


async def confirm_target(call: Call, target_id: str, expected: int) -> str:
    """Let data be sent to a target on the owner's authority."""

    async def work(viewer: Viewer) -> Done:
        found = await _found(viewer, target_id, expected)
        if (found["status"], found["authority"]) == (TargetStatus.CONFIRMED, TargetAuthority.OWNER):
            others = [status.value for status in TargetStatus if status is not TargetStatus.CONFIRMED]
            raise wrong_state(found["status"], others, ("id",))
        since = found["confirmed_at"] if found["status"] == TargetStatus.CONFIRMED else database.now()
        await _write(viewer, target_id, TargetStatus.CONFIRMED, TargetAuthority.OWNER.value, since)
        return Done(target_id, _changes(found, TargetStatus.CONFIRMED))

    return await CONFIRM_TARGET.perform(call, work, target_id)


async def refuse_target(call: Call, target_id: str, expected: int) -> str:
    """Let nothing be sent to a target."""

    async def work(viewer: Viewer) -> Done:
        found = await _found(viewer, target_id, expected)
        if found["status"] == TargetStatus.REFUSED:
            others = [status.value for status in TargetStatus if status is not TargetStatus.REFUSED]
            raise wrong_state(found["status"], others, ("id",))
        await _write(viewer, target_id, TargetStatus.REFUSED, None, None)
        return Done(target_id, _changes(found, TargetStatus.REFUSED))

    return await REFUSE_TARGET.perform(call, work, target_id)


async def _found(viewer: Viewer, target_id: str, expected: int) -> Any:
    """A target in the version that the owner has read. The account is locked, so it stays as it is."""
    rows = await database.read(
        Statement(
            "SELECT r.url, r.status, r.authority, r.confirmed_at, r.version FROM targets r"
            " WHERE r.id = ? AND ",
            (target_id,),
        )
        + reach.targets(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_target", ("id",))
    if rows[0]["version"] != expected:
        raise conflict()
    return rows[0]


async def _write(
    viewer: Viewer, target_id: str, status: TargetStatus, authority: str | None, since: int | None
) -> None:
    await database.write(
        Statement(
            "UPDATE targets AS r SET status = ?, authority = ?, confirmed_at = ?, version = r.version + 1"
            " WHERE r.id = ? AND ",
            (status.value, authority, since, target_id),
        )
        + reach.targets(viewer).where("r")
    )


def _changes(found: Any, status: TargetStatus) -> tuple[Change, ...]:
    return (Change("Target.status", found["status"], status.value),)
