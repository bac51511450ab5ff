"""API credentials: a machine gets tokens with one, within what its creator has, until either ends."""

import asyncio
import base64
from typing import Any

import pytest

import make
from authz.grant import Grant
from center import DONE, Center, center
from client import Client
from extent import extent
from models import database
from models.vocabulary import Role

KEYS = Grant.MANAGE_API_CREDENTIALS
GRANTS = [KEYS, Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS]
PAYLOAD = (
    "credential { id clientId name grants status createdBy { name } } secret errors { code field message }"
)
SALES = "{ account { sales(first: 5) { nodes { reference } } } }"
LIST = "{ account { credentials { nodes { id name status lastUsedAt createdBy { name } } } } }"


@pytest.fixture
async def there(client: Client) -> Center:
    found = await center(client)
    for name, role in (("machinist", Role.USER), ("colleague", Role.USER)):
        profile = await make.profile(found.account, GRANTS, name=name)
        found.profiles[name] = profile
        found.collaborators[name] = await make.collaborator(found.account, profile, role, name=name)
        found.tokens[name] = await Client.collaborator(found.collaborators[name])
    return found


async def create(there: Center, who: str = "machinist", **changed: Any) -> dict[str, Any]:
    values = {"name": "Warehouse", "grants": ["SEARCH_SALES"], "days": 30} | changed
    payload = await there.act(who, "createApiCredential", PAYLOAD, **values)
    assert payload["errors"] == []
    return {**payload["credential"], "secret": payload["secret"]}


async def exchange(there: Center, keys: dict[str, Any], **changed: Any) -> Any:
    form = {
        "grant_type": "client_credentials",
        "client_id": keys["clientId"],
        "client_secret": keys["secret"],
    }
    return await there.client.http.post("/oauth/token", data=form | changed)


async def token(there: Center, keys: dict[str, Any], **changed: Any) -> str:
    return str((await exchange(there, keys, **changed)).json()["access_token"])


async def status(there: Center) -> list[str]:
    return [node["status"] for node in (await there.ask("owner", LIST))["account"]["credentials"]["nodes"]]


async def test_a_machine_has_what_was_chosen_within_its_creators_reach(there: Center) -> None:
    own = await make.sale(there.account, assignee=there.collaborators["machinist"])
    await make.sale(there.account, assignee=there.collaborators["colleague"])
    keys = await create(there)

    answer = await exchange(there, keys)
    basic = base64.b64encode(f"{keys['clientId']}:{keys['secret']}".encode()).decode()
    by_header = await there.client.http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, headers={"authorization": f"Basic {basic}"}
    )

    assert answer.status_code == by_header.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    issued = answer.json()
    assert (issued["token_type"], issued["expires_in"], issued["scope"]) == ("Bearer", 3600, "SEARCH_SALES")
    sales = await there.client.ask(SALES, token=issued["access_token"])
    assert [node["reference"] for node in sales["account"]["sales"]["nodes"]] == [own["reference"]]
    for text in (LIST, "{ account { products { totalCount } } }", "{ account { auditLog { totalCount } } }",
                 'mutation { revokeApiCredential(input: {id: "x"}) { errors { code } } }'):  # fmt: skip
        (error, *_) = await there.client.errors(text, token=issued["access_token"])
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED", text
    listed = (await there.ask("colleague", LIST))["account"]["credentials"]["nodes"]
    assert [(node["name"], node["status"], node["createdBy"]["name"]) for node in listed] == [
        ("Warehouse", "ACTIVE", keys["createdBy"]["name"])
    ]
    assert listed[0]["lastUsedAt"]
    own_tokens = await there.ask("machinist", "{ viewer { tokens { id } } }")
    assert own_tokens["viewer"]["tokens"] == []


async def test_a_machines_token_creates_no_tokens(there: Center) -> None:
    issued = await token(there, await create(there))
    text = """mutation { createAccessToken(input: {name: "Child", grants: [SEARCH_SALES], days: 1}) {
        secret errors { code } } }"""

    payload = (await there.client.ask(text, token=issued))["createAccessToken"]

    assert (payload["secret"], payload["errors"]) == (None, [{"code": "FORBIDDEN"}])


