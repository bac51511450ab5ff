"""Accounts: who opens one, what makes it a company's, and who changes how it is shown and where its money goes."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import visiting
from models import database
from models.vocabulary import AccountKind, Role

IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


@dataclass
class Place:
    """An account with a seat of each role, and people outside; by name, their tokens."""

    account: dict[str, Any]
    owner: dict[str, Any]
    collaborators: dict[str, dict[str, Any]]
    tokens: dict[str, str | None]

    async def row(self) -> dict[str, Any]:
        rows = await database.read("SELECT * FROM accounts WHERE id = ?", (self.account["id"],))
        stored = dict(rows[0])
        return {name: value for name, value in stored.items() if not name.startswith("chain_")}

    async def log(self) -> list[dict[str, Any]]:
        rows = await database.read(
            "SELECT * FROM audit_entries WHERE account_id = ? ORDER BY sequence", (self.account["id"],)
        )
        return [dict(row) for row in rows]

    async def changes(self) -> list[tuple[str, Any, Any]]:
        entries = await self.log()
        stored = entries[-1]["changes"]
        result = msgspec.json.decode(stored) if isinstance(stored, str) else stored
        return [(item["field"], item["before"], item["after"]) for item in result]


async def place(**account: Any) -> Place:
    owner = await make.user()
    first_account = await make.account(owner, teams_on=True, **account)
    profile = await make.profile(first_account, list(Grant))
    roles = {"admin": Role.ADMIN, "lead": Role.TEAM_LEAD, "user": Role.USER}
    collaborators = {
        name: await make.collaborator(first_account, profile, role) for name, role in roles.items()
    }
    await make.team(first_account, [collaborators["user"]], [collaborators["lead"]])
    tokens: dict[str, str | None] = {
        name: await Client.collaborator(collaborator) for name, collaborator in collaborators.items()
    }
    tokens |= {"owner": await make.session(owner), "stranger": await make.session(await make.user())}
    return Place(first_account, owner, collaborators, tokens | {"signed out": None})


WHO = ["owner", "admin", "lead", "user", "stranger", "signed out"]
ACTS: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "becomeLegalEntity": ("BecomeLegalEntityInput!", {"country": "FR", "taxNumber": "73282932000074"}, {"owner"}),
    "becomeNaturalPerson": ("BecomeNaturalPersonInput", {}, {"owner"}),
    "setBranding": ("SetBrandingInput!", {"brandName": "Shown"}, {"owner", "admin"}),
    "setCurrency": ("SetCurrencyInput!", {"currency": "eur"}, {"owner"}),
    "setTimezone": ("SetTimezoneInput!", {"timezone": "Europe/Paris"}, {"owner"}),
    "setIntakeSecret": ("SetIntakeSecretInput!", {"secret": "a secret of ours"}, {"owner"}),
    "setOwnerDetails": ("SetOwnerDetailsInput!", {"legalName": "Ana Lima"}, {"owner"}),
    "setBankDetails": ("SetBankDetailsInput!", {"holder": "Ana Lima", "number": {"iban": IBAN}}, {"owner"}),
    "closeAccount": ("CloseAccountInput!", {"name": "Studio"}, {"owner"}),
}  # fmt: skip


def text(act: str, kind: str, shown: str = "account { name }") -> str:
    return (
        f"mutation($input: {kind}) {{ {act}(input: $input) {{ {shown} errors {{ code message field }} }} }}"
    )


async def do(visitor: Client, at: Place, who: str, act: str, values: dict[str, Any], **more: Any) -> Any:
    data = await visitor.ask(
        text(act, ACTS[act][0], **more), {"input": values}, token=at.tokens[who], account=at.account
    )
    return data[act]


async def details(at: Place) -> list[dict[str, Any]]:
    rows = await database.read("SELECT * FROM owner_details WHERE account_id = ?", (at.account["id"],))
    return [dict(row) for row in rows]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", WHO)
async def test_an_act_exists_for_those_alone_who_may_do_it(visitor: Client, act: str, who: str) -> None:
    kind, values, allowed = ACTS[act]
    at = await place(name="Studio")
    before = await at.row()

    response = await visitor.post(
        text(act, kind),
        {"input": values},
        token=at.tokens[who],
        account=None if who == "signed out" else at.account,
    )
    body = response.json()

    if who in allowed:
        assert body["data"][act]["errors"] == []
        assert (await at.row(), await details(at)) != (before, [])
        assert [(entry["act"], entry["refusal"]) for entry in await at.log()] == [(act, None)]
    else:
        code = "NOT_FOUND" if who == "stranger" else "GRAPHQL_VALIDATION_FAILED"
        assert body["errors"][0]["extensions"]["code"] == code
        assert (await at.row(), await details(at), await at.log()) == (before, [], [])


OPEN = text("createAccount", "CreateAccountInput!", "central { id accountName access role }")
STUDIO = {"name": " Studio ", "country": "br", "currency": "brl", "timezone": "America/Sao_Paulo"}


async def opened(user: dict[str, Any]) -> list[dict[str, Any]]:
    rows = await database.read("SELECT * FROM accounts WHERE owner_id = ?", (user["id"],))
    return [dict(row) for row in rows]


async def of_user(user: dict[str, Any]) -> list[tuple[str, str | None]]:
    rows = await database.read(
        "SELECT act, refusal FROM user_entries WHERE user_id = ? ORDER BY id", (user["id"],)
    )
    return [(row["act"], row["refusal"]) for row in rows]


async def test_anyone_with_a_verified_address_opens_an_account_of_their_own(visitor: Client) -> None:
    user = await make.user(locale="pt")

    data = await visitor.ask(OPEN, {"input": STUDIO}, token=await make.session(user))

    (account,) = await opened(user)
    assert data["createAccount"]["central"] == {
        "id": f"central_{account['id']}", "accountName": "Studio", "access": "OWNER", "role": "OWNER",
    }  # fmt: skip
    shown = ("kind", "country", "currency", "timezone", "locale", "tax_number", "edition")
    assert [account[name] for name in shown] == [
        "NATURAL_PERSON", "BR", "BRL", "America/Sao_Paulo", "pt", None, "STANDARD",
    ]  # fmt: skip
    rows = await database.read(
        "SELECT act, user_id, sequence FROM audit_entries WHERE account_id = ?", (account["id"],)
    )
    assert [tuple(row) for row in rows] == [("createAccount", user["id"], 1)]


async def test_whose_address_is_not_verified_opens_none(visitor: Client) -> None:
    user = await make.user(email_verified_at=None)

    data = await visitor.ask(OPEN, {"input": STUDIO}, token=await make.session(user))

    assert [error["code"] for error in data["createAccount"]["errors"]] == ["UNVERIFIED_ADDRESS"]
    assert await opened(user) == []
    assert await of_user(user) == [("createAccount", "UNVERIFIED_ADDRESS")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\ab"}, "name"),
        ({"name": "a\0"}, "name"),
        ({"country": "XX"}, "country"),
        ({"country": "BRA"}, "country"),
        ({"currency": "XYZ"}, "currency"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"locale": "tlh"}, "locale"),
        ({"locale": ""}, "locale"),
    ],
)
async def test_an_account_that_cannot_be_is_not_opened(
    visitor: Client, changed: dict[str, str], field: str
) -> None:
    user = await make.user()

    data = await visitor.ask(OPEN, {"input": STUDIO | changed}, token=await make.session(user))

    assert [(error["code"], error["field"]) for error in data["createAccount"]["errors"]] == [
        ("BAD_INPUT", [field])
    ]
    assert await opened(user) == []
    assert await of_user(user) == [("createAccount", "BAD_INPUT")]


async def test_a_key_opens_one_account_and_no_other_input(visitor: Client) -> None:
    user = await make.user()
    token, values = await make.session(user), STUDIO | {"idempotencyKey": "one"}

    first = await visitor.ask(OPEN, {"input": values}, token=token)
    again = await visitor.ask(OPEN, {"input": values}, token=await make.session(user))
    other = await visitor.ask(OPEN, {"input": values | {"name": "Other"}}, token=token)

    assert first == again
    assert [error["code"] for error in other["createAccount"]["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert len(await opened(user)) == 1


NUMBERS = [
    ("BR", "11.222.333/0001-81", None, None),
    ("BR", "11.222.333/0001-82", None, "check digits"),
    ("BR", "390.533.447-05", None, "person’s"),
    ("BR", "529.982.247-25", "LEGAL_ENTITY", "person’s"),
    ("BR", "529.982.247-26", None, "length"),
    ("BR", "11.222.333/0001-81" + " " * 40, None, "length"),
    ("FR", "732 829 320 00074", None, None),
    ("FR", "732829320", None, None),
    ("FR", "73282932000075", None, "check digits"),
    ("ES", "A58818501", None, None),
    ("FR", "2 95 10 99 126 111 93", None, "person’s"),
    ("FR", "2 95 10 99 126 111 94", None, "length"),
    ("ES", "54362315K", None, "person’s"),
    ("ES", "X-2482300W", "LEGAL_ENTITY", "person’s"),
    ("ES", "54362315Z", None, "characters"),
    ("IT", "RCCMNL83S18D969H", None, "person’s"),
    ("SE", "880320-0016", None, "person’s"),
    ("MX", "MAB-930714-8T4", None, None),
    ("MX", "GODE561231GR8", None, "person’s"),
    ("MX", "MAB-931314-8T4", None, "A part"),
    ("AR", "30-70308853-4", None, None),
    ("AR", "20-05536168-2", None, "person’s"),
    ("CO", "800.197.268-4", None, None),
    ("CO", "800.197.268-4", "LEGAL_ENTITY", None),
    ("CO", "800.197.268-4", "NATURAL_PERSON", "is a company’s"),
    ("CO", "213.123.432-1", None, "Declare"),
    ("CO", "213.123.432-1", "NATURAL_PERSON", "Declare"),
    ("CO", "213.123.432-1", "LEGAL_ENTITY", None),
    ("PT", "501 442 600", None, None),
    ("PE", "20512333797", None, None),
    ("US", "91-1144442", None, "Declare"),
    ("US", "91-1144442", "LEGAL_ENTITY", None),
    ("DE", "136695976", "NATURAL_PERSON", "Declare"),
    ("DE", "136695976", "LEGAL_ENTITY", None),
    ("ZW", "1", "LEGAL_ENTITY", "not known"),
]  # fmt: skip


@pytest.mark.parametrize(("country", "number", "kind", "reason"), NUMBERS)
async def test_a_tax_number_makes_a_company_or_the_reason_is_told(
    visitor: Client, country: str, number: str, kind: str | None, reason: str | None
) -> None:
    at = await place(kind=AccountKind.NATURAL_PERSON, tax_number=None, country="AD")
    before = await at.row()

    result = await do(
        visitor, at, "owner", "becomeLegalEntity", {"country": country, "taxNumber": number, "kind": kind},
        shown="account { kind country taxNumber }",
    )  # fmt: skip

    if reason is None:
        assert (result["errors"], result["account"]["kind"]) == ([], "LEGAL_ENTITY")
        assert result["account"]["country"] == country
        assert (await at.row())["tax_number"] == result["account"]["taxNumber"]
        assert ("Account.taxNumber", None, "changed") in await at.changes()
    else:
        (error,) = result["errors"]
        assert (error["code"], error["field"], reason in error["message"]) == (
            "BAD_TAX_NUMBER",
            ["kind" if reason == "is a company’s" else "taxNumber"],
            True,
        )
        assert await at.row() == before
        assert [entry["refusal"] for entry in await at.log()] == ["BAD_TAX_NUMBER"]


async def test_losing_the_status_keeps_the_memberships_and_forgets_the_number(visitor: Client) -> None:
    at = await place()

    result = await do(visitor, at, "owner", "becomeNaturalPerson", {})

    assert result["errors"] == []
    stored = await at.row()
    assert (stored["kind"], stored["tax_number"]) == ("NATURAL_PERSON", None)
    assert await visitor.ask("{ account { myRole } }", token=at.tokens["user"], account=at.account)


async def test_branding_changes_what_is_given_and_shows_at_the_door(visitor: Client) -> None:
    at = await place(name="Own name")
    logo = "https://static.example.com/logo.png"
    await do(visitor, at, "admin", "setBranding", {"brandName": "Shown", "logoUrl": logo, "locale": "fr"})

    stored = await do(
        visitor,
        at,
        "admin",
        "setBranding",
        {"logoUrl": None},
        shown="account { name brandName logoUrl locale }",
    )
    doors = await visitor.ask("{ viewer { centrals { accountName logoUrl } } }", token=at.tokens["user"])

    assert stored["account"] == {"name": "Own name", "brandName": "Shown", "logoUrl": None, "locale": "fr"}
    assert doors["viewer"]["centrals"] == [{"accountName": "Shown", "logoUrl": None}]
    assert await at.changes() == [("Account.logoUrl", logo, None)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"logoUrl": "http://example.com/logo.png"}, "logoUrl"),
        ({"logoUrl": "javascript:alert(1)"}, "logoUrl"),
        ({"logoUrl": "https://someone@example.com/logo.png"}, "logoUrl"),
        ({"logoUrl": "https://[::1/logo.png"}, "logoUrl"),
        ({"logoUrl": "https://"}, "logoUrl"),
        ({"logoUrl": "https://example.com/" + "x" * 500}, "logoUrl"),
        ({"brandName": ""}, "brandName"),
        ({"brandName": "a\0"}, "brandName"),
        ({"locale": None}, "locale"),
        ({"locale": "de"}, "locale"),
    ],
)
async def test_branding_that_cannot_be_shown_is_refused(
    visitor: Client, values: dict[str, Any], field: str
) -> None:
    at = await place()
    before = await at.row()

    result = await do(visitor, at, "admin", "setBranding", values)

    assert [(error["code"], error["field"]) for error in result["errors"]] == [("BAD_INPUT", [field])]
    assert await at.row() == before
    assert [entry["refusal"] for entry in await at.log()] == ["BAD_INPUT"]


@pytest.mark.parametrize(
    ("act", "values"),
    [("setCurrency", {"currency": "XYZ"}), ("setTimezone", {"timezone": "Mars"}), ("setIntakeSecret", {"secret": "short"})],
)  # fmt: skip
async def test_a_setting_that_cannot_be_is_refused(visitor: Client, act: str, values: dict[str, Any]) -> None:
    at = await place()
    before = await at.row()

    result = await do(visitor, at, "owner", act, values)

    assert [error["code"] for error in result["errors"]] == ["BAD_INPUT"]
    assert await at.row() == before
    assert [entry["refusal"] for entry in await at.log()] == ["BAD_INPUT"]


async def test_the_answer_shows_the_account_as_it_stands_after(visitor: Client) -> None:
    at = await place()

    currency = await do(
        visitor, at, "owner", "setCurrency", {"currency": "usd"}, shown="account { currency }"
    )
    timezone = await do(
        visitor, at, "owner", "setTimezone", {"timezone": "Asia/Tokyo"}, shown="account { timezone }"
    )

    assert currency["account"] == {"currency": "USD"}
    assert timezone["account"] == {"timezone": "Asia/Tokyo"}


async def test_the_intakes_secret_is_kept_as_a_digest_and_logged_as_changed(visitor: Client) -> None:
    at = await place()

    result = await do(
        visitor, at, "owner", "setIntakeSecret", {"secret": " hottok-of-ours ", "idempotencyKey": "one"},
        shown="account { intakeSecretSet }",
    )  # fmt: skip

    assert result["account"] == {"intakeSecretSet": True}
    assert (await at.row())["intake_secret_digest"] == hashlib.sha256(b"hottok-of-ours").hexdigest()
    assert await at.changes() == [("Account.intakeSecretSet", None, "changed")]


BANKS = [
    ({"iban": IBAN}, "IBAN", "DE89370400440532013000"),
    ({"brazil": {"bank": "341", "agency": "1234-5", "account": "123456-x"}}, "BRAZIL", "341 12345 123456X"),
    (
        {"unitedStates": {"routing": "111000025", "account": "1234 5678"}},
        "UNITED_STATES",
        "111000025 12345678",
    ),
    ({"clabe": "0321 8000 0118 3597 19"}, "CLABE", "032180000118359719"),
    ({"cbu": "2850590940090418135201"}, "CBU", "2850590940090418135201"),
]
BANK = "query { account { ownerDetails { legalName phone address { city country } bank { holder kind number } } } }"


@pytest.mark.parametrize(("number", "kind", "expected"), BANKS)
async def test_bank_details_are_whole_for_the_owner_and_nowhere_else(
    visitor: Client, number: dict[str, Any], kind: str, expected: str
) -> None:
    at = await place()

    result = await do(
        visitor, at, "owner", "setBankDetails", {"holder": "Ana", "number": number, "idempotencyKey": "one"}
    )
    shown = await visitor.ask(BANK, token=at.tokens["owner"], account=at.account)
    hidden = await visitor.errors(BANK, token=at.tokens["admin"], account=at.account)

    assert result["errors"] == []
    assert shown["account"]["ownerDetails"]["bank"] == {"holder": "Ana", "kind": kind, "number": expected}
    assert hidden[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert await at.changes() == [("OwnerDetails.bank", None, "changed")]
    keys = await database.read("SELECT * FROM idempotency_keys WHERE account_id = ?", (at.account["id"],))
    logged = repr([*(await at.log()), *(dict(row) for row in keys)])
    assert expected not in logged
    assert "Ana" not in logged.replace(at.owner["name"], "")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ({"iban": "DE89 3704 0044 0532 0130 01"}, "check digits"),
        ({"iban": "not one"}, "check digits"),
        ({"brazil": {"bank": "34", "agency": "1234", "account": "1234567"}}, "form"),
        ({"unitedStates": {"routing": "111000026", "account": "12345678"}}, "check digits"),
        ({"unitedStates": {"routing": "111000025", "account": "x"}}, "form"),
        ({"clabe": "032180000118359718"}, "check digits"),
        ({"clabe": "03218000011835971"}, "length"),
        ({"cbu": "2810590940090418135201"}, "check digits"),
        ({"clabe": "032180000118359719" + " " * 60 + "7"}, "length"),
    ],
)
async def test_a_bank_number_that_is_none_is_refused(
    visitor: Client, number: dict[str, Any], reason: str
) -> None:
    at = await place()

    result = await do(visitor, at, "owner", "setBankDetails", {"holder": "Ana", "number": number})

    (error,) = result["errors"]
    assert (error["code"], reason in error["message"]) == ("BAD_BANK_NUMBER", True), error["message"]
    assert await details(at) == []
    assert [entry["refusal"] for entry in await at.log()] == ["BAD_BANK_NUMBER"]


async def test_a_bank_number_has_exactly_one_form(visitor: Client) -> None:
    at = await place()

    for number in ({}, {"iban": IBAN, "clabe": "032180000118359719"}, {"iban": None}):
        errors = await visitor.errors(
            text("setBankDetails", "SetBankDetailsInput!"),
            {"input": {"holder": "Ana", "number": number}}, token=at.tokens["owner"], account=at.account,
        )  # fmt: skip
        assert errors[0]["extensions"]["code"] in ("BAD_INPUT", "GRAPHQL_VALIDATION_FAILED")
    assert await details(at) == []


async def test_owner_details_change_one_by_one_and_are_logged_as_changed(visitor: Client) -> None:
    at = await place()
    address = {"street": "Rua A, 1", "city": "Recife", "country": "BR"}
    first = {"legalName": "Ana Lima Ltda", "phone": "+55 81 5550 0000", "address": address}

    await do(visitor, at, "owner", "setOwnerDetails", first)
    changes = await at.changes()
    await do(visitor, at, "owner", "setOwnerDetails", {"phone": None})
    shown = await visitor.ask(BANK, token=at.tokens["owner"], account=at.account)

    assert shown["account"]["ownerDetails"] == {
        "legalName": "Ana Lima Ltda", "phone": None, "address": {"city": "Recife", "country": "BR"}, "bank": None,
    }  # fmt: skip
    assert changes == [
        (f"OwnerDetails.{name}", None, "changed") for name in ("legalName", "phone", "address")
    ]
    assert not [
        value
        for value in (*address.values(), "Ana Lima Ltda")
        if value in repr(await at.log()) and value != "BR"
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"legalName": "x" * 301}, {"phone": "1\a2"}, {"address": {"city": "x" * 201}}, {"address": {"country": "XX"}},
        {"legalName": "a\0"}, {"phone": "1\0"}, {"address": {"city": "a\0"}},
    ],
)  # fmt: skip
async def test_owner_details_that_cannot_be_are_refused(visitor: Client, values: dict[str, Any]) -> None:
    at = await place()

    result = await do(visitor, at, "owner", "setOwnerDetails", values)

    assert [error["code"] for error in result["errors"]] == ["BAD_INPUT"]
    assert await details(at) == []
    assert [entry["refusal"] for entry in await at.log()] == ["BAD_INPUT"]
