"""Opening accounts, and changing what they are and how they are shown."""

from collections.abc import Awaitable
from typing import Any, TypeVar

import strawberry

from actions.accounts import close, settings
from actions.accounts.create import Opening, open_account
from authz.centrals import door_of
from authz.gates import admin_only, in_session, owner_only
from authz.identity import NoSuchCentral, as_now
from authz.refusal import Refusal, Unauthenticated
from graph.accounts.inputs import (
    BecomeLegalEntityInput,
    BecomeNaturalPersonInput,
    CloseAccountInput,
    OpenAccountInput,
    ReopenAccountInput,
    SetBrandingInput,
    SetCurrencyInput,
    SetIntakeSecretInput,
    SetTimezoneInput,
)
from graph.accounts.types import Account, account_of
from graph.kit.context import Context, Info
from graph.kit.errors import UserError, user_error
from graph.kit.storable import storable
from graph.viewer.types import Central, central_of


@strawberry.type
class AccountAnswer:
    """What came of changing the account that the request stands in."""

    account: Account | None = None
    """The account as it stands now."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


Answer = TypeVar("Answer", bound=AccountAnswer)


@strawberry.type
class OpenAccountPayload:
    """What came of opening an account."""

    central: Central | None = None
    """The door of the new account."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class BecomeLegalEntityPayload(AccountAnswer):
    """What came of making the account a company's."""


@strawberry.type
class BecomeNaturalPersonPayload(AccountAnswer):
    """What came of making the account a person's."""


@strawberry.type
class SetBrandingPayload(AccountAnswer):
    """What came of changing how the account is shown."""


@strawberry.type
class SetCurrencyPayload(AccountAnswer):
    """What came of changing the account's currency."""


@strawberry.type
class SetTimezonePayload(AccountAnswer):
    """What came of changing the account's time zone."""


@strawberry.type
class SetIntakeSecretPayload(AccountAnswer):
    """What came of setting the intake's secret."""


@strawberry.type
class CloseAccountPayload(AccountAnswer):
    """What came of closing the account."""


@strawberry.type
class ReopenAccountPayload(AccountAnswer):
    """What came of reopening the account."""


async def answered(context: Context, answer: Answer, act: Awaitable[Any]) -> Answer:
    """An act's answer: the account as its doer may see it now, or why nothing came of it."""
    try:
        await act
        answer.account = account_of(await as_now(context.viewer))
    except Refusal as refusal:
        answer.errors = [user_error(refusal, context)]
    except (Unauthenticated, NoSuchCentral):
        pass  # it was done, and its doer's standing ended since: there is nothing that he may see
    return answer


