"""Pages of sales by hand."""

from typing import Any

from bench.baselines.call import Call, account_values
from bench.baselines.sql import ME, WITHIN, for_postgres, for_sqlite, holds
from bench.make_data import PERSONAL
from bench.seal import PURPOSE, SEAL

_BEGINNING = (2**63 - 1, "ffffffff-ffff-ffff-ffff-ffffffffffff")
_BEFORE = "account_id = ?3 AND (x.ordered_at, x.id) < (?5, ?6)"
_NEWEST = "ORDER BY x.ordered_at DESC, x.id DESC LIMIT CAST(?4 AS INT) + 1"
_NODE = """
'{"id":"sale_' || r.id || '","reference":' || TEXT(r.reference) || ',"status":"' || r.status
|| '","price":{"amount":"' || MONEY(r.price) || '","currency":"' || r.currency || '"},"net":'
|| CASE WHEN r.net IS NULL THEN 'null'
   ELSE '{"amount":"' || MONEY(r.net) || '","currency":"' || r.net_currency || '"}' END
|| ',"paymentMethod":"' || r.payment_method || '","installments":' || r.instalments
|| ',"orderedAt":' || TIME(r.ordered_at) || ',"approvedAt":'
|| CASE WHEN r.approved_at IS NULL THEN 'null' ELSE TIME(r.approved_at) END
|| ',"buyer":{"name":' || TEXT(r.buyer_name) || ',"country":' || TEXT(r.buyer_country)_PERSONAL
|| '},"product":{"id":"product_' || d.id || '","name":' || TEXT(d.name) || '},"assignee":'
|| CASE WHEN a.id IS NULL THEN 'null'
   ELSE '{"id":"person_' || a.id || '","name":' || TEXT(a.name) || '}' END || '}'
"""
_BUYER = """
|| ',"email":' || TEXT(r.buyer_email) || ',"phone":' || TEXT(r.buyer_phone)
|| ',"document":' || TEXT(r.buyer_document)"""
_POSTGRES = f"""WITH {ME}, {WITHIN}, ids AS MATERIALIZED (
  SELECT k.ordered_at, k.id FROM (
    SELECT y.* FROM within w CROSS JOIN LATERAL (SELECT x.ordered_at, x.id FROM sales x
      WHERE x.assignee_id = w.id AND x.{_BEFORE} {_NEWEST}) y
    UNION ALL
    SELECT y.* FROM (SELECT 1 FROM me WHERE role = 'ADMIN') m CROSS JOIN LATERAL (
      SELECT x.ordered_at, x.id FROM sales x WHERE x.{_BEFORE} {_NEWEST}) y
  ) k ORDER BY k.ordered_at DESC, k.id DESC LIMIT CAST(?4 AS INT) + 1
), page AS MATERIALIZED (SELECT * FROM ids ORDER BY ordered_at DESC, id DESC LIMIT CAST(?4 AS INT))
SELECT (SELECT COUNT(*) FROM ids), (SELECT MIN(ordered_at) FROM page),
  (SELECT id FROM page ORDER BY ordered_at, id LIMIT 1),
  (SELECT string_agg(NODE, ',' ORDER BY k.ordered_at DESC, k.id DESC) FROM page k
   CROSS JOIN LATERAL (SELECT * FROM sales r WHERE r.account_id = ?3 AND r.id = k.id OFFSET 0) r
   LEFT JOIN LATERAL (SELECT d.id, d.name FROM products d
     WHERE d.account_id = ?3 AND d.id = r.product_id OFFSET 0) d ON TRUE
   LEFT JOIN LATERAL (SELECT a.id, a.name FROM collaborators a
     WHERE a.account_id = ?3 AND a.id = r.assignee_id OFFSET 0) a ON TRUE)
FROM me WHERE GRANTS"""
_SQLITE = f"""WITH {ME}, {WITHIN}, ids AS MATERIALIZED (
  SELECT * FROM (
    SELECT r.rowid AS number, r.ordered_at, r.id FROM within w CROSS JOIN sales r ON r.rowid IN (
      SELECT x.rowid FROM sales x WHERE x.assignee_id = w.id AND x.{_BEFORE} {_NEWEST})
    UNION ALL
    SELECT r.rowid, r.ordered_at, r.id FROM me CROSS JOIN sales r ON r.rowid IN (
      SELECT x.rowid FROM sales x WHERE x.{_BEFORE} {_NEWEST}) WHERE me.role = 'ADMIN'
  ) ORDER BY ordered_at DESC, id DESC LIMIT ?4 + 1
), page AS MATERIALIZED (SELECT * FROM ids ORDER BY ordered_at DESC, id DESC LIMIT ?4)
SELECT (SELECT COUNT(*) FROM ids), (SELECT MIN(ordered_at) FROM page),
  (SELECT id FROM page ORDER BY ordered_at, id LIMIT 1),
  (SELECT group_concat(node, ',') FROM (SELECT NODE AS node
   FROM (SELECT * FROM page ORDER BY ordered_at DESC, id DESC) k
   CROSS JOIN sales r ON r.rowid = k.number
   LEFT JOIN products d ON d.id = r.product_id
   LEFT JOIN collaborators a ON a.id = r.assignee_id))
FROM me WHERE GRANTS"""


def _texts(personal: str, *grants: str) -> dict[str, str]:
    node = _NODE.replace("_PERSONAL", personal)
    return {
        dialect: spelled(text.replace("NODE", node).replace("GRANTS", holds("SEARCH_SALES", *grants)))
        for dialect, spelled, text in (
            ("postgres", for_postgres, _POSTGRES),
            ("sqlite", for_sqlite, _SQLITE),
        )
    }


_WITH_PERSONAL = _texts(_BUYER, *(grant.value for grant in PERSONAL))
_WITHOUT = _texts("")


async def page(call: Call) -> bytes:
    """A page of sales, personal data and all."""
    return await _page(call, _WITH_PERSONAL)


async def plain_page(call: Call) -> bytes:
    """A page of sales for someone who may not read personal data."""
    return await _page(call, _WITHOUT)


async def _page(call: Call, texts: dict[str, str]) -> bytes:
    first, after = call.body["first"], call.body.get("after")
    position: tuple[Any, ...] = SEAL.read(PURPOSE, after, 2) if after else _BEGINNING
    ((count, ordered_at, last, nodes),) = await call.fetch(
        texts[call.dialect], (*account_values(call), first, *position)
    )
    cursor = f'"{SEAL.write(PURPOSE, (ordered_at, last))}"' if nodes else "null"
    return (
        f'{{"account":{{"sales":{{"nodes":[{nodes or ""}],"pageInfo":'
        f'{{"hasNextPage":{"true" if count > first else "false"},"endCursor":{cursor}}}}}}}}}'
    ).encode()
