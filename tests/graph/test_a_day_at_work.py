"""A day at work: an admin, a team lead and a user, from signing in to a sale that was won."""

import time
from typing import Any

import pytest

import doorstep
from centrals.work.worker import Worker
from models import database
from report_lines import lines
from small_shop import UNKNOWN, Shop, message, moment

SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken errors { code } } }"""
CENTRALS = "{ viewer { centrals { id role } } }"
JULY = 'period: {from: "2026-07-01", to: "2026-08-01"}'
RECOVERED = "kind opened won lost open recoveredValue"


async def signs_in(shop: Shop, who: str) -> str:
    """Sign in with a password, and find the central to work in; the role there."""
    hashed = doorstep.hashed(doorstep.PASSWORD)

    async def work() -> None:
        await database.write("UPDATE users SET password_hash = ? WHERE id = ?", (hashed, shop.users[who]))

    await database.transact(work)
    present = shop.clock.now
    shop.clock.at(time.time_ns() // 1_000_000)  # credentials expire by the machine's own time
    values = {"email": shop.email(who), "password": doorstep.PASSWORD}
    signed_in = await shop.client.ask(SIGN_IN, values)
    shop.clock.at(present)
    shop._tokens[who] = signed_in["signIn"]["accessToken"]
    found = await shop.client.ask(CENTRALS, token=shop._tokens[who])
    (central,) = [
        central for central in found["viewer"]["centrals"] if central["id"] == f"central_{shop.account['id']}"
    ]
    return str(central["role"])


async def gives_up(shop: Shop, buyer: str, at: str) -> None:
    """A message about someone who gave up at the checkout of the course."""
    data = {
        "product": {"id": 1001, "name": "Curso"},
        "buyer": {"name": "Benta Cruz", "email": f"{buyer}@example.com"},
        "offer": {"code": "p1a"},
        "affiliate": False,
    }
    happened = moment(at)
    sent = {"id": f"gave-up-{buyer}", "creation_date": happened, "event": "PURCHASE_OUT_OF_SHOPPING_CART"}
    await shop.arrives(sent | {"data": data})


async def named(shop: Shop, who: str, name: str) -> list[dict[str, Any]]:
    """The opportunities of a contact that someone sees."""
    fields = "id version status step { name } assignee { name } wonBy { reference } remindAt"
    chosen = (
        f'opportunities(filter: {{text: "{name}"}}) {{ nodes {{ {fields} notes {{ nodes {{ text }} }} }} }}'
    )
    found: list[dict[str, Any]] = (await shop.read(who, chosen))["nodes"]
    return found


async def does(shop: Shop, who: str, act: str, /, **values: Any) -> str | None:
    """An act on the one opportunity of Benta, as who does it reads it."""
    (found,) = await named(shop, who, "Benta")
    return await shop.code(who, act, id=found["id"], expectedVersion=found["version"], **values)


async def exported(shop: Shop, who: str) -> tuple[int, str]:
    """What a file of the report answers."""
    address = "/export/report?name=purchaseRecovery&from=2026-07-01&to=2026-08-01"
    headers = {
        "authorization": f"Bearer {await shop.token(who)}",
        "x-central": f"central_{shop.account['id']}",
    }
    response = await shop.client.http.get(address, headers=headers)
    return response.status_code, response.text


@pytest.fixture
async def office(shop: Shop) -> Shop:
    """The shop with Caio as its admin. Bia leads North, to which Ana belongs, and each sees their own rows."""
    await shop.code("owner", "changeRole", collaboratorId=shop.collaborator("caio"), role="ADMIN")
    return shop


async def test_three_people_do_a_days_work_from_sign_in_to_a_won_sale(office: Shop) -> None:
    shop = office
    roles = {who: await signs_in(shop, who) for who in ("caio", "bia", "ana")}
    assert roles == {"caio": "ADMIN", "bia": "TEAM_LEAD", "ana": "USER"}

    # the admin shapes the pipeline, sees everything, and hands out what arrived in the night
    steps = await shop.read("caio", "pipeline { stepId name }")
    before = [{"id": step["stepId"], "name": step["name"]} for step in steps]
    version = await shop.read("caio", "version")
    for who in ("bia", "ana"):
        assert await shop.code(who, "setPipeline", steps=before, expectedVersion=version) == UNKNOWN
    done = await shop.code(
        "caio", "setPipeline", steps=[*before, {"name": "Reunião"}], expectedVersion=version
    )
    assert done is None
    await gives_up(shop, "b40", "07-25 11:00")
    assert [len(await named(shop, who, "Benta")) for who in ("caio", "bia", "ana")] == [1, 0, 0]
    unassigned = "opportunities(filter: {unassigned: true, status: [TODO]}) { totalCount }"
    assert (await shop.read("caio", unassigned))["totalCount"] == 1
    assert await does(shop, "caio", "assignOpportunity", assigneeId=shop.person("bia")) is None

    # the team lead hands it on to a member, and to nobody outside of the team
    assert [len(await named(shop, who, "Benta")) for who in ("caio", "bia", "ana")] == [1, 1, 0]
    assert await does(shop, "bia", "assignOpportunity", assigneeId=shop.person("caio")) == "NOT_FOUND"
    assert await does(shop, "bia", "assignOpportunity", assigneeId=shop.person("ana")) is None
    (handed,) = await named(shop, "bia", "Benta")
    assert (handed["assignee"], handed["status"]) == ({"name": "Ana"}, "TODO")

    # the user works on it: calls, writes down what was said, and comes back on the day
    assert await does(shop, "ana", "assignOpportunity", assigneeId=shop.person("bia")) == UNKNOWN
    assert await does(shop, "ana", "noteOpportunity", text="Pede para ligar amanhã.") is None
    assert await does(shop, "ana", "moveOpportunity", stepId=steps[1]["stepId"]) is None
    tomorrow = "2026-07-26T14:00:00Z"
    assert await does(shop, "ana", "postponeOpportunity", remindAt=tomorrow) is None
    (postponed,) = await named(shop, "ana", "Benta")
    assert (postponed["status"], postponed["step"]) == ("STANDBY", {"name": steps[1]["name"]})
    shop.clock.set("07-26 11:00")
    await Worker().work_once(shop.clock.now)
    due = 'opportunities(filter: {status: [TODO], text: "benta"}) { totalCount }'
    assert (await shop.read("ana", due))["totalCount"] == 1

    # the contact buys; nobody has to say so
    bought = message("S12", "PURCHASE_APPROVED", "APPROVED", moment("07-26 15:00"))
    at = moment("07-26 15:00")
    bought["data"]["purchase"] |= {"transaction": "S40", "order_date": at, "approved_date": at}
    bought["data"]["buyer"] = {"name": "Benta Cruz", "email": "b40@example.com"}
    shop.clock.set("07-26 15:30")
    await shop.arrives(bought | {"id": "benta-bought"})
    for who, sees in (("caio", {"reference": "S40"}), ("bia", None), ("ana", None)):
        (won,) = await named(shop, who, "Benta")
        # the sale is nobody's yet
        assert (won["status"], won["wonBy"]) == ("WON", sees), who
    assert await shop.code("caio", "assignSale", reference="S40", assigneeId=shop.person("ana")) is None
    (mine,) = await named(shop, "ana", "Benta")
    assert (mine["wonBy"], [note["text"] for note in mine["notes"]["nodes"]]) == (
        {"reference": "S40"},
        ["Pede para ligar amanhã."],
    )
    assert (await shop.read("ana", 'sale(reference: "S40") { status price { amount } }'))[
        "status"
    ] == "APPROVED"

    # in the evening each adds up what is theirs: the lead by person, the admin by team, as a file, too
    won = "ABANDONED_CHECKOUT 1 1 0 0 1000.00"
    for who in ("caio", "bia", "ana"):
        assert await lines(shop, who, "purchaseRecovery", RECOVERED, JULY) == [won], who
    by_person = await shop.read(
        "bia", f"reports {{ rows: purchaseRecovery({JULY}, by: MEMBER) {{ won member {{ name }} }} }}"
    )
    assert by_person["rows"] == [{"won": 1, "member": {"name": "Ana"}}]
    assert await shop.is_unknown("ana", f"reports {{ purchaseRecovery({JULY}, by: MEMBER) {{ won }} }}")
    assert await shop.is_unknown("bia", f"reports {{ purchaseRecovery({JULY}, by: TEAM) {{ won }} }}")
    by_team = await shop.read(
        "caio", f"reports {{ rows: purchaseRecovery({JULY}, by: TEAM) {{ won team {{ name }} }} }}"
    )
    assert by_team["rows"] == [{"won": 1, "team": {"name": "North"}}]
    status, table = await exported(shop, "caio")
    assert (status, table.splitlines()[1].count("1000.00")) == (200, 2)
    assert [(await exported(shop, who))[0] for who in ("bia", "ana")] == [404, 404]

    # and the log shows who did what
    acts = [(entry["user_name"], entry["act"]) for entry in await shop.log() if entry["refusal"] is None]
    assert acts[-8:] == [
        ("Caio", "setPipeline"),
        ("Caio", "assignOpportunity"),
        ("Bia", "assignOpportunity"),
        ("Ana", "noteOpportunity"),
        ("Ana", "moveOpportunity"),
        ("Ana", "postponeOpportunity"),
        ("Caio", "assignSale"),
        ("Caio", "exportReport"),
    ]
