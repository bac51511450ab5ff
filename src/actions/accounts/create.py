"""Creating users at the command line, and opening accounts."""

from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs
from tortoise.exceptions import IntegrityError

from actions.accounts.legal_entity import company_number
from actions.accounts.operator import within
from actions.identity.sessions.session import hash_password
from actions.kit.call import Call
from actions.kit.currency import require_currency
from actions.kit.email_address import address_of, normalised_email
from actions.kit.idempotency import REPLAY_MS, remember, require_same_input
from actions.kit.log import log_operator
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.new_password import check_new_password
from authz.catalog import LOCALES
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Central, Viewer
from models import database
from models.places import countries, timezones
from models.recovery.steps import add_default_steps
from models.text import tidied
from models.vocabulary import AccountKind, Edition, Privacy

MOST_ACCOUNTS = 100
_LONGEST_NAME = 200

CREATE_ACCOUNT = Mutation(
    "createAccount",
    Standing.SESSION,
    "Account",
    codes=(ErrorCode.UNVERIFIED_ADDRESS, ErrorCode.RATE_LIMITED),
    replays=True,
    outside=True,
)


class InvalidAccount(ValueError):
    """The reason why a user or an account cannot be created."""


async def create_user(operator: Call, email: str, name: str, password: str, locale: str) -> str:
    """Create a user with a verified address, as the operator does, and return the id.

    Raises `InvalidAccount` for the address, and `Refusal` for a password that nobody can have.
    """
    address = address_of(email)
    if address is None:
        raise InvalidAccount(f"{email!r} is no e-mail address.")
    name = tidied(name, _LONGEST_NAME) or address
    await check_new_password(password, address, name)
    row = {
        "id": database.new_id(),
        "email": address,
        "name": name,
        "password_hash": await hash_password(password),
        "locale": locale,
        "email_verified_at": database.now(),
        "created_at": database.now(),
    }

    async def work() -> None:
        await database.insert("users", row)
        await log_operator(operator, "createUser", "User", str(row["id"]))

    try:
        await database.transact(work)
    except IntegrityError as error:
        raise InvalidAccount(f"{address} is a user already.") from error
    return str(row["id"])


@dataclass(frozen=True, slots=True)
class Opening:
    """The properties of a new account."""

    name: str
    country: str
    currency: str
    timezone: str
    locale: str

    def checked(self) -> "Opening":
        """The same properties, normalized. Refuses invalid ones with BAD_INPUT."""
        country, currency = self.country.upper(), self.currency.upper()
        if country not in countries():
            raise Refusal(ErrorCode.BAD_INPUT, "no_country", ("country",))
        require_currency(currency)
        require_timezone(self.timezone)
        require_locale(self.locale)
        return replace(self, name=account_name(self.name), country=country, currency=currency)


def account_name(name: str, field: str = "name") -> str:
    """A valid name of an account. Refuses any other with BAD_INPUT."""
    return checked_name(name, _LONGEST_NAME, (field,), "account_name")


def require_timezone(timezone: str) -> None:
    """Refuse an unknown time zone with BAD_INPUT."""
    if timezone not in timezones():
        raise Refusal(ErrorCode.BAD_INPUT, "no_timezone", ("timezone",))


def require_locale(locale: str | None) -> None:
    """Refuse a language that the server does not have with BAD_INPUT."""
    if locale not in LOCALES:
        raise Refusal(ErrorCode.BAD_INPUT, "no_locale", ("locale",))


async def create_account(call: Call, opening: Opening) -> str:
    """Open an account for the caller and return its id. It is a natural person's until it has a tax number.

    Refuses with UNVERIFIED_ADDRESS if the caller's address is not verified, and with RATE_LIMITED if they
    opened too many accounts. The log entry is the first in the new account's own log.
    """

    async def work(viewer: Viewer) -> Done:
        assert viewer.user_id is not None
        row = _row(viewer.user_id, opening.checked(), None)
        await _require_verified(viewer.user_id)
        await _require_new(viewer.user_id, call)
        await _require_room(viewer.user_id)
        await database.insert("accounts", row)
        await add_default_steps(row["id"], row["locale"])
        central = Central(row["id"], row["name"], False, Privacy.OWN, row["timezone"], row["currency"])
        within = structs.replace(viewer, central=central)
        await remember(within, CREATE_ACCOUNT.name, call, row["id"])
        return Done(row["id"], by=within)

    try:
        return await CREATE_ACCOUNT.perform(call, work)
    except _OpenedBefore as known:
        return known.account_id


class _OpenedBefore(Exception):
    """An earlier call with the same key opened an account: there is nothing to do or to log."""

    def __init__(self, account_id: str) -> None:
        super().__init__(account_id)
        self.account_id = account_id


async def _require_new(user_id: str, call: Call) -> None:
    rows = await database.read(
        "SELECT k.input_digest, k.object_id FROM accounts a JOIN idempotency_keys k"
        " ON k.account_id = a.id AND k.user_id = a.owner_id AND k.act = ? AND k.key = ? AND k.created_at > ?"
        " WHERE a.owner_id = ?",
        (CREATE_ACCOUNT.name, call.key, database.now() - REPLAY_MS, user_id),
    )
    if rows:
        require_same_input(call, rows[0]["input_digest"])
        raise _OpenedBefore(str(rows[0]["object_id"]))


async def _require_verified(user_id: str) -> None:
    """Refuse an unverified address. The user's row is locked, so that their accounts are counted in turn."""
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    rows = await database.read(f"SELECT email_verified_at FROM users WHERE id = ?{lock}", (user_id,))
    if rows[0]["email_verified_at"] is None:
        raise Refusal(ErrorCode.UNVERIFIED_ADDRESS, "address_not_verified")


async def _require_room(user_id: str) -> None:
    rows = await database.read("SELECT COUNT(*) AS n FROM accounts WHERE owner_id = ?", (user_id,))
    if rows[0]["n"] >= MOST_ACCOUNTS:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_accounts", most=MOST_ACCOUNTS)


async def register_account(operator: Call, email: str, opening: Opening, tax_number: str | None) -> str:
    """Open an account for the user with an e-mail address, as the operator does, and return its id."""
    opening = opening.checked()
    users = await database.read("SELECT id FROM users WHERE email = ?", (normalised_email(email),))
    if not users:
        raise InvalidAccount(f"There is no user {email}.")
    number = None
    if tax_number:
        number = company_number(opening.country, tax_number, AccountKind.LEGAL_ENTITY)
    row = _row(users[0]["id"], opening, number)

    async def work() -> None:
        await database.insert("accounts", row)
        await add_default_steps(row["id"], row["locale"])
        await log_operator(within(operator, row), CREATE_ACCOUNT.name, "Account", str(row["id"]))

    await database.transact(work)
    return str(row["id"])


def _row(owner_id: str, opening: Opening, number: str | None) -> dict[str, Any]:
    return {
        "id": database.new_id(),
        "owner_id": owner_id,
        "name": opening.name,
        "kind": AccountKind.LEGAL_ENTITY if number else AccountKind.NATURAL_PERSON,
        "country": opening.country,
        "tax_number": number,
        "edition": Edition.STANDARD,
        "teams_on": False,
        "privacy": Privacy.OWN,
        "currency": opening.currency,
        "timezone": opening.timezone,
        "locale": opening.locale,
        "logo_url": None,
        "intake_id": database.new_id(),
        "intake_secret_digest": None,
        "closed_at": None,
        "created_at": database.now(),
    }
