"""The API lists exactly what a viewer can do."""

import pytest

import make
from authz.grant import Grant
from calls import document, sound_calls
from center import center
from client import Client
from doorstep import visiting
from extent import extent
from models import database
from models.vocabulary import Role

ACCESS = (
    "query($grants: [Grant!]!) { account { access { grants standing mutations allows(grants: $grants) } } }"
)
TYPES = "{ __schema { mutationType { fields { name } } } }"


@pytest.mark.parametrize(
    ("role", "teams_on", "standing"),
    [
        (None, False, ["OWNER", "ADMIN", "LEAD"]),
        (Role.ADMIN, False, ["ADMIN", "LEAD"]),
        (Role.TEAM_LEAD, True, ["LEAD"]),
        (Role.TEAM_LEAD, False, []),
        (Role.USER, True, []),
    ],
)
async def test_access_tells_standing_and_the_mutations_that_exist(
    client: Client, role: Role | None, teams_on: bool, standing: list[str]
) -> None:
    account = await make.account(teams_on=teams_on)
    grants = [Grant.SEARCH_SALES, Grant.SEND_RECEIPTS]
    if role is None:
        token, grants = await Client.owner(account), list(Grant)
    else:
        collaborator = await make.collaborator(account, await make.profile(account, grants), role)
        token = await Client.collaborator(collaborator)

    data = await client.ask(ACCESS, {"grants": ["SEND_RECEIPTS"]}, token=token, account=account)
    there = await client.ask(TYPES, token=token, account=account)

    access = data["account"]["access"]
    assert access["standing"] == standing
    assert access["grants"] == [grant.value for grant in Grant if grant in grants]
    assert access["allows"] is True
    assert access["mutations"] == sorted(
        field["name"] for field in there["__schema"]["mutationType"]["fields"]
    )
    assert ("assignSale" in access["mutations"]) is ("LEAD" in standing)


@pytest.mark.parametrize(
    ("grants", "allowed"),
    [
        ([], False),
        (["SEARCH_SALES"], True),
        (["SEARCH_SALES", "SEND_RECEIPTS"], True),
        (["SEND_RECEIPTS", "SEND_RECEIPTS"], True),
        (["SEARCH_SALES", "VIEW_PRODUCTS"], False),
        (["VIEW_PRODUCTS"], False),
    ],
)
async def test_all_of_the_grants_asked_for_must_be_held_and_of_none_none_is(
    client: Client, grants: list[str], allowed: bool
) -> None:
    account = await make.account()
    profile = await make.profile(account, [Grant.SEARCH_SALES, Grant.SEND_RECEIPTS])
    token = await Client.collaborator(await make.collaborator(account, profile))

    data = await client.ask(ACCESS, {"grants": grants}, token=token, account=account)

    assert data["account"]["access"]["allows"] is allowed


async def test_who_stands_in_no_central_has_no_access_to_ask_about(client: Client) -> None:
    token = await make.session(await make.user())

    errors = await client.errors(ACCESS, {"grants": []}, token=token)

    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]


MUTATIONS = "{ account { access { mutations } } __schema { mutationType { fields { name } } } }"
NEVER_DONE = {"FORBIDDEN", "ACCOUNT_CLOSED"}
NOT_BY_TOKENS = {"leaveCentral", "acceptInvitation", "declineInvitation", "signOut"}


# of each gate someone whom it lets pass and someone whom it stops
WHO = ["owner", "admin", "lead", "user", "admin's token"]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("who", extent(WHO, [*WHO, "owner's token", "user's token"]))
async def test_each_mutation_that_is_told_can_be_called_and_in_a_closed_account_no_other(
    database_url: str, who: str, closed: bool
) -> None:
    async with visiting() as client:
        at = await center(client)
        calls = await sound_calls(at)
        name, _, token_of = who.partition("'s ")
        maker = {"user_id": at.account["owner_id"]} if name == "owner" else at.collaborators[name]
        token = at.tokens[name]
        if token_of:
            token = await make.access_token(at.account, maker, list(Grant), ["ADMIN", "LEAD"])
            (calls["resendNotifications"] or {}).pop("endpoints")  # no token knows the account's endpoints
        if closed:
            await database.transact(
                lambda: database.write("UPDATE accounts SET closed_at = ? WHERE id = ?",
                                       (database.now(), at.account["id"]))
            )  # fmt: skip
            if name != "owner":
                answer = await client.post(MUTATIONS, token=token, account=at.account)
                assert answer.status_code == 404
                return
        shown = await client.ask(MUTATIONS, token=token, account=at.account)
        result = set(shown["account"]["access"]["mutations"])
        there = {field["name"] for field in shown["__schema"]["mutationType"]["fields"]}

        # those that end the seat, the session or what is shown come last
        codes = {}
        for item in sorted(there, key=lambda entry: (entry in ("leaveCentral", "reopenAccount"), entry)):
            again = token if token_of else await make.session({"id": maker["user_id"]})
            values = calls[item]
            if item == "removeCollaborator":
                values = {"collaboratorId": at.collaborator("small")}
            answer = await client.ask(
                document(item, values), {"input": values} if values else None, token=again, account=at.account
            )
            codes[item] = {error["code"] for error in answer[item]["errors"]}

        assert {entry for entry in there if codes[entry] & NEVER_DONE} == there - result
        assert all(codes[entry] == {"ACCOUNT_CLOSED"} for entry in there - result)
        assert closed or result == there
        assert ("leaveCentral" in result) is (not token_of and name != "owner")
        assert not (token_of and result & NOT_BY_TOKENS)
        assert closed is ("createTeam" not in result) or name not in ("owner", "admin")
        assert not closed or {"reopenAccount", "signIn"} <= result | (
            {"reopenAccount"} if token_of else set()
        )


async def test_whoever_is_signed_out_accepts_an_invitation(client: Client) -> None:
    data = await client.ask(TYPES)

    names = {field["name"] for field in data["__schema"]["mutationType"]["fields"]}
    assert "acceptInvitation" in names
    assert "leaveCentral" not in names
