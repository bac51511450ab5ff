"""The small shop's reports of June, figure by figure."""

from typing import Any

import pytest

from authz.grant import Grant
from report_lines import JUNE, lines
from shop_messages import message, moment
from small_shop import Shop

_BASE = "count gross net refunded disputed chargedBack"
# each report, the columns of a line in their order, and the lines
EXAMPLES = {
    "revenue": (
        f"currency {_BASE}",
        """
        BRL 4 2100.00 1242.00 700.00 1000.00 700.00
        EUR 1 20.00 18.00 0.00 0.00 0.00
        """,
    ),
    "revenueByProduct": (
        f"product currency {_BASE} share average",
        """
        Clube BRL 2 100.00 90.00 0.00 0.00 0.00 0.0476 50.00
        Curso BRL 2 2000.00 1152.00 700.00 1000.00 700.00 0.9524 1000.00
        Livro EUR 1 20.00 18.00 0.00 0.00 0.00 1.0000 20.00
        """,
    ),
    "revenueByProductDetailed": (
        f"product offer currency {_BASE} fullGross fee affiliates coproducers addons unknownShares lostRate",
        """
        Clube p2a BRL 2 100.00 90.00 0.00 0.00 0.00 100.00 10.00 0.00 0.00 0.00 0 0.0000
        Curso p1a BRL 2 2000.00 1152.00 0.00 1000.00 0.00 2187.90 200.00 360.00 288.00 0.00 0 0.3333
        Curso p1b BRL 0 0.00 0.00 700.00 0.00 700.00 0.00 0.00 0.00 0.00 0.00 0 1.0000
        Livro p3a EUR 1 20.00 18.00 0.00 0.00 0.00 20.00 2.00 0.00 0.00 0.00 0 0.0000
        """,
    ),
    "salesByOrigin": (
        f"src sck currency {_BASE} share",
        """
        instagram ana|ig BRL 2 1050.00 765.00 0.00 0.00 0.00 0.5000
        newsletter - EUR 1 20.00 18.00 0.00 0.00 0.00 1.0000
        youtube - BRL 1 1000.00 432.00 0.00 0.00 700.00 0.4762
        - - BRL 1 50.00 45.00 700.00 1000.00 0.00 0.0238
        """,
    ),
    "salesByCheckoutOrigin": (
        "checkoutOrigin sck currency count gross net attempts approvalRate share",
        """
        - ana|ig BRL 2 1050.00 765.00 3 0.6667 0.5000
        - - BRL 2 1050.00 477.00 6 0.8333 0.5000
        - - EUR 1 20.00 18.00 1 1.0000 1.0000
        """,
    ),
    "paymentMethods": (
        "paymentMethod inInstallments currency count gross disputed attempts approved approvalRate",
        """
        BILLET false BRL 0 0.00 0.00 1 0 0.0000
        CREDIT_CARD false BRL 2 100.00 0.00 4 4 1.0000
        CREDIT_CARD true BRL 1 1000.00 0.00 2 1 0.5000
        PAYPAL false EUR 1 20.00 0.00 1 1 1.0000
        PIX false BRL 1 1000.00 1000.00 2 2 1.0000
        """,
    ),
    "revenueByDevice": (
        f"device currency {_BASE} share average",
        """
        DESKTOP BRL 2 1050.00 477.00 0.00 0.00 700.00 0.5000 525.00
        MOBILE BRL 2 1050.00 765.00 700.00 1000.00 0.00 0.5000 525.00
        TABLET EUR 1 20.00 18.00 0.00 0.00 0.00 1.0000 20.00
        """,
    ),
    "revenueByLocation": (
        "country currency count gross net buyers others",
        """
        BR BRL 4 2100.00 1242.00 7 false
        PT EUR 1 20.00 18.00 1 false
        """,
    ),
    "commissions": (
        "source currency count amount reversed share",
        """
        AFFILIATE BRL 1 360.00 567.00 0.1714
        COPRODUCER BRL 2 288.00 318.60 0.1371
        MARKETPLACE BRL 4 210.00 240.00 0.1000
        MARKETPLACE EUR 1 2.00 0.00 0.1000
        PRODUCER BRL 4 1242.00 1274.40 0.5914
        PRODUCER EUR 1 18.00 0.00 0.9000
        """,
    ),
    "coproductionRevenue": (
        "coproducer product ours currency count gross amount reversed pending released",
        "Dora Curso false BRL 2 2000.00 288.00 318.60 0.00 288.00",
    ),
    "selfBilling": (
        "soldAs product unit currency count received reversed",
        """
        AFFILIATE Guia 80.00 BRL 1 80.00 0.00
        PRODUCER Clube 45.00 BRL 2 90.00 0.00
        PRODUCER Curso 252.00 BRL 0 0.00 252.00
        PRODUCER Curso 302.40 BRL 0 0.00 302.40
        PRODUCER Curso 432.00 BRL 1 432.00 0.00
        PRODUCER Curso 720.00 BRL 1 720.00 720.00
        PRODUCER Livro 18.00 EUR 1 18.00 0.00
        """,
    ),
    "cancellationReasons": (
        "refusal paymentMethod currency count value share recovered",
        """
        EXPIRED_UNPAID BILLET BRL 1 1000.00 0.5000 0
        INSUFFICIENT_FUNDS CREDIT_CARD BRL 1 1000.00 0.5000 0
        """,
    ),
    "earningsAsAffiliate": (
        "product currency count gross earned pending released",
        "Guia BRL 1 200.00 80.00 0.00 80.00",
    ),
    "affiliatePayments": (
        "affiliate currency count gross amount released reversed",
        """
        Pri BRL 0 0.00 0.00 0.00 315.00
        Sérgio BRL 1 1000.00 360.00 360.00 252.00
        """,
    ),
}


