"""What plans cannot do, in one place: the documentation and `centrals explain` read this list.

Everything in it runs on the standard executor, on the same scoped schema and with the same guards.
"""

from enum import Enum


class Limitation(Enum):
    """Why an operation or a part of it is not compiled: the reported reason, and its meaning."""

    OPERATION = "not a query", "A mutation. Its resolvers run once, in order."
    INTROSPECTION = "introspection", "A selection of `__schema` or `__type`. Its bytes are cached by schema."
    VARIABLES = (
        "variables",
        "Variables that the operation does not accept. graphql-core reports each of them.",
    )
    VARIANTS = (
        "variants of @skip and @include",
        "A ninth combination of the values that `@skip` and `@include` depend on.",
    )
    ARGUMENTS = (
        "arguments",
        "Arguments that cannot be coerced. graphql-core reports them with their locations.",
    )
    ERROR = (
        "error",
        "A resolver or value failed while the plan ran. graphql-core runs the query again and reports it.",
    )
    DECLARATION = "a field without declaration", "A field that is not declared with Strawberry."
    EXTENSION = "an extension", "A field extension other than `Guard` itself; a subclass counts as another."
    DIRECTIVE = "a directive", "A schema directive that is not one of the gates."
    CLOSED_GATE = "a closed gate", "A gate that is closed for the viewer: the wrong schema was used."
    PARENT = "a parent parameter", "A resolver that takes the parent or root as a parameter."
    ROW_ARGUMENTS = "arguments on a row", "A field of a row with arguments that its source does not read."
    ROW_RESOLVER = (
        "a resolver on a row",
        "A resolver of a row that is async, or that needs attributes that no column provides.",
    )
    ROW_OBJECT = (
        "an object without a source",
        "A field of a row that is an object, but does not declare its source.",
    )
    ROWS_BELOW_OBJECT = (
        "rows below an object",
        "Rows below an object that was already read, such as a report's product.",
    )
    ITEM_RESOLVER = "a resolver in a list", "A resolver of the objects in a list, or of objects below them."
    ABSTRACT_ROW = (
        "an interface or union of rows",
        "A field of a row that is an interface or a union, unless it is computed from columns.",
    )
    TYPE_RESOLVER = "a type resolver", "An interface or union with `resolve_type` or `is_type_of` of its own."
    SCALAR = "a scalar", "A field of the type `Float`, whose values need additional checks."
    CONNECTION_FIELD = "a field of a connection", "A field that a connection or edge does not usually have."

    def __init__(self, reason: str, meaning: str) -> None:
        self.reason = reason
        self.meaning = meaning

    @classmethod
    def of(cls, reported: str) -> "Limitation":
        """The limitation for a reported reason, which can include a place."""
        opening = reported.partition(": ")[0]
        return next(limitation for limitation in cls if limitation.reason == opening)

    def __str__(self) -> str:
        return self.reason


class NotCompiled(Exception):
    """A part of an operation that cannot be compiled: the limitation, and where it applies."""

    def __init__(self, limitation: Limitation, where: str = "") -> None:
        super().__init__(f"{limitation}: {where}" if where else str(limitation))
        self.limitation = limitation
        self.where = where

    def at(self, coordinate: str) -> "NotCompiled":
        """The same, with a place if it had none."""
        return self if self.where else NotCompiled(self.limitation, coordinate)
