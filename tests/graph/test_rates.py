"""Rate limits that processes share, and that lock nobody out of their own device."""

from typing import Any

import httpx
from limits import RateLimitItemPerMinute

from actions.kit.rates import rates
from centrals.retention.prune import prunable
from centrals.retention_settings import Retention
from client import SETTINGS, Client
from doorstep import PASSWORD, an_address, person, visiting
from graph.http.budget import Budget
from models import database

SIGN_IN = """mutation ($input: SignInInput!) {
    signIn(input: $input) { deviceToken accessToken errors { code } } }"""


async def _sign_in(visitor: Client, email: str, password: str, **more: Any) -> httpx.Response:
    return await visitor.post(SIGN_IN, {"input": {"email": email, "password": password, **more}})


def _code(response: httpx.Response) -> str | None:
    errors = response.json()["data"]["signIn"]["errors"]
    return errors[0]["code"] if errors else None


async def _tries(count: int, email: str, address: str, password: str = "wrong" * 3) -> list[str | None]:
    async with visiting(address=address, apart=True) as visitor:
        return [_code(await _sign_in(visitor, email, password)) for _ in range(count)]


async def test_ten_failures_are_counted_by_all_processes_together(client: Client) -> None:
    del client
    user, address = await person(), an_address()

    first = await _tries(6, user["email"], address)
    second = await _tries(5, user["email"], address)

    assert first + second == ["BAD_CREDENTIALS"] * 10 + ["RATE_LIMITED"]


async def test_successes_are_not_counted(client: Client) -> None:
    del client
    user, address = await person(), an_address()

    assert await _tries(12, user["email"], address, PASSWORD) == [None] * 12


async def test_the_addresses_of_an_ipv6_network_count_together(client: Client) -> None:
    del client
    user, other = await person(), await person()
    network = f"2001:db8:{database.now() % 65_536:x}:7:"

    results = [(await _tries(1, user["email"], f"{network}:{number + 1:x}"))[0] for number in range(11)]
    elsewhere = await _tries(1, other["email"], "2001:db8:ffff:8::1")

    assert results == ["BAD_CREDENTIALS"] * 10 + ["RATE_LIMITED"]
    assert elsewhere == ["BAD_CREDENTIALS"]


async def test_nobody_locks_a_device_out_that_signed_in_before(client: Client) -> None:
    del client
    user = await person()
    async with visiting() as visitor:
        device = (await _sign_in(visitor, user["email"], PASSWORD)).json()["data"]["signIn"]["deviceToken"]
    limit = RateLimitItemPerMinute(100, 15)
    for _ in range(100):  # as a hundred failures from ten addresses
        await rates().hit(limit, "signIn", "person", user["email"])

    async with visiting() as visitor:
        locked_out = await _sign_in(visitor, user["email"], PASSWORD)
        again = {"input": {"email": user["email"], "password": PASSWORD}}
        streamed = await visitor.post(SIGN_IN, again, headers={"accept": "text/event-stream"})
        forged = await _sign_in(visitor, user["email"], PASSWORD, device=device[:-1] + "x")
        other = await person()
        foreign = await _sign_in(visitor, other["email"], "wrong" * 3, device=device)
        own = await _sign_in(visitor, user["email"], PASSWORD, device=device)
        wrong = [_code(await _sign_in(visitor, user["email"], "wrong" * 3, device=device)) for _ in range(11)]

    assert (_code(locked_out), _code(forged)) == ("RATE_LIMITED", "RATE_LIMITED")
    assert int(locked_out.headers["retry-after"]) == locked_out.json()["extensions"]["retryAfter"] > 0
    assert streamed.text.startswith("event: next")
    assert int(streamed.headers["retry-after"]) > 0
    assert _code(foreign) == "BAD_CREDENTIALS"
    assert _code(own) is None
    assert "retry-after" not in own.headers
    assert wrong == ["BAD_CREDENTIALS"] * 10 + ["RATE_LIMITED"]


async def test_a_browser_keeps_its_device_in_a_cookie_that_no_script_reads(client: Client) -> None:
    del client
    user = await person()
    async with visiting() as visitor:
        response = await _sign_in(visitor, user["email"], PASSWORD, cookie=True)

    cookie = next(item for item in response.headers.get_list("set-cookie") if "centrals_device=" in item)
    assert {"HttpOnly", "Path=/graphql", "SameSite=strict"} <= set(cookie.split("; "))
    assert response.json()["data"]["signIn"]["deviceToken"] is None


async def test_what_a_client_spends_much_of_counts_in_every_process(client: Client) -> None:
    del client
    first, other, name = Budget(1_000), Budget(1_000), database.new_id()

    assert [first.charge(name, 90) for _ in range(11)] == [0] * 11
    for task in list(first._tasks):
        await task
    spent = 0
    while not other.charge(name, 50):
        spent += 50
        for task in list(other._tasks):
            await task

    assert first.charge(name, 50) > 0
    assert spent <= 100
    assert SETTINGS.cost_per_minute > 1_000  # what tests spend is counted nowhere else


async def test_counts_end_with_their_window_and_can_be_removed(client: Client) -> None:
    del client
    limit = RateLimitItemPerMinute(1)
    name = database.new_id()
    assert await rates().hit(limit, name)
    assert not await rates().hit(limit, name)
    assert 1 <= await rates().seconds_left(limit, name) <= 60

    async def expire() -> None:
        await database.write("UPDATE rate_counts SET expires_at = ?", (database.now() - 1,))

    await database.transact(expire)
    assert (await prunable(Retention()))["rate_counts"] >= 1

    assert await rates().hit(limit, name)
    await rates().give_back(limit, name)
    assert await rates().hit(limit, name)
