"""Transferring an account: its owner offers it, and a collaborator accepts. There is always one owner."""

from typing import Any

from actions.commerce.sales.events import note_sales
from actions.commerce.withdrawals.step import cancel_all
from actions.developers.credentials.ending import end_tokens_of_account
from actions.developers.webhooks.ending import end_webhooks_of_account
from actions.kit.call import Call
from actions.kit.chosen_central import in_central
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post
from actions.kit.tombstones import end_collaborator
from actions.kit.version import advance_teams_of
from actions.membership.invitations.pending import update_pending
from actions.membership.transfers import emails
from actions.tools.targets.ending import await_new_owner
from actions.viewer.switcher import forget_visits
from authz import reach
from authz.active import is_active_collaborator
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.changes import changed_rows
from models.statement import Statement

OFFER_MS = 7 * 24 * 3_600_000
_FIELD = ("centralId",)

OFFER_TRANSFER = Mutation(
    "offerTransfer",
    Standing.OWNER,
    "Person",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.TRANSFER_PENDING),
    replays=True,
    alone=True,
)
CANCEL_TRANSFER = Mutation(
    "cancelTransfer", Standing.OWNER, "Account", codes=(ErrorCode.NOT_FOUND,), replays=True
)
DECLINE_TRANSFER = Mutation(
    "declineTransfer", Standing.SESSION, "Account", codes=(ErrorCode.NOT_FOUND,), replays=True
)
ACCEPT_TRANSFER = Mutation(
    "acceptTransfer", Standing.SESSION, "Account", codes=(ErrorCode.NOT_FOUND,), replays=True, alone=True
)


async def offer_transfer(call: Call, collaborator_id: str) -> str:
    """Offer the account to a collaborator for seven days and return the offer's id."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id, now = viewer.central.account_id, database.now()
        collaborator = await _collaborator(viewer, collaborator_id)
        if await open_offer(viewer):
            raise Refusal(ErrorCode.TRANSFER_PENDING, "transfer_pending")
        offer_id = database.new_id()
        await database.insert(
            "transfers",
            {
                "id": offer_id,
                "account_id": account_id,
                "collaborator_id": collaborator_id,
                "offered_by_id": viewer.user_id,
                "status": "OFFERED",
                "created_at": now,
                "expires_at": now + OFFER_MS,
                "decided_at": None,
            },
        )
        name = await _shown_name(account_id)
        words = {"name": collaborator["name"], "owner": viewer.name, "account": name}
        await post(emails.TRANSFER_OFFERED, collaborator["email"], collaborator["locale"], words)
        return Done(offer_id, (Change("Account.transfer", None, collaborator["name"]),))

    return await OFFER_TRANSFER.perform(call, work, collaborator_id)


async def _collaborator(viewer: Viewer, collaborator_id: str) -> Any:
    rows = await database.read(
        Statement(
            "SELECT r.name, r.suspended_at, r.starts_at, r.ends_at, u.email, u.locale FROM collaborators r"
            " JOIN users u ON u.id = r.user_id WHERE r.id = ? AND ",
            (collaborator_id,),
        )
        + reach.people(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", ("collaboratorId",))
    collaborator = rows[0]
    if not is_active_collaborator(collaborator):
        raise Refusal(ErrorCode.FORBIDDEN, "collaborator_not_active", ("collaboratorId",))
    return collaborator


async def open_offer(viewer: Viewer) -> str | None:
    """The id of the offer that stands, if one does."""
    rows = await database.read(
        Statement(
            "SELECT r.id FROM transfers r WHERE r.status = 'OFFERED' AND r.expires_at > ? AND ",
            (database.now(),),
        )
        + reach.transfers(viewer).where("r")
    )
    return str(rows[0]["id"]) if rows else None


async def cancel_offer(viewer: Viewer, collaborator: Any) -> tuple[Change, ...]:
    """Cancel the pending offer to a collaborator who is not active any more, and return what changed."""
    assert viewer.central is not None
    entailed = await database.write(
        "UPDATE transfers SET status = 'CANCELLED', decided_at = ?"
        " WHERE account_id = ? AND collaborator_id = ? AND status = 'OFFERED'",
        (database.now(), viewer.central.account_id, collaborator["id"]),
    )
    return (Change("Account.transfer", collaborator["name"], None),) if entailed else ()


async def _shown_name(account_id: str) -> str:
    rows = await database.read(
        "SELECT COALESCE(brand_name, name) AS name FROM accounts WHERE id = ?", (account_id,)
    )
    return str(rows[0]["name"])


async def cancel_transfer(call: Call) -> str:
    """Take the offer back."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        await _decide(reach.transfers(viewer), "CANCELLED")
        return Done(viewer.central.account_id, (Change("Account.transfer", "offered", None),))

    return await CANCEL_TRANSFER.perform(call, work)


