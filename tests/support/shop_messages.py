"""What the marketplace says about the small shop: its sales, told in messages and pages of its own making."""

import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Sao_Paulo")
SHOP, OTHER_SHOP = "Aurora Cursos", "Guias do Sul"
SLIP_URL = "https://pay.example.com/slip"


@dataclass(frozen=True)
class Goods:
    """A product of the marketplace, whose reference is a number there."""

    number: int
    name: str
    warranty_days: int
    coproducer: str | None = None
    plan: str | None = None


P1 = Goods(1001, "Curso", 15, coproducer="Dora")
P2 = Goods(1002, "Clube", 7, plan="Mensal")
P3 = Goods(1003, "Livro", 7)
PX = Goods(1009, "Guia", 7)
AFFILIATES = {"A1": "Sérgio", "A2": "Pri"}
BUYERS = {
    "b1": ("Beatriz Lima", "BR", "SP", "São Paulo"), "b2": ("Bruno Reis", "BR", "SP", "Campinas"),
    "b3": ("Bia Moura", "BR", "RJ", "Rio"), "b4": ("Breno Sá", "BR", "SP", "São Paulo"),
    "b5": ("Bento Luz", "BR", "MG", "Contagem"), "b6": ("Bela Dias", "BR", "MG", "BH"),
    "b7": ("Beto Gil", "BR", "SP", "Santos"), "b8": ("Berta Vaz", "PT", None, "Lisboa"),
    "b9": ("Bárbara Nunes", "BR", "RJ", "Niterói"), "b10": ("Benício Paz", "BR", "SP", "São Paulo"),
    "b11": ("Basílio Cruz", "BR", "SP", "São Paulo"),
}  # fmt: skip
"""Names and places. The address of `b1` is `b1@example.com`, until each shop makes it its own."""


@dataclass(frozen=True)
class Bought:
    """One sale, and what became of it: each move is a kind of message, a status and a local time."""

    reference: str
    goods: Goods
    offer: str
    price: str
    currency: str
    paid: str
    method: str
    installments: int
    device: str
    buyer: str
    shares: tuple[tuple[str, str], ...]
    ordered: str
    approved: bool
    moves: tuple[tuple[str, str, str], ...]
    src: str | None = None
    sck: str | None = None
    affiliate: str | None = None
    subscription: tuple[str, int, str] | None = None
    refusal: str | None = None
    refunded: str | None = None
    payment: dict[str, Any] = field(default_factory=dict)


def _shares(fee: str, affiliate: str, coproducer: str, net: str) -> tuple[tuple[str, str], ...]:
    of = (("MARKETPLACE", fee), ("AFFILIATE", affiliate), ("COPRODUCER", coproducer), ("PRODUCER", net))
    return tuple((source, amount) for source, amount in of if amount != "0")


def _paid(at: str, complete: str | None, *more: tuple[str, str, str]) -> tuple[tuple[str, str, str], ...]:
    done = (("PURCHASE_COMPLETE", "COMPLETE", complete),) if complete else ()
    return (("PURCHASE_APPROVED", "APPROVED", at), *done, *more)


_P1_FULL = _shares("100", "0", "180", "720")
_P2, _P3 = _shares("5", "0", "0", "45"), _shares("2", "0", "0", "18")
_INSTAGRAM = {"src": "instagram", "sck": "ana|ig"}
_BILLET = {"billet_url": f"{SLIP_URL}/S04", "billet_barcode": "34191.79001 01043.510047"}
_CARD = "CREDIT_CARD"

