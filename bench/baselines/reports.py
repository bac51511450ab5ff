"""Reports written by hand: for each, the statement that someone would write who needs just this one.

Each finds its sales by the same indexes, groups them once and returns a row for each bucket, keys and
currencies: a sale's net and shares can be in another one than its price. Each answers what the report does:
a sale with several shares of one recipient counts once, and sales whose shares are not known count as such.
`{bucket}` is a binary search of `at` among the buckets, as the product writes it.
"""

from dataclasses import dataclass

_PAID = "status IN ('APPROVED', 'COMPLETE', 'PARTIALLY_REFUNDED')"
_LOST = "status IN ('REFUNDED', 'DISPUTE', 'CHARGEBACK')"
_ANY = "status IN ('APPROVED', 'COMPLETE', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTE', 'CHARGEBACK')"
_BASE = f"""COUNT(*) FILTER (WHERE {_PAID}), SUM(price) FILTER (WHERE {_PAID}),
 SUM(net) FILTER (WHERE {_PAID}), COUNT(*) FILTER (WHERE {_PAID} AND net IS NULL),
 SUM(price) FILTER (WHERE status = 'REFUNDED'), SUM(price) FILTER (WHERE status = 'DISPUTE'),
 SUM(price) FILTER (WHERE status = 'CHARGEBACK')"""
_PAYOUT = "s.approved_at + CASE s.currency WHEN 'BRL' THEN 2592000000 ELSE 1296000000 END"
_RELEASE = f"CASE WHEN s.warranty_until > {_PAYOUT} THEN s.warranty_until ELSE {_PAYOUT} END"
_SHARES = " JOIN commissions c ON c.account_id = s.account_id AND c.sale_id = s.id"


@dataclass(frozen=True)
class Hand:
    """A report by hand: the keys and columns of its rows, and what of sales these need."""

    needs: str
    keys: str = ""
    columns: str = _BASE
    joined: str = ""
    currencies: str = "currency, net_currency"
    role: str = "PRODUCER"
    attempts: bool = False
    ended: bool = False
    at: str = "ended_at"
    """When rows count that have one time alone."""
    table: str = "sales"
    where: str = ""
    """What rows must meet besides."""
    also: "Hand | None" = None
    """Further rows, with the same needs by name."""

    def _rows(self) -> str:
        role = f" AND s.sold_as = '{self.role}'" if self.role else ""
        flag = ", 1 AS sold" if self.attempts else ""
        table = f"{self.table} s{self.joined}"
        select = f"{flag}, s.status, {self.needs} FROM {table} WHERE s.account_id = ?{self.where}"
        if self.ended:
            rows = f"SELECT s.{self.at} AS at{select} AND s.{self.at} >= ? AND s.{self.at} < ?{role}"
        else:
            rows = (
                f"SELECT s.approved_at AS at{select} AND s.approved_at >= ? AND s.approved_at < ?"
                f" AND s.{_ANY}{role} UNION ALL SELECT s.ordered_at AS at{select}"
                f" AND s.ordered_at >= ? AND s.ordered_at < ? AND s.approved_at IS NULL AND s.{_LOST}{role}"
            )
        if self.attempts:
            rows += f" UNION ALL SELECT s.ordered_at AS at{select.replace('1 AS sold', '0 AS sold')}"
            rows += f" AND s.ordered_at >= ? AND s.ordered_at < ?{role}"
        return rows if self.also is None else f"{rows} UNION ALL {self.also._rows()}"

    def text(self, bucket: str) -> str:
        """The statement. Its values are those of `bucket`, and the account and the period for each search."""
        keys = f", {self.keys}" if self.keys else ""
        named = f"number, {self.currencies}{keys}".split(", ")
        places = ", ".join(str(place) for place, _ in enumerate(named, 1))
        return (
            f"SELECT {bucket} AS number, {self.currencies}{keys}, {self.columns} FROM ({self._rows()}) p"
            f" GROUP BY {places}"
        )

    @property
    def searches(self) -> int:
        """How often the account and the period are among its values."""
        further = 0 if self.also is None else self.also.searches
        return (1 if self.ended else 2 + self.attempts) + further