async def decline_transfer(call: Call, account_id: str) -> str:
    """Decline the offer of an account."""

    async def work(viewer: Viewer) -> Done:
        await _decide(reach.offered_to(viewer), "CANCELLED", _FIELD)
        return Done(account_id, (Change("Account.transfer", "offered", None),))

    return await DECLINE_TRANSFER.perform(await in_central(call, account_id), work, account_id)


async def accept_transfer(call: Call, account_id: str) -> str:
    """Become the owner of an account that is offered to the caller, and return its id.

    The caller is no longer a collaborator, but their row stays for the sales assigned to them. The old owner
    leaves the account, and their details, bank details, tokens and pending invitations are deleted.
    """

    async def work(viewer: Viewer) -> Done:
        await _decide(reach.offered_to(viewer), "ACCEPTED", _FIELD)
        before = await _owner(account_id)
        changed = await database.write(
            "UPDATE accounts SET owner_id = ? WHERE id = ? AND owner_id = ? AND closed_at IS NULL",
            (viewer.user_id, account_id, before["owner_id"]),
        )
        if not changed:
            raise _nothing_offered(_FIELD)
        await _end_collaborators(viewer, account_id, before["owner_id"])
        await cancel_all(account_id, viewer)
        await _clear(account_id, before["owner_id"])
        entailed = await update_pending(account_id)
        for person in (before, {"name": viewer.name, "email": viewer.email, "locale": viewer.locale}):
            words = {"name": person["name"], "owner": viewer.name, "account": before["account_name"]}
            await post(emails.TRANSFER_ACCEPTED, person["email"], person["locale"], words)
        return Done(
            account_id,
            (
                Change("Account.ownerName", before["name"], viewer.name),
                Change("OwnerDetails.bank", None, "changed"),
                *entailed,
            ),
        )

    return await ACCEPT_TRANSFER.perform(await in_central(call, account_id), work, account_id)


def _nothing_offered(field: tuple[str, ...] | None) -> Refusal:
    return Refusal(ErrorCode.NOT_FOUND, "no_such_transfer", field)


async def _decide(within: reach.Reach, status: str, field: tuple[str, ...] | None = None) -> None:
    """Decide the pending offer of the account's current owner, and refuse if there is none."""
    now = database.now()
    decided = await database.write(
        Statement(
            "UPDATE transfers AS r SET status = ?, decided_at = ?"
            " WHERE r.status = 'OFFERED' AND r.expires_at > ?"
            " AND r.offered_by_id = (SELECT a.owner_id FROM accounts a WHERE a.id = r.account_id) AND ",
            (status, now, now),
        )
        + within.where("r")
    )
    if not decided:
        raise _nothing_offered(field)


async def _owner(account_id: str) -> Any:
    rows = await database.read(
        "SELECT a.owner_id, COALESCE(a.brand_name, a.name) AS account_name, u.name, u.email, u.locale"
        " FROM accounts a JOIN users u ON u.id = a.owner_id WHERE a.id = ?",
        (account_id,),
    )
    return rows[0]


async def _end_collaborators(viewer: Viewer, account_id: str, old_owner: str) -> None:
    """End the new owner's time as a collaborator; what was assigned to them stays assigned.

    The old owner leaves. If they have a row from an earlier time as a collaborator, it ends, too.
    """
    now = database.now()
    collaborators = await database.read(
        Statement("SELECT r.id, r.user_id, r.name FROM collaborators r WHERE ")
        + reach.own_collaborator(viewer).where("r")
    )
    await end_collaborator(account_id, collaborators[0])
    await advance_teams_of(account_id, str(viewer.collaborator_id))
    for table in ("team_members", "source_codes"):
        await database.write(
            f"DELETE FROM {table} WHERE account_id = ? AND collaborator_id = ?",
            (account_id, viewer.collaborator_id),
        )
    await database.write(
        "UPDATE collaborators SET ends_at = ? WHERE account_id = ? AND user_id = ?",
        (now, account_id, viewer.user_id),
    )
    its_sales = Statement(
        "account_id = ? AND assignee_id IN"
        " (SELECT id FROM collaborators WHERE account_id = ? AND user_id = ?)",
        (account_id, account_id, old_owner),
    )
    note_sales(viewer, await changed_rows("sales", its_sales))
    await database.write(Statement("UPDATE sales SET assignee_id = NULL, team_id = NULL WHERE ") + its_sales)
    await database.write(
        "DELETE FROM collaborators WHERE account_id = ? AND user_id = ?", (account_id, old_owner)
    )


async def _clear(account_id: str, old_owner: str) -> None:
    await database.write("DELETE FROM owner_details WHERE account_id = ?", (account_id,))
    await end_tokens_of_account(account_id)
    await end_webhooks_of_account(account_id)
    await await_new_owner(account_id)
    await forget_visits(account_id, old_owner)