@pytest.mark.parametrize("report", EXAMPLES)
async def test_june_is_as_the_examples_say(shop: Shop, report: str) -> None:
    columns, wanted = EXAMPLES[report]

    assert await lines(shop, "owner", report, columns) == [
        line.strip() for line in wanted.strip().splitlines()
    ]


async def test_places_are_told_apart_as_closely_as_requested(shop: Shop) -> None:
    columns = "country state city currency count gross disputed"

    async def at(level: str, more: str = "") -> list[str]:
        return await lines(shop, "owner", "revenueByLocation", columns, f"{JUNE}, level: {level}{more}")

    assert await at("COUNTRY") == ["BR - - BRL 4 2100.00 1000.00", "PT - - EUR 1 20.00 0.00"]
    assert await at("STATE") == [
        "BR MG - BRL 1 50.00 0.00",
        "BR RJ - BRL 0 0.00 1000.00",
        "BR SP - BRL 3 2050.00 0.00",
        "PT - - EUR 1 20.00 0.00",
    ]
    assert await at("CITY", ', filter: {country: "BR"}, top: 3') == [
        "BR MG BH BRL 1 50.00 0.00",
        "BR SP Campinas BRL 1 1000.00 0.00",
        "BR SP São Paulo BRL 1 1000.00 0.00",
        "- - - BRL 1 50.00 1000.00",
    ]


async def test_spellings_of_a_place_are_one_row_in_the_most_frequent_one(shop: Shop) -> None:
    for number, city in enumerate(("SAO PAULO", "Sao  paulo", "SAO PAULO")):
        bought = message("S01", "PURCHASE_APPROVED", "APPROVED", moment("06-01 10:00"))
        bought["data"]["purchase"]["transaction"] = f"S01-{number}"
        bought["data"]["buyer"]["address"] = {"city": city, "state": "SP", "country_iso": "BR"}
        await shop.arrives(bought | {"id": f"place-{number}"})

    args = f'{JUNE}, level: CITY, filter: {{src: "instagram"}}'

    assert await lines(shop, "owner", "revenueByLocation", "state city count", args) == [
        "MG BH 1",
        "SP SAO PAULO 4",
    ]


async def test_years_are_filtered_and_sorted_by_their_totals(shop: Shop) -> None:
    async def years(args: str) -> list[Any]:
        fields = "total { currency count gross { amount } } months { month count }"
        found = await shop.read(
            "owner", f"reports {{ rows: annualSummary(firstYear: 2026{args}) {{ {fields} }} }}"
        )
        return [
            (
                row["total"]["currency"],
                row["total"]["count"],
                row["total"]["gross"]["amount"],
                {month["month"]: month["count"] for month in row["months"] if month["count"]},
            )
            for row in found["rows"]
        ]

    brl, eur = ("BRL", 5, "2150.00", {6: 4, 7: 1}), ("EUR", 2, "40.00", {6: 1, 7: 1})
    assert await years("") == [brl, eur]
    assert await years(", order: {column: COUNT, direction: ASC}") == [eur, brl]
    assert await years(', filter: {currency: "EUR"}') == [eur]
    assert await years(', filter: {src: "instagram"}') == [("BRL", 3, "1100.00", {6: 2, 7: 1})]


async def test_a_payment_that_failed_is_recovered_by_the_same_buyers_next_one(shop: Shop) -> None:
    columns = "refusal count recovered"
    at = moment("06-20 10:00")
    again = message("S04", "PURCHASE_APPROVED", "APPROVED", at, approved_date=at, order_date=at, origin={})
    again["data"]["purchase"]["transaction"] = "S04-again"

    await shop.arrives(again | {"id": "again"})

    assert await lines(shop, "owner", "cancellationReasons", columns) == [
        "EXPIRED_UNPAID 1 1",
        "INSUFFICIENT_FUNDS 1 0",
    ]
    # the next purchase is credited to nobody: it is none of the user's statistics
    assert await lines(shop, "ana", "cancellationReasons", columns) == ["EXPIRED_UNPAID 1 0"]


