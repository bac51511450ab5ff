"""Reports that list rows as files of any length. A page is an ordinary query, so that every gate holds."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLSchema

from authz.viewer import Viewer
from engine.scope.schema import exists, type_of
from graph.export.formats import JSON_LINES, Pages, Row
from graph.export.reader import AccessEnded, Reader, read_account, selection, started, value_at
from graph.export.report_query import document_of
from graph.reports.listed import Listing

_PAGE = 100
_MONEY = ("amount", "currency")


def list_columns(schema: GraphQLSchema, listing: Listing) -> list[str]:
    """The columns of a viewer's list: those of its paths that their schema has."""
    return [column for column in listing.columns if _exists(schema, listing.report.row_name, column)]


def _exists(schema: GraphQLSchema, type_name: str, column: str) -> bool:
    for step in column.split("."):
        coordinate = f"{type_name}.{step}"
        if not exists(schema, coordinate):
            return False
        type_name = type_of(schema, coordinate).name
    return True


async def list_pages(
    reader: Reader,
    viewer: Viewer,
    listing: Listing,
    columns: Sequence[str],
    variables: Mapping[str, Any],
    ending: str,
) -> Pages:
    """The rows of the file, of which the first page was read: a refusal is no broken download."""
    return await started(_pages(reader, listing, columns, variables, ending))


async def _pages(
    reader: Reader, listing: Listing, columns: Sequence[str], variables: Mapping[str, Any], ending: str
) -> AsyncIterator[list[Row]]:
    paths = [
        path
        for column in columns
        for path in ([f"{column}.{part}" for part in _MONEY] if column in listing.amounts else [column])
    ]
    fields = f"nodes {{ {selection(paths)} }} pageInfo {{ endCursor hasNextPage }}"
    position: dict[str, Any] = {"first": _PAGE}
    while True:
        viewer = await reader.viewer()
        page = await _read(reader, viewer, listing, {**variables, **position}, fields)
        if page is None:
            raise AccessEnded
        yield [
            {column: _cell(listing, column, value_at(node, column), ending) for column in columns}
            for node in page["nodes"]
        ]
        if not page["pageInfo"]["hasNextPage"]:
            return
        position["after"] = page["pageInfo"]["endCursor"]


async def _read(
    reader: Reader, viewer: Viewer, listing: Listing, variables: Mapping[str, Any], fields: str
) -> Any:
    schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
    if not exists(schema, f"Reports.{listing.report.name}"):
        raise AccessEnded
    document = document_of(schema, listing.report, variables, fields)
    return (await read_account(reader, viewer, document, dict(variables)))["reports"]["rows"]


def _cell(listing: Listing, column: str, value: Any, ending: str) -> Any:
    """A value as the file has it: a list of amounts as text, where cells are text."""
    if column not in listing.amounts or ending == JSON_LINES.ending:
        return value
    return "; ".join(f"{money['amount']} {money['currency']}" for money in value)
