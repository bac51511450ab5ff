"""Text at the API: names and passwords come in, lists come out sorted, a search for nothing is refused."""

import unicodedata
from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from actions.accounts.create import create_user
from actions.accounts.operator import operator
from actions.identity.sessions.session import _hasher
from authz.grant import Grant
from authz.refusal import Refusal
from centrals.commands.terminal import sentence
from client import Client
from doorstep import PASSWORD, visiting
from models import database
from models.naming import NAMED, name_columns
from models.vocabulary import Role

SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { email errors { code message field } } }"
SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken errors { code } } }"
CREATE_TEAM = """mutation($input: CreateTeamInput!) {
  createTeam(input: $input) { team { id name } errors { code message field } } }"""
RENAME_TEAM = """mutation($input: RenameTeamInput!) {
  renameTeam(input: $input) { team { name } errors { code } } }"""
CREATE_PROFILE = """mutation($input: CreateProfileInput!) {
  createProfile(input: $input) { profile { id name } errors { code message } } }"""
UPDATE_PROFILE = """mutation($input: UpdateProfileInput!) {
  updateProfile(input: $input) { profile { name } errors { code } } }"""
INVITE = """mutation($input: InviteCollaboratorInput!) {
  inviteCollaborator(input: $input) { invitation { id name } errors { code message } } }"""
ACCEPT = """mutation($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { central { id } errors { code } } }"""


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def test_a_password_made_in_nfc_opens_in_nfd_and_the_other_way_round(visitor: Client) -> None:
    for created, typed in (("NFC", "NFD"), ("NFD", "NFC")):
        email = f"elise-{database.new_id()}@example.com"
        password = unicodedata.normalize(created, "Élise et la pluie")
        signed = await visitor.ask(
            SIGN_UP, {"input": {"email": email, "name": "Élise", "password": password}}
        )
        assert signed["signUp"]["errors"] == []

        data = await visitor.ask(
            SIGN_IN, {"input": {"email": email, "password": unicodedata.normalize(typed, password)}}
        )

        assert data["signIn"]["errors"] == []
        wrong = await visitor.ask(SIGN_IN, {"input": {"email": email, "password": "Elise et la pluie"}})
        assert [error["code"] for error in wrong["signIn"]["errors"]] == ["BAD_CREDENTIALS"]


@pytest.mark.parametrize("password", ["tabs\tand\tmore", unicodedata.normalize("NFD", "Élise et la pluie")])
async def test_a_hash_of_before_the_rule_still_opens_as_it_was_typed(visitor: Client, password: str) -> None:
    user = await make.user(password_hash=_hasher.hash(password))

    data = await visitor.ask(SIGN_IN, {"input": {"email": user["email"], "password": password}})

    assert data["signIn"]["errors"] == []


async def test_a_refusal_names_the_character_at_fault(visitor: Client) -> None:
    email = f"ana-{database.new_id()}@example.com"
    cases = {
        "name": ({"name": "Ana\u202eB", "password": PASSWORD}, "U+202E RIGHT-TO-LEFT OVERRIDE"),
        "password": ({"name": "Ana", "password": "zero\u200bwidth space"}, "U+200B ZERO WIDTH SPACE"),
    }
    for field, (values, character) in cases.items():
        data = await visitor.ask(SIGN_UP, {"input": {"email": email, **values}})

        errors = data["signUp"]["errors"]
        assert [(error["code"], error["field"]) for error in errors] == [("BAD_INPUT", [field])]
        assert character in errors[0]["message"]


async def test_a_team_is_taken_by_every_spelling_of_its_name(client: Client) -> None:
    account = await make.account(teams_on=True)
    who = {"token": await client.owner(account), "account": account}
    data = await client.ask(CREATE_TEAM, {"input": {"name": "  Équipe  Nord ", "privacy": "OWN"}}, **who)
    assert data["createTeam"]["team"]["name"] == "Équipe Nord"

    for name in ("équipe nord", "EQUIPE NORD", "E\u0301quipe Nord", "\uff25quipe\u3000Nord"):
        result = await client.ask(CREATE_TEAM, {"input": {"name": name, "privacy": "OWN"}}, **who)
        assert [error["code"] for error in result["createTeam"]["errors"]] == ["NAME_TAKEN"], name


async def test_lists_by_name_sort_as_a_person_sorts(client: Client) -> None:
    account = await make.account(teams_on=True)
    profile = await make.profile(account, "SUPPORT", name="Suporte")
    people = ("Ana", "ana", "Zoe", "Zé", "Álvaro", "Élise", "eva")
    for name in people:
        await make.collaborator(account, profile, Role.USER, name=name)
    for name in ("Zebra", "Água", "ábaco"):
        await make.product(account, name=name)
        await make.team(account, name=name)
        await make.profile(account, name=name)
    who = {"token": await client.owner(account), "account": account}

    data = (await client.ask(
        """{ account { collaborators { nodes { name } } products { nodes { name } } teams { name }
        profiles { name holders { name } } } }""",
        **who,
    ))["account"]  # fmt: skip

    def names(rows: Any) -> list[str]:
        return [row["name"] for row in rows]

    ordered = ["Álvaro", "ana", "Ana", "Élise", "eva", "Zé", "Zoe"]
    assert names(data["collaborators"]["nodes"]) == ordered
    assert names(data["products"]["nodes"]) == names(data["teams"]) == ["ábaco", "Água", "Zebra"]
    assert names(data["profiles"]) == ["ábaco", "Água", "Suporte", "Zebra"]
    assert names(data["profiles"][2]["holders"]) == ordered
    # page by page, forward and backward, the same
    for first, after in (("first", "after"), ("last", "before")):
        walked, cursor = [], ""
        for _ in range(4):
            page = await client.ask(
                f"{{ account {{ collaborators({first}: 2{cursor}) {{ nodes {{ name }}"
                " pageInfo { startCursor endCursor } } } }",
                **who,
            )
            found = page["account"]["collaborators"]
            walked = walked + names(found["nodes"]) if first == "first" else names(found["nodes"]) + walked
            edge = found["pageInfo"]["endCursor" if first == "first" else "startCursor"]
            cursor = f', {after}: "{edge}"'
        assert walked == ordered