async def test_scope_narrows_what_a_token_opens(there: Center) -> None:
    keys = await create(there, grants=["SEARCH_SALES", "VIEW_PRODUCTS"])

    narrow = await exchange(there, keys, scope="VIEW_PRODUCTS")
    beyond = await exchange(there, keys, scope="VIEW_PRODUCTS MAKE_WITHDRAWAL")

    assert narrow.json()["scope"] == "VIEW_PRODUCTS"
    assert await there.client.errors(SALES, token=narrow.json()["access_token"])
    assert (beyond.status_code, beyond.json()["error"]) == (400, "invalid_scope")


async def test_what_its_creator_loses_the_machine_loses_at_the_next_request(there: Center) -> None:
    keys = await create(there)
    issued = await token(there, keys)
    assert (await there.client.post(SALES, token=issued)).status_code == 200

    profile = there.profile("machinist")
    edited = await there.act("owner", "updateProfile", profileId=profile, grants=["MANAGE_API_CREDENTIALS"])

    assert edited["errors"] == []
    (error, *_) = await there.client.errors(SALES, token=issued)
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert await there.client.errors(SALES, token=await token(there, keys))


@pytest.mark.parametrize("end", ["revoke", "rotate"])
async def test_a_credential_that_ends_takes_its_tokens_along(there: Center, end: str) -> None:
    keys = await create(there)
    issued = await token(there, keys)
    who = "colleague" if end == "revoke" else "machinist"

    payload = await there.act(who, f"{end}ApiCredential", "errors { code }", id=keys["id"])

    assert payload["errors"] == []
    assert (await there.client.post(SALES, token=issued)).status_code == 401
    assert (await exchange(there, keys)).status_code == 401
    assert await status(there) == ["REVOKED" if end == "revoke" else "ACTIVE"]
    again = await there.outcome(who, f"{end}ApiCredential", id=keys["id"])
    assert again == ("WRONG_STATE" if end == "revoke" else DONE)


async def test_only_its_creator_gets_the_new_secret(there: Center) -> None:
    keys = await create(there)

    assert await there.outcome("colleague", "rotateApiCredential", id=keys["id"]) == "FORBIDDEN"
    payload = await there.act("machinist", "rotateApiCredential", "secret errors { code }", id=keys["id"])

    assert (await exchange(there, keys)).status_code == 401
    assert (await exchange(there, keys | payload)).status_code == 200
    assert (await there.changes())["ApiCredential.secret"] == (None, "changed")


async def test_an_unknown_credential_and_a_wrong_secret_are_answered_alike(there: Center) -> None:
    keys = await create(there)
    wrong = [{"secret": "cpcs_wrong"}, {"clientId": f"{keys['clientId'][:-1]}!"}, {"clientId": "nobody"}]

    answers, statements = [], []
    for changed in wrong:
        with database.observed() as found:
            answers.append(await exchange(there, keys | changed))
        statements.append([statement for statement in found if "rate" not in statement])

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["error"] == "invalid_client"
    assert statements[0] == statements[1] == statements[2] != []


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"grants": ["SEARCH_SALES", "MAKE_WITHDRAWAL"]}, "NOT_HELD", ["grants"]),
        ({"grants": ["MANAGE_API_CREDENTIALS"]}, "BAD_INPUT", ["grants"]),
        ({"grants": []}, "BAD_INPUT", ["grants"]),
        ({"days": 0}, "BAD_INPUT", ["days"]),
        ({"days": 367}, "BAD_INPUT", ["days"]),
        ({"name": " "}, "BAD_INPUT", ["name"]),
        ({"name": "WAREHOUSE"}, "NAME_TAKEN", ["name"]),
    ],
)
async def test_what_is_refused(there: Center, changed: dict[str, Any], code: str, field: list[str]) -> None:
    await create(there)
    values = {"name": "Other", "grants": ["SEARCH_SALES"], "days": 30} | changed

    payload = await there.act("machinist", "createApiCredential", **values)

    assert [(error["code"], error["field"]) for error in payload["errors"]] == [(code, field)]
    assert await status(there) == ["ACTIVE"]


