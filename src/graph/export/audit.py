"""The audit log as a file of any length: all of it, or the entries that match a filter."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from graphql import GraphQLSchema
from starlette.datastructures import QueryParams
from strawberry import ID

from actions.kit.mutation import Mutation
from authz import reach
from authz.gates import Standing
from authz.viewer import Viewer
from engine.rows.page import page as select_page
from engine.rows.select import Selection, beyond
from graph.audit.types import (
    NEWEST,
    AuditFilter,
    AuditObjectInput,
    actor_id,
    find_entries,
    object_named,
    shown_changes,
)
from graph.export.formats import Table
from graph.export.reader import Reader
from graph.export.route import Source
from graph.http.body import BadRequest
from graph.kit.period import PeriodInput
from graph.kit.scalars import Date, write_time
from models import database

EXPORT_AUDIT_LOG = Mutation("exportAuditLog", Standing.ADMIN, "Account", while_closed=True)
_PAGE = 500
_COLUMNS = (
    *("id", "sequence", "at", "user_id", "user_name", "token_id", "token_name", "act", "object_type"),
    *("object_id", "let_by", "refusal", "request_id", "address", "changes", "digest"),
)
_NAMES = (
    *("id", "sequence", "at", "actor", "userName", "tokenId", "tokenName", "act", "objectType"),
    *("objectId", "letBy", "refusal", "requestId", "address", "changes", "digest"),
)
_FILTERS = ("actor", "act", "objectType", "objectId", "refused", "from", "to")


async def _table(reader: Reader, parameters: QueryParams, _ending: str) -> Table:
    filter_ = _filter(parameters)
    find_entries(await reader.viewer(), filter_)  # a bad filter is refused before the export is logged
    return Table("audit", _NAMES, _pages(reader, filter_))


def _filter(parameters: QueryParams) -> AuditFilter:
    refused = parameters.get("refused")
    if refused not in (None, "true", "false"):
        raise BadRequest(400, "refused is true or false.")
    if ("from" in parameters) != ("to" in parameters):
        raise BadRequest(400, "from and to come together.")
    if "objectId" in parameters and "objectType" not in parameters:
        raise BadRequest(400, "objectId comes with objectType.")
    object_type = parameters.get("objectType")
    return AuditFilter(
        actor=ID(parameters["actor"]) if "actor" in parameters else None,
        act=parameters.getlist("act") or None,
        object=None
        if object_type is None
        else AuditObjectInput(type=object_type, id=parameters.get("objectId")),
        refused=None if refused is None else refused == "true",
        period=PeriodInput(from_=_day(parameters["from"]), to=_day(parameters["to"]))
        if "from" in parameters
        else None,
    )


def _day(text: str) -> Date:
    try:
        if len(text) == len("2026-01-31"):
            return Date(date.fromisoformat(text))
    except ValueError:
        pass
    raise BadRequest(400, "from and to are dates as 2026-01-31.")


async def _pages(reader: Reader, filter_: AuditFilter) -> AsyncIterator[list[dict[str, Any]]]:
    """The entries in pages, newest first. Each page is read with the viewer's access at that time."""
    position: tuple[Any, ...] | None = None
    while True:
        viewer = await reader.viewer()
        found = find_entries(viewer, filter_)
        after = beyond((NEWEST,), position, reverse=False) if position is not None else None
        columns = tuple(f"r.{name} AS {name}" for name in _COLUMNS)
        statement = select_page(
            Selection("audit_entries", columns),
            reach.audit(viewer),
            found.where,
            (NEWEST,),
            after=after,
            reverse=False,
            limit=_PAGE,
            dialect=database.dialect(),
        )
        rows = await database.read(statement)
        schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
        yield [_entry(row, schema, viewer) for row in rows]
        if len(rows) < _PAGE:
            return
        position = (rows[-1]["at"], rows[-1]["id"])


def _entry(row: Any, schema: GraphQLSchema, viewer: Viewer) -> dict[str, Any]:
    values = [row[name] for name in _COLUMNS]
    entry = dict(zip(_NAMES, values, strict=True))
    entry["id"] = f"entry_{entry['id']}"
    entry["at"] = write_time(entry["at"])
    entry["actor"] = actor_id(entry["actor"], entry["letBy"])
    entry["tokenId"] = object_named("AccessToken", entry["tokenId"])
    entry["objectId"] = object_named(entry["objectType"], entry["objectId"])
    entry["changes"] = [
        {"field": change.field, "before": change.before, "after": change.after, "count": change.count}
        for change in shown_changes(row["changes"], schema, viewer.mask)
    ]
    return entry


AUDIT_EXPORT = Source("/export/audit", EXPORT_AUDIT_LOG, _FILTERS, ("csv", "jsonl"), _table)
