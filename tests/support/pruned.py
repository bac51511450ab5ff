"""The schema of a viewer, worked out a second time: from the printed SDL and the gates printed into it.

Shares no code with what scopes a schema in the application; tests compare the two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    NonNullTypeNode,
    build_ast_schema,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
)
from strawberry.printer import print_schema

import extent
from authz.gates import NEVER_OF_TOKENS, Standing, grant_bit
from authz.grant import Grant
from graph.schema import full_schema

ROOTS = ("Query", "Mutation", "Subscription")
BITS = {
    "signedIn": int(Standing.SIGNED_IN),
    "inCentral": int(Standing.IN_CENTRAL),
    "leadOnly": int(Standing.LEAD),
    "adminOnly": int(Standing.ADMIN),
    "ownerOnly": int(Standing.OWNER),
    "inSession": int(Standing.SESSION),
    "collaboratorOnly": int(Standing.COLLABORATOR),
    "noToken": int(Standing.NO_TOKEN),
}
SIGNED_OUT = BITS["noToken"]
SIGNED_IN = SIGNED_OUT | BITS["signedIn"] | BITS["inSession"]
USER = SIGNED_IN | BITS["inCentral"] | BITS["collaboratorOnly"]
LEAD = USER | BITS["leadOnly"]
ADMIN = LEAD | BITS["adminOnly"]
OWNER = (ADMIN | BITS["ownerOnly"]) & ~BITS["collaboratorOnly"]
STANDINGS = {
    "signed out": SIGNED_OUT,
    "signed in": SIGNED_IN,
    "user": USER,
    "admin's token": ADMIN & ~(BITS["inSession"] | BITS["collaboratorOnly"] | BITS["noToken"]),
    "lead": LEAD,
    "admin": ADMIN,
    "owner": OWNER,
}
NAMES = """{ __schema { types {
    name fields(includeDeprecated: true) { name args(includeDeprecated: true) { name } }
    inputFields(includeDeprecated: true) { name } enumValues(includeDeprecated: true) { name }
} } }"""
"""Asks introspection for every name of a schema, and for nothing else."""
EVERY_GRANT = sum(grant_bit(grant) for grant in Grant)
FULL = OWNER | BITS["collaboratorOnly"] | EVERY_GRANT


@cache
def printed() -> DocumentNode:
    """The SDL of the whole schema, which is committed too."""
    return parse(print_schema(full_schema()))


def gate(node: Any) -> int:
    """The bit that a printed declaration asks for; 0 where none is printed."""
    for directive in node.directives or ():
        if directive.name.value == "needs":
            return grant_bit(Grant[directive.arguments[0].value.value])
        if directive.name.value in BITS:
            return BITS[directive.name.value]
    return 0


@cache
def gates() -> dict[str, int]:
    """Each coordinate that has a gate printed, with its bit."""
    found: dict[str, int] = {}
    for kind in _kinds():
        name = kind.name.value
        found[name] = gate(kind)
        for member in _members(kind):
            found[f"{name}.{member.name.value}"] = gate(member)
            for argument in getattr(member, "arguments", None) or ():
                found[f"{name}.{member.name.value}({argument.name.value}:)"] = gate(argument)
    return {coordinate: bit for coordinate, bit in found.items() if bit}


@cache
def relevant() -> int:
    """Every bit that some gate asks for."""
    bits = 0
    for bit in gates().values():
        bits |= bit
    return bits


def _kinds() -> list[Any]:
    return [
        definition
        for definition in printed().definitions
        if not isinstance(definition, DirectiveDefinitionNode)
    ]


def _directives() -> list[Any]:
    """The application's own; GraphQL's, which is printed where it is used, comes with every schema."""
    found = [
        definition for definition in printed().definitions if isinstance(definition, DirectiveDefinitionNode)
    ]
    return [definition for definition in found if definition.name.value != "oneOf"]


def _members(kind: Any) -> list[Any]:
    return list(getattr(kind, "fields", None) or getattr(kind, "values", None) or ())


def _inner(kind: Any) -> str:
    while hasattr(kind, "type"):
        kind = kind.type
    return str(kind.name.value)


def _required(argument: Any) -> bool:
    return isinstance(argument.type, NonNullTypeNode) and argument.default_value is None


def schema_for(mask: int) -> GraphQLSchema:
    """The schema that a viewer with these open gates should have."""
    return _schema_for(mask & relevant())


@cache
def _schema_for(mask: int) -> GraphQLSchema:
    kinds = {kind.name.value: kind for kind in _kinds() if _open(kind, mask)}
    while True:
        left = {name: _cut(kind, kinds, mask) for name, kind in kinds.items()}
        left = {name: kind for name, kind in left.items() if kind is not None}
        if left.keys() == kinds.keys():
            break
        kinds = {name: kinds[name] for name in left}
    reached = _reached(left)
    definitions = [_without_strangers(kind, reached) for name, kind in left.items() if name in reached]
    definitions += _directives()
    # `test_a_scoped_schema_is_valid` looks at what equals this one
    document = DocumentNode(definitions=tuple(definitions))
    schema = build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
    schema.description = full_schema()._schema.description
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType) and kind.is_one_of:
            # Strawberry makes introspection, of every schema of the process, look here for it
            kind.extensions["strawberry-definition"] = SimpleNamespace(is_one_of=True)
    return schema


def _open(node: Any, mask: int) -> bool:
    return not gate(node) or bool(gate(node) & mask)


def _changed(node: Any, **values: Any) -> Any:
    """A copy of a declaration with other parts, and without the gates that are printed at it."""
    directives = [
        directive for directive in node.directives or () if directive.name.value not in {"needs", *BITS}
    ]
    return replace(node, directives=tuple(directives), **values)


def _cut(kind: Any, kinds: dict[str, Any], mask: int) -> Any:
    """A type less what is shut or leads to no type; None where nothing of it is left."""
    known = {*kinds, "String", "Int", "Float", "Boolean", "ID"}
    if kind.kind == "union_type_definition":
        types = tuple(member for member in kind.types if member.name.value in known)
        return _changed(kind, types=types) if types else None
    if kind.kind == "scalar_type_definition":
        return _changed(kind)
    left = []
    for member in _members(kind):
        if not _open(member, mask) or (hasattr(member, "type") and _inner(member.type) not in known):
            continue
        arguments = getattr(member, "arguments", None)
        if arguments is None:
            left.append(_changed(member))
        elif all(_inner(argument.type) in known for argument in arguments if _required(argument)):
            arguments_left = [
                argument for argument in arguments if _open(argument, mask) and _inner(argument.type) in known
            ]
            left.append(_changed(member, arguments=tuple(_changed(argument) for argument in arguments_left)))
    if not left:
        return None
    return _changed(kind, **{"values" if kind.kind == "enum_type_definition" else "fields": tuple(left)})


def _reached(kinds: dict[str, Any]) -> set[str]:
    """What a document can come to: by fields, arguments and unions; by an interface to no implementation."""
    reached: set[str] = set()
    waiting = [name for name in ROOTS if name in kinds]
    waiting += [
        _inner(argument.type) for directive in _directives() for argument in directive.arguments or ()
    ]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in kinds:
            continue
        reached.add(name)
        kind = kinds[name]
        waiting += [type_node.name.value for type_node in getattr(kind, "types", None) or ()]
        waiting += [type_node.name.value for type_node in getattr(kind, "interfaces", None) or ()]
        for member in _members(kind):
            if hasattr(member, "type"):
                waiting.append(_inner(member.type))
            waiting += [_inner(argument.type) for argument in getattr(member, "arguments", None) or ()]
    return reached


def _without_strangers(kind: Any, reached: set[str]) -> Any:
    named = {part: getattr(kind, part) for part in ("types", "interfaces") if getattr(kind, part, None)}
    known = {
        part: tuple(type_node for type_node in type_nodes if type_node.name.value in reached)
        for part, type_nodes in named.items()
    }
    return replace(kind, **known)


def own_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    """The types of a schema that are not GraphQL's own."""
    for kind in schema.type_map.values():
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind):
            yield kind


