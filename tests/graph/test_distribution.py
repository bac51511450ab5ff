"""New sales and opportunities that nobody has are distributed by rules, within each person's daily number."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from actions.commerce.distribution.clock import DISTRIBUTION
from authz.grant import Grant
from centrals.work.worker import Worker
from leftovers import nothing_is_due
from models import database
from small_shop import UNKNOWN, Shop, moment

SAVE = "saveDistribution"
TODAY = "07-25"
READ = """tools { distribution { version people { personId dailyCap }
  rules { name targets method personIds productIds sources kinds } } }"""
ROUND, EACH = {"sqlite": 14, "postgres": 13}, 5
"""The statements of a round, and of each sale in it. SQLite notes what changed with two, PostgreSQL with one; who
takes the events costs one."""
DECISION = "distribution { rule method candidates load number dailyCap }"


@pytest.fixture(autouse=True)
async def _drained(shop: Shop) -> None:
    await nothing_is_due()


def person(shop: Shop, who: str, cap: int = 100) -> dict[str, Any]:
    return {"personId": shop.person(who), "dailyCap": cap}


def rule(name: str = "All", method: str = "ROUND_ROBIN", **more: Any) -> dict[str, Any]:
    return {"name": name, "targets": ["SALES", "OPPORTUNITIES"], "method": method} | more


async def saved(shop: Shop, *people: dict[str, Any], rules: Any = None, expected: int = 0) -> None:
    values = {"people": list(people), "rules": [rule()] if rules is None else rules}
    assert await shop.code("owner", SAVE, expectedVersion=expected, **values) is None


async def sold(
    shop: Shop, *references: str, at: str = f"{TODAY} 13:00", base: str = "S12", **more: Any
) -> None:
    """New paid sales that nobody has, a second after each other."""
    for number, reference in enumerate(references):
        shop.clock.at(moment(at) + number * 1000)
        ordered = {"order_date": shop.clock.now, "approved_date": shop.clock.now}
        await shop.receive(base, "PURCHASE_APPROVED", "APPROVED", transaction=reference, **ordered, **more)


async def works(at: str) -> None:
    await Worker().work_once(moment(at))


async def assignees(shop: Shop, *references: str) -> list[str | None]:
    found = []
    for reference in references:
        sale = await shop.read("owner", f'sale(reference: "{reference}") {{ assignee {{ name }} }}')
        found.append((sale["assignee"] or {}).get("name"))
    return found


async def test_sales_go_to_people_in_turns_and_say_by_which_rule(shop: Shop) -> None:
    await saved(shop, person(shop, "ana"), person(shop, "bia"), person(shop, "caio"))
    await sold(shop, "D1", "D2", "D3", "D4")
    await works(f"{TODAY} 13:05")

    assert await assignees(shop, "D1", "D2", "D3", "D4") == ["Ana", "Bia", "Caio", "Ana"]
    sale = await shop.read("owner", f'sale(reference: "D4") {{ history {{ source change {DECISION} }} }}')
    # both happened at the same time
    assignment, distribution = sorted(sale["history"][-2:], key=lambda event: str(event["change"]))
    assert {event["source"] for event in (assignment, distribution)} == {"CLOCK"}
    assert (assignment["change"], assignment["distribution"]) == ("ASSIGNMENT", None)
    assert distribution["distribution"] == {
        "rule": "All", "method": "ROUND_ROBIN", "candidates": 3, "load": distribution["distribution"]["load"],
        "number": 2, "dailyCap": 100,
    }  # fmt: skip


async def test_no_one_gets_more_than_their_daily_number(shop: Shop) -> None:
    await saved(shop, person(shop, "ana", 1), person(shop, "caio", 2))
    await sold(shop, "D1", "D2", "D3", "D4", "D5")
    await works(f"{TODAY} 13:05")
    await works(f"{TODAY} 20:05")
    today = await assignees(shop, "D1", "D2", "D3", "D4", "D5")
    shop.clock.set("07-26 09:00")
    await works("07-26 09:00")

    assert Counter(today) == {"Ana": 1, "Caio": 2, None: 2}
    assert Counter(await assignees(shop, "D1", "D2", "D3", "D4", "D5")) == {"Ana": 2, "Caio": 3}


async def test_by_load_whoever_has_the_least_to_do_gets_it(shop: Shop) -> None:
    loads = await database.read(
        "SELECT assignee_id, COUNT(*) AS n FROM opportunities WHERE account_id = ? AND status = 'TODO'"
        " GROUP BY assignee_id",
        (shop.account["id"],),
    )
    assert {str(row["assignee_id"]) for row in loads} == {
        shop.collaborators["ana"],
        shop.collaborators["bia"],
    }
    await saved(shop, person(shop, "ana"), person(shop, "caio"), rules=[rule(method="BY_LOAD")])
    await sold(shop, "D1", "D2")
    await works(f"{TODAY} 13:05")

    assert (await assignees(shop, "D1"))[0] == "Caio"


async def test_rules_choose_by_product_and_source_and_the_first_decides(shop: Shop) -> None:
    rows = await database.read(
        "SELECT product_id FROM offers WHERE account_id = ? AND code = 'p3a'", (shop.account["id"],)
    )
    rules = [
        rule("By product", productIds=[f"product_{rows[0]['product_id']}"], personIds=[shop.person("caio")]),
        rule("By source", sources=["youtube"], personIds=[shop.person("bia")]),
        rule("Only opportunities", targets=["OPPORTUNITIES"]),
    ]
    await saved(shop, person(shop, "ana"), person(shop, "bia"), person(shop, "caio", 1), rules=rules)
    await sold(shop, "D1", "D2", base="S10")
    await sold(shop, "D3", base="S13")
    await sold(shop, "D4")
    await works(f"{TODAY} 13:05")

    assert await assignees(shop, "D1", "D2", "D3", "D4") == ["Caio", None, "Bia", None]


async def gave_up(shop: Shop) -> None:
    """An abandoned checkout of a product that the account does not know, from nowhere."""
    content = {
        "id": f"gave-up-{database.new_id()}", "creation_date": shop.clock.now,
        "event": "PURCHASE_OUT_OF_SHOPPING_CART",
        "data": {
            "product": {"id": 1, "name": "Another"}, "offer": {"code": "other"},
            "buyer": {"name": "Zoe", "email": "zoe@example.com"},
        },
    }  # fmt: skip
    await shop.arrives(content)


async def test_a_later_rule_is_for_what_has_no_source(shop: Shop) -> None:
    rows = await database.read(
        "SELECT product_id FROM offers WHERE account_id = ? AND code = 'p3a'", (shop.account["id"],)
    )
    rules = [
        rule("By source", sources=["youtube"], personIds=[shop.person("bia")]),
        rule("By product", productIds=[f"product_{rows[0]['product_id']}"], personIds=[shop.person("bia")]),
        rule("All others", personIds=[shop.person("caio")]),
    ]
    await saved(shop, person(shop, "bia"), person(shop, "caio"), rules=rules)
    await sold(shop, "D1")
    await gave_up(shop)
    await works(f"{TODAY} 13:05")

    sale = await shop.read("owner", 'sale(reference: "D1") { origin { src sck } assignee { name } }')
    assert sale == {"origin": {"src": None, "sck": None}, "assignee": {"name": "Caio"}}
    found = await shop.read(
        "owner", "opportunities(first: 1) { nodes { product { name } assignee { name } } }"
    )
    assert found["nodes"] == [{"product": {"name": "Another"}, "assignee": {"name": "Caio"}}]


async def test_a_round_runs_so_many_statements_for_each_sale_and_no_more(shop: Shop) -> None:
    await saved(shop, person(shop, "ana"), person(shop, "caio"))
    counts = []
    for hour, number in ((13, 1), (14, 2), (15, 6)):
        await sold(shop, *(f"D{hour}{place}" for place in range(number)), at=f"{TODAY} {hour}:00")
        with database.observed() as statements:
            await Worker((DISTRIBUTION,)).work_once(moment(f"{TODAY} {hour}:05"))
        counts.append(len(statements))

    assert counts[1] - counts[0] == EACH
    assert counts[2] - counts[1] == 4 * EACH
    assert counts[0] == ROUND[database.dialect()] + EACH


async def test_people_who_cannot_enter_get_nothing(shop: Shop) -> None:
    await saved(shop, person(shop, "ana"), person(shop, "caio"))
    assert await shop.code("owner", "suspendCollaborator", collaboratorId=shop.collaborator("ana")) is None
    await sold(shop, "D1", "D2")
    await works(f"{TODAY} 13:05")

    assert await assignees(shop, "D1", "D2") == ["Caio", "Caio"]


async def test_what_is_older_or_a_person_decided_stays_as_it_is(shop: Shop) -> None:
    await sold(shop, "D0", at=f"{TODAY} 12:30")
    shop.clock.set(f"{TODAY} 12:40")
    await saved(shop, person(shop, "ana"))
    await sold(shop, "D1", "D2")
    assert await shop.code("owner", "assignSale", reference="D1", assigneeId=shop.person("bia")) is None
    assert await shop.code("owner", "assignSale", reference="D2", assigneeId=None) is None
    await works(f"{TODAY} 13:05")

    assert await assignees(shop, "S10", "D0", "D1", "D2") == [None, None, "Bia", None]


async def test_a_further_message_leaves_the_sale_with_its_person(shop: Shop) -> None:
    await saved(shop, person(shop, "ana"))
    await sold(shop, "D1")
    await works(f"{TODAY} 13:05")
    shop.clock.set("07-26 12:00")
    await shop.receive(
        "S12", "PURCHASE_COMPLETE", "COMPLETE", "07-26 11:00", transaction="D1",
        order_date=moment(f"{TODAY} 13:00"), approved_date=moment(f"{TODAY} 13:00"),
    )  # fmt: skip

    assert await assignees(shop, "D1") == ["Ana"]


async def test_opportunities_go_to_people_and_those_of_sales_follow_them(shop: Shop) -> None:
    await saved(shop, person(shop, "ana"), person(shop, "caio"))
    shop.clock.set(f"{TODAY} 13:00")
    await gave_up(shop)
    await works(f"{TODAY} 13:05")
    fields = f"kind assignee {{ name }} history {{ nodes {{ change {DECISION} }} }}"
    found = await shop.read("owner", f"opportunities(first: 1) {{ nodes {{ {fields} }} }}")

    (node,) = found["nodes"]
    assert (node["kind"], node["assignee"]) == ("ABANDONED_CHECKOUT", {"name": "Ana"})
    (decision,) = [event["distribution"] for event in node["history"]["nodes"] if event["distribution"]]
    assert (decision["rule"], decision["number"]) == ("All", 1)


async def test_workers_at_once_assign_each_once_and_stay_within_the_daily_number(shop: Shop) -> None:
    await saved(shop, person(shop, "ana", 7), person(shop, "caio", 7))
    names = [f"R{number}" for number in range(20)]
    for number in range(4):
        at = f"{TODAY} 13:{number:02}"
        await sold(shop, *names[number * 5 : number * 5 + 5], at=at)
        await asyncio.gather(
            *(Worker().work_once(moment(f"{TODAY} 13:{number:02}") + 59_000) for _ in range(4))
        )
    shop.clock.set(f"{TODAY} 14:00")
    await asyncio.gather(*(Worker().work_once(moment(f"{TODAY} 14:00")) for _ in range(4)))

    assert Counter(await assignees(shop, *names)) == {"Ana": 7, "Caio": 7, None: 6}
    rows = await database.read(
        "SELECT sale_id, COUNT(*) AS n FROM sale_events WHERE account_id = ? AND kind = 'DISTRIBUTION'"
        " GROUP BY sale_id",
        (shop.account["id"],),
    )
    assert [row["n"] for row in rows] == [1] * 14


async def test_without_rules_nothing_is_distributed(shop: Shop) -> None:
    await saved(shop, person(shop, "ana"))
    await saved(shop, person(shop, "ana"), rules=[], expected=1)
    await sold(shop, "D1")
    await works(f"{TODAY} 13:05")

    assert await assignees(shop, "D1") == [None]


@pytest.mark.parametrize(
    ("people", "rules", "field"),
    [
        ([{"personId": "person_1", "dailyCap": 1}], [], ["people", "0", "personId"]),
        (
            [{"personId": f"person_{'0' * 8}-0000-4000-8000-{'0' * 12}", "dailyCap": 1}],
            [],
            ["people", "0", "personId"],
        ),
        ([], [rule(personIds=["person_1"])], ["rules", "0", "personIds", "0"]),
        ([], [rule(productIds=["product_x"])], ["rules", "0", "productIds", "0"]),
        ([], [rule(targets=[])], ["rules", "0", "targets"]),
        ([], [rule(name="")], ["rules", "0", "name"]),
    ],
)
async def test_what_is_wrong_is_said_by_its_path(
    shop: Shop, people: Any, rules: Any, field: list[str]
) -> None:
    payload = await shop.act("owner", SAVE, people=people, rules=rules, expectedVersion=0)

    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("BAD_INPUT", field)]
    assert (await shop.read("owner", READ))["distribution"]["version"] == 0


async def test_people_of_another_account_and_a_number_of_none_are_refused(shop: Shop) -> None:
    for people, field in (
        ([person(shop, "ana", 0)], ["people", "0", "dailyCap"]),
        ([person(shop, "ana"), person(shop, "ana")], ["people", "1", "personId"]),
        ([{"personId": f"person_{database.new_id()}", "dailyCap": 1}], ["people", "0", "personId"]),
    ):
        payload = await shop.act("owner", SAVE, people=people, rules=[rule()], expectedVersion=0)
        assert [error["field"] for error in payload["errors"]] == [field]


async def test_the_distribution_is_for_the_owner_and_admins(shop: Shop) -> None:
    values = {"people": [person(shop, "ana")], "rules": [rule()], "expectedVersion": 0}
    await shop.give("caio", *Grant)
    for who in ("ana", "bia", "caio"):
        assert await shop.code(who, SAVE, **values) == UNKNOWN
        assert await shop.code(who, "restoreDistribution", version=1, expectedVersion=0) == UNKNOWN
        assert await shop.is_unknown(who, READ)
    admin = {"collaboratorId": shop.collaborator("bia"), "role": "ADMIN"}
    assert await shop.code("owner", "changeRole", **admin) is None
    assert await shop.code("bia", SAVE, **values) is None

    found = (await shop.read("bia", READ))["distribution"]
    assert (found["version"], found["people"]) == (1, [{"personId": shop.person("ana"), "dailyCap": 100}])