_SOLD = "s.price, s.currency, s.net, s.net_currency"
_SOLD_OR_NOT = _BASE.replace("WHERE ", "WHERE sold = 1 AND ")
_ATTEMPTS = ", COUNT(*) FILTER (WHERE sold = 0), COUNT(*) FILTER (WHERE sold = 0 AND approved_at IS NOT NULL)"
_FIRST = "WHERE share = 0 AND "
_DETAILED = (
    _BASE.replace("WHERE ", _FIRST)
    + "".join(f", SUM(amount) FILTER (WHERE {_PAID} AND source = '{source}')" for source in
              ("MARKETPLACE", "AFFILIATE", "COPRODUCER", "ADDON"))
    + f", SUM(full_price) FILTER ({_FIRST}{_PAID}), COUNT(*) FILTER ({_FIRST}{_LOST})"
)  # fmt: skip
_OWN = f"""COUNT(*) FILTER (WHERE {_PAID} AND first), SUM(price) FILTER (WHERE {_PAID} AND first),
 SUM(amount) FILTER (WHERE {_PAID}), SUM(amount) FILTER (WHERE {_LOST}),
 SUM(amount) FILTER (WHERE {_PAID} AND release > ?),
 SUM(amount) FILTER (WHERE {_PAID} AND release <= ?), COUNT(*) FILTER (WHERE {_PAID} AND amount IS NULL)"""
_BOTH = "currency, amount_currency"
_CURRENCY = "COALESCE(c.currency, s.currency) AS amount_currency"
_OF_SHARES = f"s.price, s.currency, {_CURRENCY}, c.amount, {_RELEASE} AS release"
_RECOVERED = """CASE WHEN EXISTS (SELECT 1 FROM sales t WHERE t.account_id = s.account_id
 AND t.marketplace_email = s.marketplace_email AND t.product_id = s.product_id
 AND t.approved_at >= s.ended_at AND t.approved_at < s.ended_at + 2592000000) THEN 1 ELSE 0 END"""
_BUYER = "COALESCE(UPPER(s.buyer_email), s.buyer_document, CAST(s.id AS TEXT)) AS buyer"
_OF_OWN = _OF_SHARES.replace("c.amount", "s.own_amount AS amount").replace("c.curr", "s.own_curr")
_ALONE = "1 = 1 AS first"

_PER_YEAR = "CASE s.period WHEN 'WEEKLY' THEN 52 WHEN 'MONTHLY' THEN 12 WHEN 'ANNUAL' THEN 1 END"
_KNOWN_CURRENCY = """COALESCE(s.currency, (SELECT MIN(o.currency) FROM offers o
 WHERE o.account_id = s.account_id AND o.product_id = s.product_id HAVING MIN(o.currency) = MAX(o.currency)),
 (SELECT a.currency FROM accounts a WHERE a.id = s.account_id)) AS currency"""
_WINNER = f""" LEFT JOIN sales t ON s.status = 'WON' AND t.account_id = s.account_id AND t.id = s.won_by_id
 AND t.{_PAID} AND NOT EXISTS (SELECT 1 FROM opportunities o WHERE o.account_id = s.account_id
 AND o.won_by_id = s.won_by_id AND o.status = 'WON'
 AND (o.opened_at < s.opened_at OR (o.opened_at = s.opened_at AND o.id < s.id)))"""