def members(kind: GraphQLNamedType) -> dict[str, Any]:
    """The fields, input fields or values of a type."""
    if isinstance(kind, GraphQLEnumType):
        return dict(kind.values)
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return dict(kind.fields)
    return {}


def signatures(schema: GraphQLSchema) -> dict[str, str]:
    """Each coordinate of a schema, with what stands behind it."""
    found: dict[str, str] = {}
    for kind in own_types(schema):
        implements = [type_.name for type_ in getattr(kind, "interfaces", ())]
        united = [type_.name for type_ in kind.types] if isinstance(kind, GraphQLUnionType) else []
        found[kind.name] = f"{type(kind).__mro__[-3].__name__} {implements} {united} {kind.description}"
        for name, member in members(kind).items():
            found[f"{kind.name}.{name}"] = f"{getattr(member, 'type', '')} {member.description}"
            for argument_name, argument in getattr(member, "args", {}).items():
                place = f"{kind.name}.{name}({argument_name}:)"
                found[place] = f"{argument.type} {argument.description}"
    return found


def coordinates(schema: GraphQLSchema) -> set[str]:
    """Every type, field, argument, input field and value, by its coordinate."""
    found: set[str] = set()
    for kind in own_types(schema):
        found.add(kind.name)
        for name, member in members(kind).items():
            found.add(f"{kind.name}.{name}")
            found.update(f"{kind.name}.{name}({argument}:)" for argument in getattr(member, "args", ()))
    return found


