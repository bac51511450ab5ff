"""Mutations of accounts: open one, change its settings, close and reopen it."""

from typing import Any

import strawberry

from actions.accounts import close, create, settings
from actions.accounts.create import Opening
from graph.accounts.inputs import (
    BecomeLegalEntityInput,
    BecomeNaturalPersonInput,
    CloseAccountInput,
    CreateAccountInput,
    ReopenAccountInput,
    RequireTwoFactorInput,
    SetBrandingInput,
    SetCurrencyInput,
    SetIntakeSecretInput,
    SetRevealOnRecordInput,
    SetTimezoneInput,
)
from graph.accounts.payload import AccountPayload
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.storable import storable
from graph.viewer.payload import CentralPayload


@strawberry.type
class CreateAccountPayload(CentralPayload):
    """The result of `createAccount`."""


@strawberry.type
class BecomeLegalEntityPayload(AccountPayload):
    """The result of `becomeLegalEntity`."""


@strawberry.type
class BecomeNaturalPersonPayload(AccountPayload):
    """The result of `becomeNaturalPerson`."""


@strawberry.type
class SetBrandingPayload(AccountPayload):
    """The result of `setBranding`."""


@strawberry.type
class SetCurrencyPayload(AccountPayload):
    """The result of `setCurrency`."""


@strawberry.type
class SetTimezonePayload(AccountPayload):
    """The result of `setTimezone`."""


@strawberry.type
class RequireTwoFactorPayload(AccountPayload):
    """The result of `requireTwoFactor`."""


@strawberry.type
class SetRevealOnRecordPayload(AccountPayload):
    """The result of `setRevealOnRecord`."""


@strawberry.type
class SetIntakeSecretPayload(AccountPayload):
    """The result of `setIntakeSecret`."""


@strawberry.type
class CloseAccountPayload(AccountPayload):
    """The result of `closeAccount`."""


@strawberry.type
class ReopenAccountPayload(AccountPayload):
    """The result of `reopenAccount`."""


