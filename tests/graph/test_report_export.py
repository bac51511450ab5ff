"""Reports as files: for whom, which columns, and with the figures of the API."""

import csv
import io
import json

import httpx
import pytest

from authz.grant import Grant
from graph.export import reports
from graph.export.formats import cell
from shop_subscriptions import said
from small_shop import Shop, moment

JUNE = {"from": "2026-06-01", "to": "2026-07-01"}


async def file(shop: Shop, who: str, **parameters: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {await shop.token(who)}"}
    central = {"central": f"central_{shop.account['id']}"}
    return await shop.client.http.get("/export/report", params=central | JUNE | parameters, headers=headers)


def rows(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


async def test_a_report_is_a_file_with_the_days_and_keys_first(shop: Shop) -> None:
    found = rows(await file(shop, "owner", name="revenueByProductDetailed", by="MEMBER"))

    assert list(found[0])[:9] == [
        *("from", "to", "group.nodeId", "group.name", "product.id", "product.name"),
        *("offer.id", "offer.code", "offer.name"),
    ]
    course = [row for row in found if row["offer.code"] == "p1a"]
    assert [(row["group.name"], row["currency"], row["gross.amount"]) for row in course] == [
        ("Ana", "BRL", "2000.00"),
        ("", "BRL", "0.00"),
    ]
    (entry,) = await shop.log("exportReport")
    assert entry["let_by"] == "ADMIN"
    assert entry["changes"][0] == {
        "field": "Reports.revenueByProductDetailed(period:)",
        "before": None,
        "after": {"from": "2026-06-01", "to": "2026-07-01"},
    }


async def test_arguments_of_the_report_are_parameters_of_the_file(shop: Shop) -> None:
    response = await file(
        shop,
        "owner",
        name="salesByOrigin",
        every="WHOLE",
        filter='{"currency": "BRL"}',
        order='{"column": "COUNT", "direction": "ASC"}',
        top="2",
        columns="src,others,count",
        format="jsonl",
    )

    assert [json.loads(line) for line in response.text.splitlines()] == [
        {"src": "youtube", "others": False, "count": 1},
        {"src": None, "others": True, "count": 1},
        {"src": "instagram", "others": False, "count": 2},
    ]


async def test_years_are_a_row_for_each_month(shop: Shop) -> None:
    year = {"from": "2026-01-01", "to": "2027-01-01"}
    found = rows(await file(shop, "owner", name="annualSummary", filter='{"currency": "EUR"}', **year))

    assert list(found[0])[:6] == ["year", "month", "group.nodeId", "group.name", "currency", "count"]
    assert [(row["year"], row["month"], row["gross.amount"]) for row in found if row["count"] != "0"] == [
        ("2026", "6", "20.00"),
        ("2026", "7", "20.00"),
    ]
    assert len(found) == 12
    for wrong in ({}, {"from": "2026-01-01", "to": "2026-01-01"}, year | {"format": "svg"}):
        assert (await file(shop, "owner", name="annualSummary", **wrong)).status_code == 400


async def test_customers_are_a_row_each_with_what_the_viewer_sees_of_them(shop: Shop) -> None:
    found = rows(await file(shop, "owner", name="customers"))
    lines = (await file(shop, "owner", name="customers", format="jsonl", columns="name,spent")).text

    assert [(row["name"].split()[0], row["spent"], row["purchases"]) for row in found] == [
        *(
            ("Berta", "20.00 EUR", "1"),
            ("Benício", "", "0"),
            ("Bárbara", "", "0"),
            ("Beto", "50.00 BRL", "1"),
        ),
        *(("Bia", "", "0"), ("Bruno", "1000.00 BRL", "1"), ("Bela", "50.00 BRL", "1")),
        ("Beatriz", "1000.00 BRL", "1"),
    ]
    assert (found[0]["email"], found[0]["emailMasked"]) == (shop.email("b8"), "b…@e…")
    assert json.loads(lines.splitlines()[0])["spent"] == [{"amount": "20.00", "currency": "EUR"}]
    chosen = {"filter": '{"country": "PT"}', "order": '{"field": "NAME", "direction": "ASC"}'}
    assert [
        row["name"].split()[0] for row in rows(await file(shop, "owner", name="customers", **chosen))
    ] == ["Berta"]
    await shop.code("owner", "setRevealOnRecord", enabled=True)
    await shop.code("owner", "changeRole", collaboratorId=shop.collaborator("caio"), role="ADMIN")
    await shop.give("caio", Grant.VIEW_CUSTOMERS_REPORT, Grant.CHANGE_BUYER_EMAIL)
    covered = rows(await file(shop, "caio", name="customers"))
    assert {row["email"] for row in covered} == {"b…@e…"}
    assert "document" not in covered[0]


async def test_lists_are_a_row_each_page_by_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.export.row_lists._PAGE", 1)
    always = {"from": "2026-01-01", "to": "2027-01-01"}
    ended = {"cancellation_date": moment("07-25 11:00")}
    await said(shop, "SUBSCRIPTION_CANCELLATION", "K1", "07-25 11:00", **ended)

    found = rows(await file(shop, "owner", name="cancelledSubscriptionsInDetail", **always))
    lines = await file(
        shop,
        "owner",
        name="cancelledSubscriptionsInDetail",
        format="jsonl",
        columns="code,received",
        **always,
    )
    now = {"headers": {"authorization": f"Bearer {await shop.token('owner')}"}}
    chosen = {"name": "overdueSubscriptions", "central": f"central_{shop.account['id']}", "format": "xlsx"}
    late = await shop.client.http.get("/export/report", params=chosen | {"format": "csv"}, **now)

    assert [(row["code"], row["received"], row["reason"]) for row in found] == [
        ("K1", "100.00 BRL", "UNKNOWN"),
        ("K3", "", "UNKNOWN"),
    ]
    assert [json.loads(line)["received"] for line in lines.text.splitlines()] == [
        [{"amount": "100.00", "currency": "BRL"}],
        [],
    ]
    assert [(row["code"], row["daysLate"], row["amount.amount"]) for row in rows(late)] == [
        ("K2", "5", "50.00")
    ]
    assert (await shop.client.http.get("/export/report", params=chosen, **now)).status_code == 200
    wrong = await file(shop, "owner", name="cancelledSubscriptionsInDetail", filter='{"reason": ["NONE"]}')
    assert wrong.status_code == 400


def test_negative_numbers_are_numbers_and_formulas_are_text() -> None:
    texts = ("-315.00", "-7", "-1+2", "=1", "-", "--1", "+1", "-315.00.1", "- 5")

    assert [cell(text) for text in texts] == [
        *("-315.00", "-7", "'-1+2", "'=1", "'-", "'--1", "'+1", "'-315.00.1", "'- 5"),
    ]


async def test_who_lacks_the_report_or_is_no_admin_gets_no_file(shop: Shop) -> None:
    for who, name in (
        ("ana", "revenue"),
        ("bia", "revenue"),
        ("owner", "nothing"),
    ):
        assert (await file(shop, who, name=name)).status_code == 404
    assert (
        await shop.code("owner", "changeRole", collaboratorId=shop.collaborator("caio"), role="ADMIN") is None
    )
    await shop.give("caio", Grant.VIEW_REVENUE_REPORT)

    assert rows(await file(shop, "caio", name="revenue"))[0]["count"] == "4"
    assert (await file(shop, "caio", name="revenueByDevice")).status_code == 404
    refused = await file(shop, "caio", name="revenue", filter='{"device": "MOBILE"}')
    assert refused.status_code == 400


async def test_what_the_report_refuses_is_no_file(shop: Shop) -> None:
    for parameters in (
        {"top": "2"},
        {"to": "2026-05-01"},
        {"every": "HOUR"},
        {"columns": "net.amount,secret"},
        {"order": '{"column": "GROSS"}'},
    ):
        response = await file(shop, "owner", name="revenue", **parameters)

        assert response.status_code == 400, parameters
    assert await shop.log("exportReport") == []


async def test_what_the_list_of_customers_refuses_is_no_file(shop: Shop) -> None:
    for parameters in (
        {"every": "WHOLE"},
        {"format": "svg"},
        {"order": '{"field": "SPENT"}'},
        {"columns": "sale_id"},
        {"filter": '{"atLeast": "x"}'},
    ):
        response = await file(shop, "owner", name="customers", **parameters)

        assert response.status_code == 400, parameters
    assert await shop.log("exportReport") == []


async def test_a_chart_is_drawn_for_who_has_the_report(shop: Shop) -> None:
    svg = await file(shop, "owner", name="revenueByProduct", format="svg")
    png = await file(shop, "owner", name="revenueByProduct", format="png")
    page = await file(shop, "owner", name="revenueByProduct", format="html", measure="net")

    for response, kind in ((svg, "image/svg+xml"), (png, "image/png"), (page, "text/html")):
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith(kind)
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in response.text
    assert png.content.startswith(b"\x89PNG")
    assert "2,000.00" in svg.text
    assert "(BRL)" in svg.text
    assert "(EUR)" in svg.text
    assert "<caption" in page.text
    assert "1,152.00" in page.text
    assert (await file(shop, "owner", name="revenue", measure="net")).status_code == 400
    assert (await file(shop, "owner", name="revenue", format="svg", measure="secret")).status_code == 400
    assert (await file(shop, "ana", name="revenue", format="svg")).status_code == 404


async def test_a_chart_shows_no_small_group(shop: Shop) -> None:
    assert (
        await shop.code("owner", "changeRole", collaboratorId=shop.collaborator("caio"), role="ADMIN") is None
    )
    await shop.give("caio", Grant.VIEW_REVENUE_BY_LOCATION_REPORT)

    hidden = (await file(shop, "caio", name="revenueByLocation", format="svg")).text
    shown = (await file(shop, "owner", name="revenueByLocation", format="svg")).text

    assert ">\u2068PT\u2069<" in shown
    assert ">\u2068PT\u2069<" not in hidden
    assert "Others" in hidden


async def test_a_chart_is_charged_for_what_it_draws(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "DRAWN_ROW", 10**15)

    table = await file(shop, "owner", name="revenueByProduct")
    drawn = await file(shop, "owner", name="revenueByProduct", format="svg")

    assert table.status_code == 200
    assert drawn.status_code == 429
    assert int(drawn.headers["retry-after"]) > 0
    assert "costPerMinute" in drawn.json()["errors"][0]["extensions"]["allowed"]
