"""The strongest handler for a page of sales: one statement that finds the viewer, too, and writes the JSON.

It decides nothing that a statement can decide: no row is decoded, and Python adds the last cursor alone.
"""

import re
import time
from hashlib import sha256
from typing import Any

import msgspec

from bench.hand_rows import PURPOSE, SEAL

_ME = """WITH me AS MATERIALIZED (
  SELECT c.id, c.role, p.grants FROM credentials k
  JOIN sessions s ON s.id = k.session_id AND s.ended_at IS NULL
  JOIN users u ON u.id = s.user_id
  JOIN accounts a ON a.id = ?1 AND a.closed_at IS NULL AND a.teams_on AND a.edition = 'EXPERT'
  JOIN collaborators c ON c.account_id = a.id AND c.user_id = u.id AND c.suspended_at IS NULL
    AND (c.starts_at IS NULL OR c.starts_at <= ?2) AND (c.ends_at IS NULL OR c.ends_at > ?2)
  JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
  WHERE k.digest = ?3 AND k.kind = 'ACCESS' AND k.expires_at > ?2
), within AS MATERIALIZED (
  SELECT id FROM me WHERE role <> 'ADMIN'
  UNION SELECT other.collaborator_id FROM me
  JOIN team_members mine ON mine.account_id = ?1 AND mine.collaborator_id = me.id
  JOIN teams t ON t.account_id = ?1 AND t.id = mine.team_id
  JOIN team_members other ON other.account_id = ?1 AND other.team_id = t.id
  WHERE (mine.leads AND me.role = 'TEAM_LEAD') OR t.privacy = 'SHARED'
), page AS MATERIALIZED (
  SELECT r.rowid AS number, r.ordered_at, r.id FROM within w CROSS JOIN sales r ON r.rowid IN (
    SELECT x.rowid FROM sales x WHERE x.account_id = ?1 AND x.assignee_id = w.id
    ORDER BY x.ordered_at DESC, x.id DESC LIMIT ?4 + 1)
  ORDER BY r.ordered_at DESC, r.id DESC LIMIT ?4 + 1
)
"""
_NODE = """
'{"id":"sale_' || r.id || '","reference":' || json_quote(r.reference) || ',"status":"' || r.status
|| '","price":{"amount":"' || MONEY(r.price) || '","currency":"' || r.currency || '"},"net":'
|| CASE WHEN r.net IS NULL THEN 'null'
   ELSE '{"amount":"' || MONEY(r.net) || '","currency":"' || r.net_currency || '"}' END
|| ',"paymentMethod":' || json_quote(r.payment_method) || ',"installments":' || json_quote(r.instalments)
|| ',"orderedAt":"' || TIME(r.ordered_at) || '","approvedAt":'
|| CASE WHEN r.approved_at IS NULL THEN 'null' ELSE '"' || TIME(r.approved_at) || '"' END
|| ',"buyer":{"name":' || json_quote(r.buyer_name) || ',"country":' || json_quote(r.buyer_country)
|| ',"email":' || json_quote(r.buyer_email) || ',"phone":' || json_quote(r.buyer_phone)
|| ',"document":' || json_quote(r.buyer_document)
|| '},"product":{"id":"product_' || d.id || '","name":' || json_quote(d.name) || '},"assignee":'
|| CASE WHEN a.id IS NULL THEN 'null'
   ELSE '{"id":"person_' || a.id || '","name":' || json_quote(a.name) || '}' END || '}'
"""
_FUNCTIONS = {
    r"MONEY\((.*?)\)": r"printf('%d.%02d', \1 / 100, \1 % 100)",
    r"TIME\((.*?)\)": r"strftime('%Y-%m-%dT%H:%M:%S', \1 / 1000, 'unixepoch')"
    r" || CASE WHEN \1 % 1000 THEN printf('.%03dZ', \1 % 1000) ELSE 'Z' END",
}
for _name, _body in _FUNCTIONS.items():
    _NODE = re.sub(_name, _body, _NODE)
_STATEMENT = f"""{_ME}
SELECT (SELECT grants FROM me), (SELECT COUNT(*) FROM page), group_concat(node, ','), MIN(ordered_at), last
FROM (SELECT {_NODE} AS node, k.ordered_at,
             last_value(k.id) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last
  FROM (SELECT * FROM page ORDER BY ordered_at DESC, id DESC LIMIT ?4) k
  CROSS JOIN sales r ON r.rowid = k.number
  LEFT JOIN products d ON d.account_id = r.account_id AND d.id = r.product_id
  LEFT JOIN collaborators a ON a.account_id = r.account_id AND a.id = r.assignee_id)
"""


async def page_as_text(asks: Any) -> Any:
    """The first page of the sales of someone who is no admin, with personal data."""
    first = asks.body["first"]
    digest = sha256(asks.token.encode()).hexdigest()
    values = (asks.account_id, time.time_ns() // 1_000_000, digest, first)
    ((grants, count, nodes, ordered_at, last),) = await asks.fetch(_STATEMENT, values)
    if grants is None or not {"SEARCH_SALES", "CHANGE_BUYER_EMAIL"} <= set(msgspec.json.decode(grants)):
        raise PermissionError
    info = {
        "hasNextPage": count > first,
        "endCursor": SEAL.write(PURPOSE, (ordered_at, last)) if nodes else None,
    }
    tail = msgspec.json.encode(info).decode()
    return {"account": msgspec.Raw(f'{{"sales":{{"nodes":[{nodes or ""}],"pageInfo":{tail}}}}}'.encode())}
