"""Tokens that tokens create: never wider than these, at any request, and ending with them."""

from typing import Any

import msgspec
import pytest
from graphql import get_named_type

from actions.documents.store import trust
from authz.gates import NEVER_OF_TOKENS, grant_bit, grants_in
from authz.grant import Grant
from authz.narrowing import BY_PRODUCT
from graph.schema import full_schema
from models import database
from reports.declarations import REPORTS
from small_shop import Shop

SHOWN = (
    "id name grants standings parentId products documents callsADay amountsADay { amount currency } expiresAt"
)
CREATE = f"""mutation($input: CreateAccessTokenInput!) {{ createAccessToken(input: $input) {{
  secret accessToken {{ {SHOWN} }} errors {{ code field message }} }} }}"""
END = "mutation($id: ID!) { revokeAccessToken(input: {id: $id}) { ended errors { code } } }"
SALES = "{ account { sales(first: 50) { totalCount nodes { reference product { id } } } } }"
PERIOD = 'period: {from: "2026-01-01", to: "2026-12-31"}'
REFUND = "mutation($of: String!) { requestRefund(input: {reference: $of, reason: REGRET}) { errors { code message } } }"


async def created(shop: Shop, secret: str, **chosen: Any) -> dict[str, Any]:
    values = {"name": "Agent", "grants": ["SEARCH_SALES"], "days": 360} | chosen
    data = await shop.client.ask(CREATE, {"input": values}, token=secret)
    return dict(data["createAccessToken"])


async def child(shop: Shop, secret: str, **chosen: Any) -> str:
    payload = await created(shop, secret, **chosen)
    assert payload["errors"] == []
    return str(payload["secret"])


async def refusal(shop: Shop, secret: str, **chosen: Any) -> tuple[str, list[str] | None]:
    [error] = (await created(shop, secret, **chosen))["errors"]
    return error["code"], error["field"]


async def root(shop: Shop, who: str = "owner", **chosen: Any) -> str:
    session = await shop.token(who)
    values = {"name": "Root", "grants": [grant.value for grant in ROOT], "days": 366} | chosen
    data = await shop.client.ask(CREATE, {"input": values}, token=session, account=shop.account)
    assert data["createAccessToken"]["errors"] == []
    return str(data["createAccessToken"]["secret"])


ROOT = [grant for grant in Grant if not grant_bit(grant) & NEVER_OF_TOKENS]


async def status(shop: Shop, secret: str) -> int:
    return (await shop.client.post("{ viewer { name } }", token=secret)).status_code


async def product_of(shop: Shop, reference: str) -> str:
    sale = await shop.read("owner", f'sale(reference: "{reference}") {{ product {{ id }} }}')
    return str(sale["product"]["id"])


async def test_a_child_has_what_was_chosen_of_what_its_parent_has(shop: Shop) -> None:
    parent = await root(shop, grants=["SEARCH_SALES", "VIEW_PRODUCTS"], days=350)

    payload = await created(shop, parent, days=360)
    grandchild = await child(shop, payload["secret"])

    shown = payload["accessToken"]
    [listed] = [token for token in await own(shop) if token["name"] == "Root"]
    assert (shown["grants"], shown["parentId"]) == (["SEARCH_SALES"], listed["id"])
    assert shown["expiresAt"] == listed["expiresAt"]
    assert (await shop.client.ask(SALES, token=grandchild))["account"]["sales"]["totalCount"] == 14
    assert await shop.client.errors("{ account { products { totalCount } } }", token=payload["secret"])
    assert await refusal(shop, payload["secret"], grants=["VIEW_PRODUCTS"]) == ("NOT_HELD", ["grants"])
    assert await refusal(shop, parent, grants=["MAKE_WITHDRAWAL"]) == ("NOT_HELD", ["grants"])
    assert await refusal(shop, parent, standings=["LEAD"]) == ("NOT_HELD", ["standings"])
    assert await refusal(shop, grandchild) == ("FORBIDDEN", None)
    entry = (await shop.log("createAccessToken"))[-1]
    assert entry["refusal"] == "FORBIDDEN"


async def own(shop: Shop) -> list[dict[str, Any]]:
    session = await shop.token("owner")
    data = await shop.client.ask(
        f"{{ viewer {{ tokens {{ {SHOWN} }} }} }}", token=session, account=shop.account
    )
    return list(data["viewer"]["tokens"])