async def test_a_place_of_few_buyers_is_no_row_for_who_cannot_see_them(shop: Shop) -> None:
    columns = "country currency count gross buyers others"
    location, revenue = Grant.VIEW_REVENUE_BY_LOCATION_REPORT, Grant.VIEW_REVENUE_REPORT
    await shop.give("bia", location, revenue, Grant.VIEW_REVENUE_BY_PRODUCT_REPORT)

    assert await lines(shop, "bia", "revenueByLocation", columns) == ["BR BRL 3 2050.00 5 false"]
    assert await lines(shop, "ana", "revenueByLocation", columns) == ["BR BRL 3 2050.00 3 false"]
    # no filter by place is a way around it, whatever else is filtered
    here = f'{JUNE}, filter: {{country: "BR"}}'
    assert await lines(shop, "bia", "revenue", "currency count gross", here) == ["BRL 3 2050.00"]
    assert await lines(shop, "bia", "revenueByProduct", "product count others", here) == ["- 3 true"]
    assert await lines(shop, "ana", "revenueByProduct", "product count others", here) == [
        "Clube 1 false",
        "Curso 2 false",
    ]
    await shop.give("ana", location, revenue)
    assert await lines(shop, "ana", "revenueByLocation", columns) == ["- BRL 3 2050.00 - true"]
    assert await lines(shop, "ana", "revenue", "currency count gross", here) == ["BRL 0 0.00"]


async def test_for_an_admin_who_cannot_see_buyers_each_state_is_among_the_others(shop: Shop) -> None:
    await shop.code("owner", "changeRole", collaboratorId=shop.collaborator("caio"), role="ADMIN")
    await shop.give("caio", Grant.VIEW_REVENUE_BY_LOCATION_REPORT)
    columns = "country state currency count gross buyers others"

    assert await lines(shop, "caio", "revenueByLocation", columns) == [
        "BR - BRL 4 2100.00 7 false",
        "- - EUR 1 20.00 - true",
    ]
    assert await lines(shop, "caio", "revenueByLocation", columns, f"{JUNE}, level: STATE") == [
        "- - BRL 4 2100.00 - true",
        "- - EUR 1 20.00 - true",
    ]


async def test_filters_leave_what_they_name(shop: Shop) -> None:
    columns = "currency count gross"
    products = await shop.read("owner", "products { nodes { id name } }")
    course = next(node["id"] for node in products["nodes"] if node["name"] == "Curso")
    for values, wanted in (
        (f'product: "{course}"', ["BRL 2 2000.00"]),
        (f'product: "{course}", paymentMethod: [PIX]', ["BRL 1 1000.00"]),
        ('src: "youtube"', ["BRL 1 1000.00"]),
        ("src: null, sck: null", ["BRL 1 50.00"]),
        ('device: "tablet"', ["EUR 1 20.00"]),
        ('affiliate: "A1"', ["BRL 1 1000.00"]),
        ('coproducer: "Dora"', ["BRL 2 2000.00"]),
        ('country: "PT"', ["EUR 1 20.00"]),
        ('currency: "EUR"', ["EUR 1 20.00"]),
        ('currency: "usd"', ["USD 0 0.00"]),
        ("checkoutOrigin: null, offer: null", ["BRL 0 0.00"]),
    ):
        assert await lines(shop, "owner", "revenue", columns, f"{JUNE}, filter: {{{values}}}") == wanted, (
            values
        )


async def test_rows_are_sorted_within_each_bucket_and_the_rest_is_one_row(shop: Shop) -> None:
    args = 'period: {from: "2026-06-01", to: "2026-08-01"}, filter: {currency: "BRL"}'
    by_gross = f"{args}, order: {{column: GROSS, direction: ASC}}"
    columns = "src count gross others"

    assert await lines(shop, "owner", "salesByOrigin", columns, by_gross) == [
        *("- 1 50.00 false", "youtube 1 1000.00 false", "instagram 2 1050.00 false"),
        *("youtube 0 0.00 false", "- 0 0.00 false", "instagram 1 50.00 false"),
    ]
    assert await lines(shop, "owner", "salesByOrigin", columns, f"{args}, top: 1") == [
        *("instagram 2 1050.00 false", "- 2 1050.00 true"),
        *("instagram 1 50.00 false", "- 0 0.00 true"),
    ]


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ("order: {column: GROSS}", ["filter", "currency"]),
        ("top: 0", ["top"]),
        ("top: 101", ["top"]),
        ('filter: {currency: "reais"}', ["filter", "currency"]),
    ],
)
async def test_arguments_that_make_no_sense_are_refused_by_name(
    shop: Shop, args: str, field: list[str]
) -> None:
    body = (
        await shop.post(
            "owner", f"{{ account {{ reports {{ salesByOrigin({JUNE}, {args}) {{ count }} }} }} }}"
        )
    ).json()

    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_INPUT", field)


async def test_a_filter_is_there_with_the_grant_of_its_report_alone(shop: Shop) -> None:
    await shop.give("ana", Grant.VIEW_REVENUE_REPORT, Grant.VIEW_SALES_BY_ORIGIN_REPORT)

    def counted(values: str) -> str:
        return f"reports {{ revenue({JUNE}, filter: {{{values}}}) {{ count }} }}"

    assert (await shop.read("ana", counted('src: "instagram"')))["revenue"] == [{"count": 2}]
    for text in ('device: "MOBILE"', "paymentMethod: [PIX]", 'country: "BR"', 'affiliate: "A1"'):
        assert await shop.is_unknown("ana", counted(text)), text
