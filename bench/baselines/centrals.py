"""The viewer with their centrals by hand, and an introspection of known text."""

from bench.baselines.call import Call
from bench.baselines.sql import PERSON, for_postgres, for_sqlite

_ITEM = """'{"id":"central_' || d.id || '","accountName":' || TEXT(d.name) || ',"access":"'
|| CASE WHEN d.owned = 1 THEN 'OWNER' ELSE 'COLLABORATOR' END || '","role":"' || d.role || '","joinedAt":'
|| TIME(d.joined_at) || '}'"""
_DOORS = """(SELECT a.id, COALESCE(a.brand_name, a.name) AS name, 1 AS owned, 'OWNER' AS role,
    a.created_at AS joined_at
  FROM me JOIN accounts a ON a.owner_id = me.id
  UNION ALL
  SELECT a.id, COALESCE(a.brand_name, a.name), 0, c.role, c.joined_at
  FROM me JOIN collaborators c ON c.user_id = me.id AND c.suspended_at IS NULL
    AND (c.starts_at IS NULL OR c.starts_at <= ?1) AND (c.ends_at IS NULL OR c.ends_at > ?1)
  JOIN accounts a ON a.id = c.account_id AND a.closed_at IS NULL AND a.owner_id <> me.id) d
  LEFT JOIN central_visits v ON v.account_id = d.id AND v.user_id = (SELECT id FROM me)"""
_ORDER = "COALESCE(v.position, 2147483647), d.owned DESC, d.name, d.id"
_STATEMENT = f"""WITH {PERSON}
SELECT '{{"viewer":{{"id":"user_' || me.id || '","name":' || TEXT(me.name) || ',"email":' || TEXT(me.email)
|| ',"locale":' || TEXT(me.locale) || ',"centrals":[' || COALESCE(LIST, '') || ']}}}}' FROM me"""
_TEXTS = {
    "postgres": for_postgres(
        _STATEMENT.replace("LIST", f"(SELECT string_agg({_ITEM}, ',' ORDER BY {_ORDER}) FROM {_DOORS})")
    ),
    "sqlite": for_sqlite(
        _STATEMENT.replace(
            "LIST",
            f"(SELECT group_concat(item, ',') FROM (SELECT {_ITEM} AS item FROM {_DOORS} ORDER BY {_ORDER}))",
        )
    ),
}
_KNOWN = f"WITH {PERSON} SELECT id FROM me"
_KNOWN_TEXTS = {"postgres": for_postgres(_KNOWN), "sqlite": for_sqlite(_KNOWN)}


async def centrals(call: Call) -> bytes:
    """The viewer, and the centrals that they can enter."""
    ((found,),) = await call.fetch(_TEXTS[call.dialect], (call.now, call.digest))
    return str(found).encode()


async def introspection(call: Call) -> bytes:
    """The known answer, for whoever has a session."""
    ((_,),) = await call.fetch(_KNOWN_TEXTS[call.dialect], (call.now, call.digest))
    return call.known
