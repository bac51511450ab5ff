"""The step of a connection: its page, its cursors and its count, each only if asked for."""

from typing import Any

import msgspec
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType

from engine.plan.code import Code, Fault, NotCompiled
from engine.plan.fields import Collector
from engine.plan.run import Run, levels
from engine.plan.shape import Shape, open_field, plain
from engine.rows.connection import Connection, page_statement
from engine.rows.lists import BINDINGS
from engine.rows.select import counted
from models import database

_DEFINITION = "strawberry-definition"


class ConnectionMaker:
    """The step of a connection: one statement for its page, one for its count, each only if asked for."""

    def __init__(self, code: Code, collector: Collector, kind: GraphQLObjectType) -> None:
        self.code = code
        self.collector = collector
        self.kind = kind
        node = kind.fields["nodes"].type
        while isinstance(node, GraphQLNonNull | GraphQLList):
            node = node.of_type
        assert isinstance(node, GraphQLObjectType)
        self.node = node
        self.shape = Shape(BINDINGS[node.extensions[_DEFINITION].origin], code, collector)
        self.parts: list[tuple[str, str, Any]] = []

    def add(self, key: str, details: Any) -> None:
        """A field that is asked for under a response key."""
        name = details[0].node.name.value
        if name == "__typename":
            self.parts.append((key, "constant", self.kind.name))
            return
        open_field(self.kind.fields[name], self.collector.mask)
        if name == "nodes":
            build = self.shape.build(self.node, self.collector.below(self.node, details))
            self.parts.append((key, "nodes", build))
        elif name == "edges":
            self.parts.append((key, "edges", self._edges(details)))
        elif name == "pageInfo":
            code = self.code
            made = plain(code, self.collector, self.kind.fields[name].type, details, "v")
            self.parts.append((key, "page_info", code.function("v", made)))
        elif name == "totalCount":
            self.parts.append((key, "count", None))
        else:
            raise NotCompiled(f"a field of a connection: {name}")

    def _edges(self, details: Any) -> Any:
        edge = self.kind.fields["edges"].type
        while isinstance(edge, GraphQLNonNull | GraphQLList):
            edge = edge.of_type
        assert isinstance(edge, GraphQLObjectType)
        fields: list[tuple[str, str]] = []
        builds: list[Any] = []
        for key, found in self.collector.below(edge, details).items():
            name = found[0].node.name.value
            if name == "__typename":
                fields.append((key, repr(edge.name)))
            elif name == "cursor":
                fields.append((key, "cursors[i]"))
            else:
                fields.append((key, f"nodes[{len(builds)}][i]"))
                builds.append(self.shape.build(self.node, self.collector.below(self.node, found)))
        made = self.code.object(fields)
        combine = self.code.function("count, cursors, nodes", f"[{made} for i in range(count)]")
        wants_cursors = any(expression == "cursors[i]" for _, expression in fields)
        return combine, builds, wants_cursors

    async def finish(self, value: Any, run: Run) -> Any:
        """The connection's selected fields."""
        if not isinstance(value, Connection) or value.rows.binding is not self.shape.binding:
            raise Fault
        read = None
        found: dict[str, Any] = {}
        for key, what, made in self.parts:
            if what == "constant":
                found[key] = made
                continue
            if what == "count":
                rows = await database.read(
                    counted(self.shape.binding.table, value.rows.condition), named=False
                )
                found[key] = rows[0][0]
                continue
            if read is None:
                read = await _PageRead.of(value, self.shape, run)
            if what == "nodes":
                found[key] = made(read.rows, run, read.levels)
            elif what == "page_info":
                found[key] = made(read.slice.page_info())
            else:
                combine, builds, wants_cursors = made
                nodes = [build(read.rows, run, read.levels) for build in builds]
                cursors = read.slice.cursors if wants_cursors else ()
                found[key] = combine(len(read.rows), cursors, nodes)
        return found


class _PageRead(msgspec.Struct):
    """A page's rows, their children, and where the page stands."""

    rows: list[Any]
    levels: list[Any]
    slice: Any

    @classmethod
    async def of(cls, value: Connection[Any], shape: Shape, run: Run) -> "_PageRead":
        statement, cut = page_statement(value.rows, value.page, value.seal, shape)
        found = cut(await database.read(statement, named=False))
        return cls(found.rows, await levels(shape, found.rows, run) if shape.levels else [], found)
