"""The opportunities in the demo, derived as the intake derives them, and what people did about them."""

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from actions.commerce.opportunities.assign import assign_opportunities
from actions.commerce.opportunities.edit import (
    NewContact,
    create_opportunity,
    edit_opportunity,
    note_opportunity,
)
from actions.commerce.opportunities.found import Note
from actions.commerce.opportunities.status import (
    cancel_opportunity,
    lose_opportunity,
    move_opportunity,
    postpone_opportunity,
    win_opportunity,
)
from actions.kit.call import Call
from actions.tools.distribution import (
    Distribution,
    DistributionPerson,
    DistributionRule,
    DistributionTarget,
)
from actions.tools.save import save
from actions.tools.settings import TOOLS
from centrals.demo.chance import DAY, END, HOUR, MINUTE, Chance
from centrals.demo.sales import DESK
from intake.hotmart.event import hotmart_event
from intake.messages.arrival import arrival_of
from intake.messages.secret import Secrets
from intake.messages.store import INTAKE_COLUMNS, intake_row
from intake.sales.checkout import store_attempts
from intake.values.reading import decoded
from models import database
from models.recovery.settle import settle_opportunities
from models.statement import Statement, one_of
from models.tables.opportunity import LostReason, OpportunityKind
from models.vocabulary import DistributionMethod, IntakeChannel

_SINCE = END - 180 * DAY
_ABANDONED, _CAME_BACK, _BY_HAND = 1_000, 400, 24
"""How many gave up at a checkout, how many of them bought later, and how many are added by hand."""
_BATCH = 500
_HANDED_OUT = 100
_WORKED_ON = 20
_DISTRIBUTED_DAYS = 3
_FIRST_NAMES = ("Ana", "Caio", "Davi", "Elis", "Iara", "João", "Lia", "Nina", "Otto", "Rui", "Téo", "Yara")
_LAST_NAMES = ("Alves", "Bastos", "Cardoso", "Freitas", "Leal", "Matos", "Pinto", "Ramos", "Silva", "Vidal")
_TITLES = ("Turma de uma escola", "Licenças para uma equipe", "Indicação de um aluno", "Pedido por telefone")
_NOTES = (
    "Prefere pagar em duas vezes.",
    "Ligar depois das 18h.",
    "Pediu a nota fiscal antes.",
    "Vai pensar.",
)

Calls = Callable[[str, int], Awaitable[Call]]


async def add_opportunities(account_id: str, seller: str) -> None:
    """Receive what a marketplace says about abandoned checkouts, and derive all opportunities since half a
    year."""
    chance = Chance(f"{seller}, opportunities")
    rows, events = [], []
    for number, (at, data) in enumerate(await _abandoned(chance, account_id)):
        content = {"id": f"demo-checkout-{number}", "creation_date": at, "version": "2.0.0"}
        content |= {"event": "PURCHASE_OUT_OF_SHOPPING_CART", "data": data}
        arrival = arrival_of(decoded(msgspec.json.encode(content)), Secrets(), hotmart_event)
        rows.append(intake_row(chance.id(at), account_id, arrival, IntakeChannel.WEBHOOK, at + 800))
        if arrival.event is not None:
            events.append(arrival.event)
    await database.insert_many("intake_events", INTAKE_COLUMNS, rows)
    for start in range(0, len(events), _BATCH):
        await store_attempts(account_id, events[start : start + _BATCH], END)
    sales = await database.read(
        "SELECT id FROM sales WHERE account_id = ? AND ordered_at >= ? AND ordered_at < ?"
        " AND approved_at IS NULL ORDER BY ordered_at, reference",
        (account_id, _SINCE, END - DAY),  # time would make more of newer ones, whenever someone looks
    )
    ids = [str(row["id"]) for row in sales]
    for start in range(0, len(ids), _BATCH):
        await settle_opportunities(account_id, ids[start : start + _BATCH], now=END)


async def _abandoned(chance: Chance, account_id: str) -> list[tuple[int, dict[str, Any]]]:
    """Who gave up at a checkout, oldest first: some who bought the same later, and others who did not."""
    bought = await database.read(
        "SELECT s.buyer_name, s.marketplace_email, s.approved_at, p.reference, p.name, o.code FROM sales s"
        " JOIN products p ON p.account_id = s.account_id AND p.id = s.product_id"
        " JOIN offers o ON o.account_id = s.account_id AND o.id = s.offer_id"
        " WHERE s.account_id = ? AND s.approved_at >= ? AND s.sold_as = 'PRODUCER'"
        " AND s.subscription_code IS NULL AND s.marketplace_email IS NOT NULL"
        " ORDER BY s.approved_at, s.reference",
        (account_id, _SINCE),
    )
    found = []
    for number in range(_ABANDONED):
        row = bought[chance.number(0, len(bought) - 1)]
        at, name, email = chance.number(_SINCE, END - HOUR), row["buyer_name"], row["marketplace_email"]
        if number < _CAME_BACK:
            at = row["approved_at"] - chance.number(20 * MINUTE, 4 * DAY)
        else:
            name = f"{chance.pick(_FIRST_NAMES)} {chance.pick(_LAST_NAMES)}"
            email = f"contato.{number}@example.com"
        data = {
            "product": {"id": int(row["reference"]), "name": row["name"]},
            "buyer": {"name": name, "email": email, "phone": f"+55119{80_000_000 + number}"},
            "offer": {"code": row["code"]},
            "affiliate": False,
        }
        found.append((at, data))
    return sorted(found, key=lambda entry: entry[0])


