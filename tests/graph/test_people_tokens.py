"""Personal access tokens through the API: what may be given to them, what they open, and when they end."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

import make
from actions.membership.tokens import access_token
from authz.grant import Grant
from client import Client
from doorstep import visiting
from models import database
from models.vocabulary import Role

CREATE = """mutation($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) {
    secret accessToken { id name centralId accountName grants standings lastUsedAt } errors { code message field }
  }
}"""
END = "mutation($id: ID!) { revokeAccessToken(input: {id: $id}) { ended errors { code field } } }"
TOKENS = "{ viewer { tokens { id name centralId grants standings lastUsedAt } } }"
SALES = "{ account { sales(first: 1) { totalCount } } }"
GRANTS = [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS]


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def create(
    visitor: Client, session: str, account: dict[str, Any] | None, **changed: Any
) -> dict[str, Any]:
    variables = {"name": "Export", "grants": ["SEARCH_SALES"], "standings": [], "days": 30} | changed
    data = await visitor.ask(CREATE, {"input": variables}, token=session, account=account)
    return dict(data["createAccessToken"])


async def end(visitor: Client, session: str, token_id: str, **who: Any) -> dict[str, Any]:
    return dict((await visitor.ask(END, {"id": token_id}, token=session, **who))["revokeAccessToken"])


async def count(account: dict[str, Any]) -> int:
    rows = await database.read("SELECT COUNT(*) FROM access_tokens WHERE account_id = ?", (account["id"],))
    return int(rows[0][0])


async def log_of(account: dict[str, Any], act: str) -> list[Any]:
    return list(
        await database.read(
            "SELECT refusal, object_type, object_id, CAST(changes AS TEXT) AS changes FROM audit_entries"
            " WHERE account_id = ? AND act = ? ORDER BY sequence",
            (account["id"], act),
        )
    )


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def works(visitor: Client, secret: str) -> int:
    response = await visitor.post(SALES, token=secret)
    return response.status_code


async def seated(
    grants: list[Grant] = GRANTS, role: Role = Role.USER, **account: Any
) -> tuple[Any, Any, str]:
    at = await make.account(**account)
    collaborator = await make.collaborator(at, await make.profile(at, grants), role)
    return at, collaborator, await Client.collaborator(collaborator)


async def test_a_token_is_told_once_and_opens_what_was_chosen(visitor: Client) -> None:
    account, collaborator, session = await seated()

    result = await create(visitor, session, account, name=" Nightly export ")

    assert result["errors"] == []
    secret, shown = result["secret"], result["accessToken"]
    assert secret.startswith(f"cpat_{account['id'].replace('-', '')}_")
    assert (shown["name"], shown["centralId"]) == ("Nightly export", f"central_{account['id']}")
    assert (shown["grants"], shown["standings"], shown["lastUsedAt"]) == (["SEARCH_SALES"], [], None)
    assert await visitor.ask(SALES, token=secret) == {"account": {"sales": {"totalCount": 0}}}
    [error] = await visitor.errors("{ account { products(first: 1) { totalCount } } }", token=secret)
    assert error["message"].startswith("Cannot query field 'products' on type 'Account'.")
    rows = await database.read("SELECT * FROM access_tokens WHERE account_id = ?", (account["id"],))
    assert len(secret.split("_", 2)[2]) * 6 >= 128
    assert secret not in str([tuple(row) for row in rows])
    assert secret not in str([tuple(row) for row in await log_of(account, "createAccessToken")])
    [listed] = (await visitor.ask(TOKENS, token=session))["viewer"]["tokens"]
    assert listed["id"] == shown["id"]
    assert str(rows[0]["user_id"]) == collaborator["user_id"]


async def test_the_making_is_in_the_accounts_log_with_what_was_given(visitor: Client) -> None:
    account, _, session = await seated()

    result = await create(visitor, session, account)

    [entry] = await log_of(account, "createAccessToken")
    assert (entry["refusal"], entry["object_type"]) == (None, "AccessToken")
    assert result["accessToken"]["id"] == f"token_{entry['object_id']}"
    changed = {item["field"]: item["after"] for item in msgspec.json.decode(entry["changes"])}
    assert changed["AccessToken.grants"] == ["SEARCH_SALES"]


WHO = {
    "owner": (None, {}, {"ADMIN", "LEAD"}, set(Grant)),
    "admin": (Role.ADMIN, {}, {"ADMIN", "LEAD"}, set(GRANTS)),
    "lead": (Role.TEAM_LEAD, {"teams_on": True}, {"LEAD"}, set(GRANTS)),
    "lead without teams": (Role.TEAM_LEAD, {}, set(), set(GRANTS)),
    "user": (Role.USER, {}, set(), set(GRANTS)),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("grants", "standings"),
    [
        ([], []),
        (["SEARCH_SALES"], []),
        (["MAKE_WITHDRAWAL"], []),
        (["SEARCH_SALES", "MAKE_WITHDRAWAL", "SEND_RECEIPTS"], []),
        ([], ["LEAD"]),
        ([], ["ADMIN"]),
        (["VIEW_PRODUCTS"], ["ADMIN", "LEAD"]),
    ],
)
async def test_nobody_gives_a_token_grants_that_they_lack(
    visitor: Client, who: str, grants: list[str], standings: list[str]
) -> None:
    role, changed, standing, current = WHO[who]
    account = await make.account(**changed)
    session = await Client.owner(account)
    if role is not None:
        session = await Client.collaborator(
            await make.collaborator(account, await make.profile(account, GRANTS), role)
        )
    lacked = [grant for grant in grants if Grant(grant) not in current]
    lacked_standing = [item for item in standings if item not in standing]

    result = await create(visitor, session, account, grants=grants, standings=standings)

    if not lacked and not lacked_standing:
        assert result["errors"] == []
        assert await visitor.ask("{ account { myRole } }", token=result["secret"])
    else:
        assert codes(result) == ["NOT_HELD"]
        assert result["errors"][0]["field"] == (["grants"] if lacked else ["standings"])
        assert result["errors"][0]["message"].endswith(", ".join(lacked or lacked_standing) + ".")
        assert result["secret"] is None
        assert await count(account) == 0
        assert [entry["refusal"] for entry in await log_of(account, "createAccessToken")] == ["NOT_HELD"]


READS = {
    "account { name }": "nothing",
    "account { sales(first: 1) { totalCount } }": "SEARCH_SALES",
    "account { assignees { nodes { name } } }": "LEAD",
    "account { people { nodes { name } } }": "ADMIN",
    "account { taxNumber }": "never",
    "viewer { tokens { id } }": "never",
    "viewer { sessions { id } }": "never",
}


@pytest.mark.parametrize("chosen", ["nothing", "SEARCH_SALES", "LEAD", "ADMIN"])
async def test_an_owners_token_opens_what_was_chosen_and_nothing_of_the_owners(
    visitor: Client, chosen: str
) -> None:
    account = await make.account()
    result = await create(
        visitor,
        await Client.owner(account),
        account,
        grants=[chosen] if chosen == "SEARCH_SALES" else [],
        standings=[chosen] if chosen in ("LEAD", "ADMIN") else [],
    )

    for read, needed in READS.items():
        errors = await visitor.errors(f"{{ {read} }}", token=result["secret"])
        opens = ("nothing", chosen, "LEAD" if chosen == "ADMIN" else chosen)
        assert (errors == []) is (needed in opens), read


@pytest.mark.parametrize("standing", ["LEAD", "ADMIN"])
@pytest.mark.parametrize("who", ["owner", "admin"])
async def test_a_token_of_either_standing_lists_the_teams_and_the_assignees_that_its_maker_does(
    visitor: Client, who: str, standing: str
) -> None:
    account = await make.account(teams_on=True)
    profile = await make.profile(account, [Grant.SEARCH_SALES])
    admin = await make.collaborator(account, profile, Role.ADMIN, name="Ada")
    north = await make.collaborator(account, profile, Role.USER, name="Nora")
    team = await make.team(account, [north], [])
    sale = await make.sale(account)
    session = await (Client.owner(account) if who == "owner" else Client.collaborator(admin))
    result = await create(visitor, session, account, standings=[standing], grants=["SEARCH_SALES"])

    found = await visitor.ask(
        "{ account { teams { name } assignees { nodes { name } } } }", token=result["secret"]
    )

    assert found["account"]["teams"] == [{"name": team["name"]}]
    assert [node["name"] for node in found["account"]["assignees"]["nodes"]] == ["Ada", "Nora"]
    values = {"reference": sale["reference"], "assigneeId": f"person_{north['id']}"}
    text = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
    assigned = await visitor.ask(
        text, {"input": values | {"teamId": f"team_{team['id']}"}}, token=result["secret"], account=account
    )
    assert assigned["assignSale"]["errors"] == []


async def test_a_token_loses_what_its_maker_loses_with_the_next_request(visitor: Client) -> None:
    account, collaborator, session = await seated()
    secret = (await create(visitor, session, account))["secret"]
    assert await works(visitor, secret) == 200

    empty = await make.profile(account, [Grant.VIEW_PRODUCTS])
    await database.transact(
        lambda: database.write(
            "UPDATE collaborators SET profile_id = ? WHERE account_id = ? AND id = ?",
            (empty["id"], account["id"], collaborator["id"]),
        )
    )

    assert await works(visitor, secret) == 400
    await database.transact(
        lambda: database.write(
            "DELETE FROM collaborators WHERE account_id = ? AND id = ?", (account["id"], collaborator["id"])
        )
    )
    assert await works(visitor, secret) == 404
    [left] = (await visitor.ask(TOKENS, token=session))["viewer"]["tokens"]
    assert await end(visitor, session, left["id"]) == {"ended": True, "errors": []}
    assert (await visitor.ask(TOKENS, token=session))["viewer"]["tokens"] == []


async def test_a_token_is_for_its_central_and_no_other(visitor: Client) -> None:
    owner = await make.user()
    account, other = await make.account(owner), await make.account(owner)
    result = await create(visitor, await make.session(owner), account)

    assert (await visitor.post(SALES, token=result["secret"], account=account)).status_code == 200
    assert (await visitor.post(SALES, token=result["secret"], account=other)).status_code == 404


async def test_a_token_shows_its_user_and_only_its_own_central(visitor: Client) -> None:
    owner = await make.user()
    account, _ = await make.account(owner, name="Aurora"), await make.account(owner, name="Bosque")
    secret = (await create(visitor, await make.session(owner), account))["secret"]

    data = await visitor.ask(
        '{ viewer { id name email centrals { accountName grants } } __type(name: "Viewer") { fields { name } } }',
        token=secret,
    )

    assert {field["name"] for field in data["__type"]["fields"]} == {
        *("id", "name", "email", "emailVerified", "locale", "centrals")
    }
    assert data["viewer"] == {
        "id": f"user_{owner['id']}",
        "name": owner["name"],
        "email": owner["email"],
        "centrals": [{"accountName": "Aurora", "grants": ["SEARCH_SALES"]}],
    }


async def test_a_central_is_named_or_stood_in(visitor: Client) -> None:
    account, _, session = await seated()
    stranger, other = await make.account(), await make.account()

    named = await create(visitor, session, None, centralId=f"central_{account['id']}")
    nowhere = await create(visitor, session, None)
    refused = [
        await create(visitor, session, None, centralId=item)
        for item in (f"central_{stranger['id']}", f"central_{database.new_id()}", "x", "", "\0")
    ]

    assert named["accessToken"]["centralId"] == f"central_{account['id']}"
    assert (codes(nowhere), nowhere["errors"][0]["field"]) == (["BAD_INPUT"], ["centralId"])
    assert [codes(item) for item in refused] == [["NOT_FOUND"]] * 5
    assert all(item == refused[0] for item in refused)
    assert (await count(stranger), await count(other)) == (0, 0)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\0"}, "name"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"days": -1}, "days"),
    ],
)
async def test_what_cannot_be_is_refused(visitor: Client, changed: dict[str, Any], field: str) -> None:
    account, _, session = await seated()

    result = await create(visitor, session, account, **changed)

    assert (codes(result), result["errors"][0]["field"]) == (["BAD_INPUT"], [field])
    assert await count(account) == 0
    assert [entry["refusal"] for entry in await log_of(account, "createAccessToken")] == ["BAD_INPUT"]


async def test_fifty_are_good_at_a_time_for_a_user_and_a_central_even_at_once(visitor: Client) -> None:
    owner = await make.user()
    account, other = await make.account(owner), await make.account(owner)
    session = await make.session(owner)
    created = [await create(visitor, session, account) for _ in range(48)]

    results = await asyncio.gather(*(create(visitor, session, account) for _ in range(6)))

    assert sorted(codes(item) for item in results) == [[], [], *[["TOO_MANY"]] * 4]
    assert await count(account) == 50
    assert codes(await create(visitor, session, other)) == []
    await end(visitor, session, created[0]["accessToken"]["id"])
    assert codes(await create(visitor, session, account)) == []


async def test_an_expired_or_ended_token_is_401(visitor: Client) -> None:
    account, _, session = await seated()
    first, second = [await create(visitor, session, account) for _ in range(2)]
    name = first["accessToken"]["id"].removeprefix("token_")

    ended = await end(visitor, session, second["accessToken"]["id"], account=account)
    await database.transact(
        lambda: database.write(
            "UPDATE access_tokens SET expires_at = ? WHERE account_id = ? AND id = ?",
            (database.now() - 1, account["id"], name),
        )
    )

    assert ended == {"ended": True, "errors": []}
    assert (await works(visitor, first["secret"]), await works(visitor, second["secret"])) == (401, 401)
    assert (await visitor.ask(TOKENS, token=session))["viewer"]["tokens"] == []
    assert [entry["refusal"] for entry in await log_of(account, "revokeAccessToken")] == [None]


async def test_anothers_token_an_ended_one_and_none_are_refused_alike(visitor: Client) -> None:
    account, _, session = await seated()
    owners = await create(visitor, await Client.owner(account), account)
    own = await create(visitor, session, account)
    await end(visitor, session, own["accessToken"]["id"])

    results = [
        await end(visitor, session, item)
        for item in (
            owners["accessToken"]["id"],
            own["accessToken"]["id"],
            f"token_{database.new_id()}",
            "",
            "\0",
        )
    ]

    assert results == [{"ended": False, "errors": [{"code": "NOT_FOUND", "field": ["id"]}]}] * 5
    assert await works(visitor, owners["secret"]) == 200


async def test_a_repeated_request_makes_another_token(visitor: Client) -> None:
    account, _, session = await seated()

    first, second = [await create(visitor, session, account) for _ in range(2)]

    assert first["secret"] != second["secret"]
    assert await count(account) == 2


async def used_at(account: dict[str, Any]) -> int | None:
    while access_token._noting:
        await asyncio.wait(access_token._noting)
    rows = await database.read(
        "SELECT last_used_at FROM access_tokens WHERE account_id = ?", (account["id"],)
    )
    value: int | None = rows[0]["last_used_at"]
    return value


async def test_a_use_is_noted_once_in_ten_minutes_beside_the_request(visitor: Client) -> None:
    account, _, session = await seated()
    secret = (await create(visitor, session, account))["secret"]
    assert await used_at(account) is None

    with database.observed() as statements:
        await visitor.ask("{ account { name } }", token=secret)
    first = await used_at(account)
    await visitor.ask("{ account { name } }", token=secret)
    second = await used_at(account)
    access_token._noted.clear()  # another process has not seen it
    await visitor.ask("{ account { name } }", token=secret)
    third = await used_at(account)

    assert len(statements) == 1
    assert first is not None
    assert first == second == third
    access_token._noted.clear()
    await database.transact(
        lambda: database.write(
            "UPDATE access_tokens SET last_used_at = ? WHERE account_id = ?", (first - 600_001, account["id"])
        )
    )
    await visitor.ask("{ account { name } }", token=secret)
    assert (await used_at(account) or 0) >= first


async def test_in_a_closed_account_no_token_is_made_and_one_is_ended(visitor: Client) -> None:
    account, other = await make.account(), await make.account()
    session = await Client.owner(account)
    created = await create(visitor, session, account)
    await database.transact(
        lambda: database.write(
            "UPDATE accounts SET closed_at = ? WHERE id = ?", (database.now(), account["id"])
        )
    )

    here = await create(visitor, session, account)
    named = await create(visitor, session, None, centralId=f"central_{account['id']}")

    assert (codes(here), codes(named)) == (["ACCOUNT_CLOSED"], ["ACCOUNT_CLOSED"])
    assert await count(account) == 1
    assert [entry["refusal"] for entry in await log_of(account, "createAccessToken")] == [
        *(None, "ACCOUNT_CLOSED", "ACCOUNT_CLOSED")
    ]
    assert (await end(visitor, session, created["accessToken"]["id"]))["ended"]
    assert codes(await create(visitor, await Client.owner(other), other)) == []