@pytest.mark.parametrize("end", ["revoked", "by a parent", "by an admin", "membership"])
async def test_with_a_token_all_that_descend_from_it_end(shop: Shop, end: str) -> None:
    await shop.give("ana", Grant.SEARCH_SALES)
    parent = await root(shop, "ana", grants=["SEARCH_SALES"])
    middle = await created(shop, parent)
    leaf = await child(shop, middle["secret"])
    beside = await child(shop, parent)
    session = await shop.token("ana")
    tokens = (await shop.client.ask("{ viewer { tokens { id name } } }", token=session))["viewer"]["tokens"]
    [root_id] = [token["id"] for token in tokens if token["name"] == "Root"]
    if end == "revoked":
        await shop.client.ask(END, {"id": root_id}, token=session)
    elif end == "by a parent":
        upwards = await shop.client.ask(END, {"id": root_id}, token=middle["secret"])
        sideways = await shop.client.ask(END, {"id": middle["accessToken"]["id"]}, token=beside)
        for payload in (upwards, sideways):
            assert [error["code"] for error in payload["revokeAccessToken"]["errors"]] == ["NOT_FOUND"]
        await shop.client.ask(END, {"id": middle["accessToken"]["id"]}, token=parent)
    elif end == "by an admin":
        listed = await shop.read("owner", "accessTokens { nodes { id parentId } }")
        assert {node["parentId"] for node in listed["nodes"]} >= {None, root_id}
        await shop.client.ask(END, {"id": root_id}, token=await shop.token("owner"), account=shop.account)
    else:
        assert not await shop.code("owner", "removeCollaborator", collaboratorId=shop.collaborator("ana"))

    found = [await status(shop, secret) for secret in (parent, middle["secret"], leaf, beside)]
    assert found == ([200, 401, 401, 200] if end == "by a parent" else [401] * 4)


async def test_a_child_whose_parent_ended_alone_is_invalid(shop: Shop) -> None:
    parent = await root(shop)
    leaf = await child(shop, await child(shop, parent))
    assert await status(shop, leaf) == 200
    for change in ("ended_at = 1", "ended_at = NULL, expires_at = expires_at - 1000000000"):
        statement = f"UPDATE access_tokens SET {change} WHERE account_id = ? AND name = 'Root'"
        await database.transact(lambda sql=statement: database.write(sql, (shop.account["id"],)))
        assert await status(shop, leaf) == 401


async def test_rows_of_other_products_do_not_exist_for_a_narrowed_token(shop: Shop) -> None:
    product = await product_of(shop, "S01")
    grants = [grant.value for grant in grants_in(BY_PRODUCT)]
    parent = await root(shop, standings=["ADMIN", "LEAD"])
    narrow = await child(shop, parent, grants=grants, standings=["ADMIN"], products=[product])
    inherits = await child(shop, narrow, grants=grants)
    everything = (await shop.client.ask(SALES, token=parent))["account"]["sales"]["nodes"]
    mine = [sale["reference"] for sale in everything if sale["product"]["id"] == product]
    others = [sale["reference"] for sale in everything if sale["product"]["id"] != product]
    assert mine
    assert others

    for secret in (narrow, inherits):
        sales = (await shop.client.ask(SALES, token=secret))["account"]["sales"]
        assert [node["reference"] for node in sales["nodes"]] == mine
        assert sales["totalCount"] == len(mine)
        rest = "query($of: String!) { account { sale(reference: $of) { id } } }"
        assert (await shop.client.ask(rest, {"of": others[0]}, token=secret))["account"]["sale"] is None
        payload = (await shop.client.ask(REFUND, {"of": others[0]}, token=secret))["requestRefund"]
        assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]
        products = (
            await shop.client.ask("{ account { products { nodes { id offers { id } } } } }", token=secret)
        )["account"]
        assert [node["id"] for node in products["products"]["nodes"]] == [product]
        other = await product_of(shop, others[0])
        node = await shop.client.ask("query($id: ID!) { node(id: $id) { id } }", {"id": other}, token=secret)
        assert node["node"] is None
        for hidden in ("{ account { balances { currency } } }", "{ account { auditLog { totalCount } } }",
                       "{ account { opportunities { totalCount } } }", "{ account { people { totalCount } } }",
                       "{ account { privacy } }", f'{{ account {{ reports {{ selfBilling({PERIOD}) {{ count }} }} }} }}'):  # fmt: skip
            [error, *_] = await shop.client.errors(hidden, token=secret)
            assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        schedules = await shop.client.ask("{ account { reportSchedules { totalCount } } }", token=secret)
        assert schedules["account"]["reportSchedules"]["totalCount"] == 0
    assert (await refusal(shop, narrow, products=[other])) == ("NOT_FOUND", ["products", "0"])
    assert (await refusal(shop, parent, products=[])) == ("BAD_INPUT", ["products"])


