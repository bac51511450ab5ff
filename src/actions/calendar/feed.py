"""The secret address of a person's reminders: they create, replace and revoke it, and its token opens it."""

import secrets
from typing import Any

from actions.kit.call import Call
from actions.kit.mutation import Done, Mutation
from authz import reach
from authz.grant import Grant
from authz.identity import NoSuchCentral, as_now, digest, person_in, token_account
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from authz.viewer import Central, Viewer
from models import database
from models.recovery.title import title_text
from models.statement import Statement
from models.tables.opportunity import OpportunityStatus
from models.vocabulary import Privacy

GRANT = Grant.VIEW_PURCHASE_RECOVERY_REPORT
CALENDAR_PATH, CALENDAR_ENDING = "/calendar/", ".ics"
"""What comes before and after the token in the address of a feed."""
MOST_REMINDERS = 1_000
_TOKEN_BYTES = 32

CREATE_CALENDAR_FEED = Mutation(
    "createCalendarFeed", GRANT, "CalendarFeed", changes_access=False, while_closed=False
)
REVOKE_CALENDAR_FEED = Mutation(
    "revokeCalendarFeed",
    GRANT,
    "CalendarFeed",
    codes=(ErrorCode.NOT_FOUND,),
    changes_access=False,
    while_closed=False,
)


async def create_calendar_feed(call: Call) -> str:
    """Create the feed of the caller's reminders in place of their earlier one, and return its token.

    What a personal access token creates shows what that token can see, and ends with it.
    """
    assert call.viewer.central is not None
    token = f"{call.viewer.central.account_id.replace('-', '')}_{secrets.token_urlsafe(_TOKEN_BYTES)}"

    async def work(viewer: Viewer) -> Done:
        assert viewer.user_id is not None
        assert viewer.central is not None
        account_id, row_id = viewer.central.account_id, database.new_id()
        await end_calendar_feed(account_id, viewer.user_id)
        row = {
            "id": row_id,
            "account_id": account_id,
            "user_id": viewer.user_id,
            "digest": digest(token),
            "token_id": viewer.token_id,
            "created_at": database.now(),
        }
        await database.insert("calendar_feeds", row)
        return Done(row_id)

    await CREATE_CALENDAR_FEED.perform(call, work)
    return token


async def revoke_calendar_feed(call: Call) -> None:
    """Revoke the caller's feed."""

    async def work(viewer: Viewer) -> Done:
        found = await own_calendar_feed(viewer)
        if found is None:
            raise Refusal(ErrorCode.NOT_FOUND, "no_calendar_feed")
        await end_calendar_feed(str(found["account_id"]), str(found["user_id"]))
        return Done(str(found["id"]))

    await REVOKE_CALENDAR_FEED.perform(call, work)


async def own_calendar_feed(viewer: Viewer) -> Any:
    """The viewer's own feed in the central that they are in; None if there is none."""
    rows = await database.read(
        "SELECT id, account_id, user_id, created_at FROM calendar_feeds WHERE account_id = ? AND user_id = ?",
        (viewer.account_id, viewer.user_id),
    )
    return rows[0] if rows else None


async def end_calendar_feed(account_id: str, user_id: str) -> None:
    """End the feed of someone who replaces or revokes it, or whose membership ends."""
    await database.write(
        "DELETE FROM calendar_feeds WHERE account_id = ? AND user_id = ?", (account_id, user_id)
    )


async def reader_of(token: str) -> Viewer | None:
    """Whose feed a token is for, as they can enter the account now; None if it is for nobody's."""
    account_id = token_account(token)
    if account_id is None:
        return None
    rows = await database.read(
        "SELECT f.account_id, f.token_id, u.email FROM calendar_feeds f JOIN users u ON u.id = f.user_id"
        " WHERE f.account_id = ? AND f.digest = ?",
        (account_id, digest(token)),
    )
    if not rows:
        return None
    try:
        viewer = await _as_now(rows[0])
    except (Unauthenticated, NoSuchCentral):
        return None
    if viewer.central is None or viewer.central.closed or reminders_of(viewer).account_id is None:
        return None
    return viewer


async def _as_now(feed: Any) -> Viewer:
    account_id = str(feed["account_id"])
    if feed["token_id"] is None:
        return await person_in(feed["email"], account_id)
    central = Central(account_id, "", False, Privacy.OWN, "", "")
    return await as_now(Viewer(token_id=str(feed["token_id"]), central=central))


def reminders_of(viewer: Viewer) -> reach.Reach:
    """The opportunities whose reminders a viewer can see."""
    return reach.rows(viewer, "opportunities", GRANT)


async def reminders(viewer: Viewer) -> Any:
    """The reminders within a viewer's reach, the next first."""
    within = reminders_of(viewer)
    return await database.read(
        Statement(
            f"SELECT r.id, r.remind_at, r.touched_at, r.version, {title_text('r', 'p')} AS title"
            " FROM opportunities r"
            " LEFT JOIN products p ON p.account_id = r.account_id AND p.id = r.product_id"
            " WHERE r.status = ? AND r.remind_at IS NOT NULL AND ",
            (OpportunityStatus.STANDBY.value,),
        )
        + within.where("r")
        + f" ORDER BY r.remind_at, r.id LIMIT {MOST_REMINDERS}"
    )
