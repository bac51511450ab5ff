"""How a list of opportunities is filtered and sorted."""

from enum import Enum
from typing import Any

import strawberry

from actions.commerce.opportunities.found import GRANT
from authz import reach
from authz.gates import ON_RECORD, AdminOnly, LeadOnly, grant_bit
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from graph.commerce.opportunities.types import Opportunity, OpportunityStep
from graph.commerce.products.types import Product
from graph.kit.filters import (
    Criterion,
    Indexed,
    absent,
    criterion,
    currency_code,
    equal,
    is_null,
    narrowed,
    search,
    within,
)
from graph.kit.period import PeriodInput
from graph.kit.search import holds, holds_as_written, is_as_written, needle_of
from graph.membership.collaborators.types import Person, TeamSummary
from models.statement import Statement, either
from models.tables.opportunity import OpportunityKind, OpportunityStatus


def _starred(chosen: Criterion) -> Statement:
    return Statement("r.starred" if chosen.value else "NOT r.starred")


def _currency(chosen: Criterion) -> Statement:
    return Statement("r.currency = ?", (currency_code(chosen.value),))


def _counted(chosen: Criterion) -> Statement:
    counted = Statement("(") + reach.statistics(chosen.viewer, GRANT, "opportunities").where("r") + ")"
    return counted if chosen.value else counted + " IS NOT TRUE"


def _credited(field: Any) -> Any:
    """A field about credit, which is not shown of what a viewer can see but not add up."""
    return narrowed(field, lambda chosen: reach.statistics(chosen.viewer, GRANT, "opportunities").where("r"))


def _text(chosen: Criterion) -> Statement:
    text, viewer = chosen.value, chosen.viewer
    needle = needle_of(text)
    assert viewer.central is not None
    searched = [holds("r.title_folded", needle), holds("r.contact_folded", needle)]
    named = Statement("SELECT p.id FROM products p WHERE p.account_id = ? AND ", (viewer.central.account_id,))
    searched.append(Statement("r.product_id IN (") + named + holds("p.name_folded", needle) + ")")
    if viewer.mask & ON_RECORD:
        # by its parts, what is masked could be guessed; a whole address is known already
        if viewer.mask & grant_bit(Grant.CHANGE_BUYER_EMAIL):
            searched.append(is_as_written("r.contact_email", text))
        return either(searched)
    for column, grant in (
        ("r.contact_email", Grant.CHANGE_BUYER_EMAIL),
        ("r.contact_phone", Grant.ISSUE_PAYMENT_SLIPS),
        ("r.contact_document", Grant.SEND_RECEIPTS),
    ):
        if viewer.mask & grant_bit(grant):
            searched.append(holds_as_written(column, text))
    return either(searched)


@strawberry.input
class OpportunityFilter:
    """A filter for opportunities. Only opportunities that meet all given conditions are listed.

    A row of the report `purchaseRecovery` can be opened as a list: filter by its days of opening, its kind,
    all statuses but `CANCELLED`, and what else the row is about, within the reports' reach. An opportunity
    whose amount is not known counts in the currency of its product's offers, or of the account, which the
    filter by `currency` does not find.
    """

    status: list[OpportunityStatus] | None = equal("status", indexed=Indexed("status"))
    """Opportunities with one of these statuses."""
    kind: list[OpportunityKind] | None = equal("kind", indexed=Indexed("kind"))
    """Opportunities that came about in one of these ways."""
    step: strawberry.ID | None = equal("step_id", OpportunityStep)
    """Opportunities at the step with this id."""
    product: strawberry.ID | None = equal("product_id", Product)
    """Opportunities for the product with this id."""
    assignee: strawberry.ID | None = equal("assignee_id", Person)
    """Opportunities assigned to the person with this id."""
    unassigned: bool | None = absent("assignee_id")
    """True: opportunities that are not assigned to anyone. False: those that are assigned to someone."""
    starred: bool | None = criterion(_starred)
    """True: opportunities that are marked as important. False: all others."""
    opened: PeriodInput | None = within("opened_at")
    """Opportunities that were opened in this period."""
    remind: PeriodInput | None = within("remind_at")
    """Opportunities that are postponed until a day in this period."""
    in_reports: bool | None = criterion(_counted)
    """True: opportunities within your statistics reach, which your reports add up. False: all others that you
    can see, for example a colleague's opportunities in a team that shares its rows."""
    credited_to: strawberry.ID | None = _credited(equal("credit_id", Person, gates=(LeadOnly(),)))
    """Opportunities that reports credit to the person with this id, even if the person no longer works in the
    account. As in reports, a team lead finds only opportunities within their statistics reach."""
    uncredited: bool | None = _credited(absent("credit_id", (LeadOnly(),)))
    """True: opportunities that reports credit to no one; a team lead's reports contain none of them. False:
    opportunities that reports credit to someone within your statistics reach."""
    credited_team: strawberry.ID | None = _credited(
        equal("credit_team_id", TeamSummary, gates=(AdminOnly(),))
    )
    """Opportunities that reports credit to the team with this id, even if the team was deleted."""
    without_credited_team: bool | None = _credited(absent("credit_team_id", (AdminOnly(),)))
    """True: opportunities that reports credit to no team. False: opportunities that reports credit to a
    team."""
    currency: str | None = criterion(_currency)
    """Opportunities whose amount is in this currency, as an ISO 4217 code, for example `BRL`."""
    text: str | None = criterion(_text)
    """Opportunities whose title, contact's name or product name contains this text; case and accents are
    ignored. If you can read the contact's e-mail address, phone number or document, these are searched too.
    Where the owner has personal data revealed on record only, an e-mail address is found by the whole of it,
    and a phone number or document is not found."""


@strawberry.enum
class OpportunityOrderField(Enum):
    """A field by which opportunities can be sorted."""

    TOUCHED_AT = "touched_at"
    """When something last happened."""
    OPENED_AT = "opened_at"
    """When it was opened."""
    REMIND_AT = "remind_at"
    """The moment until which it is postponed. Those that are not postponed are left out."""
    AMOUNT = "amount"
    """The amount; requires a filter by `currency`. Those without an amount are left out."""


def _priced_in(chosen: OpportunityFilter | None, order: Any) -> str:
    """The currency in which an order by amount compares, which it requires."""
    if order is None or order.field is not OpportunityOrderField.AMOUNT:
        return ""
    if chosen is None or not chosen.currency:
        raise Refusal(ErrorCode.BAD_INPUT, "amount_needs_currency", ("filter", "currency"))
    return currency_code(chosen.currency)


def _present(_filter: OpportunityFilter | None, order: Any) -> Statement | None:
    """A position in an order is never null."""
    nullable = (OpportunityOrderField.REMIND_AT, OpportunityOrderField.AMOUNT)
    return is_null(order.field.value, False) if order is not None and order.field in nullable else None


find_opportunities = search(
    Opportunity,
    OpportunityFilter,
    order=OpportunityOrderField.TOUCHED_AT,
    also=_present,
    cursor_scope=_priced_in,
)
