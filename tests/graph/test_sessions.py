"""Signing in, exchanging tokens, signing out, and what credentials and cookies are worth."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest

import make
from client import SETTINGS, Client
from doorstep import PASSWORD, an_address, person, visiting
from models import database

SIGN_IN = """mutation($email: String!, $password: String!, $cookie: Boolean! = false) {
  signIn(input: {email: $email, password: $password, cookie: $cookie}) {
    accessToken refreshToken expiresAt viewer { email } errors { code message field }
  }
}"""
REFRESH = """mutation($token: String) {
  refreshSession(input: {refreshToken: $token}) { accessToken refreshToken errors { code message } }
}"""
SIGN_OUT = "mutation { signOut { signedOut errors { code } } }"
VIEWER = "{ viewer { email } }"


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def sign_in(visitor: Client, email: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    data = await visitor.ask(SIGN_IN, {"email": email, "password": password, **more})
    return dict(data["signIn"])


async def refresh(visitor: Client, refresh_token: str | None, **who: Any) -> dict[str, Any]:
    return dict((await visitor.ask(REFRESH, {"token": refresh_token}, **who))["refreshSession"])


async def alive(visitor: Client, token: str) -> bool:
    response = await visitor.post(VIEWER, token=token)
    assert response.status_code in {200, 401}
    return response.status_code == 200


async def change(statement: str, *values: Any) -> int:
    return await database.transact(lambda: database.write(statement, values))


async def age(token: str, milliseconds: int) -> None:
    """Let a token have been exchanged that much earlier."""
    done = await change(
        "UPDATE credentials SET used_at = used_at - ? WHERE digest = ?", milliseconds, hashed(token)
    )
    assert done == 1


async def expire(token: str) -> None:
    done = await change(
        "UPDATE credentials SET expires_at = ? WHERE digest = ?", database.now() - 1, hashed(token)
    )
    assert done == 1


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def cookies_of(response: httpx.Response) -> dict[str, Any]:
    found = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        found.load(header)
    return dict(found)


async def with_cookies(visitor: Client, query: str, cookies: str, **headers: str) -> httpx.Response:
    visitor.http.cookies.clear()
    return await visitor.post(query, headers={"cookie": cookies, **headers})


async def test_signing_in_answers_with_tokens_that_work(visitor: Client) -> None:
    user = await person()

    result = await sign_in(visitor, user["email"])

    assert (result["viewer"], result["errors"]) == ({"email": user["email"]}, [])
    assert (await visitor.ask(VIEWER, token=result["accessToken"]))["viewer"]["email"] == user["email"]


async def test_a_refresh_token_is_no_access_token_and_the_other_way_round(visitor: Client) -> None:
    result = await sign_in(visitor, (await person())["email"])

    swapped = await refresh(visitor, result["accessToken"])

    assert not await alive(visitor, result["refreshToken"])
    assert [error["code"] for error in swapped["errors"]] == ["SESSION_ENDED"]


async def test_an_unknown_address_a_wrong_password_and_none_at_all_are_one_answer(visitor: Client) -> None:
    known, mute = await person(), await person(None)
    unknown = f"nobody-{database.new_id()}@example.com"
    results, work = [], []

    for email in (known["email"], unknown, mute["email"]):
        with database.observed() as statements:
            response = await visitor.post(SIGN_IN, {"email": email, "password": "wrong " + PASSWORD})
        results.append((response.status_code, response.content, sorted(set(response.headers) - {"date"})))
        work.append(statements)

    assert b"BAD_CREDENTIALS" in results[0][1]
    assert results[0] == results[1] == results[2]
    assert work[0] == work[1] == work[2]
    assert await database.read("SELECT id FROM sessions WHERE user_id = ?", (known["id"],)) == []


@pytest.mark.parametrize("spelt", ["ANA-{}@EXAMPLE.COM", " \tana-{}@example.com\n", "ａｎａ-{}@Ｅxample.com"])
async def test_an_address_is_known_however_it_is_spelt(visitor: Client, spelt: str) -> None:
    number = database.new_id()
    user = await person(email=f"ana-{number}@example.com")

    result = await sign_in(visitor, spelt.format(number))

    assert result["viewer"] == {"email": user["email"]}


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("\0", "\0"), ("x" * 100_000, "y" * 100_000), ("a@example.com", "\0" * 2_000)],
    ids=["empty", "NUL", "long", "long NUL"],
)
async def test_no_text_breaks_signing_in(visitor: Client, email: str, password: str) -> None:
    result = await sign_in(visitor, email or database.new_id(), password)

    assert [error["code"] for error in result["errors"]] == ["BAD_CREDENTIALS"]


async def test_ten_tries_for_an_address_from_one_place_are_allowed_and_shut_no_one_else_out(
    visitor: Client,
) -> None:
    user, other = await person(), await person()
    for _ in range(10):
        assert (await sign_in(visitor, user["email"], "wrong"))["errors"][0]["code"] == "BAD_CREDENTIALS"

    spelt_otherwise = await sign_in(visitor, user["email"].upper())
    for _ in range(100):  # what is refused counts for nothing elsewhere
        await sign_in(visitor, user["email"], "wrong")

    assert [error["code"] for error in spelt_otherwise["errors"]] == ["RATE_LIMITED"]
    assert "15" in spelt_otherwise["errors"][0]["message"]
    assert await database.read("SELECT id FROM sessions WHERE user_id = ?", (user["id"],)) == []
    assert (await sign_in(visitor, other["email"]))["errors"] == []
    async with visiting() as elsewhere:
        assert (await sign_in(elsewhere, user["email"]))["errors"] == []


async def test_a_hundred_tries_for_an_address_from_anywhere_are_allowed_in_fifteen_minutes(
    database_url: str,
) -> None:
    user = await person()
    for _ in range(10):
        async with visiting() as visitor:
            for _ in range(10):
                result = await sign_in(visitor, user["email"], "wrong")
                assert [error["code"] for error in result["errors"]] == ["BAD_CREDENTIALS"]

    async with visiting() as visitor:
        result = await sign_in(visitor, user["email"])

    assert [error["code"] for error in result["errors"]] == ["RATE_LIMITED"]
    assert await database.read("SELECT id FROM sessions WHERE user_id = ?", (user["id"],)) == []


async def test_a_hundred_tries_from_one_place_are_allowed_in_fifteen_minutes(database_url: str) -> None:
    people = [await person() for _ in range(10)]
    last = await person()
    address = an_address()

    async with visiting(address=address) as visitor:
        for user in people:
            for _ in range(10):
                await sign_in(visitor, user["email"], "wrong")
        result = await sign_in(visitor, last["email"])
    async with visiting() as elsewhere:
        from_elsewhere = await sign_in(elsewhere, last["email"])

    assert [error["code"] for error in result["errors"]] == ["RATE_LIMITED"]
    assert from_elsewhere["errors"] == []


async def test_a_refresh_hands_out_a_new_pair_and_the_old_access_token_lives_on(visitor: Client) -> None:
    first = await sign_in(visitor, (await person())["email"])

    second = await refresh(visitor, first["refreshToken"])

    tokens = {first["accessToken"], first["refreshToken"], second["accessToken"], second["refreshToken"]}
    assert len(tokens) == 4
    assert await alive(visitor, first["accessToken"])
    assert await alive(visitor, second["accessToken"])
    await expire(first["accessToken"])
    assert not await alive(visitor, first["accessToken"])
    assert await alive(visitor, second["accessToken"])


async def test_a_refresh_repeated_within_ten_seconds_keeps_the_session(visitor: Client) -> None:
    first = await sign_in(visitor, (await person())["email"])
    second = await refresh(visitor, first["refreshToken"])
    await age(first["refreshToken"], 9_000)

    repeated = await refresh(visitor, first["refreshToken"])

    assert repeated["errors"] == []
    assert await alive(visitor, second["accessToken"])
    assert await alive(visitor, repeated["accessToken"])


async def test_a_refresh_token_that_comes_back_later_ends_its_session(visitor: Client) -> None:
    user = await person()
    first, other = await sign_in(visitor, user["email"]), await sign_in(visitor, user["email"])
    second = await refresh(visitor, first["refreshToken"])
    await age(first["refreshToken"], 10_500)

    stolen = await refresh(visitor, first["refreshToken"])

    assert [error["code"] for error in stolen["errors"]] == ["SESSION_ENDED"]
    assert stolen["accessToken"] is None
    assert not await alive(visitor, first["accessToken"])
    assert not await alive(visitor, second["accessToken"])
    assert (await refresh(visitor, second["refreshToken"]))["errors"][0]["code"] == "SESSION_ENDED"
    assert await alive(visitor, other["accessToken"])


@pytest.mark.parametrize(
    "token", ["", "unknown", "\0", "x" * 10_000], ids=["empty", "unknown", "NUL", "long"]
)
async def test_an_unknown_refresh_token_is_refused_in_the_payload(visitor: Client, token: str) -> None:
    result = await refresh(visitor, token)

    assert [error["code"] for error in result["errors"]] == ["SESSION_ENDED"]


async def test_an_expired_refresh_token_is_refused(visitor: Client) -> None:
    result = await sign_in(visitor, (await person())["email"])
    await expire(result["refreshToken"])

    assert (await refresh(visitor, result["refreshToken"]))["errors"][0]["code"] == "SESSION_ENDED"


async def test_a_refresh_reads_the_refresh_credential_alone(visitor: Client) -> None:
    first = await sign_in(visitor, (await person())["email"])
    await expire(first["accessToken"])
    stranger = await make.account()

    by_bearer = await refresh(visitor, first["refreshToken"], token=first["accessToken"], account=stranger)
    by_cookie = await with_cookies(
        visitor,
        "mutation { refreshSession { accessToken viewer { email } errors { code } } }",
        f"centrals_access={first['accessToken']}; centrals_refresh={by_bearer['refreshToken']}",
    )

    assert by_bearer["errors"] == []
    assert by_cookie.status_code == 200
    assert by_cookie.json()["data"]["refreshSession"]["errors"] == []
    assert set(cookies_of(by_cookie)) == {"centrals_access", "centrals_refresh"}


async def test_an_empty_token_is_a_bad_one_and_tells_no_script_what_the_cookie_is_good_for(
    visitor: Client,
) -> None:
    result = await sign_in(visitor, (await person())["email"])
    cookie = f"centrals_refresh={result['refreshToken']}"

    response = await with_cookies(
        visitor,
        'mutation { refreshSession(input: {refreshToken: ""}) { accessToken refreshToken errors { code } } }',
        cookie,
    )

    assert response.json()["data"]["refreshSession"] == {
        "accessToken": None,
        "refreshToken": None,
        "errors": [{"code": "SESSION_ENDED"}],
    }
    assert (await refresh(visitor, result["refreshToken"]))["errors"] == []


ALONGSIDE = [
    "mutation { __typename refreshSession { errors { code } } }",
    "mutation { ...F } fragment F on Mutation { ... { refreshSession { errors { code } } } }",
    "query Other { viewer { id } } mutation Refresh { refreshSession { errors { code } } }",
]


@pytest.mark.parametrize("query", ALONGSIDE[:2])
async def test_a_bad_token_spoils_no_refresh_whatever_else_the_document_has(
    visitor: Client, query: str
) -> None:
    account = await make.account()
    response = await visitor.post(query, token="expired", account=account)

    assert response.json()["data"]["refreshSession"]["errors"] == [{"code": "SESSION_ENDED"}]


async def test_a_bad_token_spoils_no_sign_in(visitor: Client) -> None:
    user = await person()
    for headers in [{"authorization": "Bearer expired"}, {"cookie": "centrals_access=expired"}]:
        variables = {"email": user["email"], "password": PASSWORD, "cookie": False}
        response = await visitor.post(SIGN_IN, variables, headers=headers, account=await make.account())

        assert response.json()["data"]["signIn"]["accessToken"]


async def test_what_rides_along_with_a_refresh_is_done_as_nobody(visitor: Client) -> None:
    query = 'mutation { refreshSession { errors { code } } setName(input: {name: "x"}) { viewer { id } } }'

    assert (await visitor.post(query, token="expired")).status_code == 400  # there is no such mutation
    assert (
        await visitor.post(ALONGSIDE[2].replace(" mutation Refresh", " mutation setName"), token="expired")
    ).status_code == 401


async def test_a_hundred_refreshes_at_once_leave_one_session_alive(visitor: Client) -> None:
    user = await person()
    first = await sign_in(visitor, user["email"])

    results = await asyncio.gather(*(refresh(visitor, first["refreshToken"]) for _ in range(100)))

    assert [item["errors"] for item in results] == [[]] * 100
    assert len({item["refreshToken"] for item in results}) == 100
    sessions = await database.read("SELECT ended_at FROM sessions WHERE user_id = ?", (user["id"],))
    assert [row["ended_at"] for row in sessions] == [None]
    await age(first["refreshToken"], 11_000)
    late = await asyncio.gather(*(refresh(visitor, first["refreshToken"]) for _ in range(20)))
    assert {item["errors"][0]["code"] for item in late} == {"SESSION_ENDED"}
    assert not any([await alive(visitor, item["accessToken"]) for item in results[:5]])


async def test_signing_out_ends_the_session_at_once_wherever_it_is_asked(database_url: str) -> None:
    user = await person()
    async with visiting() as here, visiting(apart=True) as there:
        result, other = await sign_in(here, user["email"]), await sign_in(here, user["email"])
        assert await alive(there, result["accessToken"])

        done = await here.ask(SIGN_OUT, token=result["accessToken"])

        assert done == {"signOut": {"signedOut": True, "errors": []}}
        assert not await alive(there, result["accessToken"])
        assert (await refresh(there, result["refreshToken"]))["errors"][0]["code"] == "SESSION_ENDED"
        assert await alive(there, other["accessToken"])


async def test_signing_out_twice_in_one_request_is_no_fault(visitor: Client) -> None:
    token = await make.session(await make.user())

    data = await visitor.ask(
        "mutation { a: signOut { signedOut } b: signOut { signedOut errors { code } } }", token=token
    )

    assert data == {
        "a": {"signedOut": True},
        "b": {"signedOut": False, "errors": [{"code": "SESSION_ENDED"}]},
    }


async def credentials() -> dict[str, dict[str, str]]:
    ended = await make.session(await make.user(), ended=True)
    expired = await make.session(await make.user())
    await expire(expired)
    good = await make.session(await make.user())
    basic = base64.b64encode(b"ana:password").decode()
    return {
        "unknown": {"authorization": "Bearer unknown"},
        "empty": {"authorization": ""},
        "bare": {"authorization": "Bearer"},
        "long": {"authorization": "Bearer " + "x" * 5_000},
        "ended": {"authorization": f"Bearer {ended}"},
        "expired": {"authorization": f"Bearer {expired}"},
        "of another scheme": {"authorization": f"Basic {basic}"},
        "without a scheme": {"authorization": good},
        "good, of another scheme": {"authorization": f"Token {good}"},
        "in two parts": {"authorization": f"Bearer {good} more"},
        "bad beside a good cookie": {"authorization": "Bearer unknown", "cookie": f"centrals_access={good}"},
        "unknown cookie": {"cookie": "centrals_access=unknown"},
        "empty cookie": {"cookie": "centrals_access="},
        "ended cookie": {"cookie": f"centrals_access={ended}"},
        "expired cookie": {"cookie": f"centrals_access={expired}; other=1"},
    }


async def test_a_bad_credential_is_401_and_never_signed_out(visitor: Client) -> None:
    for name, headers in (await credentials()).items():
        visitor.http.cookies.clear()
        for query in ("{ instance { name } }", "{ __schema { types { name } } }", "{ nothing }"):
            response = await visitor.post(query, headers=headers)

            assert response.status_code == 401, name
            assert response.headers["www-authenticate"] == "Bearer", name
            assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}, name
            assert set(response.json()) == {"errors"}, name
            # what is sent next is not signed out either, until it is refreshed or the session has ended
            assert cookies_of(response) == {}, name


async def test_no_two_bad_credentials_are_told_apart(visitor: Client) -> None:
    results = {
        (await visitor.post(VIEWER, headers=headers)).content
        for headers in (await credentials()).values()
        if "cookie" not in headers
    }

    assert len(results) == 1


async def test_the_scheme_is_read_in_any_case(visitor: Client) -> None:
    token = await make.session(await make.user())

    response = await visitor.post(VIEWER, headers={"authorization": f"bEARER {token}"})

    assert response.status_code == 200


async def test_a_credential_is_never_read_from_the_address(visitor: Client) -> None:
    token = await make.session(await make.user())
    variables = {"query": VIEWER, "access_token": token, "token": token, "authorization": f"Bearer {token}"}

    response = await visitor.http.get("/graphql", params=variables)

    assert "data" not in response.json()


@pytest.mark.parametrize(("public_url", "secure"), [("https://seller.example.com", True), (None, False)])
async def test_cookies_are_for_this_api_alone(
    database_url: str, public_url: str | None, secure: bool
) -> None:
    settings = replace(SETTINGS, public_url=public_url) if public_url else SETTINGS
    user = await person()

    async with visiting(settings) as visitor:
        response = await visitor.post(SIGN_IN, {"email": user["email"], "password": PASSWORD, "cookie": True})
        data, cookies = response.json()["data"]["signIn"], cookies_of(response)
        sent = "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
        visible = await with_cookies(visitor, VIEWER, sent)
        left = await with_cookies(visitor, SIGN_OUT, sent)
        gone = await with_cookies(visitor, VIEWER, sent)

    assert (data["accessToken"], data["refreshToken"]) == (None, None)
    assert set(cookies) == {"centrals_access", "centrals_refresh", "centrals_device"}
    for cookie in [*cookies.values(), *cookies_of(left).values(), *cookies_of(gone).values()]:
        # the log's export, beside the API, is for who signed in; tokens are exchanged at the API alone
        assert cookie["path"] == ("/" if cookie.key == "centrals_access" else "/graphql")
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "strict"
        assert cookie["domain"] == ""
        assert cookie["secure"] == (True if secure else "")
    # an expired token is sent on, so that a page learns of it by a 401 and refreshes
    assert cookies["centrals_access"]["max-age"] == cookies["centrals_refresh"]["max-age"]
    assert visible.json()["data"]["viewer"]["email"] == user["email"]
    assert {name: cookie["max-age"] for name, cookie in cookies_of(left).items()} == {
        "centrals_access": "0",
        "centrals_refresh": "0",
    }
    assert gone.status_code == 401


async def test_a_refused_refresh_by_cookie_clears_both(visitor: Client) -> None:
    response = await with_cookies(
        visitor, "mutation { refreshSession { errors { code } } }", "centrals_refresh=unknown"
    )

    assert response.json()["data"]["refreshSession"]["errors"] == [{"code": "SESSION_ENDED"}]
    assert {name: cookie["max-age"] for name, cookie in cookies_of(response).items()} == {
        "centrals_access": "0",
        "centrals_refresh": "0",
    }


async def everything_stored() -> str:
    listing = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgres": "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    }
    tables = [row["name"] for row in await database.read(listing[database.dialect()])]
    assert {"credentials", "sessions", "audit_entries", "user_entries", "users"} <= set(tables)
    return "\n".join(
        [str(tuple(row)) for table in tables for row in await database.read(f'SELECT * FROM "{table}"')]
    )


async def test_tokens_are_long_and_stored_as_digests_alone(visitor: Client) -> None:
    user = await person()
    first = await sign_in(visitor, user["email"])
    second = await refresh(visitor, first["refreshToken"])
    tokens = [first["accessToken"], first["refreshToken"], second["accessToken"], second["refreshToken"]]

    stored = await everything_stored()

    for token in tokens:
        assert len(base64.urlsafe_b64decode(token + "==")) * 8 >= 128
        assert token not in stored
        assert hashed(token) in stored
    assert PASSWORD not in stored
    assert user["email"] in stored


OWN = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("public_url", "origin", "taken"),
    [
        (OWN, OWN, True),
        (OWN, None, True),
        (OWN, "null", False),
        (OWN, "", False),
        (OWN, "http://evil.example.com", False),
        (OWN, "https://127.0.0.1:8000", False),
        (OWN, "http://127.0.0.1", False),
        (OWN, "http://127.0.0.1:8001", False),
        (OWN, "http://127.0.0.1:8000.example.com", False),
        (OWN, "https://app.example.com", True),
        (OWN, "http://app.example.com", False),
        (OWN, "https://app.example.com.example.org", False),
        ("https://seller.example.com", "https://seller.example.com", True),
        ("https://seller.example.com", "http://seller.example.com", False),
        ("https://127.0.0.1:8000", "http://127.0.0.1:8000", False),
    ],
)
async def test_a_cookie_counts_only_for_pages_that_may_bring_it(
    database_url: str, public_url: str, origin: str | None, taken: bool
) -> None:
    settings = replace(SETTINGS, public_url=public_url, allowed_origins=("https://app.example.com",))
    token = await make.session(await make.user())
    headers = {} if origin is None else {"origin": origin}

    async with visiting(settings) as visitor:
        access = await with_cookies(visitor, SIGN_OUT, f"centrals_access={token}", **headers)
        renewal = await with_cookies(
            visitor, "mutation { refreshSession { errors { code } } }", "centrals_refresh=x", **headers
        )
        still = await alive(visitor, token)
        bearer = await visitor.post("{ instance { name } }", headers=headers)

    assert access.status_code == renewal.status_code == (200 if taken else 403), access.text
    assert still is not taken
    assert ("set-cookie" in renewal.headers) is taken
    assert bearer.status_code == 200


SENT_BY_CLIENTS = (
    "apollo-require-preflight,apollographql-client-name,apollographql-client-version,authorization,baggage,"
    "content-type,graphql-client-name,sentry-trace,traceparent,x-apollo-operation-name,x-central,x-request-id"
)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://app.example.com", True),
        ("http://app.example.com", False),
        ("https://evil.example.com", False),
        ("null", False),
    ],
)
async def test_only_configured_origins_may_read_answers(origin: str, allowed: bool) -> None:
    settings = replace(SETTINGS, allowed_origins=("https://app.example.com",))
    variables = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": SENT_BY_CLIENTS,
    }

    async with visiting(settings) as visitor:
        preflight = await visitor.http.options("/graphql", headers=variables)
        answer = await visitor.post("{ instance { name } }", headers={"origin": origin})

    for response in (preflight, answer):
        result = response.headers.get("access-control-allow-origin")
        assert result == (origin if allowed else None)
    assert (preflight.status_code == 200) is allowed
    assert answer.status_code == 200
    if allowed:
        assert preflight.headers["access-control-allow-headers"] == SENT_BY_CLIENTS
        assert preflight.headers["access-control-max-age"] == "7200"
        assert {"retry-after", "x-request-id"} <= set(
            answer.headers["access-control-expose-headers"].split(", ")
        )


async def test_without_configured_origins_no_page_elsewhere_reads_anything() -> None:
    async with visiting() as visitor:
        answer = await visitor.post("{ instance { name } }", headers={"origin": "https://app.example.com"})

    assert not [name for name in answer.headers if name.startswith("access-control")]
