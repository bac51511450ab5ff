"""The step of a connection: its page, its cursors and its count, each only if asked for."""

from typing import Any

import msgspec
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType

from engine.plan.code import Code, InvalidValue, NotCompiled
from engine.plan.fields import Collector
from engine.plan.run import Run, levels
from engine.plan.shape import Shape, open_field, plain
from engine.rows.connection import Connection, page_statement
from engine.rows.lists import BINDINGS
from engine.rows.select import counted
from models import database

_DEFINITION = "strawberry-definition"


class ConnectionStep:
    """The step of a connection: one statement for its page, one for its count, each only if asked for."""

    def __init__(self, code: Code, collector: Collector, graphql_type: GraphQLObjectType) -> None:
        self.code = code
        self.collector = collector
        self.graphql_type = graphql_type
        node = graphql_type.fields["nodes"].type
        while isinstance(node, GraphQLNonNull | GraphQLList):
            node = node.of_type
        assert isinstance(node, GraphQLObjectType)
        self.node = node
        self.shape = Shape(BINDINGS[node.extensions[_DEFINITION].origin], code, collector)
        self.parts: list[tuple[str, str, Any]] = []

    def add(self, key: str, field_nodes: Any) -> None:
        """A field that is asked for under a response key."""
        name = field_nodes[0].node.name.value
        if name == "__typename":
            self.parts.append((key, "constant", self.graphql_type.name))
            return
        open_field(self.graphql_type.fields[name], self.collector.mask)
        if name == "nodes":
            build = self.shape.build(self.node, self.collector.below(self.node, field_nodes))
            self.parts.append((key, "nodes", build))
        elif name == "edges":
            self.parts.append((key, "edges", self._edges(field_nodes)))
        elif name == "pageInfo":
            code = self.code
            expression = plain(code, self.collector, self.graphql_type.fields[name].type, field_nodes, "v")
            self.parts.append((key, "page_info", code.function("v", expression)))
        elif name == "totalCount":
            self.parts.append((key, "count", None))
        else:
            raise NotCompiled(f"a field of a connection: {name}")

    def _edges(self, field_nodes: Any) -> Any:
        edge = self.graphql_type.fields["edges"].type
        while isinstance(edge, GraphQLNonNull | GraphQLList):
            edge = edge.of_type
        assert isinstance(edge, GraphQLObjectType)
        fields: list[tuple[str, str]] = []
        builds: list[Any] = []
        for key, child_nodes in self.collector.below(edge, field_nodes).items():
            name = child_nodes[0].node.name.value
            if name == "__typename":
                fields.append((key, repr(edge.name)))
            elif name == "cursor":
                fields.append((key, "cursors[i]"))
            else:
                fields.append((key, f"nodes[{len(builds)}][i]"))
                builds.append(self.shape.build(self.node, self.collector.below(self.node, child_nodes)))
        expression = self.code.object(fields)
        combine = self.code.function("count, cursors, nodes", f"[{expression} for i in range(count)]")
        wants_cursors = any(expression == "cursors[i]" for _, expression in fields)
        return combine, builds, wants_cursors

    async def finish(self, value: Any, run: Run) -> Any:
        """The connection's selected fields."""
        if not isinstance(value, Connection) or value.rows.binding is not self.shape.binding:
            raise InvalidValue
        read = None
        fields: dict[str, Any] = {}
        for key, what, build in self.parts:
            if what == "constant":
                fields[key] = build
                continue
            if what == "count":
                rows = await database.read(
                    counted(self.shape.binding.table, value.rows.condition), named=False
                )
                fields[key] = rows[0][0]
                continue
            if read is None:
                read = await _PageRead.of(value, self.shape, run)
            if what == "nodes":
                fields[key] = build(read.rows, run, read.levels)
            elif what == "page_info":
                fields[key] = build(read.slice.page_info())
            else:
                combine, builds, wants_cursors = build
                nodes = [build(read.rows, run, read.levels) for build in builds]
                cursors = read.slice.cursors if wants_cursors else ()
                fields[key] = combine(len(read.rows), cursors, nodes)
        return fields


class _PageRead(msgspec.Struct):
    """A page's rows, their children, and where the page stands."""

    rows: list[Any]
    levels: list[Any]
    slice: Any

    @classmethod
    async def of(cls, value: Connection[Any], shape: Shape, run: Run) -> "_PageRead":
        statement, cut = page_statement(value.rows, value.page, value.seal, shape)
        page = cut(await database.read(statement, named=False))
        return cls(page.rows, await levels(shape, page.rows, run) if shape.levels else [], page)
