"""Assigning a sale by hand: on PostgreSQL in one statement, which also writes the event and the log entry.

It lacks what no statement can do, or nobody would write for one mutation: the log's chain under a key,
idempotency keys, and the announcement to subscribers.
"""

from typing import Any

import msgspec

from bench.baselines.call import Call, account_values
from bench.baselines.sql import ME, for_postgres, for_sqlite
from models import database

_SALE = """sale AS (
  SELECT r.id, r.reference, r.status, (SELECT c.name FROM collaborators c
    WHERE c.account_id = r.account_id AND c.id = r.assignee_id) AS before
  FROM me CROSS JOIN sales r WHERE r.account_id = ?3 AND r.reference = ?4 AND me.role = 'ADMIN'LOCK)"""
_TARGET = """target AS (
  SELECT c.id, c.name, (SELECT CASE WHEN COUNT(*) = 1 THEN MIN(CAST(m.team_id AS TEXT)) END
    FROM team_members m WHERE m.account_id = ?3 AND m.collaborator_id = c.id) AS team_id
  FROM collaborators c WHERE c.account_id = ?3 AND c.id = ?5 AND c.suspended_at IS NULL
    AND (c.starts_at IS NULL OR c.starts_at <= ?1) AND (c.ends_at IS NULL OR c.ends_at > ?1)
    AND NOT EXISTS (SELECT 1 FROM ended_seats e WHERE e.account_id = ?3 AND e.id = c.id))"""
_ANSWER = """'{"assignSale":{"reference":' || TEXT(s.reference) || ',"sale":{"id":"sale_' || s.id
|| '","status":"' || s.status || '","assignee":{"id":"person_' || t.id || '","name":' || TEXT(t.name)
|| '}},"errors":[]}}'"""
_POSTGRES = for_postgres(f"""WITH {ME}, {_SALE.replace("LOCK", " FOR UPDATE OF r")}, {_TARGET}, changed AS (
  UPDATE sales r SET assignee_id = t.id, team_id = CAST(t.team_id AS UUID), credit_id = t.id,
    credit_team_id = CAST(t.team_id AS UUID), assigned_at = GREATEST(?1, r.assigned_at + 1)
  FROM sale s, target t WHERE r.id = s.id AND r.account_id = ?3
  RETURNING r.id, r.assigned_at, r.team_id
), event AS (
  INSERT INTO sale_events (id, account_id, sale_id, key, source, kind, happened_at, received_at, facts)
  SELECT CAST(?6 AS UUID), ?3, r.id, CAST(?6 AS TEXT), 'PERSON', 'ASSIGNMENT', r.assigned_at, ?1,
    jsonb_build_object('by', me.user_name, 'assignment', jsonb_build_object('assignee_id', t.id,
      'assignee_name', t.name, 'team_id', r.team_id), 'credit', jsonb_build_object('seat_id', t.id))
  FROM changed r, target t, me
), entry AS (
  INSERT INTO audit_entries (id, account_id, user_id, user_name, act, object_type, object_id, let_by, changes,
    request_id, address, at)
  SELECT CAST(?7 AS UUID), ?3, me.user_id, me.user_name, 'assignSale', 'Sale', s.reference, 'LEAD',
    jsonb_build_array(jsonb_build_object('field', 'Sale.assignee', 'before', s.before, 'after', t.name)),
    ?8, ?9, ?1
  FROM changed r, sale s, target t, me
)
SELECT {_ANSWER} FROM changed r, sale s, target t""")
_READ = for_sqlite(
    f"WITH {ME}, {_SALE.replace('LOCK', '')}, {_TARGET} SELECT {_ANSWER}, s.id, s.reference, s.before, t.id,"
    " t.name, t.team_id, me.user_id, me.user_name FROM sale s, target t, me"
)
_UPDATE = """UPDATE sales SET assignee_id = ?1, team_id = ?2, credit_id = ?1, credit_team_id = ?2,
 assigned_at = MAX(?3, COALESCE(assigned_at, 0) + 1) WHERE id = ?4 AND account_id = ?5"""
_EVENT = """INSERT INTO sale_events
 (id, account_id, sale_id, key, source, kind, happened_at, received_at, facts)
 SELECT ?1, account_id, id, ?1, 'PERSON', 'ASSIGNMENT', assigned_at, ?2, ?3 FROM sales WHERE id = ?4"""
_ENTRY = """INSERT INTO audit_entries
 (id, account_id, user_id, user_name, act, object_type, object_id, let_by, changes, request_id, address, at)
 VALUES (?1, ?2, ?3, ?4, 'assignSale', 'Sale', ?5, 'LEAD', ?6, ?7, ?8, ?9)"""


async def assigned(call: Call) -> bytes:
    """Assign a sale, and return it."""
    told = call.body["input"]
    values = (*account_values(call), told["reference"], told["assigneeId"].removeprefix("person_"))
    if call.dialect == "postgres":
        ids = (database.new_id(), database.new_id(), call.request_id, call.address)
        ((found,),) = await call.fetch(_POSTGRES, (*values, *ids))
        return str(found).encode()
    return await database.transact(lambda: _in_turn(call, values))


async def _in_turn(call: Call, values: tuple[Any, ...]) -> bytes:
    """SQLite: no statement can change two tables."""
    (
        (answer, sale_id, reference, before, person_id, name, team_id, user_id, user_name),
    ) = await database.read(_READ, values)
    await database.write(_UPDATE, (person_id, team_id, call.now, sale_id, call.account_id))
    facts = {
        "by": user_name,
        "assignment": {"assignee_id": person_id, "assignee_name": name, "team_id": team_id},
    }
    await database.write(_EVENT, (database.new_id(), call.now, _json(facts), sale_id))
    changes = [{"field": "Sale.assignee", "before": before, "after": name}]
    await database.write(
        _ENTRY,
        (database.new_id(), call.account_id, user_id, user_name, reference, _json(changes), call.request_id,
         call.address, call.now),
    )  # fmt: skip
    return str(answer).encode()


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
