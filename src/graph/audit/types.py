"""The audit log: what was done and what was refused."""

from collections.abc import Iterator
from typing import Any

import msgspec
import strawberry
from graphql import GraphQLNamedType, GraphQLSchema

from authz import reach
from authz.gates import COMMAND_LINE, AdminOnly, gated
from authz.refusal import ErrorCode
from authz.viewer import Viewer
from engine.rows.lists import BINDINGS, Rows, decoded, row_of
from engine.rows.select import Order
from engine.rows.source import computed
from engine.scope.schema import exists, type_of
from graph.collaborators.types import Person
from graph.invitations.types import Invitation
from graph.kit.context import Info
from graph.kit.node import Node, found_within, is_uuid, row_id
from graph.kit.period import PeriodInput
from graph.kit.scalars import DateTime, write_time
from graph.kit.storable import storable
from graph.profiles.types import Profile
from graph.teams.types import Team
from models.statement import NEVER, Statement, one_of
from reports.period import Period


@gated(AdminOnly())
@strawberry.type
class AuditChange:
    """One field before and after an act. Shown only to those for whom the field itself exists."""

    field: str
    """The field's coordinate in the schema: its type, a dot, and its name."""
    before: str | None
    """What it held, written as the API writes it: a text bare, anything else as in JSON."""
    after: str | None
    """What it holds since, written alike."""
    count: int | None
    """In how many things it was changed alike, where these are others than the one that the act was on."""


def _written(value: Any, kind: GraphQLNamedType) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if kind.name == "DateTime" and isinstance(value, int):
        return write_time(value)
    return msgspec.json.encode(value).decode()


def shown_changes(stored: Any, schema: GraphQLSchema) -> list[AuditChange]:
    """The stored changes whose fields a schema has."""
    found = []
    for one in decoded(stored):
        if exists(schema, one["field"]):
            kind = type_of(schema, one["field"])
            before, after = _written(one["before"], kind), _written(one["after"], kind)
            found.append(AuditChange(field=one["field"], before=before, after=after, count=one.get("count")))
    return found


_ACTOR = "user_"
_OPERATOR = "command_line"


def actor_id(user_id: str | None, let_by: str | None) -> str | None:
    """Who acted, by an id that no name changes: a user, or whoever runs the server."""
    if let_by == COMMAND_LINE:
        return _OPERATOR
    return None if user_id is None else _ACTOR + user_id


# what the ids of things begin with; a sale is named by its reference
_PREFIXES = {
    **{cls.__name__: f"{BINDINGS[cls].prefix}_" for cls in (Invitation, Person, Profile, Team)},
    "AccessToken": "token_",
    "Account": "account_",
    "Central": "central_",
}


def object_named(kind: str | None, object_id: str | None) -> str | None:
    """What an act was on, by the id that the API gives it."""
    return object_id and _PREFIXES.get(kind or "", "") + object_id


def _token(token_id: str | None) -> str | None:
    return object_named("AccessToken", token_id)


@gated(AdminOnly())
@row_of("audit_entries", "entry", carries={"stored": "changes"})
@strawberry.type
class AuditEntry(Node):
    """One act, done or refused."""

    stored: strawberry.Private[Any]
    sequence: int | None
    """Its number in the account's log, from 1; none for one that never stood in the log's chain."""
    at: DateTime
    """When."""
    actor: strawberry.ID | None = computed(actor_id, "user_id", "let_by")
    """Who did it, as an id for the filter that stays the same when the name changes.

    `command_line` for whoever runs the server, for example when they open an account or set its edition.
    """
    user_name: str | None
    """Who did it, by their name at the time; `command line` for whoever runs the server."""
    token_id: strawberry.ID | None = computed(_token, "token_id")
    """By which of the person's access tokens; none for what was done signed in."""
    token_name: str | None
    """The token's name."""
    act: str
    """What was done: the mutation's name, for example `assignSale`, or an act of the command line."""
    object_type: str | None
    """On what kind of thing."""
    object_id: str | None = computed(object_named, "object_type", "object_id")
    """On which one: its id, or a sale's reference. None for acts on several, and where nothing was made."""
    let_by: str | None
    """The grant or standing that let it through; `COMMAND_LINE` for what whoever runs the server did."""
    refusal: ErrorCode | None
    """Why it was refused; none where it was done."""
    request_id: str
    """The request's id, as in the server's log."""
    address: str | None
    """The network address that it came from."""

    @strawberry.field
    def changes(self, info: Info) -> list[AuditChange]:
        """What it changed, as far as the changed fields exist for you."""
        return shown_changes(self.stored, info.schema._schema)