BY_HAND = {
    "purchaseRecovery": Hand(
        f"s.kind, {_KNOWN_CURRENCY}, s.amount, s.opened_at, s.closed_at, t.price, t.currency AS won_currency",
        "kind",
        """COUNT(*), COUNT(*) FILTER (WHERE status = 'WON'), COUNT(*) FILTER (WHERE status = 'LOST'),
 COUNT(*) FILTER (WHERE status IN ('TODO', 'STANDBY')), SUM(amount), SUM(price),
 SUM(closed_at - opened_at) FILTER (WHERE status = 'WON')""",
        _WINNER,
        currencies="currency, won_currency",
        role="",
        ended=True,
        at="opened_at",
        table="opportunities",
        where=" AND s.status <> 'CANCELLED'",
    ),
    "cancelledSubscriptions": Hand(
        f"s.product_id, s.plan, s.ended_by, {_KNOWN_CURRENCY}, s.started_at, s.ended_at, s.paid_recurrences,"
        f" s.price * {_PER_YEAR} AS twelfths",
        "product_id, plan, ended_by",
        """COUNT(*), COUNT(*) FILTER (WHERE started_at IS NOT NULL AND paid_recurrences <= 1),
 SUM(paid_recurrences) FILTER (WHERE started_at IS NOT NULL), COUNT(started_at),
 SUM(ended_at - started_at), SUM(twelfths)""",
        currencies="currency",
        role="",
        ended=True,
        table="subscriptions",
        where=" AND s.status = 'CANCELLED'",
    ),
    "revenue": Hand(_SOLD),
    "revenueByProduct": Hand(f"{_SOLD}, s.product_id", "product_id"),
    "revenueByProductDetailed": Hand(
        f"{_SOLD}, s.product_id, s.offer_id, s.full_price, s.full_currency, c.amount, c.source,"
        " c.currency AS amount_currency, COALESCE(c.position, 0) AS share",
        "product_id, offer_id",
        _DETAILED,
        f" LEFT{_SHARES}",
        "currency, net_currency, full_currency, amount_currency",
    ),
    "salesByOrigin": Hand(f"{_SOLD}, s.origin_src, s.origin_sck", "origin_src, origin_sck"),
    "salesByCheckoutOrigin": Hand(
        f"{_SOLD}, s.checkout_origin, s.origin_sck, s.approved_at",
        "checkout_origin, origin_sck",
        _SOLD_OR_NOT + _ATTEMPTS,
        attempts=True,
    ),
    "paymentMethods": Hand(
        f"{_SOLD}, s.payment_method, CASE WHEN s.instalments > 1 THEN 1 ELSE 0 END AS parts, s.approved_at",
        "payment_method, parts",
        _SOLD_OR_NOT + _ATTEMPTS,
        attempts=True,
    ),
    "revenueByDevice": Hand(f"{_SOLD}, UPPER(s.device) AS device", "device"),
    "revenueByLocation": Hand(
        f"{_SOLD}, s.buyer_country, {_BUYER}", "buyer_country", f"{_BASE}, COUNT(DISTINCT buyer)"
    ),
    "commissions": Hand(
        f"COALESCE(c.repeats, 0) AS repeats, c.amount, {_CURRENCY}, c.source",
        "source",
        f"COUNT(*) FILTER (WHERE {_PAID} AND repeats = 0), SUM(amount) FILTER (WHERE {_PAID}),"
        f" SUM(amount) FILTER (WHERE {_LOST}), COUNT(*) FILTER (WHERE {_PAID} AND amount IS NULL)",
        f" LEFT{_SHARES}",
        "amount_currency",
    ),
    "coproductionRevenue": Hand(
        f"{_OF_SHARES}, c.name, s.product_id, c.repeats < 2 AS first, 0 AS ours",
        "name, product_id, ours",
        _OWN,
        f"{_SHARES} AND c.source = 'COPRODUCER'",
        _BOTH,
        also=Hand(f"{_OF_OWN}, CAST(NULL AS TEXT), s.product_id, {_ALONE}, 1 AS ours", role="COPRODUCER"),
    ),
    "selfBilling": Hand(
        "s.own_amount, COALESCE(s.own_currency, s.currency) AS amount_currency, s.sold_as, s.product_id",
        "sold_as, product_id, own_amount",
        f"COUNT(*) FILTER (WHERE {_PAID}), SUM(own_amount) FILTER (WHERE {_PAID}),"
        f" SUM(own_amount) FILTER (WHERE {_LOST}), COUNT(*) FILTER (WHERE {_PAID} AND own_amount IS NULL)",
        currencies="amount_currency",
        role="",
    ),
    "earningsAsAffiliate": Hand(
        f"{_OF_OWN}, s.product_id, {_ALONE}",
        "product_id",
        _OWN,
        currencies=_BOTH,
        role="AFFILIATE",
    ),
    "affiliatePayments": Hand(
        f"{_OF_SHARES}, s.affiliate_code, s.affiliate_name, c.repeats < 1 AS first",
        "affiliate_code",
        f"{_OWN}, MAX(affiliate_name)",
        f"{_SHARES} AND c.source = 'AFFILIATE'",
        _BOTH,
    ),
    "cancellationReasons": Hand(
        f"s.price, s.currency, s.refusal, s.payment_method, {_RECOVERED} AS recovered",
        "refusal, payment_method",
        "COUNT(*), SUM(price), SUM(recovered)",
        currencies="currency",
        ended=True,
    ),
}
"""Each report of rows by period, by the name of its field."""
