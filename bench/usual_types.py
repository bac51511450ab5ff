"""The usual schema's types: plain resolvers behind permissions, over objects of the ORM."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from strawberry.permission import BasePermission

from authz.gates import grant_bit
from authz.grant import Grant
from models import Commission as CommissionRow
from models import Offer as OfferRow
from models import SaleEvent as EventRow
from models import TeamMember as PlaceRow
from models.address import address_of


def holds(grant: Grant) -> type[BasePermission]:
    """A permission that asks for a grant."""

    class Holds(BasePermission):
        message = f"You lack {grant.value}."

        def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
            return bool(info.context["viewer"].mask & grant_bit(grant))

    return Holds


def needs(grant: Grant) -> Any:
    """A field that asks for a grant."""
    return strawberry.field(permission_classes=[holds(grant)])


def field() -> Any:
    """A field of a sale, or of what belongs to it."""
    return needs(Grant.SEARCH_SALES)


def moment(milliseconds: int | None) -> datetime | None:
    """A time, as the ORM's users keep one."""
    return None if milliseconds is None else present(milliseconds)


def present(milliseconds: int) -> datetime:
    """A time that is never null."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


@strawberry.type
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str


def money(minor: int, currency: str) -> Money:
    """An amount of minor units."""
    return Money(amount=Decimal(minor).scaleb(-2), currency=currency)


@strawberry.type
class Offer:
    """One way to buy a product."""

    id: strawberry.ID = field()
    code: str = field()
    price: Money | None = needs(Grant.VIEW_PRODUCTS)


@strawberry.type
class Product:
    """Something that is sold."""

    row: strawberry.Private[Any]
    id: strawberry.ID = field()
    name: str = field()

    @needs(Grant.VIEW_PRODUCTS)
    async def offers(self) -> list[Offer]:
        """The ways to buy it."""
        found = await OfferRow.filter(account_id=self.row.account_id, product_id=self.row.id).order_by("code")
        return [offer_of(one) for one in found]


def offer_of(row: Any) -> Offer:
    """An offer of its row."""
    return Offer(id=strawberry.ID(f"offer_{row.id}"), code=row.code, price=money(row.price, row.currency))


@strawberry.type
class Team:
    """People who work together."""

    id: strawberry.ID = field()
    name: str = field()


@strawberry.type
class TeamSummary:
    """A team that someone belongs to, in short."""

    team_id: strawberry.ID = field()
    name: str = field()


@strawberry.type
class TeamMembership:
    """A team that someone belongs to."""

    leads: bool = field()
    team: TeamSummary = field()


@strawberry.type
class Person:
    """A collaborator."""

    row: strawberry.Private[Any]
    id: strawberry.ID = field()
    name: str = field()
    role: str = field()

    @strawberry.field
    async def teams(self) -> list[TeamMembership]:
        """The teams that the person belongs to."""
        found = PlaceRow.filter(account_id=self.row.account_id, collaborator_id=self.row.id)
        return [
            TeamMembership(
                leads=one.leads,
                team=TeamSummary(team_id=strawberry.ID(f"team_{one.team_id}"), name=one.team.name),
            )
            for one in await found.select_related("team")
        ]


@strawberry.type
class Address:
    """Where a buyer lives."""

    street: str | None
    city: str | None
    state: str | None
    zip_code: str | None
    country: str | None


@strawberry.type
class Buyer:
    """Who bought."""

    row: strawberry.Private[Any]
    name: str | None = field()
    country: str | None = field()
    email: str | None = needs(Grant.CHANGE_BUYER_EMAIL)
    phone: str | None = needs(Grant.ISSUE_PAYMENT_SLIPS)
    document: str | None = needs(Grant.SEND_RECEIPTS)

    @needs(Grant.SEND_RECEIPTS)
    def address(self) -> Address | None:
        """The postal address."""
        told = self.row.buyer_address
        if not told:
            return None
        found = address_of(told)
        return Address(
            street=found.street,
            city=found.city,
            state=found.state,
            zip_code=found.zip_code,
            country=found.country,
        )


@strawberry.type
class Origin:
    """Where a buyer came from."""

    src: str | None = field()
    sck: str | None = field()


@strawberry.type
class Commission:
    """A share of a price."""

    source: str = field()
    name: str | None = field()
    amount: Money = field()


@strawberry.type
class SaleEvent:
    """Something that happened."""

    status: str | None = field()
    happened_at: datetime = field()
    source: str = field()


@strawberry.type
class Sale:
    """One purchase."""

    row: strawberry.Private[Any]
    id: strawberry.ID = field()
    reference: str = field()
    status: str = field()
    payment_method: str | None = field()
    installments: int = field()
    device: str | None = field()
    ordered_at: datetime = field()
    approved_at: datetime | None = field()
    warranty_until: datetime | None = field()

    @field()
    def price(self) -> Money:
        """What was asked for it."""
        return money(self.row.price, self.row.currency)

    @field()
    def full_price(self) -> Money:
        """What is paid."""
        return money(self.row.full_price, self.row.full_currency)

    @needs(Grant.VIEW_COMMISSIONS_REPORT)
    def net(self) -> Money | None:
        """What the producer is paid."""
        return None if self.row.net is None else money(self.row.net, self.row.net_currency)

    @field()
    def buyer(self) -> Buyer:
        """Who bought."""
        row = self.row
        return Buyer(
            row=row,
            name=row.buyer_name,
            country=row.buyer_country,
            email=row.buyer_email,
            phone=row.buyer_phone,
            document=row.buyer_document,
        )

    @field()
    def product(self) -> Product:
        """What was bought."""
        found = self.row.product
        return Product(row=found, id=strawberry.ID(f"product_{found.id}"), name=found.name)

    @field()
    def offer(self) -> Offer | None:
        """By which offer."""
        return offer_of(self.row.offer) if self.row.offer else None

    @field()
    def assignee(self) -> Person | None:
        """Who works on it."""
        found = self.row.assignee
        if found is None:
            return None
        name = strawberry.ID(f"person_{found.id}")
        return Person(row=found, id=name, name=found.name, role=found.role.value)

    @field()
    def team(self) -> Team | None:
        """The team that it was assigned in."""
        found = self.row.team
        return Team(id=strawberry.ID(f"team_{found.id}"), name=found.name) if found else None

    @field()
    def origin(self) -> Origin:
        """Where the buyer came from."""
        return Origin(src=self.row.origin_src, sck=self.row.origin_sck)

    @needs(Grant.VIEW_COMMISSIONS_REPORT)
    async def commissions(self) -> list[Commission]:
        """Every share of its price."""
        found = CommissionRow.filter(account_id=self.row.account_id, sale_id=self.row.id).order_by("position")
        return [
            Commission(source=one.source.value, name=one.name, amount=money(one.amount, one.currency))
            for one in await found
        ]

    @field()
    async def history(self) -> list[SaleEvent]:
        """What happened to it."""
        found = EventRow.filter(account_id=self.row.account_id, sale_id=self.row.id).order_by("happened_at")
        return [
            SaleEvent(
                status=one.status and one.status.value,
                happened_at=present(one.happened_at),
                source=one.source.value,
            )
            for one in await found
        ]


def sale_of(row: Any) -> Sale:
    """A sale of its row."""
    return Sale(
        row=row,
        id=strawberry.ID(f"sale_{row.id}"),
        reference=row.reference,
        status=row.status.value,
        payment_method=row.payment_method and row.payment_method.value,
        installments=row.instalments,
        device=row.device,
        ordered_at=present(row.ordered_at),
        approved_at=moment(row.approved_at),
        warranty_until=moment(row.warranty_until),
    )


@strawberry.type
class RevenueRow:
    """What was sold on a day."""

    from_: date = strawberry.field(name="from", permission_classes=[holds(Grant.VIEW_REVENUE_REPORT)])
    to: date = needs(Grant.VIEW_REVENUE_REPORT)
    currency: str = needs(Grant.VIEW_REVENUE_REPORT)
    count: int = needs(Grant.VIEW_REVENUE_REPORT)
    gross: Money = needs(Grant.VIEW_REVENUE_REPORT)
    net: Money = needs(Grant.VIEW_REVENUE_REPORT)
    refunded: Money = needs(Grant.VIEW_REVENUE_REPORT)
