"""Changing what of an account is its owner's alone."""

from typing import Any

import strawberry

from actions.accounts.owner_details import set_bank_details, set_owner_details
from authz.gates import owner_only
from graph.accounts.mutations import AccountAnswer, answered
from graph.kit.context import Info
from graph.kit.storable import storable
from models.words import BankKind


@strawberry.input
class OwnerAddressInput:
    """A postal address."""

    street: str | None = None
    """Street and number."""
    city: str | None = None
    """City."""
    region: str | None = None
    """State, province or region."""
    postal_code: str | None = None
    """Postal code."""
    country: str | None = None
    """The country's ISO 3166 code."""


@strawberry.input
class SetOwnerDetailsInput:
    """Who stands behind the account. What is left out stays; null takes it away."""

    legal_name: str | None = strawberry.UNSET
    """The name of the person or the company in law."""
    phone: str | None = strawberry.UNSET
    """A telephone number."""
    address: OwnerAddressInput | None = strawberry.UNSET
    """The postal address, whole."""
    expected_version: int
    """The `version` of `ownerDetails` that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class BrazilianBankNumber:
    """A bank account in Brazil."""

    bank: str
    """The bank's code, of three digits."""
    agency: str
    """The agency, of four digits, with its check digit where it has one."""
    account: str
    """The account, with its check digit."""


@strawberry.input
class AmericanBankNumber:
    """A bank account in the United States."""

    routing: str
    """The routing number, of nine digits."""
    account: str
    """The account, of 4 to 17 digits."""


@strawberry.input(one_of=True)
class BankNumberInput:
    """A bank number, in exactly one of these forms."""

    iban: str | None = strawberry.UNSET
    """An international bank account number."""
    brazil: BrazilianBankNumber | None = strawberry.UNSET
    """Bank, agency and account, as in Brazil."""
    united_states: AmericanBankNumber | None = strawberry.UNSET
    """Routing number and account, as in the United States."""
    clabe: str | None = strawberry.UNSET
    """A CLABE of 18 digits, as in Mexico."""
    cbu: str | None = strawberry.UNSET
    """A CBU of 22 digits, as in Argentina."""


@strawberry.input
class SetBankDetailsInput:
    """Where the account's money goes."""

    holder: str
    """Whose bank account it is."""
    number: BankNumberInput
    """Its number."""
    expected_version: int
    """The `version` of `ownerDetails` that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.type
class SetOwnerDetailsPayload(AccountAnswer):
    """What came of changing the owner's details."""


@strawberry.type
class SetBankDetailsPayload(AccountAnswer):
    """What came of changing the bank details."""


def _number(given: BankNumberInput) -> tuple[BankKind, tuple[str, ...]]:
    if given.brazil:
        number = given.brazil
        return BankKind.BRAZIL, (storable(number.bank), storable(number.agency), storable(number.account))
    if given.united_states:
        abroad = given.united_states
        return BankKind.UNITED_STATES, (storable(abroad.routing), storable(abroad.account))
    alone = {BankKind.IBAN: given.iban, BankKind.CLABE: given.clabe, BankKind.CBU: given.cbu}
    return next((kind, (storable(number),)) for kind, number in alone.items() if isinstance(number, str))


def _changed(given: SetOwnerDetailsInput) -> dict[str, Any]:
    told: dict[str, Any] = {"legal_name": given.legal_name, "phone": given.phone, "address": given.address}
    changed = {name: value for name, value in told.items() if value is not strawberry.UNSET}
    if isinstance(address := changed.get("address"), OwnerAddressInput):
        lines: dict[str, Any] = strawberry.asdict(address)
        changed["address"] = {name: value and storable(value) for name, value in lines.items()}
    return {name: storable(value) if isinstance(value, str) else value for name, value in changed.items()}


@strawberry.type
class OwnerMutations:
    """Mutations of what is the owner's alone."""

    @owner_only()
    async def set_owner_details(self, info: Info, input: SetOwnerDetailsInput) -> SetOwnerDetailsPayload:  # noqa: A002
        """Change who stands behind the account. The log tells that it was changed, never what it holds.

        Errors: BAD_INPUT; VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: What changes.
        """
        act = set_owner_details(
            info.context.caller, _changed(input), input.expected_version, input.idempotency_key
        )
        return await answered(info.context, SetOwnerDetailsPayload(), act)

    @owner_only()
    async def set_bank_details(self, info: Info, input: SetBankDetailsInput) -> SetBankDetailsPayload:  # noqa: A002
        """Set where the account's money goes. The log tells that it was changed, never what it holds.

        Errors: BAD_BANK_NUMBER, with the reason: length, form or check digits; BAD_INPUT;
        VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: Whose bank account it is, and its number.
        """
        kind, parts = _number(input.number)
        holder = storable(input.holder)
        act = set_bank_details(
            info.context.caller, holder, kind, parts, input.expected_version, input.idempotency_key
        )
        return await answered(info.context, SetBankDetailsPayload(), act)
