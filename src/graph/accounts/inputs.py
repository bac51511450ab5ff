"""The inputs of mutations of an account."""

import strawberry

from graph.kit.payload import RepeatableInput
from models.vocabulary import AccountKind


@strawberry.input
class CreateAccountInput(RepeatableInput):
    """The name and the settings of a new account."""

    name: str
    """The account's name, of at most 200 characters."""
    country: str
    """The account's country, as an ISO 3166 code of two letters, for example `BR`."""
    currency: str
    """The account's own currency, as an ISO 4217 code, for example `BRL`."""
    timezone: str = "UTC"
    """The IANA time zone in which the account's days begin, for example `America/Sao_Paulo`."""
    locale: str | None = None
    """The account's language: `en`, `es`, `fr`, `ar` or `pt`. If null, it is yours."""


@strawberry.input
class BecomeLegalEntityInput(RepeatableInput):
    """A company's tax number."""

    country: str
    """The country of the number, as an ISO 3166 code of two letters. It becomes the account's country."""
    tax_number: str
    """The number, with or without separators: CNPJ, SIRET, CIF, RFC, CUIT, NIT, VAT and others."""
    kind: AccountKind | None = None
    """Whether the number is a company's or a person's. Required if the number alone does not show it."""


@strawberry.input
class BecomeNaturalPersonInput(RepeatableInput):
    """The key by which the mutation can be repeated safely."""


@strawberry.input
class SetBrandingInput(RepeatableInput):
    """How the account is shown. Omitted fields stay as they are; null removes a name or a logo."""

    brand_name: str | None = strawberry.UNSET
    """The name that the account is shown under, in place of its own."""
    logo_url: str | None = strawberry.UNSET
    """The address of the account's logo: https, at most 500 characters."""
    locale: str | None = strawberry.UNSET
    """The language in which the account writes to its buyers: `en`, `es`, `fr`, `ar` or `pt`."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.input
class SetCurrencyInput(RepeatableInput):
    """The account's new currency."""

    currency: str
    """The currency's ISO 4217 code, for example `BRL`."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.input
class SetTimezoneInput(RepeatableInput):
    """The account's new time zone."""

    timezone: str
    """The time zone's IANA name, for example `America/Sao_Paulo`."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.input
class RequireTwoFactorInput(RepeatableInput):
    """Who can enter the account."""

    required: bool
    """True: only users with a second factor. False: users without one, too."""


@strawberry.input
class SetRevealOnRecordInput(RepeatableInput):
    """How collaborators see the personal data of buyers."""

    enabled: bool
    """True: masked, until they call `revealBuyer`. False: in full, as far as their grants allow."""


@strawberry.input
class SetIntakeSecretInput(RepeatableInput):
    """The secret that a marketplace's messages carry."""

    secret: str
    """The secret, of 8 characters or more."""


@strawberry.input
class CloseAccountInput(RepeatableInput):
    """The confirmation that the account is to be closed."""

    name: str
    """The account's name, as a confirmation."""


@strawberry.input
class ReopenAccountInput(RepeatableInput):
    """The key by which the mutation can be repeated safely."""
