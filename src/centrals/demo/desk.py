"""What the people of the demo did for buyers: by the mutations that anyone uses, in the demo's calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from actions.accounts.settings import set_reveal_on_record
from actions.clock import JOBS
from actions.commerce.products.offer import edit_offer, set_offer_price
from actions.commerce.products.product import edit_product
from actions.commerce.receipts.send import send_receipt
from actions.commerce.refunds.decide import approve_refund_request, refuse_refund_request
from actions.commerce.refunds.limits import set_approval_rules
from actions.commerce.refunds.request import request_refund, withdraw_refund_request
from actions.commerce.sales.buyer_email import change_buyer_email
from actions.commerce.sales.purchase_email import resend_purchase_email
from actions.commerce.sales.slip import issue_payment_slip
from actions.kit.call import Call
from actions.kit.chain import chain_key
from authz.identity import person_in
from centrals.demo.chance import DAY, END, HOUR, START, Chance
from centrals.demo.integrations import add_integrations
from centrals.demo.opportunities import add_opportunities, distribute_by_rules, work_on_opportunities
from centrals.demo.people import FAR
from centrals.demo.sales import DESK, Refund
from centrals.demo.subscriptions import work_by_rules, work_on_subscriptions
from centrals.demo.webhooks import add_webhooks
from centrals.demo.withdrawals import book, withdraw
from intake.events.event import Event
from intake.sales.product import products_of, read_products, settle_offers, settle_products
from intake.sales.sale import read_sales, settle_sales
from intake.subscriptions.settle import settle_subscriptions
from models import database
from models.outgoing.note import forget_events
from models.present import Rehearsal, rehearsed
from models.statement import Statement, one_of
from models.tables.refund import OPEN, ApprovalAct, RefundReason

OWNER, ADMIN, FINANCE, USER = (f"{who}@example.com" for who in ("owner", "admin", "finance", "user"))
_LIMIT = 300
_REASONS = (
    (RefundReason.REGRET, None),
    (RefundReason.NO_ACCESS, "O aluno não recebeu o acesso."),
    (RefundReason.NOT_AS_DESCRIBED, None),
    (RefundReason.DUPLICATE, "Comprou duas vezes."),
    (RefundReason.TECHNICAL, None),
    (RefundReason.OTHER, "Mudou de plano."),
)


@dataclass(frozen=True, slots=True)
class _Paid:
    """A paid sale of someone at the desk, whose refund can be requested until its warranty ends."""

    reference: str
    assignee: str
    approved_at: int
    since: int
    """When it was approved and assigned."""
    warranty_until: int
    above: bool
    """Whether its price is above the owner's limit."""


