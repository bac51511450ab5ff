"""Opportunities that people add, and what they change and write about opportunities."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from actions.commerce.opportunities.events import (
    OpportunityCreation,
    OpportunityEdit,
    OpportunityNoting,
    note_opportunities,
)
from actions.commerce.opportunities.found import (
    GRANT,
    OBJECT,
    Note,
    add_note,
    checked_note,
    locked,
    opportunities,
    write,
)
from actions.kit.call import Call
from actions.kit.currency import require_currency
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.currency import exponent_of, money_text
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.recovery.contact import contact_of_attempt
from models.recovery.steps import first_step
from models.statement import Statement
from models.tables.opportunity import OpportunityKind, OpportunityStatus
from models.text import address_of, folded, tidied

CREATE_OPPORTUNITY = Mutation(
    "createOpportunity",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_INPUT, ErrorCode.BAD_EMAIL),
    replays=True,
    changes_access=False,
)
EDIT_OPPORTUNITY = Mutation(
    "editOpportunity",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
)
NOTE_OPPORTUNITY = Mutation(
    "noteOpportunity",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
)
_LONGEST_TITLE = 300
_LONGEST_FOLDED = 600
_LARGEST = 2**63 - 1
_SURE = 100

Amount = tuple[Decimal, str]


class NewContact(msgspec.Struct, frozen=True):
    """Who may buy, as far as whoever adds the opportunity says."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    country: str | None = None


async def create_opportunity(
    call: Call, title: str, product_id: str | None, contact: NewContact, values: Mapping[str, Any]
) -> str:
    """Add an opportunity, which is assigned to the collaborator who adds it. Returns its id."""

    async def work(viewer: Viewer) -> Done:
        within, now = opportunities(viewer), database.now()
        assert within.account_id is not None
        columns = _contact(contact) | _title(title) | _checked(values)
        if product_id is not None:
            await _require_product(viewer, product_id)
        collaborator_id = viewer.collaborator_id
        row_id = database.new_id()
        state = OpportunityStatus.TODO.value
        row = {
            "id": row_id,
            "account_id": within.account_id,
            "kind": OpportunityKind.MANUAL.value,
            "status": state,
            "own_status": state,
            "product_id": product_id,
            "step_id": await first_step(within.account_id),
            "opened_at": now,
            "last_attempt_at": now,
            "touched_at": now,
            "own_touched_at": now,
            "created_at": now,
            "assignee_id": collaborator_id,
            "assigned_at": now,
            "credit_id": collaborator_id,
            **columns,
        }
        await database.insert("opportunities", row)
        await record(viewer, OpportunityCreation(), Statement("r.id = ?", (row_id,)))
        note_opportunities(viewer, [row_id])
        note_event(str(within.account_id), EventType.OPPORTUNITY_OPENED, [row_id])
        return Done(row_id, _changes({}, columns))

    return await CREATE_OPPORTUNITY.perform(call, work)


def _contact(contact: NewContact) -> dict[str, Any]:
    email = None
    if contact.email:
        email = address_of(contact.email)
        if email is None:
            raise Refusal(ErrorCode.BAD_EMAIL, "bad_email", ("contact", "email"))
    country = contact.country.upper() if contact.country else None
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Refusal(ErrorCode.BAD_INPUT, "no_country", ("contact", "country"))
    name = tidied(contact.name, _LONGEST_TITLE) if contact.name else None
    return {
        "contact": contact_of_attempt(email, contact.phone),
        "contact_name": name,
        "contact_folded": folded(name)[:_LONGEST_FOLDED] if name else None,
        "contact_email": email,
        "contact_phone": (tidied(contact.phone, 60) if contact.phone else None),
        "contact_country": country,
    }


def _title(title: str) -> dict[str, Any]:
    name = checked_name(title, _LONGEST_TITLE, ("title",), "opportunity_title")
    return {"title": name, "title_folded": folded(name)[:_LONGEST_FOLDED]}


async def _require_product(viewer: Viewer, product_id: str) -> None:
    within = opportunities(viewer)
    rows = await database.read(
        "SELECT 1 FROM products WHERE account_id = ? AND id = ?", (within.account_id, product_id)
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_product_here", ("productId",))


async def edit_opportunity(call: Call, opportunity_id: str, expected: int, values: Mapping[str, Any]) -> str:
    """Change the title, the amount, the probability or the star. Null removes a value."""

    async def work(viewer: Viewer) -> Done:
        row = await locked(viewer, opportunity_id, expected)
        columns = _checked(values)
        if "title" in values:
            title = values["title"]
            columns |= {"title": None, "title_folded": None} if title is None else _title(title)
        await write(viewer, row, columns, OpportunityEdit())
        return Done(opportunity_id, _changes(row, columns))

    return await EDIT_OPPORTUNITY.perform(call, work, opportunity_id)


async def note_opportunity(call: Call, opportunity_id: str, expected: int, note: Note) -> str:
    """Add a note to an opportunity, and notify the collaborators whom it mentions."""

    async def work(viewer: Viewer) -> Done:
        checked = checked_note(note, "text", required=True)
        row = await locked(viewer, opportunity_id, expected)
        await add_note(viewer, row, checked)
        await write(viewer, row, {}, OpportunityNoting())
        return Done(opportunity_id)

    return await NOTE_OPPORTUNITY.perform(call, work, opportunity_id)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an amount, a probability and a star."""
    columns: dict[str, Any] = {}
    if "starred" in values:
        columns["starred"] = bool(values["starred"])
    if "probability" in values:
        probability = values["probability"]
        if probability is not None and not 0 <= probability <= _SURE:
            raise Refusal(ErrorCode.BAD_INPUT, "probability", ("probability",))
        columns["probability"] = probability
    if "amount" in values:
        minor, currency = (None, None) if values["amount"] is None else _minor(*values["amount"])
        columns |= {"amount": minor, "currency": currency, "priced": True}
    return columns


def _minor(amount: Decimal, currency: str) -> tuple[int, str]:
    code = currency.upper()
    require_currency(code)
    minor = Fraction(amount) * 10 ** exponent_of(code)
    if minor.denominator != 1 or not 0 <= minor <= _LARGEST:
        raise Refusal(
            ErrorCode.BAD_INPUT, "opportunity_amount", ("amount", "amount"), decimals=exponent_of(code)
        )
    return int(minor), code


def _changes(before: Any, columns: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changed columns as the log shows them."""
    known = dict(before)
    changes = [
        Change(f"Opportunity.{name}", known.get(name), columns[name])
        for name in ("title", "probability", "starred")
        if name in columns
    ]
    if "amount" in columns:
        changes.append(Change("Opportunity.amount", _money(known), _money(columns)))
    return tuple(changes)


def _money(row: Mapping[str, Any]) -> str | None:
    if row.get("amount") is None:
        return None
    return money_text(row["amount"], row["currency"])
