"""Mutations of what only the owner of an account sees."""

from typing import Any

import strawberry

from actions.accounts import owner_details
from graph.accounts.payload import AccountPayload
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import RepeatableInput
from graph.kit.storable import storable
from models.vocabulary import BankKind


@strawberry.input
class OwnerAddressInput:
    """A postal address."""

    street: str | None = None
    """The street and house number."""
    city: str | None = None
    """The city."""
    region: str | None = None
    """The state, province or region."""
    postal_code: str | None = None
    """The postal code."""
    country: str | None = None
    """The country's ISO 3166 code."""


@strawberry.input
class SetOwnerDetailsInput(RepeatableInput):
    """The owner's details. Omitted fields stay as they are; null removes them."""

    legal_name: str | None = strawberry.UNSET
    """The legal name of the person or the company."""
    phone: str | None = strawberry.UNSET
    """The owner's phone number."""
    address: OwnerAddressInput | None = strawberry.UNSET
    """The postal address, which replaces the previous one as a whole."""
    expected_version: int
    """The `version` of `ownerDetails` that you read. If it has changed since, nothing is changed."""


@strawberry.input
class BrazilianBankNumber:
    """A bank account in Brazil."""

    bank: str
    """The bank's code, of three digits."""
    agency: str
    """The branch (*agência*), of four digits, with its check digit if it has one."""
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
    """A bank account number, in exactly one of these formats."""

    iban: str | None = strawberry.UNSET
    """An international bank account number."""
    brazil: BrazilianBankNumber | None = strawberry.UNSET
    """Bank, branch and account number, as in Brazil."""
    united_states: AmericanBankNumber | None = strawberry.UNSET
    """Routing number and account number, as in the United States."""
    clabe: str | None = strawberry.UNSET
    """A CLABE of 18 digits, as in Mexico."""
    cbu: str | None = strawberry.UNSET
    """A CBU of 22 digits, as in Argentina."""


@strawberry.input
class SetBankDetailsInput(RepeatableInput):
    """The bank account that the account's money goes to."""

    holder: str
    """The name of the bank account's holder."""
    number: BankNumberInput
    """The bank account's number."""
    expected_version: int
    """The `version` of `ownerDetails` that you read. If it has changed since, nothing is changed."""


@strawberry.type
class SetOwnerDetailsPayload(AccountPayload):
    """The result of `setOwnerDetails`."""


@strawberry.type
class SetBankDetailsPayload(AccountPayload):
    """The result of `setBankDetails`."""


def _number(bank: BankNumberInput) -> tuple[BankKind, tuple[str, ...]]:
    if bank.brazil:
        number = bank.brazil
        return BankKind.BRAZIL, (storable(number.bank), storable(number.agency), storable(number.account))
    if bank.united_states:
        abroad = bank.united_states
        return BankKind.UNITED_STATES, (storable(abroad.routing), storable(abroad.account))
    alone = {
        BankKind.IBAN: bank.iban,
        BankKind.CLABE: bank.clabe,
        BankKind.CBU: bank.cbu,
    }
    return next((kind, (storable(number),)) for kind, number in alone.items() if isinstance(number, str))


def _changes(details: SetOwnerDetailsInput) -> dict[str, Any]:
    values: dict[str, Any] = {
        "legal_name": details.legal_name,
        "phone": details.phone,
        "address": details.address,
    }
    changed = {name: value for name, value in values.items() if value is not strawberry.UNSET}
    if isinstance(address := changed.get("address"), OwnerAddressInput):
        lines: dict[str, Any] = strawberry.asdict(address)
        changed["address"] = {name: value and storable(value) for name, value in lines.items()}
    return {name: storable(value) if isinstance(value, str) else value for name, value in changed.items()}


@strawberry.type
class OwnerMutations:
    """Mutations of what only the owner sees."""

    @mutation(owner_details.SET_OWNER_DETAILS)
    async def set_owner_details(self, info: Info, input: SetOwnerDetailsInput) -> SetOwnerDetailsPayload:  # noqa: A002
        """Sets the details of the account's owner. The log shows that they changed, but not their values.

        Args:
            input: What changes.
        """
        call, changes = info.context.call, _changes(input)
        changed = await owner_details.set_owner_details(call, changes, input.expected_version)
        return SetOwnerDetailsPayload(object_id=changed)

    @mutation(owner_details.SET_BANK_DETAILS)
    async def set_bank_details(self, info: Info, input: SetBankDetailsInput) -> SetBankDetailsPayload:  # noqa: A002
        """Sets the bank account that the account's money goes to. The log shows that it changed, but not its
        number.

        The message of BAD_BANK_NUMBER gives the reason: the length, the format or the check digits.

        Args:
            input: The bank account's holder and number.
        """
        kind, parts = _number(input.number)
        changed = await owner_details.set_bank_details(
            info.context.call, storable(input.holder), kind, parts, input.expected_version
        )
        return SetBankDetailsPayload(object_id=changed)