class Desk:
    """An account's people at work. `now` moves as they do."""

    def __init__(self, account_id: str, secret_key: bytes, rehearsal: Rehearsal) -> None:
        self._account_id = account_id
        self._key = chain_key(secret_key)
        self._secret_key = secret_key
        self._rehearsal = rehearsal
        self._reasons = 0

    async def at(self, who: str, now: int) -> Call:
        """A call of someone at a time."""
        self._rehearsal.now = now
        return Call(await person_in(who, self._account_id), database.new_id(), chain_key=self._key)

    async def work(self, refunds: Sequence[Refund]) -> None:
        """Everything that happened at Aurora's desk."""
        await self._set_limit()
        await self._keep_catalog()
        for refund in refunds:
            await self._refunded(refund)
        paid = await self._paid()
        await self._close(paid)
        await self._open(paid)
        await self._issue_slips()
        await self._correct_addresses()
        await self._write_to_buyers()
        await work_on_subscriptions(self._account_id, lambda now: self.at(OWNER, now))
        await work_by_rules(self._account_id, lambda now: self.at(OWNER, now))
        self._rehearsal.now = END - 30 * DAY
        await add_opportunities(self._account_id, "Aurora")
        await work_on_opportunities(self._account_id, self.at, OWNER)
        await distribute_by_rules(self._account_id, self.at, OWNER)
        await withdraw(self._account_id, self.at, OWNER, FINANCE)
        await add_integrations(self._account_id, self.at, OWNER, self._secret_key)
        await self._pass_time()
        await add_webhooks(self._account_id, self.at, OWNER, self._secret_key)

    async def _set_limit(self) -> None:
        call = await self.at(OWNER, END - 90 * DAY)
        rows = await database.read("SELECT version FROM accounts WHERE id = ?", (self._account_id,))
        rules = {ApprovalAct.REFUND: [(Decimal(_LIMIT), "BRL")]}
        await set_approval_rules(call, rules, rows[0]["version"])

    async def _keep_catalog(self) -> None:
        """Three products get the address of their access, and of each a sale price for ten days."""
        rows = await database.read(
            "SELECT p.id, p.reference, p.version, o.id AS offer_id, o.version AS offer_version, o.price,"
            " o.currency"
            " FROM products p JOIN offers o ON o.account_id = p.account_id AND o.product_id = p.id"
            " WHERE p.account_id = ? AND o.currency = 'BRL' AND o.price IS NOT NULL"
            " ORDER BY p.reference, o.price DESC",
            (self._account_id,),
        )
        chosen = list({row["id"]: row for row in reversed(rows)}.values())[:3]
        for row in chosen:
            access = {"access_url": f"https://members.example.com/{row['reference']}"}
            await edit_product(
                await self.at(OWNER, END - 40 * DAY), str(row["id"]), access, {}, row["version"]
            )
            price = Decimal(row["price"]).scaleb(-2) * 9 / 10
            call, offer_id = await self.at(OWNER, END - 30 * DAY), str(row["offer_id"])
            await set_offer_price(call, offer_id, price.quantize(Decimal("0.01")), row["currency"], None)
            call, version = await self.at(OWNER, END - 20 * DAY), row["offer_version"] + 1
            await edit_offer(call, offer_id, {}, version, name=False, price=True)

    async def _request(self, reference: str, who: str, at: int) -> str:
        reason, note = _REASONS[self._reasons % len(_REASONS)]
        self._reasons += 1
        return await request_refund(await self.at(who, at), reference, reason, note)

    async def _refunded(self, refund: Refund) -> None:
        """A refund that is requested, approved if it must be, and then reported by the marketplace."""
        request_id = await self._request(refund.reference, refund.requester, refund.requested_at)
        rows = await database.read(
            "SELECT decided_by_id, status FROM refund_requests WHERE account_id = ? AND id = ?",
            (self._account_id, request_id),
        )
        if rows[0]["status"] == OPEN[0].value:
            await approve_refund_request(await self.at(OWNER, refund.requested_at + HOUR), request_id)
        self._rehearsal.now = refund.received_at
        await self._arrives(refund.message)

    async def _arrives(self, message: Event) -> None:
        account_id, events = self._account_id, [message]
        before = await read_sales(account_id, [str(message.reference)])
        products = await settle_products(
            account_id, events, await read_products(account_id, products_of(events))
        )
        offers = await settle_offers(account_id, events, products, {})
        settled = await settle_sales(account_id, events, products, offers, before, {}, database.now(), {})
        await settle_subscriptions(account_id, settled.subscriptions)

    async def _paid(self) -> list[_Paid]:
        """The newest sales that are paid and assigned to the desk."""
        rows = await database.read(
            Statement(
                "SELECT s.reference, u.email, s.approved_at, s.assigned_at, s.warranty_until, s.price,"
                " s.currency FROM sales s JOIN collaborators c ON c.id = s.assignee_id"
                " JOIN users u ON u.id = c.user_id WHERE s.account_id = ? AND s.approved_at > ?"
                " AND s.status IN ('APPROVED', 'COMPLETE') AND s.payment_method <> 'DIRECT_DEBIT' AND ",
                (self._account_id, END - 50 * DAY),
            )
            + one_of("u.email", DESK)
            + " ORDER BY s.approved_at DESC, s.reference"
        )
        return [
            _Paid(
                row["reference"],
                row["email"],
                row["approved_at"],
                max(row["approved_at"], row["assigned_at"]) + HOUR,
                row["warranty_until"],
                row["currency"] == "BRL" and row["price"] > _LIMIT * 100,
            )
            for row in rows
        ]

    async def _close(self, paid: list[_Paid]) -> None:
        """Requests that no refund followed: one expires, two are refused, three withdrawn."""
        old = [sale for sale in paid if sale.since < END - 31 * DAY and _covers(sale, sale.since)]
        recent = [sale for sale in paid if END - 20 * DAY < sale.since < END - 10 * DAY]
        recent = [sale for sale in recent if _covers(sale, sale.since)]
        for sale in _first(old, above=False, count=1):
            await self._request(sale.reference, sale.assignee, sale.since)
        for sale in _first(recent, above=True, count=2):
            request_id = await self._request(sale.reference, sale.assignee, sale.since)
            call = await self.at(OWNER, sale.since + 3 * HOUR)
            await refuse_refund_request(call, request_id, "Já recebeu outro acesso.")
        for sale in _first(recent, above=False, count=3):
            request_id = await self._request(sale.reference, sale.assignee, sale.since)
            await withdraw_refund_request(await self.at(sale.assignee, sale.since + 2 * HOUR), request_id)

    async def _open(self, paid: list[_Paid]) -> None:
        """Requests that are open at the end: six wait for the marketplace, two for the owner."""
        open_ = [sale for sale in paid if sale.since < END - HOUR and _covers(sale, END)]
        for above, count in ((False, 6), (True, 2)):
            for number, sale in enumerate(_first(open_, above=above, count=count)):
                await self._request(sale.reference, sale.assignee, max(sale.since, END - (number + 1) * HOUR))

    async def _issue_slips(self) -> None:
        """Slips that can still be paid are e-mailed, and expired ones requested again."""
        for status, count in (("WAITING_PAYMENT", 2), ("EXPIRED", 3)):
            rows = await database.read(
                "SELECT reference FROM sales WHERE account_id = ? AND status = ? AND slip_kind = 'BILLET'"
                " ORDER BY ordered_at DESC, reference LIMIT ?",
                (self._account_id, status, count),
            )
            for number, row in enumerate(rows):
                await issue_payment_slip(await self.at(ADMIN, END - (5 - number) * HOUR), row["reference"])

    async def _correct_addresses(self) -> None:
        """Corrected addresses: of three sales, and of a subscription."""
        for number, reference in enumerate([*await self._own(3), *await self._own(1, subscribed=True)], 1):
            call = await self.at(USER, END - (10 - number) * HOUR)
            await change_buyer_email(call, reference, f"corrigido.{number}@example.com", resend=True)

    async def _write_to_buyers(self) -> None:
        """The access to what was bought, sent again by support, and receipts, by finance."""
        references = await self._own(11)
        for number, reference in enumerate(references[:5]):
            await resend_purchase_email(await self.at(USER, END - (9 - number) * HOUR), reference)
        for number, reference in enumerate(references[5:]):
            await send_receipt(await self.at(FINANCE, END - (9 - number) * HOUR), reference, None)

    async def _own(self, count: int, *, subscribed: bool = False) -> list[str]:
        """The newest sales of a user that are complete, and not among those whose address changed."""
        renewed = "s.recurrence > 2" if subscribed else "s.subscription_code IS NULL"
        rows = await database.read(
            "SELECT s.reference FROM sales s JOIN collaborators c ON c.id = s.assignee_id"
            " JOIN users u ON u.id = c.user_id WHERE s.account_id = ? AND u.email = ?"
            f" AND s.status = 'COMPLETE' AND {renewed} AND s.buyer_email = s.marketplace_email"
            " ORDER BY s.ordered_at DESC, s.reference LIMIT ?",
            (self._account_id, USER, count),
        )
        return [row["reference"] for row in rows]

    async def _pass_time(self) -> None:
        """What time did until the end. What is open then stays open, whenever someone looks."""
        self._rehearsal.now = END
        for job in JOBS:
            while batch := [due for due in await job.due(END) if due.account_id == self._account_id]:
                for due in batch:
                    await job.do(due, END)
        of_account = Statement("account_id = ?", (self._account_id,))
        far = Statement("UPDATE refund_requests SET expires_at = ? WHERE ", (FAR,))
        await database.write(far + of_account & one_of("status", [status.value for status in OPEN]))


