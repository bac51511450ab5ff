"""What an account is and how it is shown, as those may read it who may change it."""

from typing import Any

import strawberry

from actions.accounts.close import GRACE_MS
from authz.gates import admin_only, owner_only
from graph.accounts.owner_details import OwnerDetails, details_of
from graph.accounts.types import AccountFields
from graph.kit.scalars import DateTime
from models import database


@strawberry.type
class AccountSettings(AccountFields):
    """The settings of an account."""

    @strawberry.field
    async def brand_name(self) -> str | None:
        """The name under which the account is shown, if it differs from its own name."""
        name: str | None = (await self._settings())["brand_name"]
        return name

    @strawberry.field
    async def logo_url(self) -> str | None:
        """The https address of the account's logo."""
        url: str | None = (await self._settings())["logo_url"]
        return url

    @admin_only()
    async def version(self) -> int:
        """A number that grows with each change of the settings. Mutations that replace settings require
        it."""
        return int((await self._settings())["version"])

    @admin_only()
    async def locale(self) -> str:
        """The language in which the account addresses its buyers, for example `pt`."""
        return str((await self._settings())["locale"])

    @admin_only()
    async def owner_name(self) -> str:
        """The name of the account's owner."""
        return str((await self._settings())["owner_name"])

    @admin_only()
    async def requires_two_factor(self) -> bool:
        """Whether only users with a second factor can enter the account."""
        return (await self._settings())["two_factor_required_at"] is not None

    @owner_only()
    async def closed_at(self) -> DateTime | None:
        """When the account was closed; null if it is open. Only its owner can enter a closed account."""
        closed: int | None = (await self._settings())["closed_at"]
        return None if closed is None else DateTime(closed)

    @owner_only()
    async def closes_for_good_at(self) -> DateTime | None:
        """The time until which a closed account can be reopened. After that, its owner can only read and
        export it."""
        closed: int | None = (await self._settings())["closed_at"]
        return None if closed is None else DateTime(closed + GRACE_MS)

    @owner_only()
    async def intake_secret_set(self) -> bool:
        """Whether a secret is set for messages from a marketplace. Without one, all messages are rejected."""
        return (await self._settings())["intake_secret_digest"] is not None

    @owner_only()
    async def owner_details(self) -> OwnerDetails:
        """The legal identity and the bank details of the account's owner."""
        return await details_of(self.viewer)

    async def _settings(self) -> Any:
        assert self.viewer.central is not None
        return (
            await database.read(
                "SELECT a.brand_name, a.logo_url, a.locale, a.closed_at, a.intake_secret_digest, a.version,"
                " a.two_factor_required_at,"
                " u.name AS owner_name FROM accounts a JOIN users u ON u.id = a.owner_id WHERE a.id = ?",
                (self.viewer.central.account_id,),
            )
        )[0]
