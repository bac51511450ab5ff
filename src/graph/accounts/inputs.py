"""What acts on an account are told."""

import strawberry

from models.words import AccountKind


@strawberry.input
class OpenAccountInput:
    """What an account is opened with."""

    name: str
    """Its name, of at most 200 characters."""
    country: str
    """Its country, as an ISO 3166 code of two letters."""
    currency: str
    """Its own currency, as an ISO 4217 code."""
    timezone: str = "UTC"
    """The IANA time zone that its days are counted in."""
    locale: str | None = None
    """The language that it speaks: en, es, fr, ar or pt; without it, yours."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, one account is opened."""


@strawberry.input
class BecomeLegalEntityInput:
    """A company's tax number."""

    country: str
    """The country that gave the number, as an ISO 3166 code of two letters; it becomes the account's."""
    tax_number: str
    """The number, with or without separators: CNPJ, SIRET, CIF, RFC, CUIT, NIT, VAT and others."""
    kind: AccountKind | None = None
    """Whose you declare it to be, where the number alone does not tell a company from a person."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class BecomeNaturalPersonInput:
    """How to repeat it safely."""

    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class SetBrandingInput:
    """How the account is shown. What is left out stays; null takes a name or a logo away."""

    brand_name: str | None = strawberry.UNSET
    """The name that it is shown under, in place of its own."""
    logo_url: str | None = strawberry.UNSET
    """Its logo: an https address of at most 500 characters."""
    locale: str | None = strawberry.UNSET
    """The language that it speaks to its buyers: en, es, fr, ar or pt."""
    expected_version: int
    """The `version` of the account that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class SetCurrencyInput:
    """The account's own currency."""

    currency: str
    """Its ISO 4217 code."""
    expected_version: int
    """The `version` of the account that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class SetTimezoneInput:
    """The account's time zone."""

    timezone: str
    """Its IANA name, as America/Sao_Paulo."""
    expected_version: int
    """The `version` of the account that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class SetIntakeSecretInput:
    """What a marketplace's messages carry."""

    secret: str
    """The secret, of 8 characters or more."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class CloseAccountInput:
    """The confirmation that an account is to be closed."""

    name: str
    """The account's name, typed once more."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class ReopenAccountInput:
    """How to repeat it safely."""

    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""
