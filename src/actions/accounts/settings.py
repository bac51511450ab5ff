"""An account's settings: legal status, branding, currency, time zone, and the intake's secret."""

import hashlib
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from actions.accounts.create import account_name, require_locale, require_timezone
from actions.accounts.legal_entity import company_number
from actions.kit.call import Call
from actions.kit.currency import require_currency
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.version import advance_account
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.places import countries
from models.sales.billed_months import compare_all, next_night
from models.vocabulary import AccountKind

SHORTEST_SECRET = 8
_LONGEST_SECRET = 1_000
_LONGEST_URL = 500
_FIELDS = {
    "kind": "Account.kind",
    "country": "Account.country",
    "brand_name": "Account.brandName",
    "logo_url": "Account.logoUrl",
    "locale": "Account.locale",
    "currency": "Account.currency",
    "timezone": "Account.timezone",
}

BECOME_LEGAL_ENTITY = Mutation(
    "becomeLegalEntity", Standing.OWNER, "Account", codes=(ErrorCode.BAD_TAX_NUMBER,), replays=True
)
BECOME_NATURAL_PERSON = Mutation("becomeNaturalPerson", Standing.OWNER, "Account", replays=True)
SET_BRANDING = Mutation(
    "setBranding", Standing.ADMIN, "Account", codes=(ErrorCode.VERSION_CONFLICT,), replays=True
)
SET_CURRENCY = Mutation(
    "setCurrency", Standing.OWNER, "Account", codes=(ErrorCode.VERSION_CONFLICT,), replays=True
)
SET_TIMEZONE = Mutation(
    "setTimezone", Standing.OWNER, "Account", codes=(ErrorCode.VERSION_CONFLICT,), replays=True
)
REQUIRE_TWO_FACTOR = Mutation(
    "requireTwoFactor", Standing.OWNER, "Account", codes=(ErrorCode.TWO_FACTOR_OFF,), replays=True
)
SET_REVEAL_ON_RECORD = Mutation("setRevealOnRecord", Standing.OWNER, "Account", replays=True)
SET_INTAKE_SECRET = Mutation("setIntakeSecret", Standing.OWNER, "Account", replays=True)


async def become_legal_entity(call: Call, country: str, tax_number: str, declared: AccountKind | None) -> str:
    """Make the account a company's, by its tax number. Refuses any other number with BAD_TAX_NUMBER."""

    async def work(viewer: Viewer) -> Done:
        place = country.upper()
        if place not in countries():
            raise Refusal(ErrorCode.BAD_INPUT, "no_country", ("country",))
        number = company_number(place, tax_number, declared)
        values = {"kind": AccountKind.LEGAL_ENTITY.value, "country": place, "tax_number": number}
        return await _set(viewer, values, Change("Account.taxNumber", None, "changed"))

    return await BECOME_LEGAL_ENTITY.perform(call, work)


async def become_natural_person(call: Call) -> str:
    """Make the account a natural person's. Collaborators stay; new profiles and invitations are refused."""

    async def work(viewer: Viewer) -> Done:
        values = {"kind": AccountKind.NATURAL_PERSON.value, "tax_number": None}
        return await _set(viewer, values, Change("Account.taxNumber", None, "changed"))

    return await BECOME_NATURAL_PERSON.perform(call, work)


async def require_two_factor(call: Call, *, required: bool) -> str:
    """Require a second factor of everyone who enters the account, or stop requiring it.

    The owner must have one first, because the requirement applies to them, too.
    """

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        rows = await database.read(
            "SELECT a.two_factor_required_at, u.two_factor_at FROM accounts a"
            " JOIN users u ON u.id = a.owner_id WHERE a.id = ?",
            (viewer.central.account_id,),
        )
        if required and rows[0]["two_factor_at"] is None:
            raise Refusal(ErrorCode.TWO_FACTOR_OFF, "set_up_two_factor_first")
        before = rows[0]["two_factor_required_at"] is not None
        if before != required:
            await database.write(
                "UPDATE accounts SET two_factor_required_at = ? WHERE id = ?",
                (database.now() if required else None, viewer.central.account_id),
            )
        changes = (Change("Account.requiresTwoFactor", before, required),) if before != required else ()
        return Done(viewer.central.account_id, changes)

    return await REQUIRE_TWO_FACTOR.perform(call, work)


