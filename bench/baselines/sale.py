"""One sale by hand, with everything below it."""

from bench.baselines.call import Call, account_values
from bench.baselines.sql import ME, for_postgres, for_sqlite, holds
from bench.make_data import PERSONAL

_PLACES = ("street", "city", "state", "zip_code", "country")
_NAMES = ("street", "city", "state", "zipCode", "country")
_OFFER = """'{"id":"offer_' || o.id || '","code":' || TEXT(o.code) || ',"price":{"amount":"' || MONEY(o.price)
|| '","currency":"' || o.currency || '"}}'"""
_SHARE = """'{"source":"' || c.source || '","name":' || TEXT(c.name) || ',"amount":{"amount":"'
|| MONEY(c.amount) || '","currency":"' || c.currency || '"}}'"""
_EVENT = """'{"status":' || TEXT(e.status) || ',"happenedAt":' || TIME(e.happened_at)
|| ',"source":"' || e.source || '"}'"""
_PLACE = """'{"leads":' || CASE WHEN m.leads THEN 'true' ELSE 'false' END
|| ',"team":{"teamId":"team_' || t.id || '","name":' || TEXT(t.name) || '}}'"""
_SALE = """
'{"id":"sale_' || r.id || '","reference":' || TEXT(r.reference) || ',"status":"' || r.status
|| '","price":{"amount":"' || MONEY(r.price) || '","currency":"' || r.currency
|| '"},"fullPrice":{"amount":"' || MONEY(r.full_price) || '","currency":"' || r.full_currency || '"},"net":'
|| CASE WHEN r.net IS NULL THEN 'null'
   ELSE '{"amount":"' || MONEY(r.net) || '","currency":"' || r.net_currency || '"}' END
|| ',"paymentMethod":"' || r.payment_method || '","installments":' || r.instalments
|| ',"product":{"id":"product_' || d.id || '","name":' || TEXT(d.name) || ',"offers":[' || OFFERS
|| ']},"offer":{"id":"offer_' || f.id || '","code":' || TEXT(f.code)
|| '},"buyer":{"name":' || TEXT(r.buyer_name) || ',"country":' || TEXT(r.buyer_country)
|| ',"email":' || TEXT(r.buyer_email) || ',"phone":' || TEXT(r.buyer_phone)
|| ',"document":' || TEXT(r.buyer_document) || ',"address":' || ADDRESS
|| '},"commissions":[' || SHARES || '],"history":[' || EVENTS
|| '],"assignee":' || CASE WHEN a.id IS NULL THEN 'null' ELSE '{"id":"person_' || a.id
|| '","name":' || TEXT(a.name) || ',"role":"' || a.role || '","teams":[' || PLACES || ']}' END
|| ',"team":' || CASE WHEN g.id IS NULL THEN 'null'
   ELSE '{"id":"team_' || g.id || '","name":' || TEXT(g.name) || '}' END
|| ',"origin":{"src":' || TEXT(r.origin_src) || ',"sck":' || TEXT(r.origin_sck)
|| '},"device":' || TEXT(r.device) || ',"orderedAt":' || TIME(r.ordered_at) || ',"approvedAt":'
|| CASE WHEN r.approved_at IS NULL THEN 'null' ELSE TIME(r.approved_at) END
|| ',"warrantyUntil":' || CASE WHEN r.warranty_until IS NULL THEN 'null' ELSE TIME(r.warranty_until) END
|| '}'
"""
_GRANTS = holds("SEARCH_SALES", "VIEW_PRODUCTS", "VIEW_COMMISSIONS_REPORT", *(one.value for one in PERSONAL))
_STATEMENT = f"""WITH {ME}
SELECT {_SALE} FROM me CROSS JOIN sales r
LEFT JOIN products d ON d.id = r.product_id
LEFT JOIN offers f ON f.id = r.offer_id
LEFT JOIN collaborators a ON a.id = r.assignee_id
LEFT JOIN teams g ON g.id = r.team_id
WHERE r.account_id = ?3 AND r.reference = ?4 AND me.role = 'ADMIN' AND GRANTS"""
_LISTS = {
    "OFFERS": (_OFFER, "offers o WHERE o.account_id = ?3 AND o.product_id = r.product_id", "o.code, o.id"),
    "SHARES": (_SHARE, "commissions c WHERE c.account_id = ?3 AND c.sale_id = r.id", "c.position, c.id"),
    "EVENTS": (_EVENT, "sale_events e WHERE e.account_id = ?3 AND e.sale_id = r.id", "e.happened_at, e.id"),
    "PLACES": (
        _PLACE,
        (
            "team_members m JOIN teams t ON t.account_id = m.account_id AND t.id = m.team_id"
            " WHERE m.account_id = ?3 AND m.collaborator_id = a.id"
        ),
        "m.id",
    ),
}


def _text(*, postgres: bool) -> str:
    text = _STATEMENT.replace("GRANTS", _GRANTS)
    for name, (item, source, order) in _LISTS.items():
        found = (
            f"(SELECT string_agg({item}, ',' ORDER BY {order}) FROM {source})"
            if postgres
            else f"(SELECT group_concat(i, ',') FROM (SELECT {item} AS i FROM {source} ORDER BY {order}))"
        )
        text = text.replace(name, f"COALESCE({found}, '')")
    value = (
        "COALESCE(CAST(to_json(CAST(r.buyer_address AS JSONB) ->> '{0}') AS TEXT), 'null')"
        if postgres
        else "json_quote(json_extract(r.buyer_address, '$.{0}'))"
    )
    parts = [f"""'"{name}":' || {value.format(place)}""" for name, place in zip(_NAMES, _PLACES, strict=True)]
    address = (
        "CASE WHEN r.buyer_address IS NULL THEN 'null' ELSE '{' || "
        + " || ',' || ".join(parts)
        + " || '}' END"
    )
    return (for_postgres if postgres else for_sqlite)(text.replace("ADDRESS", address))


_TEXTS = {"postgres": _text(postgres=True), "sqlite": _text(postgres=False)}


async def sale(call: Call) -> bytes:
    """One sale with everything nested, for an admin."""
    ((found,),) = await call.fetch(_TEXTS[call.dialect], (*account_values(call), call.body["reference"]))
    return f'{{"account":{{"sale":{found}}}}}'.encode()
