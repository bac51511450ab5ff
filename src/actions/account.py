"""Users and accounts as whoever runs the server makes them."""

import stdnum.exceptions
from stdnum import get_cc_module
from tortoise.exceptions import IntegrityError

from actions.session import LONGEST_PASSWORD, hash_password, normalised_email
from models import database
from models.words import AccountKind, Edition, Privacy

SHORTEST_PASSWORD = 10


class InvalidAccount(ValueError):
    """What was told makes no user or account: the reason."""


async def create_user(email: str, name: str, password: str, locale: str) -> str:
    """Create someone with a verified address and tell the id."""
    address = normalised_email(email)
    local, _, domain = address.partition("@")
    if not (local and "." in domain and len(address) <= 254 and address.isprintable() and " " not in address):
        raise InvalidAccount(f"{email!r} is no e-mail address.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidAccount(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    row = {
        "id": database.new_id(),
        "email": address,
        "name": name.strip()[:200] or address,
        "password_hash": await hash_password(password),
        "locale": locale,
        "email_verified_at": database.now(),
        "created_at": database.now(),
    }
    try:
        await database.transact(lambda: database.insert("users", row))
    except IntegrityError as error:
        raise InvalidAccount(f"{address} is a user already.") from error
    return str(row["id"])


async def open_account(
    owner: str, name: str, country: str, currency: str, timezone: str, tax_number: str | None
) -> str:
    """Open an account for a user and tell its id; a company's valid tax number makes it a legal entity."""
    if len(country) != 2 or len(currency) != 3 or not (country + currency).isascii():
        raise InvalidAccount("A country has two letters, a currency three.")
    users = await database.read("SELECT id FROM users WHERE email = ?", (normalised_email(owner),))
    if not users:
        raise InvalidAccount(f"There is no user {owner}.")
    number = company_number(country, tax_number) if tax_number else None
    row = {
        "id": database.new_id(),
        "owner_id": users[0]["id"],
        "name": name.strip()[:200],
        "kind": AccountKind.LEGAL_ENTITY if number else AccountKind.NATURAL_PERSON,
        "country": country.upper(),
        "tax_number": number,
        "edition": Edition.STANDARD,
        "teams_on": False,
        "privacy": Privacy.OWN,
        "currency": currency.upper(),
        "timezone": timezone,
        "locale": "en",
        "logo_url": None,
        "intake_id": database.new_id(),
        "intake_secret_digest": None,
        "closed_at": None,
        "created_at": database.now(),
    }
    await database.transact(lambda: database.insert("accounts", row))
    return str(row["id"])


# where a country has a number for companies alone, or one that tells them from people
_COMPANY_NUMBERS = {
    "AR": ("cuit",),
    "BR": ("cnpj",),
    "CL": ("rut",),
    "CO": ("nit",),
    "ES": ("cif",),
    "FR": ("siret", "siren"),
    "MX": ("rfc",),
    "PT": ("nif",),
}


def company_number(country: str, number: str) -> str:
    """A company's tax number in its compact form; raises `InvalidAccount` with the reason for any other."""
    reason = "it is not known how this country numbers its companies"
    for name in _COMPANY_NUMBERS.get(country.upper(), ("vat",)):
        module = get_cc_module(country.lower(), name)
        if module is None:
            continue
        try:
            return str(module.validate(number))
        except stdnum.exceptions.ValidationError as error:
            reason = str(error)
    raise InvalidAccount(f"{number} is no company's tax number in {country.upper()}: {reason}")
