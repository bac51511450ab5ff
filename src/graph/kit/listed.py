"""Lists in pages, declared: the arguments, the connection and its errors are the same for every list."""

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, get_args

import strawberry

from engine.rows.connection import Connection, page
from engine.rows.lists import Rows
from graph.kit.context import Info

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


def listed(find: Callable[..., Rows[Any]], gate: Any) -> Any:
    """A connection over the rows that `find(viewer, filter, order)` returns, for a part of `Account`.

    Whichever of `filter` and `order` the function takes become arguments of their types. The attribute's
    docstring is the description. In other types, the function takes the object as `parent`:

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
        return page(rows, info.context.seal, name, most=MAX_PAGE, **paging)

    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_OR_KEYWORD),
            Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
            *(_argument(name, hint, _DESCRIPTIONS[name]) for name, hint in types.items()),
        ],
        return_annotation=Connection[row] | None,  # type: ignore[valid-type]
    )
    return gate(resolve)


def _argument(name: str, hint: Any, description: str) -> Parameter:
    annotation = Annotated[hint, strawberry.argument(description=description)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
