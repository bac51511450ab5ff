"""The small shop of the worked examples: each of its sales as the API shows it, and its sums."""

from typing import Any

import pytest

from authz.grant import Grant
from small_shop import UNKNOWN, Shop

_SALE = """
  reference status soldAs price { amount currency } fullPrice { amount } paymentMethod installments device
  net { amount } product { name } offer { code } buyer { name country email document address { state city } }
  origin { src sck } affiliate { code } coproducers { name amount { amount } } subscription { code recurrence }
  orderedAt approvedAt refundedAt warrantyUntil refusal refusalReason assignee { name } team { name }
"""
_TABLE = """
S01 P1 p1a 1000.00 BRL 1000.00 PIX          1 MOBILE  SP São-Paulo instagram  ana|ig - 720.00 COMPLETE           ana  b1
S02 P1 p1a 1000.00 BRL 1187.90 CREDIT_CARD 12 DESKTOP SP Campinas  youtube    -     A1 432.00 COMPLETE           ana  b2
S03 P1 p1b 700.00  BRL 700.00  CREDIT_CARD  1 MOBILE  RJ Rio       -          -     A2 252.00 REFUNDED           bia  b3
S04 P1 p1a 1000.00 BRL 1000.00 BILLET       1 MOBILE  SP São-Paulo instagram  ana|ig - 720.00 EXPIRED            ana  b4
S05 P1 p1a 1000.00 BRL 1098.60 CREDIT_CARD  6 MOBILE  MG Contagem  -          -     -  720.00 CANCELLED          bia  b5
S06 P2 p2a 50.00   BRL 50.00   CREDIT_CARD  1 MOBILE  MG BH        instagram  ana|ig - 45.00  COMPLETE           ana  b6
S07 P2 p2a 50.00   BRL 50.00   CREDIT_CARD  1 MOBILE  MG BH        instagram  ana|ig - 45.00  APPROVED           ana  b6
S08 P2 p2a 50.00   BRL 50.00   CREDIT_CARD  1 DESKTOP SP Santos    -          -     -  45.00  COMPLETE           caio b7
S09 P2 p2a 50.00   BRL 50.00   CREDIT_CARD  1 DESKTOP SP Santos    -          -     -  45.00  OVERDUE            caio b7
S10 P3 p3a 20.00   EUR 20.00   PAYPAL       1 TABLET  -  Lisboa    newsletter -     -  18.00  COMPLETE           -    b8
S11 P3 p3a 20.00   EUR 20.00   PAYPAL       1 TABLET  -  Lisboa    newsletter -     -  18.00  PARTIALLY_REFUNDED -    b8
S12 P1 p1a 1000.00 BRL 1000.00 PIX          1 MOBILE  RJ Niterói   -          -     -  720.00 DISPUTE            -    b9
S13 P1 p1b 700.00  BRL 700.00  CREDIT_CARD  1 DESKTOP SP São-Paulo youtube    -     A1 302.40 CHARGEBACK         bia  b10
S14 PX px1 200.00  BRL 200.00  PIX          1 MOBILE  SP São-Paulo -          -     -  -      COMPLETE           -    b11
"""
_PRODUCTS = {"P1": "Curso", "P2": "Clube", "P3": "Livro", "PX": "Guia"}
_ORDERED = {
    "S01": "2026-06-01T13:00:00Z", "S02": "2026-06-05T14:00:00Z", "S03": "2026-06-10T12:00:00Z",
    "S04": "2026-06-12T23:00:00Z", "S05": "2026-06-14T00:00:00Z", "S06": "2026-06-02T11:00:00Z",
    "S07": "2026-07-02T11:00:00Z", "S08": "2026-06-20T11:00:00Z", "S09": "2026-07-20T11:00:00Z",
    "S10": "2026-07-01T02:30:00Z", "S11": "2026-07-01T03:10:00Z", "S12": "2026-06-25T15:00:00Z",
    "S13": "2026-06-28T16:00:00Z", "S14": "2026-06-18T13:00:00Z",
}  # fmt: skip


async def _sales(shop: Shop, who: str = "owner", arguments: str = "") -> list[str]:
    found = await shop.read(who, f"sales(first: 50{arguments}) {{ nodes {{ reference }} }}")
    return sorted(node["reference"] for node in found["nodes"])


