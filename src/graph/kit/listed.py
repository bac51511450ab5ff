"""Lists in pages, declared: the arguments, the connection and its errors are the same for every list."""

from collections.abc import Awaitable, Callable
from functools import partial
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, get_args

import strawberry

from engine.rows.connection import Connection, page
from engine.rows.lists import Rows
from graph.kit.context import Context, Info
from graph.kit.row_reach import RowConnection, RowReach, row_reach

MAX_PAGE = 100

_DESCRIPTIONS = {
    "filter": "The conditions that the listed rows must meet.",
    "order": "The sort order of the list.",
    "first": f"The number of rows to read from the start of the list, at most {MAX_PAGE}; 20 by default.",
    "after": "The cursor after which the page starts.",
    "last": f"The number of rows to read from the end of the list, at most {MAX_PAGE}.",
    "before": "The cursor before which the page ends.",
}
_PAGING: dict[str, Any] = {"first": int | None, "after": str | None, "last": int | None, "before": str | None}


def listed(find: Callable[..., Rows[Any]], gate: Any, *, assigned: bool = False) -> Any:
    """A connection over the rows that `find(viewer, filter, order)` returns, for a part of `Account`.

    Whichever of `filter` and `order` the function takes become arguments of their types. The attribute's
    docstring is the description. `assigned` is for rows that follow their assignee: the connection says whose
    rows the viewer sees. In other types, the function takes the object as `parent`:

        products: Connection[Product] | None = listed(find_products, needs(Grant.VIEW_PRODUCTS))
        \"""The products that the account sells, by name.\"""
    """
    hints = find.__annotations__
    first, *chosen = signature(find).parameters
    types = {name: hints[name] for name in chosen} | _PAGING
    (row,) = get_args(hints["return"])
    name = find.__name__

    def resolve(self: Any, info: Info, **arguments: Any) -> Any:
        start = self if first == "parent" else self.viewer
        rows = find(start, **{name: arguments[name] for name in chosen})
        paging = {name: arguments[name] for name in _PAGING}
        make = partial(RowConnection, describe=_describer(rows, info.context)) if assigned else None
        return page(rows, info.context.seal, name, most=MAX_PAGE, make=make, **paging)

    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_OR_KEYWORD),
            Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
            *(_argument(name, hint, _DESCRIPTIONS[name]) for name, hint in types.items()),
        ],
        return_annotation=(RowConnection if assigned else Connection)[row] | None,
    )
    return gate(resolve)


def _describer(rows: Rows[Any], context: Context) -> Callable[[], Awaitable[RowReach]]:
    return partial(row_reach, context.viewer, rows.reach, context.locale)


def _argument(name: str, hint: Any, description: str) -> Parameter:
    annotation = Annotated[hint, strawberry.argument(description=description)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
