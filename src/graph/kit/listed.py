"""Lists in pages, declared: the arguments, the connection and its errors are the same for every list."""

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, get_args, get_type_hints

import strawberry

from engine.rows.connection import Connection, page
from engine.rows.lists import Rows
from graph.kit.context import Info

MAX_PAGE = 100

_DESCRIPTIONS = {
    "filter": "Which of them.",
    "order": "In what order.",
    "first": f"How many from the start, at most {MAX_PAGE}; 20 by default.",
    "after": "The cursor to start behind.",
    "last": f"How many from the end, at most {MAX_PAGE}.",
    "before": "The cursor to end before.",
}
_PAGING: dict[str, Any] = {"first": int | None, "after": str | None, "last": int | None, "before": str | None}


def listed(find: Callable[..., Rows[Any]], gate: Any, *, filter_says: str | None = None) -> Any:
    """A connection over the rows that `find(viewer, filter, order)` returns, for a part of `Account`.

    Whichever of `filter` and `order` the function takes become arguments of their types. The attribute's
    docstring is the description:

        products: Connection[Product] | None = listed(find_products, needs(Grant.VIEW_PRODUCTS))
        \"""What the account sells, by name.\"""
    """
    hints = get_type_hints(find)
    chosen = [name for name in signature(find).parameters if name != "viewer"]
    arguments = {name: hints[name] for name in chosen} | _PAGING
    descriptions = _DESCRIPTIONS | ({"filter": filter_says} if filter_says else {})
    (row,) = get_args(hints["return"])

    def resolve(self: Any, info: Info, **given: Any) -> Any:
        rows = find(self.viewer, **{name: given[name] for name in chosen})
        paging = {name: given[name] for name in _PAGING}
        return page(rows, info.context.seal, most=MAX_PAGE, **paging)

    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_OR_KEYWORD),
            Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
            *(_argument(name, hint, descriptions[name]) for name, hint in arguments.items()),
        ],
        return_annotation=Connection[row] | None,  # type: ignore[valid-type]
    )
    return gate(resolve)


def _argument(name: str, hint: Any, description: str) -> Parameter:
    annotation = Annotated[hint, strawberry.argument(description=description)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