def _row(shop: Shop, line: str) -> dict[str, Any]:
    """A line of the table as the API shows it."""
    values = [None if value == "-" else value.replace("-", " ") for value in line.split()]
    reference, product, offer, price, currency, paid, method, times, device, state = values[:10]
    city, src, sck, affiliate, net, status, assignee, buyer = values[10:]
    assert reference
    assert buyer
    return {
        "reference": reference, "status": status, "soldAs": "AFFILIATE" if reference == "S14" else "PRODUCER",
        "price": {"amount": price, "currency": currency}, "fullPrice": {"amount": paid},
        "paymentMethod": method, "installments": int(times or 0), "device": device,
        "net": net and {"amount": net}, "product": {"name": _PRODUCTS[product or ""]}, "offer": {"code": offer},
        "origin": {"src": src, "sck": sck}, "affiliate": {"code": affiliate} if affiliate or reference == "S14" else None,
        "orderedAt": _ORDERED[reference], "assignee": assignee and {"name": assignee.capitalize()},
        "team": {"name": "North"} if assignee in ("ana", "bia") else None,
        "email": shop.email(buyer), "address": {"state": state, "city": city},
        "country": "PT" if buyer == "b8" else "BR", "document": f"000000000{int(buyer[1:]):02}",
    }  # fmt: skip


async def test_each_sale_of_the_shop_is_as_the_table_says(shop: Shop) -> None:
    found = await shop.read("owner", f"sales(first: 50) {{ nodes {{ {_SALE} }} }}")

    sales = {node["reference"]: node for node in found["nodes"]}
    for line in _TABLE.strip().splitlines():
        row = _row(shop, line)
        sale = sales.pop(row["reference"])
        shown = sale | {name: sale["buyer"][name] for name in ("email", "address", "country", "document")}
        assert {name: shown[name] for name in row} == row
    assert sales == {}


async def test_the_shops_facts_besides_the_table_are_there(shop: Shop) -> None:
    found = await shop.read("owner", f"sales(first: 50) {{ nodes {{ {_SALE} }} }}")
    sales = {node["reference"]: node for node in found["nodes"]}

    unapproved = {"S04", "S05", "S09"}
    assert {name for name, sale in sales.items() if sale["approvedAt"] is None} == unapproved
    for name in sales.keys() - unapproved:
        assert sales[name]["approvedAt"] == sales[name]["orderedAt"]
    assert sales["S03"]["refundedAt"] == "2026-06-15T12:00:00Z"
    assert sales["S13"]["warrantyUntil"] == "2026-07-13T16:00:00Z"
    assert (sales["S04"]["refusal"], sales["S04"]["refusalReason"]) == (
        "EXPIRED_UNPAID",
        "Boleto expirado sem pagamento",
    )
    assert sales["S05"]["refusal"] == "INSUFFICIENT_FUNDS"
    assert sales["S02"]["coproducers"] == [{"name": "Dora", "amount": {"amount": "108.00"}}]
    subscriptions = {name: sales[name]["subscription"] for name in ("S06", "S07", "S08", "S09")}
    assert subscriptions == {
        "S06": {"code": "K1", "recurrence": 1},
        "S07": {"code": "K1", "recurrence": 2},
        "S08": {"code": "K2", "recurrence": 1},
        "S09": {"code": "K2", "recurrence": 2},
    }


async def test_revenue_counts_own_sales_alone(shop: Shop) -> None:
    june = 'reports { revenue(period: { from: "2026-06-01", to: "2026-07-01" }, every: MONTH) %s }'
    columns = "{ count gross { amount currency } net { amount } refunded { amount } chargedBack { amount } }"

    def of(rows: list[Any], currency: str) -> Any:
        return next(row for row in rows if row["gross"]["currency"] == currency)

    owner = (await shop.read("owner", june % columns))["revenue"]
    ana = of((await shop.read("ana", june % columns))["revenue"], "BRL")
    bia = of((await shop.read("bia", june % columns))["revenue"], "BRL")

    assert (of(owner, "BRL")["count"], of(owner, "BRL")["gross"]["amount"]) == (4, "2100.00")
    assert (of(owner, "EUR")["count"], of(owner, "EUR")["gross"]["amount"]) == (1, "20.00")
    assert (ana["count"], ana["gross"]["amount"], ana["net"]["amount"]) == (3, "2050.00", "1197.00")
    assert (bia["refunded"]["amount"], bia["chargedBack"]["amount"]) == ("700.00", "700.00")
    assert bia["gross"] == ana["gross"]


