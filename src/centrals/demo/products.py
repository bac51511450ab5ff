"""The products, markets and affiliates of the demo's two sellers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from centrals.demo.chance import DAY, START, Chance, moment
from centrals.demo.people import OPENED
from models.naming import name_columns
from models.price_history import UNREAD

_PROMOTION = 70

PLAN = "Mensal"
"""The plan of every subscription, as the page of plans names it."""


@dataclass(frozen=True, eq=False, slots=True)
class Title:
    """A product as its seller plans it. Prices are in minor units, by currency."""

    name: str
    weight: int
    warranty_days: int
    prices: Mapping[str, int]
    coproducer: str | None = None
    monthly: bool = False
    from_day: int = 0
    released_at: int | None = None
    format: str = "ONLINE_COURSE"


@dataclass(frozen=True, eq=False, slots=True)
class Price:
    """An offer: one way to buy a product."""

    id: str
    code: str
    amount: int
    currency: str


@dataclass(frozen=True, eq=False, slots=True)
class Listing:
    """A product with its ids and its offers by currency. The first offer of each is the regular price."""

    id: str
    reference: str
    ucode: str
    title: Title
    offers: Mapping[str, tuple[Price, ...]]


@dataclass(frozen=True, eq=False, slots=True)
class Affiliate:
    """Someone who sells products for a commission."""

    code: str
    name: str
    percent: int


@dataclass(frozen=True, eq=False, slots=True)
class Seller:
    """A business: what it sells, where, from which day on, and who works in it."""

    name: str
    support_email: str
    titles: tuple[Title, ...]
    markets: Mapping[str, int]
    sales: int
    subscriptions: int
    utc_offset_hours: int
    """A rough offset, good enough for the hours at which people buy."""
    affiliates: tuple[tuple[str, int], ...]
    first_product: int
    first_sale: int
    assignees: Mapping[str, int]
    """The assignees of the sales, by e-mail address. An empty address means nobody."""


AURORA = Seller(
    name="Aurora Cursos",
    support_email="ajuda@example.com",
    titles=(
        Title("Fotografia com Luz Natural", 16, 15, {"BRL": 49_700, "EUR": 9_900, "USD": 10_900}),
        Title("Violão do Zero", 15, 7, {"BRL": 29_700, "EUR": 5_900, "USD": 6_500}),
        Title("Escrita Criativa em 30 Dias", 12, 30, {"BRL": 19_700, "EUR": 4_500, "USD": 4_900}),
        Title("Excel sem Medo", 14, 7, {"BRL": 14_700, "EUR": 3_400, "USD": 3_700}),
        Title("Finanças para Autônomos", 10, 15, {"BRL": 34_700, "EUR": 6_900, "USD": 7_500}),
        Title("Jardim em Vasos (e-book)", 11, 7, {"BRL": 3_990, "EUR": 990, "USD": 1_190}, format="EBOOK"),
        Title("Inglês para Viagens", 9, 15, {"BRL": 24_700, "EUR": 5_400, "USD": 5_900}, from_day=150),
        Title(
            "Cerâmica em Casa", 8, 21, {"BRL": 39_700, "EUR": 7_900, "USD": 8_500}, "Ateliê Barro Vivo",
            from_day=90,
        ),
        Title("Aquarela Botânica", 7, 15, {"BRL": 27_700, "EUR": 5_700, "USD": 6_200}, from_day=330),
        Title("Mentoria de Carreira", 3, 30, {"BRL": 199_700, "EUR": 39_700, "USD": 42_900}, "Dora Antunes",
              format="ONLINE_SERVICE"),
        Title("Clube Aurora", 0, 7, {"BRL": 4_990, "EUR": 1_190, "USD": 1_290}, monthly=True,
              format="COMMUNITY"),
        Title(
            "Roteiro para Podcasts", 6, 15, {"BRL": 22_700, "EUR": 4_900, "USD": 5_300},
            from_day=708, released_at=moment(2026, 7, 20),
        ),
    ),
    markets={"BR": 62, "PT": 8, "ES": 6, "MX": 5, "US": 7, "AR": 4, "CO": 3, "GB": 2, "CL": 2, "IE": 1},
    sales=20_000,
    subscriptions=470,
    utc_offset_hours=-3,
    affiliates=(
        ("Sérgio Lacerda", 40), ("Priscila Antunes", 50), ("Canal Luz & Cor", 30), ("Ivo Meireles", 40),
        ("Blog da Tânia", 35), ("Curso Certo", 45), ("Renata Peçanha", 40), ("Nuno Tavares", 30),
        ("Mundo Digital PT", 35), ("Ágata Cruz", 50), ("Letícia Boaventura", 40), ("Pilar Ordóñez", 40),
        ("Studio Maré", 30), ("Hugo Fragoso", 45),
    ),
    first_product=4_210_771,
    first_sale=1_604_200_117,
    assignees={
        "": 15,
        "admin@example.com": 7,
        "finance@example.com": 4,
        "lead@example.com": 17,
        "user@example.com": 21,
        "south@example.com": 23,
        "tech@example.com": 5,
        "affiliates@example.com": 8,
    },
)  # fmt: skip

BOSQUE = Seller(
    name="Bosque Libros",
    support_email="hola@example.com",
    titles=(
        Title("Cuentos del Bosque (e-book)", 30, 7, {"EUR": 1_290, "USD": 1_390}, format="EBOOK"),
        Title("Leer en Voz Alta", 24, 15, {"EUR": 3_900, "USD": 4_200}),
        Title("Ilustración Infantil", 18, 15, {"EUR": 8_900, "USD": 9_500}),
        Title("Encuadernación Artesanal", 16, 30, {"EUR": 5_900, "USD": 6_400}, from_day=120),
        Title("Club de Lectura: Otoño", 12, 7, {"EUR": 2_400, "USD": 2_600}, from_day=60),
    ),
    markets={"ES": 68, "MX": 9, "AR": 7, "CO": 6, "CL": 4, "PT": 4, "US": 2},
    sales=2_000,
    subscriptions=0,
    utc_offset_hours=1,
    affiliates=(("Librería Ñandú", 30), ("Aitana Vidal", 40), ("Rincón Lector", 35)),
    first_product=5_118_204,
    first_sale=2_304_118_902,
    assignees={"": 45, "affiliates@example.com": 55},
)


def listings(chance: Chance, seller: Seller) -> list[Listing]:
    """The seller's products with their offers. The first currency also has a promotion."""
    listings = []
    for number, title in enumerate(seller.titles):
        opened = _opened(title)
        offers = {
            currency: tuple(
                _offers(chance, amount, currency, opened, promoted=place == 0 and not title.monthly)
            )
            for place, (currency, amount) in enumerate(title.prices.items())
        }
        reference = str(seller.first_product + 137 * number)
        listings.append(Listing(chance.id(opened), reference, chance.name(), title, offers))
    return listings