SALES = (
    Bought("S01", P1, "p1a", "1000", "BRL", "1000", "PIX", 1, "MOBILE", "b1", _P1_FULL, "06-01 10:00", True,
           _paid("06-01 10:00", "06-16 10:00"), **_INSTAGRAM, payment={"pix_code": "pix-S01"}),
    Bought("S02", P1, "p1a", "1000", "BRL", "1187.90", _CARD, 12, "DESKTOP", "b2",
           _shares("100", "360", "108", "432"), "06-05 11:00", True, _paid("06-05 11:00", "06-20 11:00"),
           src="youtube", affiliate="A1"),
    Bought("S03", P1, "p1b", "700", "BRL", "700", _CARD, 1, "MOBILE", "b3", _shares("70", "315", "63", "252"),
           "06-10 09:00", True,
           _paid("06-10 09:00", None, ("PURCHASE_REFUNDED", "REFUNDED", "06-15 09:00")), affiliate="A2"),
    Bought("S04", P1, "p1a", "1000", "BRL", "1000", "BILLET", 1, "MOBILE", "b4", _P1_FULL, "06-12 20:00", False,
           (("PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", "06-12 20:00"),
            ("PURCHASE_EXPIRED", "EXPIRED", "06-17 20:00")), **_INSTAGRAM,
           refusal="Boleto expirado sem pagamento", payment=_BILLET),
    Bought("S05", P1, "p1a", "1000", "BRL", "1098.60", _CARD, 6, "MOBILE", "b5", _P1_FULL, "06-13 21:00", False,
           (("PURCHASE_CANCELED", "CANCELED", "06-13 21:00"),), refusal="Saldo insuficiente"),
    Bought("S06", P2, "p2a", "50", "BRL", "50", _CARD, 1, "MOBILE", "b6", _P2, "06-02 08:00", True,
           _paid("06-02 08:00", "06-09 08:00"), **_INSTAGRAM, subscription=("K1", 1, "07-02 08:00")),
    Bought("S07", P2, "p2a", "50", "BRL", "50", _CARD, 1, "MOBILE", "b6", _P2, "07-02 08:00", True,
           _paid("07-02 08:00", None), **_INSTAGRAM, subscription=("K1", 2, "08-02 08:00")),
    Bought("S08", P2, "p2a", "50", "BRL", "50", _CARD, 1, "DESKTOP", "b7", _P2, "06-20 08:00", True,
           _paid("06-20 08:00", "06-27 08:00"), subscription=("K2", 1, "07-20 08:00")),
    Bought("S09", P2, "p2a", "50", "BRL", "50", _CARD, 1, "DESKTOP", "b7", _P2, "07-20 08:00", False,
           (("PURCHASE_DELAYED", "DELAYED", "07-20 08:00"),), subscription=("K2", 2, "08-20 08:00")),
    Bought("S10", P3, "p3a", "20", "EUR", "20", "PAYPAL", 1, "TABLET", "b8", _P3, "06-30 23:30", True,
           _paid("06-30 23:30", "07-07 23:30"), src="newsletter"),
    Bought("S11", P3, "p3a", "20", "EUR", "20", "PAYPAL", 1, "TABLET", "b8", _P3, "07-01 00:10", True,
           _paid("07-01 00:10", None, ("PURCHASE_REFUNDED", "PARTIALLY_REFUNDED", "07-03 12:00")),
           src="newsletter", refunded="5"),
    Bought("S12", P1, "p1a", "1000", "BRL", "1000", "PIX", 1, "MOBILE", "b9", _P1_FULL, "06-25 12:00", True,
           _paid("06-25 12:00", None, ("PURCHASE_PROTEST", "PROTESTED", "07-10 12:00"))),
    Bought("S13", P1, "p1b", "700", "BRL", "700", _CARD, 1, "DESKTOP", "b10",
           _shares("70", "252", "75.60", "302.40"), "06-28 13:00", True,
           _paid("06-28 13:00", None, ("PURCHASE_CHARGEBACK", "CHARGEBACK", "07-15 13:00")),
           src="youtube", affiliate="A1"),
    Bought("S14", PX, "px1", "200", "BRL", "200", "PIX", 1, "MOBILE", "b11", _shares("20", "80", "0", "0"),
           "06-18 10:00", True, _paid("06-18 10:00", "06-25 10:00")),
)  # fmt: skip
BY_REFERENCE = {sale.reference: sale for sale in SALES}


def moment(local: str) -> int:
    """A local time of 2026, such as `06-01 10:00`, in milliseconds."""
    return round(datetime.fromisoformat(f"2026-{local}").replace(tzinfo=ZONE).timestamp() * 1000)


def message(reference: str, kind: str, status: str, at: int, **changed: Any) -> dict[str, Any]:
    """A webhook's message about one of the sales. `changed` replaces parts of its `purchase`."""
    sale = BY_REFERENCE[reference]
    purchase = _purchase(sale, kind, status) | changed
    data: dict[str, Any] = {
        "product": _product(sale),
        "buyer": _buyer(sale),
        "producer": {"name": OTHER_SHOP if sale.goods is PX else SHOP},
        "affiliates": [_affiliate(sale)],
        "commissions": [
            {"source": source, "value": float(amount), "currency_value": sale.currency}
            for source, amount in sale.shares
        ],
        "purchase": purchase,
    }
    if sale.subscription:
        code, _, _ = sale.subscription
        plan = {"id": 1, "name": sale.goods.plan}
        data["subscription"] = {"status": "ACTIVE", "subscriber": {"code": code}, "plan": plan}
    key = f"{reference}-{kind}-{at}"
    return {"id": key, "creation_date": at, "event": kind, "version": "2.0.0", "data": data}


