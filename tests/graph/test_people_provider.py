"""Signing in with an OpenID Connect provider: whom it makes, whom it is linked to, and what is not believed."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

import make
from client import SETTINGS, Client
from doorstep import an_address, visiting
from graph.http.openid import challenge
from models import database
from posted import own_log
from provider import Teller, provider, telling

ACT = "signInWithProvider"
CLIENT = "centrals-here"


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[str]:
    """A provider that knows some people."""
    async with provider(
        {
            "sub": "ana",
            "email": "Ana@Example.com",
            "email_verified": True,
            "name": "Ana Prado",
            "locale": "pt-BR",
        },
        {"sub": "known", "email": "known@example.com", "email_verified": True},
        {"sub": "unverified", "email": "unverified@example.com", "email_verified": False},
        {"sub": "unsaid", "email": "unsaid@example.com"},
        {"sub": "mute"},
    ) as address:
        yield address


@pytest.fixture
async def visitor(database_url: str, issuer: str) -> AsyncIterator[Client]:
    async with visiting(with_provider(issuer)) as found:
        yield found


def with_provider(issuer: str, **changed: Any) -> Any:
    named = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": "a secret"}
    named |= {"oidc_name": "Sign-in of the house"}
    return replace(SETTINGS, **(named | changed))


async def set_out(visitor: Client, return_to: str | None = None) -> tuple[httpx.Response, dict[str, str]]:
    params = {} if return_to is None else {"return": return_to}
    response = await visitor.http.get("/sign-in/provider", params=params)
    request = parse_qs(urlsplit(response.headers["location"]).query)
    return response, {name: values[0] for name, values in request.items()}


async def come_back(
    visitor: Client, subject: str, return_to: str | None = None, **form: str
) -> httpx.Response:
    response, _ = await set_out(visitor, return_to)
    async with httpx.AsyncClient(verify=False) as browser:
        answered = await browser.post(response.headers["location"], data={"sub": subject, **form})
    way = urlsplit(answered.headers["location"])
    return await visitor.http.get(f"{way.path}?{way.query}")


async def email_of(visitor: Client) -> str | None:
    response = await visitor.post("{ viewer { email } }")
    if response.status_code != 200:
        return None
    return str(response.json()["data"]["viewer"]["email"])


async def identities(user_id: str) -> list[str]:
    rows = await database.read("SELECT subject FROM identities WHERE user_id = ?", (user_id,))
    return [row["subject"] for row in rows]


async def user_of(email: str) -> Any:
    rows = await database.read("SELECT * FROM users WHERE email = ?", (email,))
    return rows[0] if rows else None


async def test_a_verified_address_makes_a_user_once_who_is_known_again(visitor: Client, issuer: str) -> None:
    response = await come_back(visitor, "ana", "/graphql?page=1")

    assert (response.status_code, response.headers["location"]) == (303, "/graphql?page=1")
    stored = {cookie.name: cookie.path for cookie in visitor.http.cookies.jar}
    assert stored == {"centrals_access": "/", "centrals_refresh": "/graphql"}
    assert await email_of(visitor) == "ana@example.com"
    user = await user_of("ana@example.com")
    assert (user["name"], user["locale"], user["password_hash"]) == ("Ana Prado", "pt", None)
    assert user["email_verified_at"] is not None
    assert await identities(str(user["id"])) == ["ana"]
    await database.transact(
        lambda: database.write("UPDATE users SET email = ? WHERE id = ?", ("moved@example.com", user["id"]))
    )
    async with visiting(with_provider(issuer)) as again:
        await come_back(again, "ana")
        assert await email_of(again) == "moved@example.com"
    assert await user_of("ana@example.com") is None
    assert [entry["refusal"] for entry in await own_log(str(user["id"]), ACT)] == [None, None]


async def test_a_user_who_verified_the_address_is_linked(visitor: Client) -> None:
    user = await make.user(email="known@example.com")

    await come_back(visitor, "known")

    assert await email_of(visitor) == user["email"]
    assert await identities(user["id"]) == ["known"]


async def test_a_user_who_has_not_verified_the_address_is_taken_over_with_nothing_left_of_before(
    visitor: Client,
) -> None:
    await database.transact(
        lambda: database.write(
            "UPDATE users SET email = ? WHERE email = ?", (f"{an_address()}@example.com", "known@example.com")
        )
    )
    await database.transact(lambda: database.write("DELETE FROM identities WHERE subject = 'known'"))
    squatter = await make.user("Eve", email="known@example.com", email_verified_at=None, password_hash="x")
    session = await make.session(squatter)
    token = await make.access_token(await make.account(), {"user_id": squatter["id"]}, [], [])

    response = await come_back(visitor, "known", "/welcome")

    assert response.headers["location"] == "/welcome"
    assert await email_of(visitor) == "known@example.com"
    user = await user_of("known@example.com")
    assert (user["id"], user["password_hash"], user["name"]) == (squatter["id"], None, "known")
    assert user["email_verified_at"] is not None
    assert await identities(squatter["id"]) == ["known"]
    for old in (session, token):
        assert (await visitor.post("{ viewer { id } }", token=old)).status_code == 401
    await database.transact(
        lambda: database.write(
            "UPDATE users SET email = ? WHERE id = ?", (f"{squatter['id']}@example.com", squatter["id"])
        )
    )


@pytest.mark.parametrize("subject", ["unverified", "unsaid", "mute"])
async def test_an_address_that_the_provider_has_not_verified_makes_no_one(
    visitor: Client, subject: str
) -> None:
    response = await come_back(visitor, subject)

    assert response.headers["location"] == "/graphql?error=UNVERIFIED_ADDRESS"
    assert await user_of(f"{subject}@example.com") is None
    rows = await database.read("SELECT id FROM identities WHERE subject = ?", (subject,))
    assert rows == []


async def test_the_request_binds_state_nonce_and_a_challenge(visitor: Client) -> None:
    response, request = await set_out(visitor)

    assert request | {"state": "", "nonce": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "http://127.0.0.1:8000/sign-in/provider/back",
        "scope": "openid email profile",
        "code_challenge_method": "S256",
        "state": "",
        "nonce": "",
        "code_challenge": "",
    }
    rows = await database.read("SELECT * FROM provider_visits WHERE nonce = ?", (request["nonce"],))
    assert challenge(rows[0]["verifier"]) == request["code_challenge"]
    assert 43 <= len(rows[0]["verifier"]) <= 128
    assert request["state"] not in str(tuple(rows[0]))
    cookie = response.headers["set-cookie"].lower()
    assert all(
        word in cookie for word in ("httponly", "samesite=lax", "path=/sign-in/provider", "max-age=600")
    )
    assert request["state"] == visitor.http.cookies["centrals_visit"]


def test_the_challenge_is_that_of_rfc_7636() -> None:
    assert (
        challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


async def test_a_state_counts_once_and_only_in_the_browser_that_set_out(visitor: Client, issuer: str) -> None:
    response, request = await set_out(visitor)
    async with httpx.AsyncClient(verify=False) as browser:
        answered = await browser.post(response.headers["location"], data={"sub": "ana"})
    way = urlsplit(answered.headers["location"])
    back, state = f"{way.path}?{way.query}", request["state"]

    async with visiting(with_provider(issuer)) as stranger:
        without = await stranger.http.get(back)
        stranger.http.cookies.clear()
        other = await stranger.http.get(back, headers={"cookie": "centrals_visit=another"})
    first = await visitor.http.get(back, headers={"cookie": f"centrals_visit={state}"})
    again = await visitor.http.get(back, headers={"cookie": f"centrals_visit={state}"})
    none = await visitor.http.get("/sign-in/provider/back")

    assert [item.headers["location"] for item in (without, other, first, again, none)] == [
        "/graphql?error=VISIT_ENDED",
        "/graphql?error=VISIT_ENDED",
        "/graphql",
        "/graphql?error=VISIT_ENDED",
        "/graphql?error=VISIT_ENDED",
    ]


async def test_a_visit_ends_after_ten_minutes(visitor: Client) -> None:
    _, request = await set_out(visitor)
    await database.transact(
        lambda: database.write(
            "UPDATE provider_visits SET expires_at = 1 WHERE nonce = ?", (request["nonce"],)
        )
    )

    response = await visitor.http.get(f"/sign-in/provider/back?code=x&state={request['state']}")

    assert response.headers["location"] == "/graphql?error=VISIT_ENDED"


async def test_who_declines_comes_back_signed_out(visitor: Client) -> None:
    response = await come_back(visitor, "ana", "/start?a=1", action="deny")

    assert response.headers["location"] in {
        "/start?a=1&error=PROVIDER_REFUSED",
        "/graphql?error=VISIT_ENDED",  # where the provider forgets the state
    }
    assert "centrals_access" not in visitor.http.cookies


@pytest.mark.parametrize(
    ("return_to", "expected"),
    [
        ("/graphql?x=1#y", "/graphql?x=1#y"),
        ("https://app.example.com/in", "https://app.example.com/in"),
        ("https://evil.example.com/in", "/graphql"),
        ("https://app.example.com@evil.example.com/", "/graphql"),
        ("http://app.example.com/in", "/graphql"),
        ("//evil.example.com", "/graphql"),
        ("/\\evil.example.com", "/graphql"),
        ("/\t/evil.example.com", "/graphql"),
        ("javascript:alert(1)", "/graphql"),
        ("", "/graphql"),
        ("/" + "x" * 600, "/graphql"),
        ("/é", "/graphql"),
    ],
)
async def test_a_browser_is_sent_nowhere_that_was_not_told_of(
    database_url: str, issuer: str, return_to: str, expected: str
) -> None:
    async with visiting(with_provider(issuer, allowed_origins=("https://app.example.com",))) as visitor:
        _, request = await set_out(visitor, return_to)

    rows = await database.read("SELECT return_to FROM provider_visits WHERE nonce = ?", (request["nonce"],))
    assert rows[0]["return_to"] == expected


async def test_a_hundred_visits_from_one_place_are_allowed_in_fifteen_minutes(
    database_url: str, issuer: str
) -> None:
    async with visiting(with_provider(issuer)) as visitor:
        for _ in range(100):
            assert "state" in (await set_out(visitor))[1]
        response, request = await set_out(visitor)

    assert response.headers["location"] == "/graphql?error=RATE_LIMITED"
    assert request == {"error": "RATE_LIMITED"}


async def test_an_instance_tells_of_its_provider_and_without_one_there_is_no_way(
    database_url: str, issuer: str
) -> None:
    query = "{ instance { signInWays signInProvider } }"
    async with visiting(with_provider(issuer)) as visitor, visiting() as plain:
        data, none = await visitor.ask(query), await plain.ask(query)
        missing = await plain.http.get("/sign-in/provider")

    assert data["instance"] == {
        "signInWays": ["PASSWORD", "OPENID_CONNECT"],
        "signInProvider": "Sign-in of the house",
    }
    assert none["instance"] == {"signInWays": ["PASSWORD"], "signInProvider": None}
    assert missing.status_code == 404


async def returned(teller: Teller, **changed: Any) -> tuple[str, str | None]:
    """Where one ends who comes back from a provider that tells what it is told to, and as whom."""
    async with visiting(with_provider(teller.address, **changed)) as visitor:
        way, request = await set_out(visitor)
        if "error" in request:
            return way.headers["location"], None
        teller.challenge = teller.challenge or request.get("code_challenge")
        now = int(time.time())
        email = f"told-{database.new_id()}@example.com"
        usual = {"iss": teller.address, "sub": database.new_id(), "aud": CLIENT, "exp": now + 60, "iat": now}
        usual |= {"nonce": request.get("nonce"), "email": email, "email_verified": True}
        results = {name: value for name, value in (usual | teller.claims).items() if value is not ...}
        teller.claims = results
        response = await visitor.http.get(f"/sign-in/provider/back?code=a-code&state={request.get('state')}")
        return response.headers["location"], await email_of(visitor)


async def test_the_verifier_and_the_secret_go_to_the_provider_alone(database_url: str) -> None:
    with telling() as public, telling() as confidential:
        assert (await returned(public, oidc_client_secret=""))[0] == "/graphql"
        assert (await returned(confidential))[0] == "/graphql"

        [request], [secret_request] = public.requests, confidential.requests
    assert challenge(request["code_verifier"]) == public.challenge
    assert (request["code"], request["grant_type"], request["authorization"]) == (
        "a-code",
        "authorization_code",
        None,
    )
    assert secret_request["authorization"].startswith("Basic ")
    assert "client_secret" not in secret_request


async def test_a_code_of_another_visit_is_refused_by_its_challenge(database_url: str) -> None:
    with telling() as teller:
        teller.challenge = challenge("the verifier of another visit")

        assert await returned(teller) == ("/graphql?error=PROVIDER_FAILED", None)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another visit"},
        {"nonce": ...},
        {"iss": "https://evil.example.com"},
        {"iss": ...},
        {"aud": "another client"},
        {"aud": ...},
        {"aud": [CLIENT, "another client"]},
        {"aud": [CLIENT, "another client"], "azp": "another client"},
        {"azp": "another client"},
        {"exp": 1_000_000_000},
        {"exp": ...},
        {"iat": 4_000_000_000},
        {"sub": ...},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 7},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_this_visit_is_not_believed(
    database_url: str, claims: dict[str, Any]
) -> None:
    with telling() as teller:
        teller.claims = claims

        assert await returned(teller) == ("/graphql?error=PROVIDER_FAILED", None)


async def test_a_token_that_the_provider_has_not_signed_is_not_believed(database_url: str) -> None:
    with telling() as forged, telling() as confused, telling() as bare, telling() as otherwise:
        forged.published = RSAKey.generate_key(2048, {"kid": "one"})
        bare.token = "eyJhbGciOiJub25lIn0.e30."
        public = confused.key.as_pem(private=False)
        confused.token = jwt.encode(
            {"alg": "HS256"}, {"sub": "x"}, OctKey.import_key(public[26:]), algorithms=["HS256"]
        )
        otherwise.issuer = "https://evil.example.com"

        for teller in (forged, confused, bare, otherwise):
            assert await returned(teller) == ("/graphql?error=PROVIDER_FAILED", None)


async def test_an_address_told_beside_the_token_counts_for_the_same_person_alone(database_url: str) -> None:
    mine = {"email": "beside@example.com", "email_verified": True}
    with telling() as same, telling() as another:
        for teller, subject in ((same, "s"), (another, "t")):
            teller.claims = {"sub": "s", "email": ..., "email_verified": ...}
            teller.userinfo = {**mine, "sub": subject}

        assert await returned(another) == ("/graphql?error=PROVIDER_FAILED", None)
        assert await returned(same) == ("/graphql", "beside@example.com")


async def test_a_provider_that_is_gone_sends_one_back(database_url: str) -> None:
    with telling() as teller:
        address = teller.address

    assert await returned(Teller(address=address)) == ("/graphql?error=PROVIDER_FAILED", None)
