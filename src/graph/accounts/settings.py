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
    """The part of an account that its settings are."""

    @strawberry.field
    async def brand_name(self) -> str | None:
        """The name that it is shown under, where it is another than its own."""
        name: str | None = (await self._settings())["brand_name"]
        return name

    @strawberry.field
    async def logo_url(self) -> str | None:
        """Its logo."""
        url: str | None = (await self._settings())["logo_url"]
        return url

    @admin_only()
    async def version(self) -> int:
        """Grows with each change of the settings; a mutation that replaces some of them takes it."""
        return int((await self._settings())["version"])

    @admin_only()
    async def locale(self) -> str:
        """The language that it speaks to its buyers."""
        return str((await self._settings())["locale"])

    @admin_only()
    async def owner_name(self) -> str:
        """Who owns it."""
        return str((await self._settings())["owner_name"])

    @owner_only()
    async def closed_at(self) -> DateTime | None:
        """When it was closed, if it is. Its owner alone enters it then."""
        closed: int | None = (await self._settings())["closed_at"]
        return None if closed is None else DateTime(closed)

    @owner_only()
    async def closes_for_good_at(self) -> DateTime | None:
        """Until when a closed account can be reopened; later its owner can still read and export it."""
        closed: int | None = (await self._settings())["closed_at"]
        return None if closed is None else DateTime(closed + GRACE_MS)

    @owner_only()
    async def intake_secret_set(self) -> bool:
        """Whether a marketplace's messages have a secret to carry; without one, none are taken."""
        return (await self._settings())["intake_secret_digest"] is not None

    @owner_only()
    async def owner_details(self) -> OwnerDetails:
        """Who stands behind it, and where its money goes."""
        return await details_of(self.viewer)

    async def _settings(self) -> Any:
        assert self.viewer.central is not None
        return (
            await database.read(
                "SELECT a.brand_name, a.logo_url, a.locale, a.closed_at, a.intake_secret_digest, a.version,"
                " u.name AS owner_name FROM accounts a JOIN users u ON u.id = a.owner_id WHERE a.id = ?",
                (self.viewer.central.account_id,),
            )
        )[0]
