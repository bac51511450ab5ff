"""Opportunities, and the steps of the pipeline."""

import strawberry

from actions.commerce.opportunities.found import GRANT, opportunities
from authz import reach
from authz.gates import ON_RECORD, Needs, gated, needs
from authz.grant import Grant
from engine.rows.connection import Connection
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import (
    Beside,
    Children,
    Column,
    Computed,
    Covered,
    Pages,
    Within,
    computed,
    counted,
    embedded,
    joined,
    sourced,
)
from graph.commerce.opportunities.history import OpportunityEvent, OpportunityNote
from graph.commerce.products.types import Offer, Product
from graph.commerce.sales.types import Sale
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Person
from graph.membership.teams.types import Team
from models.masking import masked_email, masked_number
from models.statement import one_of
from models.tables.opportunity import OPEN, LostReason, OpportunityKind, OpportunityStatus

strawberry.enum(OpportunityKind)
strawberry.enum(OpportunityStatus)
strawberry.enum(LostReason)

_RECOVERY = Needs(grant=GRANT)
_EMAIL = Covered(Column("email"), ON_RECORD, masked_email)
_PHONE = Covered(Column("phone"), ON_RECORD, masked_number)
_DOCUMENT = Covered(Column("document"), ON_RECORD, masked_number)


@gated(_RECOVERY)
@strawberry.type
class OpportunityContact:
    """Who may buy.

    If the account reveals personal data only on record (`Account.revealOnRecord`), collaborators see the
    e-mail address, the phone number and the document masked.
    """

    name: str | None
    """The contact's name."""
    country: str | None
    """The contact's country as an ISO 3166 code, for example `BR`."""
    email: str | None = needs(Grant.CHANGE_BUYER_EMAIL, _EMAIL)
    """The contact's e-mail address."""
    email_masked: str | None = computed(masked_email, "email")
    """The first letters of the e-mail address and of its domain, for example `m…@e…`."""
    phone: str | None = needs(Grant.ISSUE_PAYMENT_SLIPS, _PHONE)
    """The contact's phone number."""
    phone_masked: str | None = computed(masked_number, "phone")
    """The last two digits of the phone number, for example `…42`."""
    document: str | None = needs(Grant.SEND_RECEIPTS, _DOCUMENT)
    """The number of the contact's identity or tax document."""


@gated(_RECOVERY)
@strawberry.type
class OpportunityOrigin:
    """The tracking codes of the link that the contact followed."""

    src: str | None
    """The source code of the link (`src`), for example `newsletter`."""
    sck: str | None
    """The checkout's source code of the link (`sck`)."""
    xcod: str | None
    """The seller's own code in the link (`xcod`)."""


@gated(Needs(grant=Grant.MANAGE_AFFILIATES))
@strawberry.type
class OpportunityAffiliate:
    """The affiliate who brought the contact."""

    code: str | None
    """The affiliate's code at the marketplace; null if only the name is known."""
    name: str | None
    """The affiliate's name."""


_OPEN = Children("step_id", where=one_of("r.status", [status.value for status in OPEN]), reach=opportunities)


@gated(_RECOVERY)
@row_of("pipeline_steps", "step")
@strawberry.type
class OpportunityStep:
    """A step of the pipeline."""

    step_id: strawberry.ID = sourced(Column("id"))
    """The step's id."""
    name: str
    """The step's name."""
    position: int
    """The place of the step in the pipeline, starting at 0."""
    open: int = counted(_OPEN, "opportunities")
    """The number of open opportunities at this step, of those within your reach."""


def _title(title: str | None, name: str | None, product: str | None) -> str:
    return title or name or product or "–"


def _merged_into(row_id: str | None) -> strawberry.ID | None:
    return None if row_id is None else strawberry.ID(f"opportunity_{row_id}")


def _affiliate(code: str | None, name: str | None) -> OpportunityAffiliate | None:
    return OpportunityAffiliate(code=code, name=name) if code or name else None


def _lost_reason(status: str, reason: str | None) -> LostReason | None:
    return LostReason(reason) if reason and status == OpportunityStatus.LOST else None


@gated(_RECOVERY)
@row_of("opportunities", "opportunity", carries={"sale_id": "sale_id", "won_by_id": "won_by_id"})
@strawberry.type
class Opportunity(Node):
    """A sale that may still happen, and that someone works on."""

    title: str = computed(_title, "title", "contact_name", Beside("product_id", "products", "name"))
    """The title that a person set, otherwise the contact's name, otherwise that of the product."""
    kind: OpportunityKind
    """How it came about."""
    status: OpportunityStatus
    """The status. A sale of the product to the contact wins it by itself, even if it was lost before."""
    step: OpportunityStep = joined("step_id")
    """The step of the pipeline at which it stands."""
    amount: Money | None = sourced(priced("amount"))
    """What it would bring: the amount that a person set, otherwise the price of the sale, or of the offer
    when it was opened; null if it is not known."""
    product: Product | None = joined("product_id")
    """The product; null if a person added it without one."""
    offer: Offer | None = joined("offer_id")
    """The offer, if it is known."""
    contact: OpportunityContact = embedded("contact_")
    """Who may buy."""
    origin: OpportunityOrigin = embedded("origin_")
    """The tracking codes of the link that led the contact to the checkout."""
    affiliate: OpportunityAffiliate | None = needs(
        Grant.MANAGE_AFFILIATES, Computed(_affiliate, ("affiliate_code", "affiliate_name"))
    )
    """The affiliate who brought the contact."""
    assignee: Person | None = joined("assignee_id")
    """The collaborator it is assigned to; null if it is unassigned."""
    team: Team | None = joined("team_id")
    """The team in which it was assigned; null for none."""
    starred: bool
    """Whether a person marked it as important."""
    probability: int | None
    """How likely a person thinks it is to be won, in percent."""
    remind_at: DateTime | None
    """The moment until which it is postponed; null if it is not."""
    attempts: int
    """How often the contact tried: at the checkout, or with refused payments."""
    opened_at: DateTime
    """When the contact tried first, the order was placed, or a person added it."""
    touched_at: DateTime
    """When something last happened to it."""
    closed_at: DateTime | None
    """When it was won, lost or canceled; null if it is open."""
    lost_reason: LostReason | None = computed(_lost_reason, "status", "lost_reason")
    """Why it was lost; null if it is not lost."""
    merged_into_id: strawberry.ID | None = computed(_merged_into, "merged_into_id")
    """The id of the opportunity that it was merged into as a duplicate; null if it was not."""
    sale: Sale | None = needs(Grant.SEARCH_SALES, Within("sale_id", reach.sales))
    """The sale of the unpaid slip or of the first refused payment, if it is within your reach."""
    won_by: Sale | None = needs(Grant.SEARCH_SALES, Within("won_by_id", reach.sales))
    """The sale that won it, if it is within your reach."""
    notes: Connection[OpportunityNote] = sourced(
        Pages(Children("opportunity_id", Order("written_at", descending=True)), "opportunity_notes")
    )
    """What people wrote about it, newest first."""
    history: Connection[OpportunityEvent] = sourced(
        Pages(Children("opportunity_id", Order("happened_at", descending=True)), "opportunity_events")
    )
    """What happened to it, newest first."""
    version: int
    """A number that grows with each act. Mutations require the one that you read."""


found_within(Opportunity, opportunities)