@pytest.mark.parametrize("text", ["", "  ", "\\u0301", "\\u0000", "\\u200d\\u0301"])
async def test_a_search_for_nothing_is_an_error_no_wider_than_its_field(client: Client, text: str) -> None:
    account = await make.account(name="Aurora")
    await make.sale(account)
    query = f'{{ account {{ name sales(filter: {{text: "{text}"}}) {{ totalCount }} access {{ grants }} }} }}'

    response = await client.post(query, token=await client.owner(account), account=account)

    body = response.json()
    assert body["data"]["account"]["name"] == "Aurora"
    assert body["data"]["account"]["sales"] is None
    assert len(body["data"]["account"]["access"]["grants"]) == len(Grant)
    assert [(error["path"], error["extensions"]["code"]) for error in body["errors"]] == [
        (["account", "sales"], "BAD_INPUT")
    ]


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("sales(first: -1) { totalCount }", "sales"),
        ('sales(after: "x") { totalCount }', "sales"),
        ("products(first: -1) { totalCount }", "products"),
        ("collaborators(last: 101) { totalCount }", "collaborators"),
        ('invitations(before: "x") { totalCount }', "invitations"),
        ("auditLog(first: 1, last: 1) { totalCount }", "auditLog"),
        ('reports { revenue(period: {from: "2026-02-01", to: "2026-01-01"}) { count } }', "reports.revenue"),
    ],
)
async def test_what_fails_on_an_argument_leaves_its_siblings(client: Client, field: str, path: str) -> None:
    account = await make.account(name="Aurora")

    response = await client.post(
        f"{{ account {{ before: name {field} after: name }} viewer {{ locale }} }}",
        token=await client.owner(account),
        account=account,
    )

    body = response.json()
    assert [error["path"] for error in body["errors"]] == [["account", *path.split(".")]]
    found = body["data"]["account"]
    assert (found["before"], found["after"], body["data"]["viewer"]["locale"]) == ("Aurora", "Aurora", "en")
    for part in path.split("."):
        found = found[part]
    assert found is None


async def test_too_many_ids_leave_the_fields_beside_them(client: Client) -> None:
    account = await make.account(name="Aurora")
    ids = ", ".join(['"x"'] * 101)

    response = await client.post(
        f"{{ nodes(ids: [{ids}]) {{ id }} account {{ name }} }}",
        token=await client.owner(account),
        account=account,
    )

    assert response.json()["data"] == {"nodes": None, "account": {"name": "Aurora"}}


@pytest.mark.parametrize("text", ["NAÏVE", "naive", "ＮＡＩＶＥ", "nai\u0308ve"])
async def test_a_search_finds_what_a_person_calls_the_same_word(client: Client, text: str) -> None:
    account = await make.account()
    await make.sale(account, buyer_name="Naïve Dupont")
    await make.sale(account, buyer_name="Native Dupont")

    data = await client.ask(
        "query($text: String!) { account { sales(filter: {text: $text}) { nodes { buyer { name } } } } }",
        {"text": text},
        token=await client.owner(account),
        account=account,
    )

    assert [node["buyer"]["name"] for node in data["account"]["sales"]["nodes"]] == ["Naïve Dupont"]


async def test_every_writer_of_a_name_keeps_what_it_is_searched_and_sorted_by(client: Client) -> None:
    account = await make.account(teams_on=True)
    invited = await make.user()
    who: dict[str, Any] = {"token": await client.owner(account), "account": account}

    async def done(query: str, **values: Any) -> Any:
        data = (await client.ask(query, {"input": values}, **who)).popitem()[1]
        assert data["errors"] == []
        return data

    team = (await done(CREATE_TEAM, name="Équipe", privacy="OWN"))["team"]
    other = (await done(CREATE_TEAM, name="Zurich", privacy="OWN"))["team"]
    await done(RENAME_TEAM, teamId=other["id"], name="Zürich")
    profile = (await done(CREATE_PROFILE, name="Água", source={"grants": []}))["profile"]
    await done(UPDATE_PROFILE, profileId=profile["id"], name="ábaco", grants=[])
    sent = (
        await done(INVITE, name="Zé  Álvaro", email=invited["email"], profileId=profile["id"], role="USER")
    )["invitation"]
    accepted = await client.ask(
        ACCEPT, {"input": {"invitationId": sent["id"]}}, token=await make.session(invited)
    )
    assert accepted["acceptInvitation"]["errors"] == []

    assert team["name"] == "Équipe"
    for table in NAMED:
        rows = await database.read(
            f"SELECT name, name_folded, sort_key FROM {table} WHERE account_id = ?", (account["id"],)
        )
        assert rows or table == "products", table  # the intake's own tests look at products
        for row in rows:
            assert dict(row) == name_columns(row["name"])


async def test_whoever_runs_the_server_is_told_what_is_wrong_with_a_password(database_url: str) -> None:
    with pytest.raises(Refusal) as refused:
        await create_user(
            operator(b"k"), f"ana-{database.new_id()}@example.com", "Ana", "zero\u200bwidth space", "en"
        )
    assert "U+200B ZERO WIDTH SPACE" in sentence(refused.value)