async def test_its_reports_add_up_the_sales_of_its_products_alone(shop: Shop) -> None:
    product = await product_of(shop, "S01")
    grants = [grant.value for grant in grants_in(BY_PRODUCT)]
    kinds = full_schema()._schema.type_map
    reports = [report for report in REPORTS.values() if report.grant.value in grants]
    for who in ("owner", "bia"):
        if who != "owner":
            await shop.give(who, *grants_in(BY_PRODUCT))
        narrow = await root(shop, who, grants=grants, products=[product])
        for report in reports:
            kind = get_named_type(kinds["Reports"].fields[report.name].type)  # type: ignore[attr-defined]
            amounts = [name for name in ("gross", "refunded", "amount") if name in kind.fields]
            rows = f"{{ currency count {' '.join(f'{name} {{ amount }}' for name in amounts)} }}"
            opening = f"{{ account {{ reports {{ {report.name}({PERIOD}, every: YEAR"
            wanted = await shop.client.ask(
                f'{opening}, filter: {{product: "{product}"}}) {rows} }} }} }}',
                token=await shop.token(who),
                account=shop.account,
            )
            found = await shop.client.ask(f"{opening}) {rows} }} }} }}", token=narrow)
            key = msgspec.json.encode
            assert sorted(map(key, found["account"]["reports"][report.name])) == sorted(
                map(key, wanted["account"]["reports"][report.name])
            ), report.name
    assert len(reports) > 8


async def test_a_narrowed_token_schedules_no_report_of_everything(shop: Shop) -> None:
    schedule = """mutation { scheduleReport(input: {report: "revenue", frequency: MONTHLY})
      { schedule { id } errors { code field } } }"""
    parent = await root(shop)
    product = await product_of(shop, "S01")
    narrow = await child(shop, parent, grants=["VIEW_REVENUE_REPORT"], products=[product])

    refused = (await shop.client.ask(schedule, token=narrow))["scheduleReport"]
    done = (await shop.client.ask(schedule, token=parent))["scheduleReport"]

    assert refused == {"schedule": None, "errors": [{"code": "NOT_FOUND", "field": ["report"]}]}
    assert done["schedule"]
    assert not done["errors"]


async def test_a_token_sends_its_trusted_documents_and_nothing_else(shop: Shop) -> None:
    await trust({"Count": "{ account { sales(first: 0) { totalCount } } }", "Other": "{ viewer { name } }"})
    parent = await root(shop)
    agent = await child(shop, parent, documents=["Count", "Missing"])

    async def send(**body: Any) -> int:
        return (await shop.client.http.post("/graphql", json=body, headers=headers)).status_code

    headers = {"authorization": f"Bearer {agent}", "accept": "application/graphql-response+json"}
    for _ in range(2):  # the second time, PostgreSQL presumes the viewer
        assert await send(documentId="Count") == 200
        assert await send(documentId="Other") == 403
        assert await send(query="{ account { sales(first: 0) { totalCount } } }") == 403
        assert await send(query=CREATE, variables={"input": {"name": "x", "days": 1}}) == 403
    for path in ("/export/rows?list=sales", "/developers/schema.graphql"):
        assert (await shop.client.http.get(path, headers=headers)).status_code == 404
    both = await created(shop, await child(shop, parent), documents=["Count"])
    assert both["accessToken"]["documents"] == ["Count"]
    assert await refusal(shop, parent, documents=[]) == ("BAD_INPUT", ["documents"])


async def test_calls_of_a_day_are_counted_for_a_token_and_its_parents(shop: Shop) -> None:
    parent = await root(shop, callsADay=6)
    first, second = await child(shop, parent, callsADay=2), await child(shop, parent)

    found = [await status(shop, first) for _ in range(3)] + [await status(shop, second) for _ in range(2)]
    late = await shop.client.post("{ viewer { name } }", token=parent)

    assert found == [200, 200, 429, 200, 200]
    assert late.status_code == 429
    assert late.json()["errors"][0]["extensions"]["allowed"] == {"calls": 6}
    assert int(late.headers["retry-after"]) <= 24 * 3_600


async def test_what_leaves_the_account_is_counted_for_a_token_and_its_parents(shop: Shop) -> None:
    sale = (await shop.read("owner", 'sale(reference: "S13") { price { amount currency } }'))["price"]
    limit = {"amount": sale["amount"], "currency": sale["currency"]}
    for reference in ("R1", "R2"):
        at = f"06-28 13:0{reference[1:]}"
        await shop.receive("S13", "PURCHASE_APPROVED", "APPROVED", at, transaction=reference)
    shop.clock.set("07-05 12:00")
    parent = await root(shop, amountsADay=[limit])
    child_of_it = await child(shop, parent, grants=["REQUEST_REFUNDS"], amountsADay=[limit])
    other = await child(
        shop, parent, grants=["REQUEST_REFUNDS"], amountsADay=[{"amount": "1", "currency": "JPY"}]
    )

    async def refund(secret: str, of: str) -> list[str]:
        payload = (await shop.client.ask(REFUND, {"of": of}, token=secret))["requestRefund"]
        return [error["code"] for error in payload["errors"]]

    assert await refund(other, "R1") == ["RATE_LIMITED"]
    assert await refund(child_of_it, "R1") == []
    assert await refund(child_of_it, "R2") == await refund(parent, "R2") == ["RATE_LIMITED"]
    shop.clock.passes(days=1)
    assert await refund(parent, "R2") == []
    rows = await database.read("SELECT CAST(spent AS TEXT) FROM access_tokens WHERE spent IS NOT NULL")
    assert len(rows) == 2