def _opened(title: Title) -> int:
    return START + title.from_day * DAY if title.from_day else OPENED


def _offers(chance: Chance, amount: int, currency: str, opened: int, *, promoted: bool) -> list[Price]:
    amounts = [amount, amount * _PROMOTION // 100] if promoted else [amount]
    return [Price(chance.id(opened), chance.code(8), amount, currency) for amount in amounts]


def affiliates(chance: Chance, seller: Seller) -> list[Affiliate]:
    """The seller's affiliates, the most successful first."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return [Affiliate(chance.code(9, letters), name, percent) for name, percent in seller.affiliates]


PRODUCT_COLUMNS = (
    "id", "account_id", "reference", "ucode", *name_columns(""), "marketplace_name", "support_email",
    "marketplace_support_email", "coproduced", "named_at", "named_by", "created_at",
)  # fmt: skip
OFFER_COLUMNS = (
    "id", "account_id", "product_id", "code", "price", "currency", "priced_at", "created_at",
)  # fmt: skip


def product_row(account_id: str, seller: Seller, listing: Listing) -> tuple[Any, ...]:
    """The row of a product before its first sale."""
    name, opened = listing.title.name, _opened(listing.title)
    return (
        *(listing.id, account_id, listing.reference, listing.ucode, *name_columns(name).values()),
        *(name, seller.support_email, seller.support_email, listing.title.coproducer is not None),
        *(opened, "", opened),
    )


def offer_rows(account_id: str, listing: Listing) -> list[tuple[Any, ...]]:
    """The rows of a product's offers before its first sale."""
    opened = _opened(listing.title)
    return [
        (offer.id, account_id, listing.id, offer.code, offer.amount, offer.currency, UNREAD, opened)
        for offers in listing.offers.values()
        for offer in offers
    ]
