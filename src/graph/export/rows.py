"""Lists of rows as files of any length. A page is an ordinary query, so that every gate and mask holds."""

from collections.abc import AsyncIterator
from typing import Any

from graphql import GraphQLSchema
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from actions.kit.log import Change
from actions.kit.mutation import Mutation
from authz.gates import Standing, grant_bit
from graph.export.formats import Row, Table
from graph.export.reader import AccessEnded, Reader, read_account, selection, started, value_at
from graph.export.route import Source, chosen_columns, json_parameter
from graph.kit.export import ROWS_PATH, ExportedList, column_exists
from graph.nouns import NOUNS

EXPORT_ROWS = Mutation("exportRows", Standing.ADMIN, "Account", while_closed=True)
LISTS = {exported.name: exported for noun in NOUNS for exported in noun.exports}
_PAGE = 100


async def _table(reader: Reader, parameters: QueryParams, _ending: str) -> Table:
    viewer = await reader.viewer()
    exported = LISTS.get(parameters.get("list", ""))
    if exported is None or not viewer.mask & grant_bit(exported.grant):
        raise HTTPException(404)
    schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
    columns = _columns(schema, exported, parameters.get("columns"))
    variables = {name: json_parameter(parameters, name) for name in ("filter", "order")}
    # the API refuses a bad filter here, before the export is logged
    pages = await started(_pages(reader, exported, columns, variables))
    changes = tuple(
        Change(f"AccountExport.{exported.name}({name}:)", None, value)
        for name, value in (*variables.items(), ("columns", list(columns)))
        if value is not None
    )
    return Table(exported.name, columns, pages, changes)


def _columns(schema: GraphQLSchema, exported: ExportedList, chosen: str | None) -> tuple[str, ...]:
    """The columns that a schema has: all of them, or the chosen ones."""
    visible = [column for column in exported.columns if column_exists(schema, exported.name, column)]
    return chosen_columns(visible, chosen)


def _document(exported: ExportedList, fields: str) -> str:
    return (
        f"query Export($filter: {exported.type_name('filter')}, $order: {exported.type_name('order')},"
        f" $after: String)"
        f" {{ account {{ {exported.name}(filter: $filter, order: $order, first: {_PAGE}, after: $after)"
        f" {{ {fields} }} }} }}"
    )


async def _pages(
    reader: Reader, exported: ExportedList, columns: tuple[str, ...], variables: dict[str, Any]
) -> AsyncIterator[list[Row]]:
    nodes = f"nodes {{ {selection(columns)} }} pageInfo {{ endCursor hasNextPage }}"
    document, after = _document(exported, nodes), None
    if exported.order is not None and variables["order"] is None:
        variables = variables | {"order": {"field": exported.order.name, "direction": "DESC"}}
    while True:
        viewer = await reader.viewer()
        found = await read_account(reader, viewer, document, variables | {"after": after})
        if found is None:
            raise AccessEnded
        page = found[exported.name]
        yield [{column: value_at(node, column) for column in columns} for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


ROW_EXPORT = Source(
    ROWS_PATH, EXPORT_ROWS, ("list", "filter", "order", "columns"), ("csv", "jsonl", "xlsx"), _table
)
