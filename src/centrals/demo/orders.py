"""The purchases in the demo as they begin: who buys what, when, and from which origin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from centrals.demo.buyers import MARKETS, Buyer, new_buyer
from centrals.demo.chance import DAY, END, HOUR, MINUTE, START, Chance, Weighted, weighted
from centrals.demo.products import Affiliate, Listing, Price, Seller
from models.vocabulary import PaymentMethod as Method

DAYS = (END + 1000 - START) // DAY

_GROWTH = 1.6
_WEEKDAYS = (1.12, 1.1, 1.05, 1.0, 0.92, 0.8, 0.95)
_HOURS = weighted(
    dict(
        enumerate((16, 8, 4, 3, 3, 5, 10, 19, 32, 44, 52, 54, 46, 48, 52, 53, 51, 50, 52, 60, 72, 70, 52, 32))
    )
)
_SEASONS = {
    (1, None): 1.2,
    (11, 28): 2.6,
    (11, 29): 3.2,
    (11, 30): 1.9,
    (12, 24): 0.5,
    (12, 25): 0.35,
    (12, 31): 0.4,
}
_SOURCES: Weighted[tuple[str | None, str | None]] = weighted(
    {
        (None, None): 22,
        ("instagram", "ig|bio"): 14,
        ("instagram", "ig|stories"): 12,
        ("youtube", "yt|descricao"): 11,
        ("newsletter", "mail|semanal"): 9,
        ("google", "ads|marca"): 7,
        ("google", "ads|pesquisa"): 5,
        ("facebook", "fb|retarget"): 6,
        ("whatsapp", "wa|grupo"): 5,
        ("tiktok", None): 4,
        ("podcast", "pod|ep42"): 2,
        ("blog", None): 3,
    }
)
_CHECKOUTS: Weighted[str | None] = weighted({None: 20, "checkout": 60, "sales_page": 14, "order_bump": 6})
_DEVICES: Weighted[str | None] = weighted({"MOBILE": 62, "DESKTOP": 31, "TABLET": 4, None: 3})
_INSTALMENTS: Weighted[int] = weighted({1: 38, 2: 8, 3: 10, 4: 5, 5: 4, 6: 8, 8: 2, 10: 7, 12: 18})
_MONTHS: Weighted[int] = weighted({1: 8, 2: 9, 3: 12, 5: 14, 8: 16, 11: 14, 14: 12, 18: 9, 24: 6})
_AGAIN = 0.14
_AFFILIATED = 0.165
_PROMOTED = 0.22
_PAID_IN_REAIS = 0.006
_RENEWAL_METHODS = (Method.CREDIT_CARD, Method.DIRECT_DEBIT, Method.PAYPAL)


@dataclass(frozen=True, slots=True)
class Order:
    """A new purchase."""

    at: int
    listing: Listing
    offer: Price
    buyer: Buyer
    method: Method
    instalments: int
    src: str | None
    sck: str | None
    checkout: str | None
    device: str | None
    affiliate: Affiliate | None
    subscription: str | None
    recurrence: int | None
    assignee: str
    paid_in_reais: bool
    """Whether the shares are paid in BRL although the price is in USD."""


class Shop:
    """A seller's business over two years."""

    def __init__(
        self, chance: Chance, seller: Seller, listings: list[Listing], partners: list[Affiliate]
    ) -> None:
        self._chance = chance
        self._seller = seller
        self._listings = listings
        self._partners = weighted({partner: len(partners) - place for place, partner in enumerate(partners)})
        self._known: list[Buyer] = []
        self._days = weighted({day: _day_weight(day) for day in range(DAYS)})
        self._markets = weighted(seller.markets)
        self._assignees = weighted(seller.assignees)
        self._offered: dict[int, Weighted[Listing]] = {}

    def orders(self) -> list[Order]:
        """All purchases in order of time, as many as planned for the seller."""
        orders = [order for _ in range(self._seller.subscriptions) for order in self._subscription()]
        days = sorted(self._day() for _ in range(self._seller.sales - len(orders)))
        orders += [self._order(self._moment(day), self._listing(day)) for day in days]
        return sorted(orders, key=lambda order: order.at)

    def _day(self) -> int:
        return self._chance.of(self._days)

    def _moment(self, day: int) -> int:
        hour = self._chance.of(_HOURS) - self._seller.utc_offset_hours
        at = START + day * DAY + hour * HOUR + self._chance.number(0, HOUR - 1)
        return _inside(at)

    def _listing(self, day: int) -> Listing:
        if day not in self._offered:
            sold = (
                listing
                for listing in self._listings
                if listing.title.weight and listing.title.from_day <= day
            )
            self._offered[day] = weighted({listing: listing.title.weight for listing in sold})
        return self._chance.of(self._offered[day])

    def _buyer(self) -> Buyer:
        if self._known and self._chance.falls(_AGAIN):
            return self._chance.pick(self._known)
        buyer = new_buyer(self._chance, MARKETS[self._chance.of(self._markets)])
        self._known.append(buyer)
        return buyer

    def _order(self, at: int, listing: Listing) -> Order:
        chance, buyer = self._chance, self._buyer()
        market = buyer.market
        currency = market.currency if market.currency in listing.offers else next(iter(listing.offers))
        offers = listing.offers[currency]
        offer = offers[-1] if chance.falls(_PROMOTED) else offers[0]
        method = chance.of(market.methods)
        splits = method is Method.CREDIT_CARD and currency == "BRL" and not listing.title.monthly
        src, sck = chance.of(_SOURCES)
        affiliate = chance.of(self._partners) if chance.falls(_AFFILIATED) else None
        return Order(
            at=at,
            listing=listing,
            offer=offer,
            buyer=buyer,
            method=method,
            instalments=chance.of(_INSTALMENTS) if splits else 1,
            src=src,
            sck=sck,
            checkout=chance.of(_CHECKOUTS),
            device=chance.of(_DEVICES),
            affiliate=affiliate,
            subscription=None,
            recurrence=None,
            assignee=chance.of(self._assignees),
            paid_in_reais=self._seller.utc_offset_hours < 0
            and currency == "USD"
            and chance.falls(_PAID_IN_REAIS),
        )

    def _subscription(self) -> Iterator[Order]:
        """A subscriber's monthly purchases, until they cancel or the data ends."""
        (listing,) = (listing for listing in self._listings if listing.title.monthly)
        first = self._order(self._moment(self._day()), listing)
        code = self._chance.code(8, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        method = first.method if first.method in _RENEWAL_METHODS else Method.CREDIT_CARD
        months = self._chance.of(_MONTHS)
        at = first.at
        for recurrence in range(1, months + 1):
            yield _renewed(first, at, method, code, recurrence)
            at += 30 * DAY + self._chance.number(-20, 20) * MINUTE
            if at > END - HOUR:
                return


def _renewed(first: Order, at: int, method: Method, code: str, recurrence: int) -> Order:
    return Order(
        at=at,
        listing=first.listing,
        offer=first.offer,
        buyer=first.buyer,
        method=method,
        instalments=1,
        src=first.src,
        sck=first.sck,
        checkout=first.checkout,
        device=first.device,
        affiliate=first.affiliate,
        subscription=code,
        recurrence=recurrence,
        assignee=first.assignee,
        paid_in_reais=False,
    )


def _inside(at: int) -> int:
    """The same hour on a day within the demo's data."""
    if at < START:
        return at + DAY
    return at - DAY if at > END - HOUR else at


def _day_weight(day: int) -> float:
    date = datetime.fromtimestamp((START + day * DAY) / 1000, UTC)
    season = _SEASONS.get((date.month, date.day), _SEASONS.get((date.month, None), 1.0))
    return (1 + _GROWTH * day / DAYS) * _WEEKDAYS[date.weekday()] * season