def _changes(**values: Any) -> dict[str, Any]:
    return {
        name: storable(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not strawberry.UNSET
    }


@strawberry.type
class AccountMutations:
    """Mutations of the account as a whole."""

    @mutation(create.CREATE_ACCOUNT)
    async def create_account(self, info: Info, input: CreateAccountInput) -> CreateAccountPayload:  # noqa: A002
        """Opens an account of your own. It belongs to a natural person until it has a company's tax number.

        RATE_LIMITED: you have too many accounts.

        Args:
            input: The account's name and settings.
        """
        context = info.context
        opening = Opening(
            storable(input.name),
            storable(input.country),
            storable(input.currency),
            storable(input.timezone),
            storable(context.locale if input.locale is None else input.locale),
        )
        return CreateAccountPayload(object_id=await create.create_account(context.call, opening))

    @mutation(settings.BECOME_LEGAL_ENTITY)
    async def become_legal_entity(
        self,
        info: Info,
        input: BecomeLegalEntityInput,  # noqa: A002
    ) -> BecomeLegalEntityPayload:
        """Turns the account into a company's. The tax number must be valid for companies in its country.

        A company's account can have profiles and collaborators. The message of BAD_TAX_NUMBER gives the
        reason: the length, the characters, one part of the number, the check digits, a person's number, a
        country whose numbers Centrals does not know, a number that could be a company's or a person's while
        `kind` does not say which, or a company's number that `kind` declares to be a person's.

        Args:
            input: The number and its country.
        """
        country, number = storable(input.country), storable(input.tax_number)
        changed = await settings.become_legal_entity(info.context.call, country, number, input.kind)
        return BecomeLegalEntityPayload(object_id=changed)

    @mutation(settings.BECOME_NATURAL_PERSON)
    async def become_natural_person(
        self,
        info: Info,
        input: BecomeNaturalPersonInput | None = None,  # noqa: A002
    ) -> BecomeNaturalPersonPayload:
        """Turns the account into a natural person's and deletes its tax number.

        Its collaborators stay. No one can create profiles, or send or accept invitations, until the account
        is a company's again.

        Args:
            input: The key by which the mutation can be repeated safely.
        """
        return BecomeNaturalPersonPayload(object_id=await settings.become_natural_person(info.context.call))

    @mutation(settings.REQUIRE_TWO_FACTOR)
    async def require_two_factor(self, info: Info, input: RequireTwoFactorInput) -> RequireTwoFactorPayload:  # noqa: A002
        """Allows only users with a second factor to enter the account, or allows everyone again.

        From the next request on, the account does not exist for its collaborators without a second factor,
        nor for their personal access tokens. Their `viewer.centrals` still lists it with `needsTwoFactor`.
        Their work stays assigned to them. The requirement applies to the owner, too. TWO_FACTOR_OFF: you have
        no second factor yourself.

        Args:
            input: Whether a second factor is required.
        """
        changed = await settings.require_two_factor(info.context.call, required=input.required)
        return RequireTwoFactorPayload(object_id=changed)

    @mutation(settings.SET_REVEAL_ON_RECORD)
    async def set_reveal_on_record(
        self,
        info: Info,
        input: SetRevealOnRecordInput,  # noqa: A002
    ) -> SetRevealOnRecordPayload:
        """Masks the personal data of buyers for collaborators, or shows it in full again.

        From the next request on, collaborators see e-mail addresses, phone numbers and documents masked,
        whatever their grants. They can reveal the buyer of one sale for a reason, which the audit log
        records. The owner sees everything as before.

        Args:
            input: Whether personal data is masked.
        """
        changed = await settings.set_reveal_on_record(info.context.call, enabled=input.enabled)
        return SetRevealOnRecordPayload(object_id=changed)

    @mutation(settings.SET_BRANDING)
    async def set_branding(self, info: Info, input: SetBrandingInput) -> SetBrandingPayload:  # noqa: A002
        """Sets how the account is shown. Omitted fields stay as they are.

        Args:
            input: What changes.
        """
        changes = _changes(brand_name=input.brand_name, logo_url=input.logo_url, locale=input.locale)
        changed = await settings.set_branding(info.context.call, changes, input.expected_version)
        return SetBrandingPayload(object_id=changed)

    @mutation(settings.SET_CURRENCY)
    async def set_currency(self, info: Info, input: SetCurrencyInput) -> SetCurrencyPayload:  # noqa: A002
        """Sets the account's own currency. Existing amounts keep their currencies.

        Args:
            input: The new currency.
        """
        currency = storable(input.currency)
        changed = await settings.set_currency(info.context.call, currency, input.expected_version)
        return SetCurrencyPayload(object_id=changed)

    @mutation(settings.SET_TIMEZONE)
    async def set_timezone(self, info: Info, input: SetTimezoneInput) -> SetTimezonePayload:  # noqa: A002
        """Sets the time zone in which the account's days are counted, in every report, including those of
        past periods.

        Args:
            input: The new time zone.
        """
        timezone = storable(input.timezone)
        changed = await settings.set_timezone(info.context.call, timezone, input.expected_version)
        return SetTimezonePayload(object_id=changed)

    @mutation(settings.SET_INTAKE_SECRET)
    async def set_intake_secret(
        self,
        info: Info,
        input: SetIntakeSecretInput,  # noqa: A002
    ) -> SetIntakeSecretPayload:
        """Sets the secret that a marketplace's messages carry (Hotmart's hottok). It is never shown again.

        Args:
            input: The secret.
        """
        changed = await settings.set_intake_secret(info.context.call, storable(input.secret))
        return SetIntakeSecretPayload(object_id=changed)

    @mutation(close.CLOSE_ACCOUNT)
    async def close_account(self, info: Info, input: CloseAccountInput) -> CloseAccountPayload:  # noqa: A002
        """Closes the account. From then on only you can enter it: to read, to export and, for 30 days, to
        reopen it.

        Messages from marketplaces are answered with 410, and an offer to transfer the account is canceled.
        BAD_INPUT: the name is not the account's.

        Args:
            input: The account's name, as a confirmation.
        """
        closed = await close.close_account(info.context.call, storable(input.name))
        return CloseAccountPayload(object_id=closed)

    @mutation(close.REOPEN_ACCOUNT)
    async def reopen_account(
        self,
        info: Info,
        input: ReopenAccountInput | None = None,  # noqa: A002
    ) -> ReopenAccountPayload:
        """Reopens a closed account as it was, until `closesForGoodAt`.

        Args:
            input: The key by which the mutation can be repeated safely.
        """
        return ReopenAccountPayload(object_id=await close.reopen_account(info.context.call))