def _covers(sale: _Paid, at: int) -> bool:
    return sale.warranty_until > at + DAY


def _first(sales: Iterable[_Paid], *, above: bool, count: int) -> list[_Paid]:
    """The first sales of the people at the desk in turn, whose price is above the limit or not."""
    chosen = [sale for sale in sales if sale.above is above]
    turns = zip_longest(*([sale for sale in chosen if sale.assignee == who] for who in DESK))
    return [sale for turn in turns for sale in turn if sale is not None][:count]


async def work_at_desks(accounts: dict[str, tuple[str, Sequence[Refund]]], secret_key: bytes) -> None:
    """What happened in accounts, by the addresses of their owners: ids, and the refunds to request."""
    rehearsal = Rehearsal(END, Chance("desk").id)
    with rehearsed(rehearsal):
        for owner, (account_id, refunds) in accounts.items():
            desk = Desk(account_id, secret_key, rehearsal)
            if owner == OWNER:
                await desk.work(refunds)
            else:
                rehearsal.now = END
                await book(account_id, START, END + 1)
                await set_reveal_on_record(await desk.at(owner, END - 30 * DAY), enabled=True)
        # the e-mails were sent at that time, and are not sent again
        await database.write(
            "UPDATE outbox_messages SET sent_at = created_at, data = '{}' WHERE sent_at IS NULL"
        )
        forget_events()
