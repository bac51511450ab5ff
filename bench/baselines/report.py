"""Revenue by day, by hand."""

from datetime import date

from bench.baselines.call import Call, account_values
from bench.baselines.sql import LED, ME, for_postgres, for_sqlite, holds
from bench.make_data import DAY, TIMEZONE
from reports.period import Period, ReportInterval

_PAID = "status IN ('APPROVED', 'COMPLETE', 'PARTIALLY_REFUNDED')"
_LOST = "status IN ('REFUNDED', 'DISPUTE', 'CHARGEBACK')"
_ANY = "status IN ('APPROVED', 'COMPLETE', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTE', 'CHARGEBACK')"
_VALUES = "(x.AT - ?4) / 86400000 AS number, x.currency, x.status, x.price, x.net"
# the index by credit has the times as expressions on PostgreSQL
_APPROVED = f"x.sold_as = 'PRODUCER' AND x.{_ANY} AND APPROVED >= ?4 AND APPROVED < ?5"
_NEVER = f"x.sold_as = 'PRODUCER' AND x.{_LOST} AND APPROVED IS NULL AND ORDERED >= ?4 AND ORDERED < ?5"
_TIMES = (("approved_at", _APPROVED), ("ordered_at", _NEVER))


def _arm(at: str, condition: str, *, by_credit: bool, postgres: bool) -> str:
    named = "(x.{} + 0)" if by_credit and postgres else "x.{}"
    when = condition.replace("APPROVED ", f"{named.format('approved_at')} ").replace(
        "ORDERED ", f"{named.format('ordered_at')} "
    )
    selected = _VALUES.replace("AT", at)
    if not postgres:
        # joined to a list of people, SQLite would read all sales first, for a Bloom filter
        within = (
            "idx_sales_by_credit WHERE x.account_id = ?3 AND x.credit_id IN (SELECT id FROM led)"
            if by_credit
            else "idx_sales_by_approval WHERE x.account_id = (SELECT ?3 FROM me WHERE role = 'ADMIN')"
        )
        return f"SELECT {selected} FROM sales x INDEXED BY {within} AND {when}"
    outer, within, fence = "(SELECT 1 FROM me WHERE role = 'ADMIN') w", "x.account_id = ?3", "OFFSET 0"
    if by_credit:
        outer, within = "led w", f"{within} AND x.credit_id = w.id"
        fence = "ORDER BY (x.approved_at + 0), (x.ordered_at + 0)"  # against a plan by another index
    inner = f"SELECT {selected} FROM sales x WHERE {within} AND {when} {fence}"
    return f"SELECT y.* FROM {outer} CROSS JOIN LATERAL ({inner}) y"


def _text(*, postgres: bool) -> str:
    arms = " UNION ALL ".join(
        _arm(at, condition, by_credit=by_credit, postgres=postgres)
        for by_credit in (True, False)
        for at, condition in _TIMES
    )
    return (for_postgres if postgres else for_sqlite)(f"""WITH {ME}, {LED}, sold AS ({arms})
SELECT number, currency, COUNT(*) FILTER (WHERE {_PAID}), SUM(price) FILTER (WHERE {_PAID}),
  SUM(net) FILTER (WHERE {_PAID}), SUM(price) FILTER (WHERE status = 'REFUNDED')
FROM sold WHERE EXISTS (SELECT 1 FROM me WHERE {holds("VIEW_REVENUE_REPORT")}) GROUP BY 1, 2""")


_TEXTS = {"postgres": _text(postgres=True), "sqlite": _text(postgres=False)}


async def report(call: Call) -> bytes:
    """Revenue by day, of what the viewer and those whom they lead are credited with."""
    asked = call.body["period"]
    period = Period(date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"]))
    buckets = period.cut(ReportInterval.DAY, TIMEZONE)
    assert buckets[-1].end_ms - buckets[0].start_ms == len(buckets) * DAY
    span = buckets[0].start_ms, buckets[-1].end_ms
    found: dict[str, dict[int, tuple[int, ...]]] = {}
    for number, currency, *sums in await call.fetch(_TEXTS[call.dialect], (*account_values(call), *span)):
        found.setdefault(currency, {})[number] = tuple(int(value or 0) for value in sums)
    rows = [
        f'{{"from":"{bucket.first}","to":"{bucket.end}","currency":"{currency}","count":{count}'
        f',"gross":{{"amount":"{_amount(gross)}"}},"net":{{"amount":"{_amount(net)}"}}'
        f',"refunded":{{"amount":"{_amount(refunded)}"}}}}'
        for place, bucket in enumerate(buckets)
        for currency in sorted(found)
        for count, gross, net, refunded in (found[currency].get(place, (0, 0, 0, 0)),)
    ]
    return f'{{"account":{{"reports":{{"revenue":[{",".join(rows)}]}}}}}}'.encode()


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