def _given(**values: Any) -> dict[str, Any]:
    return {
        name: storable(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not strawberry.UNSET
    }


@strawberry.type
class AccountMutations:
    """Mutations about an account as a whole."""

    @in_session()
    async def open_account(self, info: Info, input: OpenAccountInput) -> OpenAccountPayload:  # noqa: A002
        """Open an account of your own: a natural person's, until it has a company's tax number.

        Errors: UNVERIFIED_ADDRESS; BAD_INPUT; RATE_LIMITED for one account too many; IDEMPOTENCY_CONFLICT.

        Args:
            input: What it is opened with.
        """
        context = info.context
        opening = Opening(
            storable(input.name),
            storable(input.country),
            storable(input.currency),
            storable(input.timezone),
            storable(context.locale if input.locale is None else input.locale),
        )
        try:
            account_id = await open_account(context.caller, opening, input.idempotency_key)
        except Refusal as refusal:
            return OpenAccountPayload(errors=[user_error(refusal, context)])
        door = await door_of(context.viewer, account_id)
        return OpenAccountPayload(central=central_of(door) if door else None)

    @owner_only()
    async def become_legal_entity(
        self,
        info: Info,
        input: BecomeLegalEntityInput,  # noqa: A002
    ) -> BecomeLegalEntityPayload:
        """Make the account a company's, by a tax number that is valid for companies of its country.

        A company's account can have profiles and collaborators. Errors: BAD_INPUT; BAD_TAX_NUMBER, with the
        reason: length, characters, a part, the check digits, a person's number, a country whose numbers are
        not known, one that does not tell a company from a person where `kind` does not either, or a company's
        where `kind` says that it is a person's.

        Args:
            input: The number and its country.
        """
        act = settings.become_legal_entity(
            info.context.caller,
            storable(input.country),
            storable(input.tax_number),
            input.kind,
            input.idempotency_key,
        )
        return await answered(info.context, BecomeLegalEntityPayload(), act)

    @owner_only()
    async def become_natural_person(
        self,
        info: Info,
        input: BecomeNaturalPersonInput | None = None,  # noqa: A002
    ) -> BecomeNaturalPersonPayload:
        """Make the account a person's; its tax number is forgotten.

        Who works in it stays. Creating profiles, inviting and accepting end until it is a company's again.

        Args:
            input: A key to repeat it safely by.
        """
        key = input.idempotency_key if input else None
        act = settings.become_natural_person(info.context.caller, key)
        return await answered(info.context, BecomeNaturalPersonPayload(), act)

    @admin_only()
    async def set_branding(self, info: Info, input: SetBrandingInput) -> SetBrandingPayload:  # noqa: A002
        """Change how the account is shown: what is left out stays.

        Errors: BAD_INPUT; VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: What changes.
        """
        changed = _given(brand_name=input.brand_name, logo_url=input.logo_url, locale=input.locale)
        act = settings.set_branding(
            info.context.caller, changed, input.expected_version, input.idempotency_key
        )
        return await answered(info.context, SetBrandingPayload(), act)

    @owner_only()
    async def set_currency(self, info: Info, input: SetCurrencyInput) -> SetCurrencyPayload:  # noqa: A002
        """Set the account's own currency. Amounts of before keep theirs.

        Errors: BAD_INPUT; VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: The currency.
        """
        currency = storable(input.currency)
        act = settings.set_currency(
            info.context.caller, currency, input.expected_version, input.idempotency_key
        )
        return await answered(info.context, SetCurrencyPayload(), act)

    @owner_only()
    async def set_timezone(self, info: Info, input: SetTimezoneInput) -> SetTimezonePayload:  # noqa: A002
        """Set the time zone that the account's days are counted in, in every report, of before too.

        Errors: BAD_INPUT; VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: The time zone.
        """
        timezone = storable(input.timezone)
        act = settings.set_timezone(
            info.context.caller, timezone, input.expected_version, input.idempotency_key
        )
        return await answered(info.context, SetTimezonePayload(), act)

    @owner_only()
    async def set_intake_secret(
        self,
        info: Info,
        input: SetIntakeSecretInput,  # noqa: A002
    ) -> SetIntakeSecretPayload:
        """Set the secret that a marketplace's messages carry (Hotmart's hottok). It is never told again.

        Errors: BAD_INPUT.

        Args:
            input: The secret.
        """
        secret = storable(input.secret)
        act = settings.set_intake_secret(info.context.caller, secret, input.idempotency_key)
        return await answered(info.context, SetIntakeSecretPayload(), act)

    @owner_only()
    async def close_account(self, info: Info, input: CloseAccountInput) -> CloseAccountPayload:  # noqa: A002
        """Close the account: from then only you enter it, to read, to export and, for 30 days, to reopen it.

        Messages of marketplaces are answered with 410; an offer to hand it over falls. Errors: BAD_INPUT
        where the name is not the account's; ACCOUNT_CLOSED.

        Args:
            input: The account's name, as a confirmation.
        """
        act = close.close_account(info.context.caller, storable(input.name), input.idempotency_key)
        return await answered(info.context, CloseAccountPayload(), act)

    @owner_only()
    async def reopen_account(
        self,
        info: Info,
        input: ReopenAccountInput | None = None,  # noqa: A002
    ) -> ReopenAccountPayload:
        """Open a closed account again, until `closesForGoodAt`: all is as it was.

        Errors: ACCOUNT_NOT_CLOSED; CLOSED_FOR_GOOD.

        Args:
            input: A key to repeat it safely by.
        """
        act = close.reopen_account(info.context.caller, input.idempotency_key if input else None)
        return await answered(info.context, ReopenAccountPayload(), act)
