"""Going from one central to another: searching, ordering and entering them."""

from typing import Any

import pytest

import make
from actions.kit.call import Call
from actions.membership.transfers.transfer import accept_transfer, decline_transfer
from actions.viewer.switcher import enter_central
from authz.identity import digest, identify
from authz.refusal import ErrorCode, Refusal
from client import Client
from models import database

LIST = "query($search: String, $order: CentralOrder! = OWN) { viewer { centrals(search: $search, order: $order) { id accountName access position lastEnteredAt } } }"
ENTER = (
    "mutation($id: ID!) { enterCentral(input: {id: $id}) { central { id lastEnteredAt } errors { code } } }"
)
ORDER = "mutation($ids: [ID!]!) { orderCentrals(input: {ids: $ids}) { centrals { accountName position } errors { code field } } }"


class Someone:
    """A user who owns an account and works in others, by the accounts' names."""

    def __init__(self, user: dict[str, Any], token: str, accounts: dict[str, dict[str, Any]]) -> None:
        self.user, self.token, self.accounts = user, token, accounts

    def id(self, name: str) -> str:
        return f"central_{self.accounts[name]['id']}"

    async def names(self, client: Client, **variables: Any) -> list[str]:
        data = await client.ask(LIST, variables, token=self.token)
        return [central["accountName"] for central in data["viewer"]["centrals"]]


async def someone() -> Someone:
    user = await make.user()
    accounts = {"Zebra": await make.account(user, name="Zebra")}
    for name in ("São João", "Ábaco", "beta"):
        accounts[name] = await make.account(name=name)
        await make.collaborator(accounts[name], user_=user)
    return Someone(user, await make.session(user), accounts)


async def entries(account: dict[str, Any]) -> list[tuple[str, str | None]]:
    rows = await database.read(
        "SELECT act, refusal FROM audit_entries WHERE account_id = ?", (account["id"],)
    )
    return [(row["act"], row["refusal"]) for row in rows]


async def own_entries(user: dict[str, Any]) -> list[tuple[str, str | None]]:
    rows = await database.read(
        "SELECT act, refusal FROM user_entries WHERE user_id = ? ORDER BY id", (user["id"],)
    )
    return [(row["act"], row["refusal"]) for row in rows]


async def test_own_accounts_come_first_then_others_by_name_whatever_case_and_accents(client: Client) -> None:
    first = await someone()

    assert await first.names(client) == ["Zebra", "Ábaco", "beta", "São João"]
    assert await first.names(client, order="NAME") == ["Ábaco", "beta", "São João", "Zebra"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sao", ["São João"]),
        ("JOÃO", ["São João"]),
        ("B", ["Zebra", "Ábaco", "beta"]),
        ("x", []),
    ],
)
async def test_a_search_folds_case_and_accents(client: Client, search: str, found: Any) -> None:
    first = await someone()

    assert await first.names(client, search=search) == found


@pytest.mark.parametrize("search", ["", "  ", "\0", "\u0301"])
async def test_a_search_for_nothing_is_refused_and_the_viewer_is_still_there(
    client: Client, search: str
) -> None:
    first = await someone()

    response = await client.post(LIST, {"search": search}, token=first.token)

    body = response.json()
    assert body["data"]["viewer"]["centrals"] is None
    assert [error["extensions"]["code"] for error in body["errors"]] == ["BAD_INPUT"]


async def test_what_one_orders_comes_first_and_the_rest_as_before(client: Client) -> None:
    first = await someone()

    data = await client.ask(ORDER, {"ids": [first.id("beta"), first.id("Zebra")]}, token=first.token)

    assert data["orderCentrals"] == {
        "centrals": [
            {"accountName": "beta", "position": 0}, {"accountName": "Zebra", "position": 1},
            {"accountName": "Ábaco", "position": None}, {"accountName": "São João", "position": None},
        ],
        "errors": [],
    }  # fmt: skip
    await client.ask(ORDER, {"ids": [first.id("Ábaco")]}, token=first.token, account=first.accounts["beta"])
    assert await first.names(client) == ["Ábaco", "Zebra", "beta", "São João"]
    await client.ask(ORDER, {"ids": []}, token=first.token)
    assert await first.names(client) == ["Zebra", "Ábaco", "beta", "São João"]
    assert await own_entries(first.user) == [("orderCentrals", None)] * 3
    assert await entries(first.accounts["beta"]) == []


@pytest.mark.parametrize("how", ["twice", "elsewhere", "nowhere", "malformed"])
async def test_an_order_of_what_is_not_ones_own_changes_nothing(client: Client, how: str) -> None:
    first, other = await someone(), await someone()
    await client.ask(ORDER, {"ids": [first.id("beta")]}, token=first.token)
    wrong = {
        "twice": first.id("Zebra"),
        "elsewhere": other.id("Zebra"),
        "nowhere": f"central_{database.new_id()}",
        "malformed": "central_1",
    }

    data = await client.ask(ORDER, {"ids": [first.id("Zebra"), wrong[how]]}, token=first.token)

    code = "BAD_INPUT" if how == "twice" else "NOT_FOUND"
    assert data["orderCentrals"] == {"centrals": [], "errors": [{"code": code, "field": ["ids"]}]}
    assert await first.names(client) == ["beta", "Zebra", "Ábaco", "São João"]
    assert (await own_entries(first.user))[-1] == ("orderCentrals", code)