async def work_on_opportunities(account_id: str, at: Calls, owner: str) -> None:
    """Hand opportunities out to the desk, and work on them. `at` is a call of someone at a time."""
    chance = Chance("work on opportunities")
    handed_out = END - 21 * DAY
    nobodys = await _open(account_id, "r.assignee_id IS NULL AND r.opened_at < ?", (handed_out,))
    for number, who in enumerate(DESK):
        chosen = nobodys[number * _HANDED_OUT :][:_HANDED_OUT]
        call = await at(owner, handed_out + number * HOUR)
        await assign_opportunities(
            call, [str(row["id"]) for row in chosen], await _collaborator(account_id, who), None
        )
        await _work_on_own(account_id, who, at, handed_out + number * HOUR + DAY)
        for added in range(_BY_HAND // len(DESK)):
            call = await at(who, END - (added + 1) * DAY + number * HOUR)
            values = {"amount": (Decimal(chance.number(20, 400) * 10), "BRL"), "probability": 10 * added}
            await create_opportunity(call, _TITLES[added % len(_TITLES)], None, NewContact(), values)


async def distribute_by_rules(account_id: str, at: Calls, owner: str) -> None:
    """Rules for the abandoned checkouts of the last days, which the clock follows.

    Everyone at the desk can get more than there are, so that none is left to whoever looks later.
    """
    people = [f"person_{await _collaborator(account_id, who)}" for who in DESK]
    kinds, targets = [OpportunityKind.ABANDONED_CHECKOUT], [DistributionTarget.OPPORTUNITIES]
    rules = [
        DistributionRule(
            "Newsletter", targets, DistributionMethod.BY_LOAD, people[:1], [], ["newsletter"], kinds
        ),
        DistributionRule("Checkout", targets, DistributionMethod.ROUND_ROBIN, kinds=kinds),
    ]
    settings = Distribution([DistributionPerson(person, 50) for person in people], rules)
    call = await at(owner, END - _DISTRIBUTED_DAYS * DAY)
    await save(call, TOOLS["distribution"], account_id, settings, 0)


async def _work_on_own(account_id: str, who: str, at: Calls, since: int) -> None:
    """What one person does with the newest of their own opportunities, one after the other."""
    steps = await database.read(
        "SELECT id FROM pipeline_steps WHERE account_id = ? ORDER BY position", (account_id,)
    )
    own = await _open(
        account_id, "r.assignee_id = ? AND r.opened_at < ?", (await _collaborator(account_id, who), since)
    )
    for number, row in enumerate(own[:_WORKED_ON]):
        now, row_id, version = since + number * 5 * HOUR, str(row["id"]), row["version"]
        await note_opportunity(await at(who, now), row_id, version, Note(_NOTES[number % len(_NOTES)]))
        call = await at(who, now + HOUR)
        match number % 7:
            case 0:
                await lose_opportunity(call, row_id, version + 1, LostReason.NO_ANSWER, Note())
            case 1:
                await lose_opportunity(call, row_id, version + 1, LostReason.PRICE, Note())
            case 2:
                await postpone_opportunity(call, row_id, version + 1, END + (number + 1) * DAY, Note())
            case 3:
                await win_opportunity(call, row_id, version + 1, None, Note("Comprou por telefone."))
            case 4 if number < 7:
                await cancel_opportunity(call, row_id, version + 1, Note("Era um teste."))
            case _:
                step = str(steps[number % len(steps)]["id"])
                await move_opportunity(call, row_id, version + 1, step)
                values = {"starred": True, "probability": 50}
                await edit_opportunity(await at(who, now + 2 * HOUR), row_id, version + 2, values)


async def _open(account_id: str, condition: str, values: Sequence[Any]) -> list[Any]:
    """The open opportunities of a condition, newest first."""
    rows = await database.read(
        Statement("SELECT r.id, r.version FROM opportunities r WHERE r.account_id = ?", (account_id,))
        & one_of("r.status", ["TODO"])
        & Statement(condition, tuple(values)) + " ORDER BY r.opened_at DESC, r.id"
    )
    return list(rows)


async def _collaborator(account_id: str, email: str) -> str:
    rows = await database.read(
        "SELECT c.id FROM collaborators c JOIN users u ON u.id = c.user_id"
        " WHERE c.account_id = ? AND u.email = ?",
        (account_id, email),
    )
    return str(rows[0]["id"])
