"""One person in many sessions at once: ending them, changing the password, and acting in an account."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

import make
from actions.identity.users.user_token import make_link
from actions.kit.chain import chain_key
from actions.kit.proof import prove
from authz.identity import digest
from client import SETTINGS, Client
from doorstep import PASSWORD, person, visiting
from extent import extent
from models import database
from models.vocabulary import UserTokenKind
from versions import current

ROUNDS = extent(2, 4)
SESSIONS = 6
DOCUMENTS = {
    "setBranding": "mutation($brandName: String!, $expectedVersion: Int!) { setBranding("
    "input: {brandName: $brandName, expectedVersion: $expectedVersion}) { errors { code } } }",
    "closeAccount": "mutation($name: String!) { closeAccount(input: {name: $name}) { errors { code } } }",
    "reopenAccount": "mutation { reopenAccount { errors { code } } }",
    "revokeSession": "mutation($id: ID!) { revokeSession(input: {id: $id}) { errors { code } } }",
    "revokeOtherSessions": "mutation { revokeOtherSessions { errors { code } } }",
    "changePassword": "mutation($current: String!, $new: String!) {"
    " changePassword(input: {current: $current, new: $new}) { errors { code } } }",
    "resetPassword": "mutation($token: String!, $password: String!) {"
    " resetPassword(input: {token: $token, password: $password}) { errors { code } } }",
    "setName": "mutation($name: String!) { setName(input: {name: $name}) { errors { code } } }",
}
IN_ACCOUNT = ("setBranding", "closeAccount", "reopenAccount")
REFUSED = {
    "setBranding": {"ACCOUNT_CLOSED"},
    "closeAccount": {"ACCOUNT_CLOSED"},
    "reopenAccount": {"ACCOUNT_NOT_CLOSED"},
    "revokeSession": {"NOT_FOUND"},
    "revokeOtherSessions": set(),
    "changePassword": {"BAD_CREDENTIALS"},
    "setName": set(),
}
SIGN_IN = (
    "mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) { errors { code } } }"
)


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def refusal(
    visitor: Client, name: str, token: str | None, account: dict[str, Any] | None, values: dict[str, Any]
) -> str | None:
    """The code that an act was refused with; none where it was done. Stale writes are made anew."""
    if name == "setBranding" and account is not None and "expectedVersion" not in values:
        return await _branded(visitor, token, account, values)
    body = (await visitor.post(DOCUMENTS[name], values, token=token or None, account=account)).json()
    if "errors" in body:
        (error,) = body["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED", body
        return "UNAUTHENTICATED"
    errors = body["data"][name]["errors"]
    return errors[0]["code"] if errors else None


async def _branded(
    visitor: Client, token: str | None, account: dict[str, Any], values: dict[str, Any]
) -> str | None:
    while True:
        version = await current("setBranding", values, account)
        code = await refusal(visitor, "setBranding", token, account, values | {"expectedVersion": version})
        if code != "VERSION_CONFLICT":
            return code


async def rows(statement: str, *params: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await database.read(statement, params)]


async def session_of(token: str) -> str:
    (found,) = await rows("SELECT session_id FROM credentials WHERE digest = ?", digest(token))
    return str(found["session_id"])


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_sessions_end_the_password_changes_and_the_account_closes_at_once(
    visitor: Client, seed: int
) -> None:
    owner = await person()
    account = await make.account(owner, name="Studio")
    tokens = [await make.session(owner) for _ in range(SESSIONS)]
    sessions = [await session_of(token) for token in tokens]
    chance = random.Random(seed)
    acts: list[tuple[str, int, dict[str, Any]]] = [
        *(("setBranding", n % SESSIONS, {"brandName": f"{n % SESSIONS} {n}"}) for n in range(16)),
        *(("closeAccount", n % SESSIONS, {"name": "Studio"}) for n in range(5)),
        *(("reopenAccount", n % SESSIONS, {}) for n in range(5)),
        *(
            ("revokeSession", n % SESSIONS, {"id": f"session_{sessions[(n + 1 + n // SESSIONS) % SESSIONS]}"})
            for n in range(10)
        ),
        *(("revokeOtherSessions", n, {}) for n in range(2)),
        *(
            ("changePassword", n, {"current": PASSWORD, "new": f"another password {n}"})
            for n in range(SESSIONS)
        ),
        *(("setName", n, {"name": f"Name {n}"}) for n in range(SESSIONS)),
    ]
    chance.shuffle(acts)

    async def run(name: str, who: int, values: dict[str, Any]) -> str | None:
        await asyncio.sleep(chance.random() / 5)
        return await refusal(visitor, name, tokens[who], account if name in IN_ACCOUNT else None, values)

    codes = await asyncio.gather(*(run(*act) for act in acts))

    done = [act for act, code in zip(acts, codes, strict=True) if code is None]
    for (name, *_), code in zip(acts, codes, strict=True):
        assert code in {None, "UNAUTHENTICATED", "SESSION_ENDED"} | REFUSED[name], (name, code)
    await _the_account_agrees(account, done)
    await _the_person_agrees(visitor, owner, done)
    await _no_one_acts_after_his_end(account, owner, sessions, done)
    left = await rows("SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL", owner["id"])
    assert left  # whoever ended another's session was not ended before
    for token, session in zip(tokens, sessions, strict=True):
        alive = session in {row["id"] for row in left}
        response = await visitor.post("{ viewer { id } }", token=token)
        assert response.status_code == (200 if alive else 401)


async def test_of_two_sessions_that_end_each_other_one_stays(visitor: Client) -> None:
    owner = await make.user()
    for _ in range(50):
        tokens = [await make.session(owner) for _ in range(2)]
        sessions = [await session_of(token) for token in tokens]

        codes = await asyncio.gather(
            *(
                refusal(visitor, "revokeSession", token, None, {"id": f"session_{other}"})
                for token, other in zip(tokens, reversed(sessions), strict=True)
            )
        )

        assert set(codes) - {None} <= {"UNAUTHENTICATED", "SESSION_ENDED"}
        assert codes.count(None) == 1
        left = await rows("SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL", owner["id"])
        assert [row["id"] for row in left] == [sessions[codes.index(None)]]
        await refusal(
            visitor, "revokeSession", tokens[codes.index(None)], None, {"id": f"session_{left[0]['id']}"}
        )


@pytest.mark.parametrize("seed", range(extent(3, 5)))
async def test_a_password_is_set_by_a_link_and_changed_at_once(visitor: Client, seed: int) -> None:
    owner = await person()
    account = await make.account(owner)
    tokens = [await make.session(owner) for _ in range(4)]
    created = await database.transact(lambda: make_link(UserTokenKind.RESET_PASSWORD, owner["email"]))
    by_link = {"token": created, "password": "set by the link"}
    chance = random.Random(seed)

    async def run(name: str, token: str, values: dict[str, Any]) -> str | None:
        await asyncio.sleep(chance.random() / 20)
        return await refusal(visitor, name, token, account if name == "setBranding" else None, values)

    (reset, *branded), changed = await asyncio.gather(
        asyncio.gather(
            run("resetPassword", "", by_link),
            *(run("setBranding", token, {"brandName": f"{n}"}) for n, token in enumerate(tokens)),
        ),
        asyncio.gather(
            *(
                run("changePassword", token, {"current": PASSWORD, "new": f"another password {n}"})
                for n, token in enumerate(tokens[:2])
            )
        ),
    )

    assert reset in (None, "BAD_LINK")
    assert set(changed) <= {None, "BAD_CREDENTIALS", "SESSION_ENDED", "UNAUTHENTICATED"}
    assert set(branded) <= {None, "SESSION_ENDED", "UNAUTHENTICATED"}
    assert changed.count(None) + (reset is None) >= 1
    assert changed.count(None) <= 1
    # a change ends the link, so a link that was good came last or alone
    good = "set by the link" if reset is None else f"another password {changed.index(None)}"
    answer = await visitor.ask(SIGN_IN, {"e": owner["email"], "p": good})
    assert answer["signIn"]["errors"] == []
    left = await rows("SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL", owner["id"])
    assert len(left) == (1 if reset is None else 2)  # the new one, and the changer's


Acts = list[tuple[str, int, dict[str, Any]]]


async def _the_account_agrees(account: dict[str, Any], done: Acts) -> None:
    assert (await prove(chain_key(SETTINGS.secret_key), account["id"])).broken is None
    log = await rows(
        "SELECT act FROM audit_entries WHERE account_id = ? AND refusal IS NULL ORDER BY sequence",
        account["id"],
    )
    in_log = [row["act"] for row in log]
    assert sorted(in_log) == sorted(name for name, *_ in done if name in IN_ACCOUNT)
    doors = [name for name in in_log if name != "setBranding"]
    assert doors == ["closeAccount", "reopenAccount"] * (len(doors) // 2) + ["closeAccount"] * (
        len(doors) % 2
    )
    (found,) = await rows("SELECT closed_at FROM accounts WHERE id = ?", account["id"])
    assert (found["closed_at"] is not None) == (len(doors) % 2 == 1)
    closed = False
    for name in in_log:
        assert not (closed and name == "setBranding")
        closed = {"closeAccount": True, "reopenAccount": False}.get(name, closed)


async def _the_person_agrees(visitor: Client, owner: dict[str, Any], done: Acts) -> None:
    changed = [values["new"] for name, _, values in done if name == "changePassword"]
    assert len(changed) <= 1
    for password in (PASSWORD, *(f"another password {n}" for n in range(SESSIONS))):
        answer = await visitor.ask(SIGN_IN, {"e": owner["email"], "p": password})
        opens = [error["code"] for error in answer["signIn"]["errors"]] == []
        assert opens == (password == (changed or [PASSWORD])[0])


async def _no_one_acts_after_his_end(
    account: dict[str, Any], owner: dict[str, Any], sessions: list[str], done: Acts
) -> None:
    """Ids of entries are given while the session's row is held: their order is that of the acts."""
    log = await rows(
        "SELECT id, changes FROM audit_entries WHERE account_id = ? AND act = 'setBranding'"
        " AND refusal IS NULL",
        account["id"],
    )
    acted = [(str(row["id"]), sessions[int(_brand(row["changes"])[0])]) for row in log]
    own = await rows(
        "SELECT id, act, object_id FROM user_entries WHERE user_id = ? AND refusal IS NULL", owner["id"]
    )
    for entry in own:
        ended: set[str] = set()
        if entry["act"] == "revokeSession":
            ended = {entry["object_id"]}
        elif entry["act"] in ("revokeOtherSessions", "changePassword"):
            ended = set(sessions) - {sessions[who] for name, who, _ in done if name == entry["act"]}
        assert not [item for item, session in acted if session in ended and item > str(entry["id"])], entry


def _brand(changes: Any) -> str:
    decoded = msgspec.json.decode(changes) if isinstance(changes, str | bytes) else changes
    return str(next(item["after"] for item in decoded if item["field"] == "Account.brandName"))