def names(schema: GraphQLSchema) -> set[str]:
    """Every name of a schema: of types, fields, arguments, input fields and values."""
    return {part for coordinate in coordinates(schema) for part in name_parts(coordinate)}


@cache
def every_name() -> set[str]:
    """Every name of the whole schema."""
    return names(schema_for(FULL))


def name_parts(coordinate: str) -> Iterable[str]:
    """The names that a coordinate is made of."""
    return coordinate.replace("(", ".").replace(":)", "").split(".")


def unordered(answer: Any) -> Any:
    """An introspection's answer with its lists sorted, so that order makes no difference."""
    if isinstance(answer, dict):
        return {key: unordered(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return sorted((unordered(item) for item in answer), key=repr)
    return answer


@dataclass(frozen=True)
class Stand:
    """A viewer in tests: what they are and the grants of their profile."""

    standing: str
    grants: frozenset[Grant]

    @property
    def mask(self) -> int:
        """The open gates."""
        grants = sum(grant_bit(grant) for grant in self.grants)
        if self.standing.endswith("token"):
            grants &= ~NEVER_OF_TOKENS
        return STANDINGS[self.standing] | grants

    def __str__(self) -> str:
        profile = {0: "no grant", len(Grant): "every grant"}.get(len(self.grants))
        if profile is None and len(self.grants) == 1:
            profile = next(iter(self.grants)).value
        if profile is None and len(self.grants) >= len(Grant) - len(TOGETHER[0]):
            profile = f"all but {' '.join(sorted(set(Grant) - self.grants))}"
        return f"{self.standing}, {profile or len(self.grants)}"


EVERY = frozenset(Grant)


# Grants that hide nothing in common: who lacks them all shows of each what who lacks it alone would show.
# `test_scoped` looks whether they do. What is in no row stands alone.
TOGETHER = [
    {Grant(name) for name in names.split()}
    for names in (
        """SEARCH_SALES VIEW_REVENUE_BY_PRODUCT_REPORT VIEW_SALES_BY_ORIGIN_REPORT
        ACCESS_COLLABORATORS_CENTER MANAGE_OFFERS""",
        """VIEW_PURCHASE_RECOVERY_REPORT VIEW_CUSTOMERS_REPORT MANAGE_SUBSCRIPTIONS
        SEARCH_SALES_BY_PERIOD VIEW_REVENUE_BY_DEVICE_REPORT""",
        """CHANGE_BUYER_EMAIL ISSUE_PAYMENT_SLIPS VIEW_REVENUE_BY_LOCATION_REPORT
        VIEW_COMMISSIONS_REPORT VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT""",
        """SEND_RECEIPTS MANAGE_AFFILIATES REQUEST_REFUNDS VIEW_COPRODUCTION_REVENUE_REPORT
        VIEW_SELF_BILLING_REPORT""",
        """MANAGE_PRODUCTS MANAGE_SUBSCRIPTION_TOOLS MANAGE_TRACKING_PIXEL RESEND_PURCHASE_EMAILS
        VIEW_AFFILIATE_PAYMENTS_REPORT""",
        """VIEW_ANNUAL_REVENUE_SUMMARY_REPORT VIEW_CANCELLATION_REASON_REPORT
        VIEW_CANCELLED_SUBSCRIPTIONS_REPORT VIEW_EARNINGS_AS_AFFILIATE_REPORT VIEW_PAYMENT_METHODS_REPORT""",
        """VIEW_PRODUCTS VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT VIEW_REVENUE_REPORT
        VIEW_SUBSCRIPTION_CANCELLATIONS_REPORT""",
    )
]


def strongest_without(bit: int) -> Stand:
    """The viewer with everything but one gate, and what comes only with it; by day less what may lack together."""
    for grant in Grant:
        if bit == grant_bit(grant):
            together = next((row for row in TOGETHER if grant in row), {grant})
            return Stand("admin", EVERY - extent.extent(together, {grant}))
    below = {
        BITS["ownerOnly"]: Stand("admin", EVERY),
        BITS["adminOnly"]: Stand("lead", EVERY),
        BITS["leadOnly"]: Stand("user", EVERY),
        BITS["inCentral"]: Stand("signed in", frozenset()),
        BITS["signedIn"]: Stand("signed out", frozenset()),
        BITS["inSession"]: Stand("admin's token", EVERY),
        BITS["noToken"]: Stand("admin's token", EVERY),
        BITS["collaboratorOnly"]: Stand("owner", EVERY),
    }
    return below[bit]


def near_misses() -> list[Stand]:
    """For each gate of the schema, the strongest viewer without it."""
    bits = sorted(set(gates().values()))
    return list(dict.fromkeys(strongest_without(bit) for bit in bits))
