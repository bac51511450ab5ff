"""Acts at once: whatever the order, no state that the rules forbid."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from actions.kit.chain import chain_key
from actions.kit.proof import prove
from authz.grant import Grant
from client import SETTINGS, Client
from doorstep import visiting
from extent import extent
from models import database
from models.vocabulary import Role

CENTER = Grant.ACCESS_COLLABORATORS_CENTER
ROUNDS = extent(2, 4)


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def act(
    visitor: Client, token: str, account: dict[str, Any] | None, name: str, /, **values: Any
) -> str | None:
    """The code that an act was refused with; none where it was done, UNKNOWN where it did not exist."""
    kind = name[0].upper() + name[1:]
    text = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
    body = (await visitor.post(text, {"input": values}, token=token, account=account)).json()
    if "errors" in body:
        codes = {error["extensions"]["code"] for error in body["errors"]}
        assert codes <= {"GRAPHQL_VALIDATION_FAILED", "NOT_FOUND"}, body
        return "UNKNOWN"
    errors = body["data"][name]["errors"]
    return errors[0]["code"] if errors else None


async def rows(statement: str, *params: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await database.read(statement, params)]


async def log(account: dict[str, Any]) -> list[str]:
    """The acts that were done, in their order; the chain over them is whole."""
    proof = await prove(chain_key(SETTINGS.secret_key), account["id"])
    assert proof.broken is None
    found = await rows(
        "SELECT act FROM audit_entries WHERE account_id = ? AND refusal IS NULL ORDER BY sequence",
        account["id"],
    )
    return [row["act"] for row in found]


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_nothing_is_done_by_a_grant_after_the_profile_lost_it(visitor: Client, seed: int) -> None:
    account = await make.account()
    holding = await make.profile(account, [CENTER, Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS])
    profile = await make.profile(account, [Grant.SEARCH_SALES])
    collaborator = await make.collaborator(account, holding)
    owner, token = await Client.owner(account), await Client.collaborator(collaborator)

    async def invite(number: int) -> str | None:
        await asyncio.sleep(random.Random(seed * 100 + number).random() / 10)
        return await act(
            visitor, token, account, "inviteCollaborator", name="Ana",
            email=f"race-{database.new_id()}@example.com", profileId=f"profile_{profile['id']}",
        )  # fmt: skip

    async def edit() -> str | None:
        await asyncio.sleep(0.05)
        return await act(
            visitor, owner, account, "updateProfile",
            profileId=f"profile_{holding['id']}", grants=["SEARCH_SALES", "VIEW_PRODUCTS"],
        )  # fmt: skip

    edited, *result = await asyncio.gather(edit(), *(invite(number) for number in range(50)))

    assert edited is None
    assert set(result) <= {None, "UNKNOWN", "FORBIDDEN", "RATE_LIMITED"}
    invitations = await rows("SELECT id FROM invitations WHERE account_id = ?", account["id"])
    assert len(invitations) == result.count(None)
    done = await log(account)
    assert done.count("inviteCollaborator") == len(invitations)
    assert done[-1] == "updateProfile"


async def an_invitation(account: dict[str, Any], person: dict[str, Any]) -> dict[str, Any]:
    profile = await make.profile(account)
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "profile_id": profile["id"],
        "inviter_id": account["owner_id"],
        "name": "Ana",
        "email": person["email"],
        "role": Role.USER,
        "status": "PENDING",
        "token_digest": database.new_id(),
        "created_at": database.now(),
        "expires_at": database.now() + 86_400_000,
    }
    await database.transact(lambda: database.insert("invitations", row))
    return row


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_accepting_fifty_times_is_one_acceptance(visitor: Client, seed: int) -> None:
    account, person = await make.account(), await make.user()
    invitation = await an_invitation(account, person)
    tokens = [await make.session(person) for _ in range(2 + seed)]

    results = await asyncio.gather(
        *(
            act(visitor, tokens[number % len(tokens)], None, "acceptInvitation",
                invitationId=f"invitation_{invitation['id']}")
            for number in range(50)
        )
    )  # fmt: skip

    assert set(results) == {None}
    collaborators = await rows("SELECT user_id FROM collaborators WHERE account_id = ?", account["id"])
    assert [collaborator["user_id"] for collaborator in collaborators] == [person["id"]]
    found = await rows("SELECT status FROM invitations WHERE id = ?", invitation["id"])
    assert found[0]["status"] == "ACCEPTED"
    assert set(await log(account)) == {"acceptInvitation"}


@pytest.mark.parametrize("seed", range(ROUNDS * 2))
async def test_an_invitation_is_accepted_or_revoked_and_never_both(visitor: Client, seed: int) -> None:
    account, person = await make.account(), await make.user()
    owner, token = await Client.owner(account), await make.session(person)
    invitation = await an_invitation(account, person)
    named = {"invitationId": f"invitation_{invitation['id']}"}
    acts = [(owner, account, "revokeInvitation")] * 25 + [(token, None, "acceptInvitation")] * 25
    random.Random(seed).shuffle(acts)

    results = await asyncio.gather(*(act(visitor, who, where, name, **named) for who, where, name in acts))

    accepted = [code for code, (*_, name) in zip(results, acts, strict=True) if name == "acceptInvitation"]
    revoked = [code for code, (*_, name) in zip(results, acts, strict=True) if name == "revokeInvitation"]
    collaborators = await rows("SELECT id FROM collaborators WHERE account_id = ?", account["id"])
    (found,) = await rows("SELECT status FROM invitations WHERE id = ?", invitation["id"])
    done = set(await log(account))
    if found["status"] == "ACCEPTED":
        assert (len(collaborators), set(accepted), done) == (1, {None}, {"acceptInvitation"})
        assert None not in revoked
    else:
        assert (found["status"], collaborators, done) == ("REVOKED", [], {"revokeInvitation"})
        assert None not in accepted
        assert None in revoked


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_an_account_changes_hands_once_and_has_one_owner(visitor: Client, seed: int) -> None:
    account = await make.account()
    collaborators = [await make.collaborator(account) for _ in range(2)]
    old, tokens = (
        await Client.owner(account),
        [await Client.collaborator(collaborator) for collaborator in collaborators],
    )
    await act(visitor, old, account, "offerTransfer", collaboratorId=f"collaborator_{collaborators[0]['id']}")
    central = f"central_{account['id']}"
    acts: list[Any] = [
        *(
            (old, account, "offerTransfer", {"collaboratorId": f"collaborator_{collaborators[1]['id']}"})
            for _ in range(5)
        ),
        *(
            (old, account, "offerTransfer", {"collaboratorId": f"collaborator_{collaborators[0]['id']}"})
            for _ in range(5)
        ),
        *((old, account, "cancelTransfer", {}) for _ in range(4)),
        *((tokens[0], None, "acceptTransfer", {"centralId": central}) for _ in range(18)),
        *((tokens[1], None, "acceptTransfer", {"centralId": central}) for _ in range(18)),
    ]
    random.Random(seed).shuffle(acts)

    results = await asyncio.gather(
        *(act(visitor, who, where, name, **values) for who, where, name, values in acts)
    )

    users = [account["owner_id"], *(collaborator["user_id"] for collaborator in collaborators)]
    (found,) = await rows("SELECT owner_id FROM accounts WHERE id = ?", account["id"])
    owner = found["owner_id"]
    assert owner in users
    current = await rows(
        "SELECT user_id FROM collaborators WHERE account_id = ? AND ends_at IS NULL", account["id"]
    )
    expected = {user for user in users[1:] if user != owner}
    assert {collaborator["user_id"] for collaborator in current} == expected
    transfers = await rows("SELECT status FROM transfers WHERE account_id = ?", account["id"])
    accepted = [transfer for transfer in transfers if transfer["status"] == "ACCEPTED"]
    assert len(accepted) == (owner != users[0]) == (await log(account)).count("acceptTransfer")
    assert len([transfer for transfer in transfers if transfer["status"] == "OFFERED"]) <= (owner == users[0])
    done = [
        code
        for code, (_, _, name, _) in zip(results, acts, strict=True)
        if name == "acceptTransfer" and code is None
    ]
    assert len(done) == len(accepted)
