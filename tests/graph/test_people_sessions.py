"""One's own sessions: listing them, and ending them from elsewhere."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from client import Client
from doorstep import PASSWORD, person, visiting
from models import database
from posted import own_log

SIGN_IN = """mutation($email: String!, $password: String!, $cookie: Boolean! = false) {
  signIn(input: {email: $email, password: $password, cookie: $cookie}) { accessToken refreshToken }
}"""
SESSIONS = "{ viewer { sessions { id agent createdAt lastUsedAt current } } }"
END = "mutation($id: ID!) { revokeSession(input: {id: $id}) { ended errors { code field } } }"
END_OTHERS = "mutation { revokeOtherSessions { ended errors { code } } }"
REFRESH = "mutation($token: String) { refreshSession(input: {refreshToken: $token}) { accessToken errors { code } } }"


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def sign_in(visitor: Client, email: str, agent: str = "a phone") -> dict[str, Any]:
    variables = {"email": email, "password": PASSWORD}
    return dict((await visitor.ask(SIGN_IN, variables, headers={"user-agent": agent}))["signIn"])


async def sessions(visitor: Client, token: str) -> list[dict[str, Any]]:
    return list((await visitor.ask(SESSIONS, token=token))["viewer"]["sessions"])


async def end(visitor: Client, session_id: str, token: str) -> dict[str, Any]:
    return dict((await visitor.ask(END, {"id": session_id}, token=token))["revokeSession"])


async def alive(visitor: Client, token: str) -> bool:
    return (await visitor.post("{ viewer { email } }", token=token)).status_code == 200


async def test_sessions_are_told_with_the_one_that_asks(visitor: Client) -> None:
    user, other = await person(), await person()
    await sign_in(visitor, user["email"], "a phone")
    here = await sign_in(visitor, user["email"], "a browser")
    await sign_in(visitor, other["email"])
    await make.session(user, ended=True)

    result = await sessions(visitor, here["accessToken"])

    assert {(item["agent"], item["current"]) for item in result} == {("a phone", False), ("a browser", True)}
    assert all(item["createdAt"] == item["lastUsedAt"] for item in result)


async def test_a_refresh_is_a_use_and_a_request_costs_no_statement_for_it(visitor: Client) -> None:
    user = await person()
    here = await sign_in(visitor, user["email"])
    await database.transact(
        lambda: database.write(
            "UPDATE sessions SET created_at = 1000, last_used_at = 1000 WHERE user_id = ?", (user["id"],)
        )
    )
    with database.observed() as statements:
        await visitor.ask("{ viewer { email } }", token=here["accessToken"])
    [before] = await sessions(visitor, here["accessToken"])

    await visitor.ask(REFRESH, {"token": here["refreshToken"]})

    [after] = await sessions(visitor, here["accessToken"])
    assert len(statements) == 1
    assert before["lastUsedAt"] == before["createdAt"] == after["createdAt"] == "1970-01-01T00:00:01Z"
    assert after["lastUsedAt"] > "2026"


async def test_a_session_whose_tokens_expired_is_told_no_more(visitor: Client) -> None:
    user = await person()
    await sign_in(visitor, user["email"])
    rows = await database.read("SELECT id FROM sessions WHERE user_id = ?", (user["id"],))
    await database.transact(
        lambda: database.write("UPDATE credentials SET expires_at = 1 WHERE session_id = ?", (rows[0]["id"],))
    )

    result = await sessions(visitor, await make.session(user))

    assert [item["current"] for item in result] == [True]


async def test_ending_a_session_refuses_its_next_request(visitor: Client) -> None:
    user = await person()
    there, here = await sign_in(visitor, user["email"]), await sign_in(visitor, user["email"])
    [named] = [
        session["id"] for session in await sessions(visitor, here["accessToken"]) if not session["current"]
    ]

    result = await end(visitor, named, here["accessToken"])

    assert result == {"ended": True, "errors": []}
    assert not await alive(visitor, there["accessToken"])
    assert (await visitor.ask(REFRESH, {"token": there["refreshToken"]}))["refreshSession"]["errors"] == [
        {"code": "SESSION_ENDED"}
    ]
    assert await alive(visitor, here["accessToken"])
    assert len(await sessions(visitor, here["accessToken"])) == 1
    [entry] = await own_log(user["id"], "revokeSession")
    assert (entry["refusal"], f"session_{entry['object_id']}") == (None, named)


async def test_anothers_session_an_ended_one_and_none_are_refused_alike(visitor: Client) -> None:
    user, other = await person(), await person()
    here, theirs = await sign_in(visitor, user["email"]), await sign_in(visitor, other["email"])
    [strange] = [session["id"] for session in await sessions(visitor, theirs["accessToken"])]
    await sign_in(visitor, user["email"])
    [ended] = [
        session["id"] for session in await sessions(visitor, here["accessToken"]) if not session["current"]
    ]
    await end(visitor, ended, here["accessToken"])

    results = [
        await end(visitor, item, here["accessToken"])
        for item in (strange, ended, f"session_{database.new_id()}", "session_1", "", "\0", strange[8:] + "x")
    ]

    assert results == [{"ended": False, "errors": [{"code": "NOT_FOUND", "field": ["id"]}]}] * 7
    assert await alive(visitor, theirs["accessToken"])
    assert [entry["refusal"] for entry in await own_log(user["id"], "revokeSession")] == [None] + [
        "NOT_FOUND"
    ] * 7


async def test_ending_the_own_session_is_signing_out(visitor: Client) -> None:
    here = await sign_in(visitor, (await person())["email"])
    [own] = await sessions(visitor, here["accessToken"])

    response = await visitor.post(END, {"id": own["id"]}, token=here["accessToken"])

    assert response.json()["data"]["revokeSession"]["ended"]
    assert len(response.headers.get_list("set-cookie")) == 2
    assert not await alive(visitor, here["accessToken"])


async def test_all_others_end_at_once_and_the_one_that_asks_stays(visitor: Client) -> None:
    user, other = await person(), await person()
    there = [await sign_in(visitor, user["email"]) for _ in range(3)]
    here, theirs = await sign_in(visitor, user["email"]), await sign_in(visitor, other["email"])

    data = (await visitor.ask(END_OTHERS, token=here["accessToken"]))["revokeOtherSessions"]
    again = (await visitor.ask(END_OTHERS, token=here["accessToken"]))["revokeOtherSessions"]

    assert (data, again) == ({"ended": 3, "errors": []}, {"ended": 0, "errors": []})
    assert not any([await alive(visitor, item["accessToken"]) for item in there])
    assert await alive(visitor, here["accessToken"])
    assert await alive(visitor, theirs["accessToken"])
    assert len(await own_log(user["id"], "revokeOtherSessions")) == 2


async def test_an_ended_session_ends_no_others(visitor: Client) -> None:
    user = await person()
    here, there = await sign_in(visitor, user["email"]), await sign_in(visitor, user["email"])
    query = "mutation { signOut { signedOut } revokeOtherSessions { ended errors { code } } }"

    data = await visitor.ask(query, token=here["accessToken"])

    assert data["revokeOtherSessions"] == {"ended": 0, "errors": [{"code": "SESSION_ENDED"}]}
    assert await alive(visitor, there["accessToken"])