async def test_each_person_of_the_shop_sees_the_sales_within_their_reach(shop: Shop) -> None:
    ana, bia, caio = await _sales(shop, "ana"), await _sales(shop, "bia"), await _sales(shop, "caio")

    assert ana == ["S01", "S02", "S04", "S06", "S07"]
    assert bia == ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S13"]
    assert caio == ["S08", "S09"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("soldAs: [AFFILIATE]", ["S14"]),
        ("refusal: [INSUFFICIENT_FUNDS]", ["S05"]),
        ('text: "boleto"', []),
        ("inFunnel: true", []),
        ('coupon: "SAVE10"', []),
        ('approvedPeriod: { from: "2026-06-30", to: "2026-07-01" }', ["S10"]),
        ('refundedPeriod: { from: "2026-06-15", to: "2026-06-16" }', ["S03"]),
    ],
)
async def test_a_filter_finds_sales(shop: Shop, arguments: str, found: list[str]) -> None:
    assert await _sales(shop, arguments=f", filter: {{ {arguments} }}") == found


async def test_a_filter_by_offer_coupon_and_funnel_finds_what_messages_say(shop: Shop) -> None:
    await shop.receive("S05", "PURCHASE_APPROVED", "APPROVED", offer={"code": "p1b", "coupon_code": "Save10"},
                    is_funnel=True)  # fmt: skip
    offer = (await shop.read("owner", 'sale(reference: "S03") { offer { id } }'))["offer"]["id"]

    assert await _sales(shop, arguments=f', filter: {{ offer: "{offer}" }}') == ["S03", "S05", "S13"]
    assert await _sales(shop, arguments=', filter: { coupon: "SAVE10" }') == ["S05"]
    assert await _sales(shop, arguments=", filter: { inFunnel: true }") == ["S05"]


async def test_sales_by_approval_are_those_that_were_approved(shop: Shop) -> None:
    order = "order: { field: APPROVED_AT, direction: ASC }"
    first = await shop.read(
        "ana", f"sales(first: 2, {order}) {{ nodes {{ reference }} pageInfo {{ endCursor }} }}"
    )
    after = first["pageInfo"]["endCursor"]
    rest = await shop.read("ana", f'sales(first: 9, after: "{after}", {order}) {{ nodes {{ reference }} }}')

    results = [node["reference"] for node in (*first["nodes"], *rest["nodes"])]
    assert results == ["S01", "S06", "S02", "S07"]


async def test_periods_and_the_order_by_approval_need_their_grant(shop: Shop) -> None:
    await shop.give("caio", Grant.SEARCH_SALES)

    for text in ('filter: { approvedPeriod: { from: "2026-06-01", to: "2026-07-01" } }',
                  'filter: { refundedPeriod: { from: "2026-06-01", to: "2026-07-01" } }',
                  "order: { field: APPROVED_AT }"):  # fmt: skip
        assert await shop.is_unknown("caio", f"sales({text}) {{ nodes {{ id }} }}"), text
    assert await _sales(shop, "caio", ", filter: { soldAs: [PRODUCER] }") == ["S08", "S09"]


async def test_a_first_access_is_shown_whichever_message_comes_first(shop: Shop) -> None:
    def access(product: int, buyer: str) -> dict[str, Any]:
        data = {"product": {"id": product}, "user": {"name": "B", "email": f"{buyer}@example.com"}}
        at = shop.clock.now
        return {
            "id": f"{product}{buyer}{at}",
            "creation_date": at,
            "event": "CLUB_FIRST_ACCESS",
            "data": data,
        }

    await shop.arrives(access(1001, "b1"))
    await shop.arrives(access(1002, "b1"))
    shop.clock.passes(days=1)
    await shop.arrives(access(1001, "b1"))
    await shop.receive("S01", "PURCHASE_COMPLETE", "COMPLETE")

    found = await shop.read("owner", "sales(first: 50) { nodes { reference firstAccessAt } }")
    times = {node["reference"]: node["firstAccessAt"] for node in found["nodes"] if node["firstAccessAt"]}
    assert times == {"S01": "2026-07-25T15:00:00Z"}


async def test_each_test_has_a_shop_of_its_own(shop: Shop) -> None:
    other_mails = await shop.mails()
    done = await shop.act("owner", "changeBuyerEmail", "reference", reference="S01", email="new@example.com")
    unknown = await shop.act("owner", "noSuchMutation", "reference")

    assert (done["errors"], other_mails, unknown) == ([], [], UNKNOWN)
    assert {mail["kind"] for mail in await shop.mails()} == {
        "buyer_email_changed",
        "buyer_email_moved",
        "purchase_access",
    }
    assert [entry["act"] for entry in await shop.log()] == ["changeBuyerEmail"]
