"""The audit log: what was done and what was refused."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import strawberry
from graphql import GraphQLNamedType, GraphQLSchema

from authz import reach
from authz.gates import COMMAND_LINE, AdminOnly, gated
from authz.refusal import ErrorCode
from engine.rows.lists import decoded, row_of
from engine.rows.select import Order
from engine.rows.source import Covered, computed
from engine.scope.gates import source_at
from engine.scope.schema import exists, type_of
from graph.audit.arguments import shown_argument
from graph.kit.context import Info
from graph.kit.filters import Criterion, criterion, equal, present, search, within
from graph.kit.node import NODES, Node, found_within, is_uuid, row_id
from graph.kit.period import PeriodInput
from graph.kit.scalars import DateTime, write_time
from graph.kit.storable import storable
from graph.membership.collaborators.types import Person
from models.statement import NEVER, Statement


@gated(AdminOnly())
@strawberry.type
class AuditChange:
    """The value of one field before and after an action. It is listed only if the field exists for you."""

    field: str
    """The field's coordinate in the schema, for example `Person.role`."""
    before: str | None
    """The previous value. A text is written as it is, any other value as JSON."""
    after: str | None
    """The new value, written in the same way."""
    count: int | None
    """The number of other objects in which the action changed the field in the same way; null if it changed
    the field only in its own object."""


def _written(value: Any, kind: GraphQLNamedType) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if kind.name == "DateTime" and isinstance(value, int):
        return write_time(value)
    return msgspec.json.encode(value).decode()


def shown_changes(stored: Any, schema: GraphQLSchema, mask: int) -> list[AuditChange]:
    """The stored changes whose fields a schema has, covered where the fields are covered for a mask."""
    found = []
    for change in decoded(stored):
        if exists(schema, change["field"]):
            kind, cover = type_of(schema, change["field"]), _cover(schema, change["field"], mask)
            if change["field"].endswith(":)"):
                change["after"] = shown_argument(schema, mask, change["field"], change["after"])
            before, after = _written(cover(change["before"]), kind), _written(cover(change["after"]), kind)
            found.append(
                AuditChange(field=change["field"], before=before, after=after, count=change.get("count"))
            )
    return found


def _cover(schema: GraphQLSchema, coordinate: str, mask: int) -> Callable[[Any], Any]:
    source = source_at(schema, coordinate)
    return source.cover if isinstance(source, Covered) and mask & source.bit else _plain


def _plain(value: Any) -> Any:
    return value


_ACTOR = "user_"
_OPERATOR = "command_line"


def actor_id(user_id: str | None, let_by: str | None) -> str | None:
    """Who acted, by an id that no name changes: a user, or whoever runs the server."""
    if let_by == COMMAND_LINE:
        return _OPERATOR
    return None if user_id is None else _ACTOR + user_id


_BY_REFERENCE = "Sale"


@cache
def _prefixes() -> dict[str, str]:
    """What the ids of each type of nodes begin with. A sale is named by its reference instead."""
    types = {node.type_name: f"{prefix}_" for prefix, nodes in NODES.items() for node in nodes}
    return types | {_BY_REFERENCE: ""}


def object_named(kind: str | None, object_id: str | None) -> str | None:
    """The object of an action, by its id in the API."""
    return object_id and _prefixes().get(kind or "", "") + object_id


def _token(token_id: str | None) -> str | None:
    return object_named("AccessToken", token_id)


@gated(AdminOnly())
@row_of("audit_entries", "entry", carries={"stored": "changes"})
@strawberry.type
class AuditEntry(Node):
    """One action in the account that was done or refused."""

    stored: strawberry.Private[Any]
    sequence: int | None
    """The entry's number in the account's log, starting at 1; null for an entry that is older than the log's
    numbering."""
    at: DateTime
    """When the action was attempted."""
    actor: strawberry.ID | None = computed(actor_id, "user_id", "let_by")
    """The id of the person who acted, which stays the same when their name changes.

    `AuditFilter.actor` accepts it.

    It is `command_line` for the server's operator, for example when they open an account or set its
    edition.
    """
    user_name: str | None
    """The name that the person had at the time; `command line` for the server's operator."""
    token_id: strawberry.ID | None = computed(_token, "token_id")
    """The id of the personal access token that was used; null if the person was signed in."""
    token_name: str | None
    """The name of the personal access token that was used."""
    act: str
    """The action: a mutation's name, for example `assignSale`, or an action of the command line."""
    object_type: str | None
    """The type of the object that the action was about, for example `Team`."""
    object_id: str | None = computed(object_named, "object_type", "object_id")
    """The id of that object, or a sale's reference. Null for actions on several objects, and if nothing was
    created."""
    let_by: str | None
    """The grant or standing that allowed the action; `COMMAND_LINE` for actions by the server's operator."""
    refusal: ErrorCode | None
    """Why the action was refused; null if it was done."""
    request_id: str
    """The id of the request, which the server's own log shows too."""
    address: str | None
    """The IP address from which the request came."""

    @strawberry.field
    def changes(self, info: Info) -> list[AuditChange]:
        """The fields that the action changed, as far as they exist for you."""
        return shown_changes(self.stored, info.schema._schema, info.context.viewer.mask)


@gated(AdminOnly())
@strawberry.type
class AuditHead:
    """The end of the log. If you store it elsewhere, it can later prove that nothing before it was changed or
    removed."""

    sequence: int
    """The number of the last entry; 0 if the log is empty."""
    digest: str | None
    """The digest of all entries up to the last one, in hexadecimal."""


@strawberry.input
class AuditObjectInput:
    """The object that an action was about."""

    type: str
    """The type of the object, as in `AuditEntry.objectType`."""
    id: str | None = None
    """The id of the object, as in `AuditEntry.objectId`; by default, any object of the type."""


def _on(chosen: Criterion) -> Statement:
    found = Statement("r.object_type = ?", (storable(chosen.value.type),))
    if chosen.value.id is None:
        return found
    prefix = _prefixes().get(chosen.value.type, "")
    if not chosen.value.id.startswith(prefix):
        return NEVER
    return found & Statement("r.object_id = ?", (storable(chosen.value.id.removeprefix(prefix)),))


def _by(chosen: Criterion) -> Statement:
    """The entries of a person, found by the collaborator's user while there is one."""
    if chosen.value == _OPERATOR:
        return Statement("r.let_by = ?", (COMMAND_LINE,))
    collaborator = row_id(Person, chosen.value)
    if collaborator is not None:
        found = Statement("SELECT c.user_id FROM collaborators c WHERE c.id = ? AND ", (collaborator,))
        return Statement("r.user_id IN (") + found + reach.people(chosen.viewer).where("c") + ")"
    name = chosen.value.removeprefix(_ACTOR)
    return Statement("r.user_id = ?", (name,)) if is_uuid(name) else NEVER


@strawberry.input
class AuditFilter:
    """A filter for entries of the log. Only entries that meet all given conditions are listed."""

    actor: strawberry.ID | None = criterion(_by)
    """Entries of one person: either an entry's `actor`, or the id of one of `people`.

    `command_line` finds the entries of the server's operator.
    """
    act: list[str] | None = equal("act")
    """Entries of one of these actions, for example `["assignSale"]`."""
    object: AuditObjectInput | None = criterion(_on)
    """Entries about this object."""
    refused: bool | None = present("refusal")
    """True: actions that were refused. False: actions that were done."""
    period: PeriodInput | None = within("at")
    """Entries of this period, in the account's time zone."""


NEWEST = Order("at", descending=True)
found_within(AuditEntry, reach.audit)
find_entries = search(AuditEntry, AuditFilter, order=NEWEST)
