"""Subscriptions to changes of rows, declared: arguments, cursors and reach are the same for each of them."""

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import strawberry

from authz.viewer import Viewer
from engine.rows.connection import PaginationError
from engine.rows.cursor import BadCursor, Seal
from engine.rows.events import EventRows, Occurrence, ids_of
from engine.rows.lists import Rows
from graph.kit.context import Info
from graph.kit.following import Following
from models.changes import ChangeKind
from models.statement import one_of

AFTER = (
    "The cursor of the last event that was received: what happened after it comes first. It can be up to 24"
    " hours old. Without it, the subscription begins now."
)
_FILTER = "The conditions that the row must meet, as it is after the change."


def followed(cls: type, kind: ChangeKind, find: Callable[..., Rows[Any]], gate: Any) -> Any:
    """A subscription to a kind of changes of the rows that `find(viewer, filter)` returns, if it takes one.

    Of each event, the row is read as it is when the event is sent, within the viewer's reach and the filter
    at that moment: an event of a row that has left either is not sent. `cls` is the type of the events, which
    are rows of the same table. The attribute's docstring is the description:

        sale_changed: SaleUpdate = followed(
            SaleUpdate, ChangeKind.SALE, find_sales, needs(Grant.SEARCH_SALES)
        )
        \"""Sales as they change.\"""
    """
    hints = find.__annotations__
    filters = [name for name in signature(find).parameters if name == "filter"]

    def resolve(self: Any, info: Info, **arguments: Any) -> Any:
        del self
        context = info.context
        following = context.following
        assert following is not None
        after = arguments.pop("after")
        purpose = purpose_of(kind, context.viewer)
        if not following.events:
            following.kind = kind
            following.after = position_after(context.seal, purpose, after, 2)
        return _event_rows(find(context.viewer, **arguments), cls, following, (context.seal, purpose))

    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_OR_KEYWORD),
            Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
            *(_argument(parameter, hints[parameter], _FILTER) for parameter in filters),
            _argument("after", str | None, AFTER),
        ],
        return_annotation=cls,
    )
    return gate(resolve)


def _argument(name: str, hint: Any, description: str) -> Parameter:
    annotation = Annotated[hint, strawberry.argument(description=description)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _event_rows(
    found: Rows[Any], cls: type, following: Following, sealing: tuple[Seal, str]
) -> EventRows[Any]:
    seal, purpose = sealing
    occurrences = tuple(
        Occurrence(
            event.row_id,
            seal.write(purpose, (event.place.position, event.place.number)),
            event.at,
        )
        for event in following.events
    )
    named = one_of("r.id", ids_of(occurrences))
    where = named if found.where is None else named & found.where
    return EventRows(Rows(cls, found.reach, where), occurrences)


def purpose_of(kind: ChangeKind, viewer: Viewer) -> str:
    """What a subscription's cursors are valid for: its account and its kind of changes."""
    assert viewer.central is not None
    return f"{viewer.central.account_id}\nlive {kind}"


def position_after(seal: Seal, purpose: str, cursor: str | None, length: int) -> tuple[Any, ...] | None:
    """The position in a cursor. Raises `PaginationError` for a cursor of another list."""
    if cursor is None:
        return None
    try:
        return seal.read(purpose, cursor, length)
    except BadCursor as error:
        raise PaginationError("after", "This is no cursor of this subscription.") from error
