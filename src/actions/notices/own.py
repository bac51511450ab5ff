"""What people do with their own notices: choose how they get them, and say that they read some."""

from collections.abc import Sequence

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from authz.gates import Standing
from authz.notices import notices
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of
from models.tables.notice import NoticeChannel, NoticeKind

MOST_AT_ONCE = 100

CHOOSE_NOTICES = Mutation(
    "chooseNotices",
    Standing.IN_CENTRAL,
    "Notice",
    replays=True,
    changes_access=False,
    while_closed=False,
)
MARK_NOTICES = Mutation(
    "markNotices",
    Standing.IN_CENTRAL,
    "Notice",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
    while_closed=False,
)


async def choices(viewer: Viewer) -> dict[NoticeKind, tuple[NoticeChannel, ...]]:
    """How the viewer gets each kind of notices of the central that they are in: live, unless they chose."""
    found: dict[NoticeKind, tuple[NoticeChannel, ...]] = dict.fromkeys(NoticeKind, (NoticeChannel.LIVE,))
    rows = await database.read(
        "SELECT kind, live, email FROM notice_choices WHERE account_id = ? AND user_id = ?",
        (viewer.account_id, viewer.user_id),
    )
    for row in rows:
        chosen = {NoticeChannel.LIVE: row["live"], NoticeChannel.EMAIL: row["email"]}
        found[NoticeKind(row["kind"])] = tuple(channel for channel in NoticeChannel if chosen[channel])
    return found


async def choose_notices(call: Call, kind: NoticeKind, channels: Sequence[NoticeChannel]) -> None:
    """Choose how the caller gets a kind of notices from now on. Without a channel, there are none of it."""

    async def work(viewer: Viewer) -> Done:
        before = (await choices(viewer))[kind]
        after = tuple(channel for channel in NoticeChannel if channel in channels)
        row = {
            "id": database.new_id(),
            "account_id": viewer.account_id,
            "user_id": viewer.user_id,
            "kind": kind.value,
            "live": NoticeChannel.LIVE in after,
            "email": NoticeChannel.EMAIL in after,
        }
        await database.write(
            database.insertion("notice_choices", tuple(row))
            + " ON CONFLICT (account_id, user_id, kind) DO UPDATE SET live = excluded.live,"
            " email = excluded.email",
            tuple(row.values()),
        )
        changes = (
            Change("NoticeChoice.kind", kind.value, kind.value),
            Change("NoticeChoice.channels", list(before), list(after)),
        )
        return Done("", changes)

    await CHOOSE_NOTICES.perform(call, work)


async def mark_notices(call: Call, notice_ids: Sequence[str], *, unread: bool) -> None:
    """Say that the caller read some notices, or did not: all of them or none."""

    async def work(viewer: Viewer) -> Done:
        if not 1 <= len(notice_ids) <= MOST_AT_ONCE:
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_notices", ("ids",), most=MOST_AT_ONCE)
        within = notices(viewer)
        chosen = one_of("r.id", sorted(set(notice_ids))) & within.where("r")
        known = {
            str(row["id"])
            for row in await database.read(Statement("SELECT r.id FROM notices r WHERE ") + chosen)
        }
        for number, notice_id in enumerate(notice_ids):
            if notice_id not in known:
                raise Refusal(ErrorCode.NOT_FOUND, "no_such_notice", ("ids", str(number)))
        await database.write(
            Statement("UPDATE notices AS r SET read_at = ? WHERE ", (None if unread else database.now(),))
            + chosen
        )
        return Done("")

    await MARK_NOTICES.perform(call, work)
