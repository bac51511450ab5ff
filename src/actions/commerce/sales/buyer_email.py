"""Correcting the e-mail address of a sale's buyer."""

from dataclasses import dataclass
from typing import Any

from actions.commerce.sales import emails
from actions.commerce.sales.events import BuyerEmailChange, note_sales
from actions.commerce.sales.purchase_email import WITH_ACCESS
from actions.kit.buyer_outbox import post_by_rule, post_to_buyer
from actions.kit.call import Call
from actions.kit.email_address import address_of, checked_email, normalised_email
from actions.kit.event import count_since, newest_key, record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post_to_owner
from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.recovery.follow import follow_sales
from models.sales.words import restore_words
from models.statement import Statement, one_of
from models.vocabulary import SoldAs

CHANGE_BUYER_EMAIL = Mutation(
    "changeBuyerEmail",
    Grant.CHANGE_BUYER_EMAIL,
    "Sale",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_EMAIL, ErrorCode.RATE_LIMITED),
    replays=True,
    alone=True,
    changes_access=False,
)
MOST_CHANGES = 3
CHANGES_WITHIN_MS = 30 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class ChangedEmail:
    """The sale with the changed address, and how many other sales changed with it."""

    sale_id: str
    others: int


async def change_buyer_email(call: Call, reference: str, email: str, *, resend: bool) -> ChangedEmail:
    """Change the address of a sale's buyer, and of the same subscription's other sales within reach.

    It is an event of their histories, which no later message undoes. The same address changes nothing. With
    `resend`, the access to what was bought is sent to the new address, if the buyer has access now.
    """

    others: list[str] | None = None

    async def work(viewer: Viewer) -> Done:
        nonlocal others
        others = []
        address = checked_email(email)
        within = reach.rows(viewer, "sales", Grant.CHANGE_BUYER_EMAIL)
        sale = await _sale(within, reference)
        before = sale["buyer_email"]
        if normalised_email(before or "") == address:
            return Done(str(sale["id"]))
        await _require_few_changes(within, str(sale["id"]))
        others = await _others(within, sale, address)
        await _write(viewer, within, [str(sale["id"]), *others], address)
        await _notify(viewer, str(sale["id"]), reference, before, address)
        if resend and sale["status"] in WITH_ACCESS and sale["sold_as"] == SoldAs.PRODUCER:
            await post_by_rule(emails.PURCHASE_ACCESS, str(sale["id"]))
        entailed = (Change("Buyer.email", before, address, len(others)),) if others else ()
        return Done(str(sale["id"]), (Change("Buyer.email", before, address), *entailed))

    sale_id = await CHANGE_BUYER_EMAIL.perform(call, work, reference)
    return ChangedEmail(sale_id, await _replayed(call.viewer, sale_id) if others is None else len(others))


async def _sale(within: Reach, reference: str) -> Any:
    """The sale, locked, so that what the log shows as before is what this call changes."""
    rows = await database.read(
        Statement(
            "SELECT r.id, r.status, r.sold_as, r.buyer_email, r.subscription_code FROM sales r"
            " WHERE r.reference = ? AND ",
            (reference,),
        )
        + within.where("r")
        + (" FOR UPDATE" if database.dialect() == "postgres" else "")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
    return rows[0]


async def _require_few_changes(within: Reach, sale_id: str) -> None:
    since = database.now() - CHANGES_WITHIN_MS
    if await count_since(BuyerEmailChange, within, sale_id, since) >= MOST_CHANGES:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_email_changes", ("reference",), most=MOST_CHANGES)


async def _others(within: Reach, sale: Any, address: str) -> list[str]:
    """The other sales of the same subscription whose buyer has another address."""
    if sale["subscription_code"] is None:
        return []
    rows = await database.read(
        Statement(
            "SELECT r.id FROM sales r WHERE r.subscription_code = ? AND r.id <> ?"
            " AND (r.buyer_email IS NULL OR r.buyer_email <> ?) AND ",
            (sale["subscription_code"], sale["id"], address),
        )
        + within.where("r")
        + (" ORDER BY r.id FOR UPDATE" if database.dialect() == "postgres" else "")
    )
    return [str(row["id"]) for row in rows]


async def _write(viewer: Viewer, within: Reach, sale_ids: list[str], address: str) -> None:
    chosen = one_of("r.id", sale_ids) & within.where("r")
    await record(viewer, BuyerEmailChange(buyer_email=address), chosen)
    await database.write(Statement("UPDATE sales AS r SET buyer_email = ? WHERE ", (address,)) + chosen)
    assert within.account_id is not None
    await restore_words(within.account_id, sale_ids)
    note_sales(viewer, sale_ids)
    note_event(within.account_id, EventType.SALE_BUYER_EMAIL_CHANGED, sale_ids)
    await follow_sales(within.account_id, sale_ids)


async def _notify(viewer: Viewer, sale_id: str, reference: str, before: str | None, address: str) -> None:
    """E-mail the owner in their language and the former address in the account's, without the new address."""
    assert viewer.central is not None
    words = {"by": viewer.name, "reference": reference, "before": before or "–", "after": address}
    await post_to_owner(emails.BUYER_EMAIL_CHANGED, viewer.central.account_id, words)
    if before is not None and (former := address_of(before)) is not None:
        await post_to_buyer(emails.BUYER_EMAIL_MOVED, sale_id, to=former, limited=False)


async def _replayed(viewer: Viewer, sale_id: str) -> int:
    """How many other sales within reach the last change of the sale's address changed."""
    within = reach.rows(viewer, "sales", Grant.CHANGE_BUYER_EMAIL)
    rows = await database.read(
        Statement(
            "SELECT COUNT(*) AS n FROM sales s JOIN sales r ON r.account_id = s.account_id"
            " AND r.subscription_code = s.subscription_code AND r.id <> s.id"
            " JOIN sale_events e ON e.account_id = r.account_id AND e.sale_id = r.id"
            " WHERE s.id = ? AND e.key = ",
            (sale_id,),
        )
        + (newest_key(BuyerEmailChange, within, sale_id) & within.where("r"))
    )
    return int(rows[0]["n"])