async def test_entering_is_logged_in_the_account_and_kept_for_the_list(client: Client) -> None:
    first, other = await someone(), await someone()

    for name in ("beta", "São João", "beta"):
        data = await client.ask(ENTER, {"id": first.id(name)}, token=first.token)
        assert data["enterCentral"]["errors"] == []
        assert data["enterCentral"]["central"]["lastEnteredAt"] is not None

    assert (await first.names(client, order="LAST_ENTERED"))[2:] == ["Ábaco", "Zebra"]
    assert set((await first.names(client, order="LAST_ENTERED"))[:2]) == {"beta", "São João"}
    assert await entries(first.accounts["beta"]) == [("enterCentral", None)] * 2
    rows = await database.read(
        "SELECT COUNT(*) AS n FROM central_visits WHERE user_id = ?", (first.user["id"],)
    )
    assert rows[0]["n"] == 2
    assert await other.names(client, order="LAST_ENTERED") == ["Ábaco", "beta", "São João", "Zebra"]


async def test_a_central_that_may_not_be_entered_and_none_answer_alike_and_cost_alike(client: Client) -> None:
    first, other = await someone(), await someone()
    suspended = await make.account()
    await make.collaborator(suspended, user_=first.user, suspended_at=1)
    closed = await make.account(closed_at=1)
    await make.collaborator(closed, user_=first.user)
    names = [
        other.id("Zebra"), f"central_{suspended['id']}", f"central_{closed['id']}", f"central_{database.new_id()}",
        "central_1", "nothing", f"account_{first.accounts['beta']['id']}",
    ]  # fmt: skip
    await client.post(
        ENTER, {"id": names[0]}, token=first.token
    )  # a known document is read in fewer statements
    results, work = set(), []

    for name in names:
        with database.observed() as statements:
            results.add((await client.post(ENTER, {"id": name}, token=first.token)).content)
        work.append(statements)

    assert len(results) == 1
    assert work == [work[0]] * len(work)
    assert await own_entries(first.user) == [("enterCentral", "NOT_FOUND")] * (1 + len(names))
    for account in (other.accounts["Zebra"], suspended, closed):
        assert await entries(account) == []


async def test_an_order_of_one_hundred_takes_as_many_statements_as_one_of_five(client: Client) -> None:
    await client.ask(LIST, token=await make.session(await make.user()))
    await client.ask(ORDER, {"ids": []}, token=await make.session(await make.user()))
    counts = []  # of documents that are known: the first time, they can take another
    for number in (5, 100):
        user = await make.user()
        accounts = [await make.account(user) for _ in range(number)]
        token, ids = await make.session(user), [f"central_{account['id']}" for account in accounts]
        with database.observed() as statements:
            data = await client.ask(ORDER, {"ids": ids[::-1]}, token=token)
            await client.ask(LIST, token=token)
        assert [central["position"] for central in data["orderCentrals"]["centrals"]] == list(range(number))
        counts.append(len(statements))

    assert counts[0] == counts[1]


async def test_a_personal_access_token_neither_enters_nor_orders(client: Client) -> None:
    first = await someone()
    home, token = first.accounts["beta"], f"cpat_{first.accounts['beta']['id'].replace('-', '')}_secret"
    row = {
        "id": database.new_id(), "account_id": home["id"], "user_id": first.user["id"], "name": "t", "grants": "[]",
        "standings": "[]", "digest": digest(token), "created_at": 1, "expires_at": database.now() + 60_000,
    }  # fmt: skip
    await database.transact(lambda: database.insert("access_tokens", row))

    for document, values in ((ENTER, {"id": first.id("beta")}), (ORDER, {"ids": [first.id("beta")]})):
        errors = await client.errors(document, values, token=token, account=home)
        assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert await first.names(client) == ["Zebra", "Ábaco", "beta", "São João"]
    assert await entries(home) == []


@pytest.mark.parametrize("act", ["enter", "accept", "decline"])
async def test_a_session_that_ends_on_the_way_to_a_door_is_refused_as_ended(
    database_url: str, act: str
) -> None:
    first = await someone()
    viewer = await identify(first.token, None)
    await database.transact(
        lambda: database.write("UPDATE sessions SET ended_at = 1 WHERE id = ?", (viewer.session_id,))
    )
    account_id, call = first.accounts["beta"]["id"], Call(viewer, "request")
    acts = {
        "enter": lambda: enter_central(call, account_id),
        "accept": lambda: accept_transfer(call, account_id),
        "decline": lambda: decline_transfer(call, account_id),
    }

    with pytest.raises(Refusal) as refused:
        await acts[act]()

    assert refused.value.code is ErrorCode.SESSION_ENDED
    assert await entries(first.accounts["beta"]) == []
    assert [refusal for _, refusal in await own_entries(first.user)] == ["SESSION_ENDED"]
