"""The account of the central that a request stands in: the door to everything in it."""

from typing import Any

import strawberry

from authz import reach
from authz.gates import admin_only, lead_only, needs, owner_only
from authz.grant import Grant
from authz.viewer import MyRole, Viewer
from engine.rows.connection import Connection, page
from engine.rows.lists import One, Rows, unread
from engine.rows.select import Order
from graph.access.explain import AccessExplanation, Question, explained
from graph.access.types import AccountAccess
from graph.accounts.settings import AccountSettings
from graph.audit.account import AccountAudit
from graph.collaborators.filters import (
    CollaboratorFilter,
    CollaboratorOrder,
    InvitationFilter,
    InvitationOrder,
    PersonFilter,
    found_assignees,
    found_collaborators,
    found_invitations,
    found_people,
)
from graph.collaborators.types import Collaborator, Invitation, Person, Profile, Team
from graph.intake.account import AccountIntake
from graph.kit.context import Context, Info
from graph.products.filters import ProductFilter, found_products
from graph.products.types import Product
from graph.reports.types import Reports
from graph.sales.filters import SaleFilter, SaleOrder, found_sales
from graph.sales.types import Sale
from graph.tokens.types import SeatAccessToken, seat_tokens
from models import database
from models.statement import Statement
from models.words import AccountKind, Edition, Privacy

strawberry.enum(AccountKind)
strawberry.enum(Edition)

_BY_NAME = (Order("sort_key"),)


def paged(context: Context, rows: Rows[Any], **asked: Any) -> Any:
    """A connection over rows, or the error that its arguments deserve."""
    return page(rows, context.seal, most=100, **asked)


