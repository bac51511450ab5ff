"""Selections of everything that a schema has, made from the schema."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_interface_type,
    is_list_type,
    is_required_argument,
)

# fields of types that lists of their own show, too: a part is enough
AGAIN = {
    *(("Opportunity", name) for name in ("sale", "wonBy")),
    *(("Notice", name) for name in ("sale", "subscription", "opportunity")),
    *((row, "subscription") for row in ("CanceledSubscription", "OverdueCharge")),
}
# the values of arguments that cannot be left out
ARGUMENTS = {
    "period": '{ from: "2026-01-01", to: "2026-03-01" }',
    "firstYear": "2026",
    "reference": '"none"',
    "number": '"SB-2026-06-BRL"',
    "revision": "1",
    "code": '"none"',
    "at": '"2026-02-01T00:00:00Z"',
    "product": '"product_1"',
    "grants": "[SEARCH_SALES]",
    "coordinate": '"Sale.net"',
    "collaborator": '"collaborator_1"',
}


LEFT_OUT = {"ProductSubscription": ("Sale",)}
"""Types below a type that are selected in a document of their own, since one with all would be too large."""


def selection(kind: Any, within: tuple[str, ...] = (), besides: frozenset[str] = frozenset()) -> str:
    """Every field of a type, besides some, and of the types below it; a type within itself is left out."""
    if not is_composite_type(kind):
        return ""
    if is_interface_type(kind):
        return "{ __typename id }"
    parts = ["__typename"]
    for name, field in kind.fields.items():
        target = get_named_type(field.type)
        if name in besides or (is_composite_type(target) and target.name in (*within, kind.name)):
            continue
        arguments = _arguments(name, field)
        if (kind.name, name) in AGAIN:
            parts.append(f"{name} {{ __typename id }}")
            continue
        parts.append(f"{name}{arguments} {selection(target, (*within, kind.name))}")
    return "{ " + " ".join(parts) + " }"


def _arguments(name: str, field: Any) -> str:
    needed = [
        f"{key}: {ARGUMENTS[key]}" for key, argument in field.args.items() if is_required_argument(argument)
    ]
    if "first" in field.args:
        needed.append("first: 100")
    del name
    return f"({', '.join(needed)})" if needed else ""


def lists(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Each field of the account and of its reports that holds rows: its name, and a document for all below it.

    The edges of a connection are in a document of their own, since its nodes hold the same once more.
    """
    for owner, opened, closed in (
        ("Account", "{ account {", "} }"),
        ("Reports", "{ account { reports {", "} } }"),
    ):
        kind: Any = schema.type_map[owner]
        for name, field in kind.fields.items():
            target = get_named_type(field.type)
            paged = is_composite_type(target) and target.name.endswith("Connection")
            head = f"{opened} {name}{_arguments(name, field)}"
            within = (owner, *LEFT_OUT.get(target.name.removesuffix("Connection"), ()))
            if paged:
                edges: Any = get_named_type(target.fields["edges"].type)
                yield f"{owner}.{name}.edges", f"{head} {{ edges {selection(edges, within)} }} {closed}"
            if paged or is_list_type(get_nullable_type(field.type)):
                yield (
                    f"{owner}.{name}",
                    f"{head} {selection(target, within, frozenset({'edges'}))} {closed}",
                )
    payments = selection(schema.type_map["Sale"], ("Account", "ProductSubscription"))
    yield (
        "ProductSubscription.payments",
        f"{{ account {{ subscriptions(first: 100) {{ nodes {{ payments {payments} }} }} }} }}",
    )
