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

    async def names(self, client: Client, **asked: Any) -> list[str]:
        told = await client.ask(LIST, asked, token=self.token)
        return [one["accountName"] for one in told["viewer"]["centrals"]]


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
    one = await someone()

    assert await one.names(client) == ["Zebra", "Ábaco", "beta", "São João"]
    assert await one.names(client, order="NAME") == ["Ábaco", "beta", "São João", "Zebra"]


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
    one = await someone()

    assert await one.names(client, search=search) == found


@pytest.mark.parametrize("search", ["", "  ", "\0", "\u0301"])
async def test_a_search_for_nothing_is_refused_and_the_viewer_is_still_there(
    client: Client, search: str
) -> None:
    one = await someone()

    response = await client.post(LIST, {"search": search}, token=one.token)

    told = response.json()
    assert told["data"]["viewer"]["centrals"] is None
    assert [error["extensions"]["code"] for error in told["errors"]] == ["BAD_INPUT"]


async def test_what_one_orders_comes_first_and_the_rest_as_before(client: Client) -> None:
    one = await someone()

    told = await client.ask(ORDER, {"ids": [one.id("beta"), one.id("Zebra")]}, token=one.token)

    assert told["orderCentrals"] == {
        "centrals": [
            {"accountName": "beta", "position": 0}, {"accountName": "Zebra", "position": 1},
            {"accountName": "Ábaco", "position": None}, {"accountName": "São João", "position": None},
        ],
        "errors": [],
    }  # fmt: skip
    await client.ask(ORDER, {"ids": [one.id("Ábaco")]}, token=one.token, account=one.accounts["beta"])
    assert await one.names(client) == ["Ábaco", "Zebra", "beta", "São João"]
    await client.ask(ORDER, {"ids": []}, token=one.token)
    assert await one.names(client) == ["Zebra", "Ábaco", "beta", "São João"]
    assert await own_entries(one.user) == [("orderCentrals", None)] * 3
    assert await entries(one.accounts["beta"]) == []


@pytest.mark.parametrize("how", ["twice", "elsewhere", "nowhere", "malformed"])
async def test_an_order_of_what_is_not_ones_own_changes_nothing(client: Client, how: str) -> None:
    one, other = await someone(), await someone()
    await client.ask(ORDER, {"ids": [one.id("beta")]}, token=one.token)
    wrong = {
        "twice": one.id("Zebra"),
        "elsewhere": other.id("Zebra"),
        "nowhere": f"central_{database.new_id()}",
        "malformed": "central_1",
    }

    told = await client.ask(ORDER, {"ids": [one.id("Zebra"), wrong[how]]}, token=one.token)

    code = "BAD_INPUT" if how == "twice" else "NOT_FOUND"
    assert told["orderCentrals"] == {"centrals": [], "errors": [{"code": code, "field": ["ids"]}]}
    assert await one.names(client) == ["beta", "Zebra", "Ábaco", "São João"]
    assert (await own_entries(one.user))[-1] == ("orderCentrals", code)


async def test_entering_is_logged_in_the_account_and_kept_for_the_list(client: Client) -> None:
    one, other = await someone(), await someone()

    for name in ("beta", "São João", "beta"):
        told = await client.ask(ENTER, {"id": one.id(name)}, token=one.token)
        assert told["enterCentral"]["errors"] == []
        assert told["enterCentral"]["central"]["lastEnteredAt"] is not None

    assert (await one.names(client, order="LAST_ENTERED"))[2:] == ["Ábaco", "Zebra"]
    assert set((await one.names(client, order="LAST_ENTERED"))[:2]) == {"beta", "São João"}
    assert await entries(one.accounts["beta"]) == [("enterCentral", None)] * 2
    rows = await database.read(
        "SELECT COUNT(*) AS n FROM central_visits WHERE user_id = ?", (one.user["id"],)
    )
    assert rows[0]["n"] == 2
    assert await other.names(client, order="LAST_ENTERED") == ["Ábaco", "beta", "São João", "Zebra"]


async def test_a_central_that_may_not_be_entered_and_none_answer_alike_and_cost_alike(client: Client) -> None:
    one, other = await someone(), await someone()
    suspended = await make.account()
    await make.collaborator(suspended, user_=one.user, suspended_at=1)
    closed = await make.account(closed_at=1)
    await make.collaborator(closed, user_=one.user)
    names = [
        other.id("Zebra"), f"central_{suspended['id']}", f"central_{closed['id']}", f"central_{database.new_id()}",
        "central_1", "nothing", f"account_{one.accounts['beta']['id']}",
    ]  # fmt: skip
    told, work = set(), []

    for name in names:
        with database.observed() as statements:
            told.add((await client.post(ENTER, {"id": name}, token=one.token)).content)
        work.append(statements)

    assert len(told) == 1
    assert work == [work[0]] * len(work)
    assert await own_entries(one.user) == [("enterCentral", "NOT_FOUND")] * len(names)
    for account in (other.accounts["Zebra"], suspended, closed):
        assert await entries(account) == []


async def test_an_order_of_one_hundred_takes_as_many_statements_as_one_of_five(client: Client) -> None:
    counts = []
    for number in (5, 100):
        user = await make.user()
        accounts = [await make.account(user) for _ in range(number)]
        token, ids = await make.session(user), [f"central_{one['id']}" for one in accounts]
        with database.observed() as seen:
            told = await client.ask(ORDER, {"ids": ids[::-1]}, token=token)
            await client.ask(LIST, token=token)
        assert [one["position"] for one in told["orderCentrals"]["centrals"]] == list(range(number))
        counts.append(len(seen))

    assert counts[0] == counts[1]


async def test_a_personal_access_token_neither_enters_nor_orders(client: Client) -> None:
    one = await someone()
    home, token = one.accounts["beta"], f"cpat_{one.accounts['beta']['id'].replace('-', '')}_secret"
    row = {
        "id": database.new_id(), "account_id": home["id"], "user_id": one.user["id"], "name": "t", "grants": "[]",
        "standings": "[]", "digest": digest(token), "created_at": 1, "expires_at": database.now() + 60_000,
    }  # fmt: skip
    await database.transact(lambda: database.insert("access_tokens", row))

    for document, given in ((ENTER, {"id": one.id("beta")}), (ORDER, {"ids": [one.id("beta")]})):
        told = await client.errors(document, given, token=token, account=home)
        assert told[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert await one.names(client) == ["Zebra", "Ábaco", "beta", "São João"]
    assert await entries(home) == []


@pytest.mark.parametrize("act", ["enter", "accept", "decline"])
async def test_a_session_that_ends_on_the_way_to_a_door_is_refused_as_ended(
    database_url: str, act: str
) -> None:
    one = await someone()
    viewer = await identify(one.token, None)
    await database.transact(
        lambda: database.write("UPDATE sessions SET ended_at = 1 WHERE id = ?", (viewer.session_id,))
    )
    account_id, call = one.accounts["beta"]["id"], Call(viewer, "request")
    acts = {
        "enter": lambda: enter_central(call, account_id),
        "accept": lambda: accept_transfer(call, account_id),
        "decline": lambda: decline_transfer(call, account_id),
    }

    with pytest.raises(Refusal) as refused:
        await acts[act]()

    assert refused.value.code is ErrorCode.SESSION_ENDED
    assert await entries(one.accounts["beta"]) == []
    assert [refusal for _, refusal in await own_entries(one.user)] == ["SESSION_ENDED"]