async def test_an_account_has_twenty_and_a_repeated_call_makes_none(there: Center) -> None:
    values = {"name": "First", "grants": ["SEARCH_SALES"], "days": 1, "idempotencyKey": "k"}
    first, again = [await there.act("machinist", "createApiCredential", PAYLOAD, **values) for _ in range(2)]
    for number in range(19):
        await create(there, name=f"Machine {number}")

    assert first["secret"]
    assert again["secret"] is None
    assert again["credential"] == first["credential"]
    more = {"name": "One more", "grants": ["SEARCH_SALES"], "days": 1}
    assert await there.outcome("machinist", "createApiCredential", **more) == "TOO_MANY"
    mails = await database.read(
        "SELECT COUNT(*) FROM outbox_messages WHERE kind = 'credential_made' AND recipient ="
        " (SELECT email FROM users WHERE id = ?)",
        (there.account["owner_id"],),
    )
    assert mails[0][0] == 20


async def test_it_falls_with_its_creators_membership(there: Center) -> None:
    keys = await create(there)
    issued = await token(there, keys)
    who = there.collaborator("machinist")

    await there.outcome("owner", "suspendCollaborator", collaboratorId=who)
    suspended = [await status(there), (await exchange(there, keys)).status_code]
    await there.outcome("owner", "restoreCollaborator", collaboratorId=who)
    restored = [await status(there), (await exchange(there, keys)).status_code]
    assert await there.outcome("owner", "removeCollaborator", collaboratorId=who) == DONE

    assert suspended == [["FALLEN"], 401]
    assert restored == [["ACTIVE"], 200]
    assert await status(there) == ["FALLEN"]
    assert (await there.client.post(SALES, token=issued)).status_code == 401
    assert (await exchange(there, keys)).status_code == 401


@pytest.mark.parametrize(
    ("content", "headers", "status", "error"),
    [
        (b"{}", {"content-type": "application/json"}, 400, "invalid_request"),
        (b"", {}, 400, "invalid_request"),
        (b"grant_type=password&client_id=a&client_secret=b", {}, 400, "unsupported_grant_type"),
        (b"grant_type=client_credentials&client_id=a", {}, 400, "invalid_request"),
        (b"client_id=a&client_id=b&client_secret=c", {}, 400, "invalid_request"),
        (b"client_id=%ff&client_secret=c", {}, 400, "invalid_request"),
        (b"a=" + b"x" * 9_000, {}, 413, "invalid_request"),
        (b"&".join(b"a%d=1" % number for number in range(30)), {}, 400, "invalid_request"),
        (b"client_secret=c", {"authorization": "Basic YTpi"}, 400, "invalid_request"),
        (b"grant_type=client_credentials", {"authorization": "Basic !"}, 400, "invalid_request"),
        (b"grant_type=client_credentials", {"authorization": "Bearer x"}, 400, "invalid_request"),
        (b"grant_type=client_credentials", {"authorization": "Basic YTpi"}, 401, "invalid_client"),
    ],
)
async def test_a_request_that_is_no_exchange_is_told_what_is_wrong(
    client: Client, content: bytes, headers: dict[str, str], status: int, error: str
) -> None:
    sent = {"content-type": "application/x-www-form-urlencoded"} | headers

    answer = await client.http.post("/oauth/token", content=content, headers=sent)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) is (status == 401)


async def test_who_exchanges_too_often_waits(there: Center) -> None:
    keys = await create(there)

    answers = [await exchange(there, keys | {"secret": "wrong"}) for _ in range(61)]

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_of_a_revocation_and_exchanges_at_once_no_token_is_left(there: Center) -> None:
    for number in range(extent(4, 50)):
        keys = await create(there, name=f"Machine {number}")
        _, *answers = await asyncio.gather(
            there.act("machinist", "revokeApiCredential", "errors { code }", id=keys["id"]),
            *(exchange(there, keys) for _ in range(3)),
        )
        for answer in answers:
            assert answer.status_code in {200, 401, 429}
            if answer.status_code == 200:
                issued = answer.json()["access_token"]
                assert (await there.client.post(SALES, token=issued)).status_code == 401


async def test_the_fifty_first_token_ends_the_first(there: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.developers.credentials.issue.MOST_VALID", 2)
    keys = await create(there)

    tokens = [await token(there, keys) for _ in range(3)]

    assert [(await there.client.post(SALES, token=item)).status_code for item in tokens] == [401, 200, 200]


async def test_who_lacks_the_grant_knows_of_none(there: Center) -> None:
    keys = await create(there)

    assert await there.outcome("small", "revokeApiCredential", id=keys["id"]) == "UNKNOWN"
    found = await there.ask("small", f'{{ node(id: "{keys["id"]}") {{ id }} }}')
    assert found == {"node": None}