@strawberry.type
class Account(AccountAudit, AccountSettings, AccountIntake):
    """A seller's business, as far as you reach into it."""

    id: strawberry.ID
    """Stays the same for as long as the account exists."""
    name: str
    """Its name."""
    my_role: MyRole
    """What you are in it."""
    timezone: str
    """The IANA time zone that its days are counted in."""
    currency: str
    """Its own currency, as an ISO 4217 code."""
    teams_on: bool = lead_only()
    """Whether teams are on."""
    privacy: Privacy = admin_only()
    """Whether users see each other's rows while teams are off."""

    @owner_only()
    async def kind(self) -> AccountKind:
        """Who stands behind it."""
        return AccountKind((await self._row())["kind"])

    @admin_only()
    async def edition(self) -> Edition:
        """Whether teams can be switched on."""
        return Edition((await self._row())["edition"])

    @owner_only()
    async def country(self) -> str:
        """The country whose tax number it has, as an ISO 3166 code."""
        return str((await self._row())["country"])

    @owner_only()
    async def tax_number(self) -> str | None:
        """The tax number."""
        number: str | None = (await self._row())["tax_number"]
        return number

    @owner_only()
    async def intake_url(self, info: Info) -> str:
        """The address that a marketplace's webhooks go to."""
        return f"{info.context.serving.public_url}/intake/hotmart/{(await self._row())['intake_id']}"

    async def _row(self) -> Any:
        assert self.viewer.central is not None
        return (
            await database.read(
                "SELECT kind, edition, country, tax_number, intake_id FROM accounts WHERE id = ?",
                (self.viewer.central.account_id,),
            )
        )[0]

    @needs(Grant.SEARCH_SALES)
    def sales(
        self,
        info: Info,
        filter: SaleFilter | None = None,  # noqa: A002
        order: SaleOrder | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Sale] | None:
        """The sales within your reach, newest first unless an order is given.

        Args:
            filter: Which of them.
            order: In what order.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_sales(self.viewer, filter, order)
        asked = {"first": first, "after": after, "last": last, "before": before}
        return paged(info.context, found, **asked)  # type: ignore[no-any-return]

    @needs(Grant.SEARCH_SALES)
    def sale(self, reference: str) -> Sale | None:
        """The sale of a reference, where it is within your reach.

        Args:
            reference: The marketplace's transaction.
        """
        named = Statement("r.reference = ?", (reference,))
        return unread(One(Rows(Sale, reach.sales(self.viewer), named)))

    @needs(Grant.VIEW_PRODUCTS)
    def products(
        self,
        info: Info,
        filter: ProductFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Product] | None:
        """What the account sells, by name.

        Args:
            filter: Which of them.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_products(self.viewer, filter)
        asked = {"first": first, "after": after, "last": last, "before": before}
        return paged(info.context, found, **asked)  # type: ignore[no-any-return]

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    def collaborators(
        self,
        info: Info,
        filter: CollaboratorFilter | None = None,  # noqa: A002
        order: CollaboratorOrder | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Collaborator] | None:
        """Who works in the account, by name unless an order is given.

        Args:
            filter: Which of them.
            order: In what order.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_collaborators(self.viewer, filter, order)
        asked = {"first": first, "after": after, "last": last, "before": before}
        return paged(info.context, found, **asked)  # type: ignore[no-any-return]

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    def invitations(
        self,
        info: Info,
        filter: InvitationFilter | None = None,  # noqa: A002
        order: InvitationOrder | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Invitation] | None:
        """Who was asked to work in the account, newest first unless an order is given.

        Args:
            filter: Which of them.
            order: In what order.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_invitations(self.viewer, filter, order)
        asked = {"first": first, "after": after, "last": last, "before": before}
        return paged(info.context, found, **asked)  # type: ignore[no-any-return]

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    def profiles(self) -> list[Profile]:
        """The account's profiles, by name; at most 200."""
        return unread(Rows(Profile, reach.profiles(self.viewer), None, _BY_NAME))

    @lead_only()
    def teams(self) -> list[Team]:
        """The teams, by name: all for the owner and admins, those that a team lead leads; at most 200."""
        return unread(Rows(Team, reach.teams(self.viewer), None, _BY_NAME))

    @admin_only()
    def people(
        self,
        info: Info,
        filter: PersonFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Person] | None:
        """Everyone with a seat, by name.

        Args:
            filter: Which of them.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_people(self.viewer, filter)
        asked = {"first": first, "after": after, "last": last, "before": before}
        return paged(info.context, found, **asked)  # type: ignore[no-any-return]

    @admin_only()
    def access_tokens(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[SeatAccessToken] | None:
        """The personal access tokens of the account's collaborators that are good, newest first.

        Args:
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        asked = {"first": first, "after": after, "last": last, "before": before}
        return paged(info.context, seat_tokens(self.viewer), **asked)  # type: ignore[no-any-return]

    @lead_only()
    def assignees(
        self,
        info: Info,
        filter: PersonFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Person] | None:
        """Whom you may assign a sale to, by name: people who can enter now.

        Args:
            filter: Which of them.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_assignees(self.viewer, filter)
        asked = {"first": first, "after": after, "last": last, "before": before}
        return paged(info.context, found, **asked)  # type: ignore[no-any-return]

    @strawberry.field
    def reports(self) -> Reports:
        """The reports that you hold a grant for."""
        return Reports(viewer=self.viewer)

    @strawberry.field
    def access(self) -> AccountAccess:
        """What you hold here, and what you can do with it."""
        return AccountAccess(viewer=self.viewer)

    @admin_only()
    async def explain_access(
        self,
        info: Info,
        coordinate: str,
        collaborator: strawberry.ID,
        object: strawberry.ID | None = None,  # noqa: A002
    ) -> AccessExplanation | None:
        """Why something is open or shut for a collaborator, and the smallest change that would turn it over;
        none for what does not exist for you, or is not within your reach.

        Args:
            coordinate: A type, field, argument, input field or value of the schema, as `Account.name`.
            collaborator: One of `collaborators` or of `people`.
            object: An object, as a sale, that should be within the collaborator's reach besides.
        """
        return await explained(info, Question(coordinate, collaborator, object))


def account_of(viewer: Viewer) -> Account | None:
    """The account that a viewer stands in, told by the statement that identified him."""
    central = viewer.central
    if central is None or viewer.role is None:
        return None
    return Account(
        viewer=viewer,
        id=strawberry.ID(f"account_{central.account_id}"),
        name=central.account_name,
        my_role=viewer.role,
        timezone=central.timezone,
        currency=central.currency,
        teams_on=central.teams_on,
        privacy=central.privacy,
    )