async def set_reveal_on_record(call: Call, *, enabled: bool) -> str:
    """Set whether collaborators see personal data of buyers masked until they reveal it on record."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        before = viewer.central.reveals_on_record
        change = (Change("Account.revealOnRecord", before, enabled),) if before != enabled else ()
        return await _set(viewer, {"reveal_on_record": enabled}, *change)

    return await SET_REVEAL_ON_RECORD.perform(call, work)


async def set_branding(call: Call, changed: dict[str, str | None], expected: int) -> str:
    """Change `brand_name`, `logo_url` and `locale`, as far as they are provided."""

    async def work(viewer: Viewer) -> Done:
        values = dict(changed)
        if values.get("brand_name") is not None:
            values["brand_name"] = account_name(str(values["brand_name"]), "brandName")
        if values.get("logo_url") is not None:
            _require_logo(str(values["logo_url"]))
        if "locale" in values:
            require_locale(values["locale"])
        return await _set(viewer, values, expected=expected)

    return await SET_BRANDING.perform(call, work)


def _require_logo(url: str) -> None:
    try:
        parts = urlsplit(url)
        fits = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        fits = False
    if not (fits and len(url) <= _LONGEST_URL and url.isprintable() and " " not in url):
        raise Refusal(ErrorCode.BAD_INPUT, "no_logo", ("logoUrl",), most=_LONGEST_URL)


async def set_currency(call: Call, currency: str, expected: int) -> str:
    """Set the account's own currency."""

    async def work(viewer: Viewer) -> Done:
        require_currency(currency.upper())
        return await _set(viewer, {"currency": currency.upper()}, expected=expected)

    return await SET_CURRENCY.perform(call, work)


async def set_timezone(call: Call, timezone: str, expected: int) -> str:
    """Set the time zone in which the account's days begin and end."""

    async def work(viewer: Viewer) -> Done:
        require_timezone(timezone)
        done = await _set(viewer, {"timezone": timezone}, expected=expected)
        # sales of the first and last days of a month can now count in another one
        await compare_all(done.object_id, next_night(database.now(), ZoneInfo(timezone)))
        return done

    return await SET_TIMEZONE.perform(call, work)


async def set_intake_secret(call: Call, secret: str) -> str:
    """Set the secret that a marketplace's messages carry. Only its digest is stored."""

    async def work(viewer: Viewer) -> Done:
        plain = secret.strip()
        if not (SHORTEST_SECRET <= len(plain) <= _LONGEST_SECRET and plain.isprintable()):
            raise Refusal(ErrorCode.BAD_INPUT, "secret_length", ("secret",), first=SHORTEST_SECRET)
        digest = hashlib.sha256(plain.encode()).hexdigest()
        return await _set(
            viewer, {"intake_secret_digest": digest}, Change("Account.intakeSecretSet", None, "changed")
        )

    return await SET_INTAKE_SECRET.perform(call, work)


async def _set(viewer: Viewer, values: dict[str, Any], *more: Change, expected: int | None = None) -> Done:
    """Write columns of the viewer's account. The log shows those that are in the schema before and after."""
    assert viewer.central is not None
    account_id = viewer.central.account_id
    await advance_account(viewer, expected)
    if not values:
        return Done(account_id)
    shown = [name for name in values if name in _FIELDS]
    before: Any = {}
    if shown:
        before = (
            await database.read(f"SELECT {', '.join(shown)} FROM accounts WHERE id = ?", (account_id,))
        )[0]
    columns = ", ".join(f"{name} = ?" for name in values)
    await database.write(f"UPDATE accounts SET {columns} WHERE id = ?", (*values.values(), account_id))
    changes = [
        Change(_FIELDS[name], before[name], values[name]) for name in shown if before[name] != values[name]
    ]
    return Done(account_id, (*changes, *more))
