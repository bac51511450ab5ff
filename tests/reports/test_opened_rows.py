"""A report's row can be opened: the list that its keys filter has as many sales as the row counts."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import make
from center import DONE, Center, center
from client import Client
from extent import extent
from intake.events.facts import Share
from intake.sales.shares import insert_shares
from models import database
from models.address import Address, compared, stored_address
from models.vocabulary import UNPAID, CommissionSource, Privacy, Role, SaleStatus
from oracle.questions import literal
from oracle.standing import Word

Row = dict[str, Any]
REVENUE = [Word("APPROVED"), Word("COMPLETE"), Word("PARTIALLY_REFUNDED")]
SPAN = {"from": "2026-05-01", "to": "2026-08-01"}
PRODUCER = {"soldAs": [Word("PRODUCER")]}


def sold(*keys: str, **more: Any) -> Callable[[Row], Row]:
    """The filter of sales that are revenue, with these keys of a row and more."""
    return lambda row: (
        {"approvedPeriod": {"from": row["from"], "to": row["to"]}, "status": REVENUE}
        | PRODUCER
        | {name: found for key in keys for name, found in KEYS[key](row).items()}
        | more
    )


# how the key of a row is turned into a filter
KEYS: dict[str, Callable[[Row], Row]] = {
    "product": lambda row: {"product": row["product"]["id"]},
    "offer": lambda row: {"offer": row["offer"]["id"]} if row["offer"] else {"withoutOffer": True},
    "origin": lambda row: {"origin": {"src": row["src"], "sck": row["sck"]}},
    "sck": lambda row: {"origin": {"sck": row["sck"]}},
    "checkoutOrigin": lambda row: {"checkoutOrigin": row["checkoutOrigin"]},
    "method": lambda row: {"paymentMethod": [row["paymentMethod"] and Word(row["paymentMethod"])]},
    "inInstallments": lambda row: {"inInstallments": row["inInstallments"]},
    "device": lambda row: {"device": row["device"]},
    "country": lambda row: {"country": row["country"]},
    "state": lambda row: {"state": row["state"]},
    "city": lambda row: {"city": row["city"]},
    "share": lambda row: {"share": row["source"] and Word(row["source"])},
    "coproducer": lambda row: {} if row["ours"] else {"coproducer": row["coproducer"]},
    "soldAs": lambda row: {"soldAs": [Word(row["soldAs"])]},
    "unit": lambda row: {"ownShare": row["unit"]},
    "affiliate": lambda row: {"affiliate": row["affiliate"] and row["affiliate"]["code"]},
    "refusal": lambda row: {"refusal": [row["refusal"] and Word(row["refusal"])]},
}
# each report, its keys and number, and how a row is turned into a filter
REPORTS: dict[str, tuple[str, Callable[[Row], Row]]] = {
    "revenue": ("count", sold()),
    "revenueByProduct": ("count product { id }", sold("product")),
    "revenueByProductDetailed": ("count product { id } offer { id }", sold("product", "offer")),
    "salesByOrigin": ("count src sck", sold("origin")),
    "salesByCheckoutOrigin": ("count checkoutOrigin sck", sold("checkoutOrigin", "sck")),
    "paymentMethods": ("count paymentMethod inInstallments", sold("method", "inInstallments")),
    "revenueByDevice": ("count device", sold("device")),
    "revenueByLocation": ("count country state city", sold("country", "state", "city")),
    "commissions": ("count source", sold("share")),
    "coproductionRevenue": (
        "count coproducer product { id } ours",
        lambda row: (
            sold("coproducer", "product")(row) | ({"soldAs": [Word("COPRODUCER")]} if row["ours"] else {})
        ),
    ),
    "selfBilling": (
        "count soldAs product { id } unit { amount currency }",
        sold("product", "unit", "soldAs"),
    ),
    "earningsAsAffiliate": ("count product { id }", sold("product", soldAs=[Word("AFFILIATE")])),
    "affiliatePayments": ("count affiliate { code }", sold("affiliate", share=Word("AFFILIATE"))),
    "cancellationReasons": (
        "count refusal paymentMethod",
        lambda row: (
            {"endedPeriod": {"from": row["from"], "to": row["to"]}}
            | PRODUCER
            | KEYS["refusal"](row)
            | KEYS["method"](row)
        ),
    ),
    "attempts": (
        "count: attempts checkoutOrigin sck",
        lambda row: (
            {"period": {"from": row["from"], "to": row["to"]}}
            | PRODUCER
            | KEYS["checkoutOrigin"](row)
            | KEYS["sck"](row)
        ),
    ),
}
FIELDS = {"attempts": "salesByCheckoutOrigin"}
LEVELS = {"revenueByLocation": {"level": Word("CITY")}}
VIEWERS: dict[str, tuple[str | None, ...]] = {
    "owner": (None, "MEMBER", "TEAM"),
    "admin": (None, "MEMBER", "TEAM"),
    "lead": (None, "MEMBER"),
    "user": (None,),
}


def at(*day: int) -> int:
    """An instant in milliseconds."""
    return int(datetime(*day, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type]


def group_filter(by: str | None, row: Row) -> Row:
    """The filter of what a row is split by."""
    if by == "MEMBER":
        return {"creditedTo": row["member"]["nodeId"]} if row["member"] else {"uncredited": True}
    if by == "TEAM":
        return {"creditedTeam": row["team"]["nodeId"]} if row["team"] else {"withoutCreditedTeam": True}
    return {}


async def rows_of(there: Center, who: str, report: str, by: str | None) -> Iterator[tuple[int, Row]]:
    """What each row of a report counts, and the filter that opens it."""
    own, opened = REPORTS[report]
    group = {
        "MEMBER": "member { nodeId name } group { nodeId }",
        "TEAM": "team { nodeId name } group { nodeId }",
    }.get(by or "", "")
    args = {"period": SPAN} | LEVELS.get(report, {}) | ({"by": Word(by)} if by else {})
    report = FIELDS.get(report, report)
    args_text = ", ".join(f"{name}: {literal(value)}" for name, value in args.items())
    text = (
        f"{{ account {{ reports {{ rows: {report}({args_text}) {{ from to currency {own} {group} }} }} }} }}"
    )
    rows = (await there.ask(who, text))["account"]["reports"]["rows"]
    for row in rows:
        if by:
            assert row["group"] == (row[by.lower()] and {"nodeId": row[by.lower()]["nodeId"]})
    return iter(
        (
            row["count"],
            {"currency": row["currency"], "inReports": True} | opened(row) | group_filter(by, row),
        )
        for row in rows
        if row["count"]  # a period without sales has no keys
    )


async def totals(there: Center, who: str, filters: list[Row]) -> list[int]:
    """How many sales each filter lists."""
    found: list[int] = []
    for start in range(0, len(filters), 20):
        part = {f"q{number}": item for number, item in enumerate(filters[start : start + 20])}
        # filters are variables, so that one document serves for all pages
        declared = " ".join(f"${name}: SaleFilter" for name in part)
        lists = " ".join(f"{name}: sales(filter: ${name}) {{ totalCount }}" for name in part)
        data = await there.ask(who, f"query ({declared}) {{ account {{ {lists} }} }}", **part)
        found += [data["account"][name]["totalCount"] for name in part]
    return found


async def opens(there: Center, who: str) -> int:
    """Check that each row of each report counts what its list has; how many rows count something."""
    filled = 0
    for by in VIEWERS[who]:
        for report in REPORTS:
            rows = list(await rows_of(there, who, report, by))
            counted = [count for count, _ in rows]
            assert await totals(there, who, [item for _, item in rows]) == counted, (who, report, by)
            filled += sum(count > 0 for count in counted)
    return filled


async def share(sale: Row, shares: list[tuple[CommissionSource, str | None]]) -> None:
    """Shares of a sale in its currency."""
    found = [Share(source, 100, sale["currency"], name) for source, name in shares]
    await database.transact(lambda: insert_shares(sale["account_id"], [(sale["id"], found)]))


async def busy(client: Client, rng: random.Random) -> Center:
    """An account in which two are named Ana Silva, seats and a team have ended, and sales are of every kind."""
    there = await center(client, timezone="America/Sao_Paulo")
    full = there.profiles["full"]
    for name in ("ana", "other ana", "gone", "moved"):
        result = "Ana Silva" if "ana" in name else name
        there.collaborators[name] = await make.collaborator(there.account, full, Role.USER, name=result)
    led = there.team
    for name in ("ana", "gone", "moved"):
        assert (
            await there.outcome(
                "owner", "addTeamMember", teamId=f"team_{led['id']}", collaboratorId=there.collaborator(name)
            )
            == DONE
        )
    others = await make.team(there.account, [there.collaborators["other ana"]])
    products = [await make.product(there.account) for _ in range(3)]
    people = [
        *(there.collaborators[name] for name in ("ana", "other ana", "gone", "moved", "lead", "user")),
        None,
    ]
    offers = [await make.offer(there.account, product) for product in products]
    for _ in range(60):
        person = rng.choice(people)
        ordered = at(2026, 5, 1) + rng.randrange(90 * 24) * 3_600_000
        team = others if person is there.collaborators["other ana"] else led
        status = rng.choice([*SaleStatus, *[SaleStatus.APPROVED] * 9, *[SaleStatus.COMPLETE] * 5, *UNPAID])
        approved = rng.choice([None, ordered, ordered + 30 * 3_600_000])
        currency = rng.choice(["BRL", "EUR"])
        city = rng.choice([None, "São  Paulo", "SAO PAULO", "Rio"])
        sale = await make.sale(
            there.account,
            rng.choice(products),
            person,
            team_id=team["id"] if person and rng.random() < 0.8 else None,
            status=status,
            price=rng.randint(1, 99_999),
            currency=currency,
            net_currency=rng.choice(["BRL", "EUR"]),
            payment_method=rng.choice(["PIX", "CREDIT_CARD", None]),
            instalments=rng.choice([1, 1, 3]),
            origin_src=rng.choice([None, "ads", "Ads", ""]),
            origin_sck=rng.choice([None, "ads", "a b"]),
            device=rng.choice([None, "mobile", "MOBILE", "Tablet", "móvil", "MÓVIL"]),
            ordered_at=ordered,
            approved_at=approved,
            ended_at=ordered if status in UNPAID and approved is None else None,
            refusal=rng.choice([None, "LIMIT"]),
            offer_id=rng.choice([None, *(offer["id"] for offer in offers)]),
            checkout_origin=rng.choice([None, "shop"]),
            buyer_address=stored_address(Address(city=city, state="SP")) if city else None,
            buyer_state="sp" if city else None,
            buyer_city=compared(city),
            buyer_country=rng.choice(["BR", "PT", None]),
            affiliate_code=rng.choice(["A1", None]),
            sold_as=rng.choice([*["PRODUCER"] * 4, "AFFILIATE", "COPRODUCER"]),
            own_amount=rng.choice([None, 100, 250]),
            own_currency=currency,
        )
        sources = rng.sample([*CommissionSource], rng.randrange(4))
        await share(sale, [(source, rng.choice([None, "Dora"])) for source in sources])
    return there


async def end(there: Center, name: str, successor: str | None = None) -> None:
    """Remove someone; to an heir, whoever it is."""
    values = {"reassignTo": there.collaborator(successor)} if successor else {}
    assert (
        await there.outcome("owner", "removeCollaborator", collaboratorId=there.collaborator(name), **values)
        == DONE
    )


@pytest.mark.parametrize("seed", extent([1], [1, 2, 3]))
async def test_each_row_counts_what_its_list_has(client: Client, seed: int) -> None:
    there = await busy(client, random.Random(seed))

    filled = {who: await opens(there, who) for who in VIEWERS}
    # what those who go had stays with the lead's people, so that the lead sees all that counts
    await end(there, "gone", "ana")
    await end(there, "moved", "user")
    after = {who: await opens(there, who) for who in ("owner", "lead", "user")}

    assert filled["user"] > 0
    assert filled["lead"] > 20
    assert after["user"] == filled["user"]
    assert after["owner"] == filled["admin"] == filled["owner"] > 40


async def test_the_rows_of_a_deleted_team_are_opened(client: Client) -> None:
    there = await busy(client, random.Random(3))
    rows = list(await rows_of(there, "owner", "revenue", "TEAM"))

    assert await there.outcome("owner", "deleteTeam", teamId=there.team_id) == DONE

    assert list(await rows_of(there, "owner", "revenue", "TEAM")) == rows
    assert await opens(there, "owner") > 40
    assert [item for _, item in rows if item.get("creditedTeam") == there.team_id]


async def test_two_of_one_name_are_two_rows(client: Client) -> None:
    there = await center(client)
    for _ in range(2):
        collaborator = await make.collaborator(
            there.account, there.profiles["full"], Role.USER, name="Ana Silva"
        )
        await make.sale(there.account, assignee=collaborator, ordered_at=at(2026, 6, 10))
        there.collaborators[f"ana {collaborator['id']}"] = collaborator
    text = """{ account { reports { revenue(period: {from: "2026-06-01", to: "2026-07-01"}, by: MEMBER) {
        count member { nodeId name } team { name } } } } }"""

    rows = (await there.ask("owner", text))["account"]["reports"]["revenue"]

    assert [(row["member"]["name"], row["count"], row["team"]) for row in rows] == [
        ("Ana Silva", 1, None)
    ] * 2
    people = {
        f"person_{member['id']}" for name, member in there.collaborators.items() if name.startswith("ana ")
    }
    assert {row["member"]["nodeId"] for row in rows} == people


async def test_a_sale_belongs_to_the_month_of_its_approval_in_the_list_as_in_the_report(
    client: Client,
) -> None:
    there = await center(client, timezone="Europe/Madrid")
    first = await make.sale(there.account, ordered_at=at(2026, 5, 31, 12), approved_at=at(2026, 5, 31, 22))
    await make.sale(there.account, ordered_at=at(2026, 6, 30), approved_at=at(2026, 7, 2))
    await make.sale(there.account, ordered_at=at(2026, 6, 15), approved_at=None, status=SaleStatus.OVERDUE)
    june = {"from": "2026-06-01", "to": "2026-07-01"}
    text = """query($june: PeriodInput!) { account { sales(filter: {approvedPeriod: $june}) { nodes { reference } }
        reports { revenue(period: $june) { count gross { amount } } } } }"""

    account = (await there.ask("owner", text, june=june))["account"]

    assert account["sales"]["nodes"] == [{"reference": first["reference"]}]
    assert account["reports"]["revenue"] == [{"count": 1, "gross": {"amount": "99.00"}}]


async def test_a_lead_lists_what_ended_memberships_sold_as_far_as_they_see_its_rows(client: Client) -> None:
    there = await busy(client, random.Random(4))
    before = sum(count for count, _ in await rows_of(there, "lead", "revenue", None))

    await end(there, "gone")
    await end(there, "moved", "other ana")

    rows = list(await rows_of(there, "lead", "revenue", "MEMBER"))
    listed = await totals(there, "lead", [item for _, item in rows])
    ended = {f"person_{there.collaborators[name]['id']}" for name in ("gone", "moved")}
    for (count, request), number in zip(rows, listed, strict=True):
        assert number == (0 if request.get("creditedTo") in ended else count)
    assert sum(count for count, item in rows if item.get("creditedTo") in ended) > 0
    assert sum(count for count, _ in rows) <= before


async def test_what_a_shared_team_lets_a_user_see_is_none_of_the_users_reports(client: Client) -> None:
    there = await busy(client, random.Random(6))
    await make.team(
        there.account, [there.collaborators["user"], there.collaborators["other ana"]], privacy=Privacy.SHARED
    )

    every, own, others = await totals(there, "user", [{}, {"inReports": True}, {"inReports": False}])

    assert every == own + others
    assert min(own, others) > 0
    assert await opens(there, "user") > 5
    (all_of_account,) = await totals(there, "owner", [{}])
    assert await totals(there, "owner", [{"inReports": True}, {"inReports": False}]) == [all_of_account, 0]


async def test_filters_by_credit_tell_no_lead_what_others_sold(client: Client) -> None:
    """The heir of someone else's sales works on them; whom they count for is no one's business here."""
    there = await busy(client, random.Random(5))
    other = f"person_{there.collaborators['other ana']['id']}"
    await end(there, "other ana", "ana")
    requests = [{"creditedTo": other}, {"uncredited": True}]

    assert await totals(there, "lead", requests) == [0, 0]
    assert min(await totals(there, "owner", requests)) > 0
    listed = await totals(
        there, "lead", [{"uncredited": False}, {"assignee": f"person_{there.collaborators['ana']['id']}"}]
    )
    assert min(listed) > 0


@pytest.mark.parametrize(
    ("who", "hidden"),
    [
        ("lead", ("creditedTeam", "withoutCreditedTeam")),
        ("user", ("creditedTo", "uncredited", "creditedTeam", "withoutCreditedTeam")),
        ("small", ("creditedTo", "uncredited", "creditedTeam", "withoutCreditedTeam", "approvedPeriod")),
    ],
)
async def test_a_filter_that_is_not_the_viewers_does_not_exist(
    client: Client, who: str, hidden: tuple[str, ...]
) -> None:
    there = await center(client)
    for name in hidden:
        value = {"approvedPeriod": SPAN}.get(name, True if name.startswith(("un", "without")) else "person_x")
        text = f"{{ account {{ sales(filter: {{{name}: {literal(value)}}}) {{ totalCount }} }} }}"

        errors = await client.errors(text, token=there.tokens[who], account=there.account)

        assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}


async def test_codes_of_an_origin_are_any_where_they_are_left_out_and_none_where_they_are_null(
    client: Client,
) -> None:
    there = await center(client)
    for src, sck in ((None, None), ("ads", None), ("ads", "mail"), (None, "mail")):
        await make.sale(there.account, origin_src=src, origin_sck=sck)
    origins = [{}, {"src": "ads"}, {"src": None}, {"src": "ads", "sck": None}, {"src": None, "sck": None}]

    assert await totals(there, "owner", [{"origin": origin} for origin in origins]) == [4, 2, 2, 1, 1]
    text = "query($o: OriginFilter) { account { sales(filter: {origin: $o}) { totalCount } } }"
    values = [await there.ask("owner", text, o=origin) for origin in origins]
    assert [item["account"]["sales"]["totalCount"] for item in values] == [4, 2, 2, 1, 1]


async def test_a_period_of_approvals_that_is_none_is_refused_by_its_name(client: Client) -> None:
    there = await center(client)
    text = '{ account { sales(filter: {approvedPeriod: {from: "2026-06-01", to: "2026-06-01"}}) { totalCount } } }'

    (error,) = await client.errors(text, token=there.tokens["owner"], account=there.account)

    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["extensions"]["field"] == ["approvedPeriod", "to"]
