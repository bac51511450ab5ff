"""The account that a request selects: its own properties. The other nouns add what it contains."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from authz.gates import admin_only, lead_only, owner_only
from authz.viewer import MyRole, Viewer
from graph.kit.context import Context
from graph.kit.node import Node, found_by
from graph.kit.noun import AccountPart, composed
from models import database
from models.vocabulary import AccountKind, Edition, Privacy

strawberry.enum(AccountKind)
strawberry.enum(Edition)
strawberry.enum(Privacy)

ACCOUNT = "account_"


@strawberry.type
class AccountFields(Node, AccountPart):
    """A seller's business, as far as you can see it."""

    id: strawberry.ID
    """The account's id, which never changes."""
    name: str
    """The account's name."""
    my_role: MyRole
    """Your role in the account."""
    timezone: str
    """The IANA time zone in which the account's days are counted, for example `America/Sao_Paulo`."""
    currency: str
    """The account's own currency, as an ISO 4217 code, for example `BRL`."""
    reveal_on_record: bool
    """Whether collaborators see the personal data of buyers masked, and reveal it on record only."""
    teams_on: bool = lead_only()
    """Whether teams are on."""
    privacy: Privacy = admin_only()
    """Whether users see each other's rows while teams are off."""

    @owner_only()
    async def kind(self) -> AccountKind:
        """Whether the account belongs to a person or to a company."""
        return AccountKind((await self._row())["kind"])

    @admin_only()
    async def edition(self) -> Edition:
        """The account's edition, which decides whether teams can be turned on."""
        return Edition((await self._row())["edition"])

    @owner_only()
    async def country(self) -> str:
        """The country that issued the tax number, as an ISO 3166 code, for example `BR`."""
        return str((await self._row())["country"])

    @owner_only()
    async def tax_number(self) -> str | None:
        """The account's tax number; null if none was given."""
        number: str | None = (await self._row())["tax_number"]
        return number

    async def _row(self) -> Any:
        assert self.viewer.central is not None
        return (
            await database.read(
                "SELECT kind, edition, country, tax_number FROM accounts WHERE id = ?",
                (self.viewer.central.account_id,),
            )
        )[0]


if TYPE_CHECKING:
    Account = AccountFields
else:
    Account = Annotated["Account", strawberry.lazy("graph.roots")]


def account_of(viewer: Viewer) -> Account | None:
    """The account that the request selects, from the statement that identified the viewer."""
    central = viewer.central
    if central is None or viewer.role is None:
        return None
    account: Account = composed("Account")(
        viewer=viewer,
        id=strawberry.ID(ACCOUNT + central.account_id),
        name=central.account_name,
        my_role=viewer.role,
        timezone=central.timezone,
        currency=central.currency,
        teams_on=central.teams_on,
        privacy=central.privacy,
        reveal_on_record=central.reveals_on_record,
    )
    return account


async def _by_id(context: Context, names: Sequence[str]) -> Mapping[str, Account]:
    """The account that the request selects, if it is named."""
    central, account = context.viewer.central, account_of(context.viewer)
    if central is None or account is None or central.account_id not in names:
        return {}
    return {central.account_id: account}


found_by(ACCOUNT, "Account", _by_id)