def _purchase(sale: Bought, kind: str, status: str) -> dict[str, Any]:
    ordered, (_, country, _, _) = moment(sale.ordered), BUYERS[sale.buyer]
    purchase: dict[str, Any] = {
        "transaction": sale.reference,
        "status": status,
        "order_date": ordered,
        "price": _money(sale.price, sale.currency),
        "full_price": _money(sale.paid, sale.currency),
        "original_offer_price": _money(sale.price, sale.currency),
        "offer": {"code": sale.offer},
        "origin": {"src": sale.src, "sck": sale.sck},
        "checkout_country": {"iso": country},
        "device": sale.device,
        "order_bump": {"is_order_bump": False},
        "is_funnel": False,
        "payment": {"type": sale.method, "installments_number": sale.installments, **sale.payment},
    }
    if sale.approved:
        purchase["approved_date"] = ordered
    if sale.refusal and kind != "PURCHASE_BILLET_PRINTED":
        purchase["payment"]["refusal_reason"] = sale.refusal
    if sale.refunded and status == "PARTIALLY_REFUNDED":
        purchase["refund"] = _money(sale.refunded, sale.currency)
    if sale.subscription:
        _, recurrence, next_charge = sale.subscription
        purchase |= {"recurrence_number": recurrence, "date_next_charge": moment(next_charge)}
    return purchase


def _money(amount: str, currency: str) -> dict[str, Any]:
    return {"value": float(amount), "currency_value": currency}


def _product(sale: Bought) -> dict[str, Any]:
    product: dict[str, Any] = {
        "id": sale.goods.number,
        "name": sale.goods.name,
        "support_email": "help@example.com",
        "has_co_production": sale.goods.coproducer is not None,
    }
    if sale.approved:
        ends = datetime.fromtimestamp(moment(sale.ordered) / 1000, ZONE) + timedelta(sale.goods.warranty_days)
        product["warranty_date"] = ends.isoformat()
    return product


def _buyer(sale: Bought) -> dict[str, Any]:
    name, *_ = BUYERS[sale.buyer]
    number = int(sale.buyer[1:])
    return {
        "name": name,
        "email": f"{sale.buyer}@example.com",
        "checkout_phone": f"+55119000000{number:02}",
        "document": f"000000000{number:02}",
    }


def _affiliate(sale: Bought) -> dict[str, str]:
    if sale.affiliate is None:
        return {"affiliate_code": "", "name": ""}
    return {"affiliate_code": sale.affiliate, "name": AFFILIATES[sale.affiliate]}


def messages() -> list[dict[str, Any]]:
    """Every message, oldest first; each arrives as it is sent."""
    found = [
        message(sale.reference, kind, status, moment(at)) for sale in SALES for kind, status, at in sale.moves
    ]
    return sorted([*found, _cancellation(), _abandoned()], key=lambda entry: entry["creation_date"])


def _cancellation() -> dict[str, Any]:
    """K3, of which nothing else was ever said."""
    at = moment("06-22 10:00")
    data = {
        "product": {"id": P2.number, "name": P2.name},
        "subscriber": {"code": "K3", "name": "Bernardo Sol", "email": "b12@example.com"},
        "actual_recurrence_value": 50,
        "cancellation_date": at,
        "subscription": {"status": "CANCELLED", "plan": {"name": P2.plan}},
    }
    return {"id": "K3-ended", "creation_date": at, "event": "SUBSCRIPTION_CANCELLATION", "data": data}


def _abandoned() -> dict[str, Any]:
    """O1: b2 gave up the checkout of P1, and came back a day later."""
    at = moment("06-04 15:00")
    data = {
        "product": {"id": P1.number, "name": P1.name},
        "buyer": {"name": BUYERS["b2"][0], "email": "b2@example.com"},
        "offer": {"code": "p1a"},
        "affiliate": False,
    }
    return {"id": "O1-abandoned", "creation_date": at, "event": "PURCHASE_OUT_OF_SHOPPING_CART", "data": data}


def users_page() -> dict[str, Any]:
    """The page of the sales' people: where buyers live, and who has the shares."""
    return {"items": [_users(sale) for sale in SALES]}


def _users(sale: Bought) -> dict[str, Any]:
    name, country, state, city = BUYERS[sale.buyer]
    seller = OTHER_SHOP if sale.goods is PX else SHOP
    address = {"city": city, "state": state, "country_iso": country}
    number = _buyer(sale)["document"]
    users: list[dict[str, Any]] = [
        {
            "role": "BUYER",
            "user": {"name": name, "address": address, "documents": [{"value": number}]},
        },
        {"role": "PRODUCER", "user": {"name": seller}},
    ]
    if sale.goods is PX:
        users.append({"role": "AFFILIATE", "user": {"name": SHOP}})
    if sale.goods.coproducer:
        users.append({"role": "COPRODUCER", "user": {"name": sale.goods.coproducer}})
    product = {"id": sale.goods.number, "name": sale.goods.name}
    return copy.deepcopy({"transaction": sale.reference, "product": product, "users": users})