@gated(AdminOnly())
@strawberry.type
class AuditHead:
    """Where the log ends. Kept elsewhere, it proves later that nothing before it was changed or cut off."""

    sequence: int
    """The number of the last entry; 0 where there is none."""
    digest: str | None
    """What stands for every entry up to it, in hex."""


@strawberry.input
class AuditObjectInput:
    """What an act was on."""

    type: str
    """What kind of thing, as `objectType` tells."""
    id: str | None = None
    """Which one, as `objectId` tells; without it, any of the kind."""


@strawberry.input
class AuditFilter:
    """Which entries to list: those that meet every condition given."""

    actor: strawberry.ID | None = None
    """Those of one person: by the `actor` of an entry, or the id of one of `people`.

    `command_line` finds those of whoever runs the server.
    """
    act: list[str] | None = None
    """Those of one of these mutations."""
    object: AuditObjectInput | None = None
    """Those on a thing."""
    refused: bool | None = None
    """True: those that were refused. False: those that were done."""
    period: PeriodInput | None = None
    """Those of a period, in the account's time zone."""


NEWEST = (Order("at", descending=True),)


def found_entries(viewer: Viewer, filter: AuditFilter | None) -> Rows[AuditEntry]:  # noqa: A002
    """The entries within reach that a filter leaves, newest first."""
    where = None
    for part in _conditions(viewer, filter) if filter else ():
        where = part if where is None else where & part
    return Rows(AuditEntry, reach.audit(viewer), where, NEWEST)


def _conditions(viewer: Viewer, asked: AuditFilter) -> Iterator[Statement]:
    if asked.actor is not None:
        yield _by(viewer, asked.actor)
    if asked.act is not None:
        yield one_of("r.act", [storable(one) for one in asked.act])
    if asked.object is not None:
        yield Statement("r.object_type = ?", (storable(asked.object.type),))
        if asked.object.id is not None:
            yield _on(asked.object.type, asked.object.id)
    if asked.refused is not None:
        yield Statement(f"r.refusal IS {'NOT ' if asked.refused else ''}NULL")
    if asked.period is not None:
        assert viewer.central is not None
        bucket = Period(asked.period.from_, asked.period.to).whole(viewer.central.timezone)
        yield Statement("r.at >= ? AND r.at < ?", (bucket.start_ms, bucket.end_ms))


def _on(kind: str, named: str) -> Statement:
    prefix = _PREFIXES.get(kind, "")
    if not named.startswith(prefix):
        return NEVER
    return Statement("r.object_id = ?", (storable(named.removeprefix(prefix)),))


def _by(viewer: Viewer, actor: str) -> Statement:
    """The entries of a person: a seat's user, where there still is a seat."""
    if actor == _OPERATOR:
        return Statement("r.let_by = ?", (COMMAND_LINE,))
    seat = row_id(Person, actor)
    if seat is not None:
        found = Statement("SELECT c.user_id FROM collaborators c WHERE c.id = ? AND ", (seat,))
        return Statement("r.user_id IN (") + found + reach.people(viewer).where("c") + ")"
    name = actor.removeprefix(_ACTOR)
    return Statement("r.user_id = ?", (name,)) if is_uuid(name) else NEVER


found_within(AuditEntry, reach.audit)
