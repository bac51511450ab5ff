"""Lists that can be exported as files, declared with their columns, and the addresses of the files."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
import strawberry
from graphql import GraphQLSchema
from strawberry.utils.str_converters import to_camel_case

from authz.grant import Grant
from authz.viewer import Viewer
from engine.scope.schema import exists, type_of

ROWS_PATH = "/export/rows"


class ExportedList(NamedTuple):
    """A list of `Account`: its field, its grant, the types of its filter and order, and its columns.

    A column is the path of a field of its rows, for example `product.name`. Columns that the viewer's schema
    lacks are left out.
    """

    name: str
    grant: Grant
    filter: str
    order: str
    columns: tuple[str, ...]


def column_exists(schema: GraphQLSchema, name: str, column: str) -> bool:
    """Whether a schema has the fields of a column's path in the rows of a list of `Account`."""
    kind = type_of(schema, f"{type_of(schema, f'Account.{name}').name}.nodes")
    for step in column.split("."):
        if not exists(schema, coordinate := f"{kind.name}.{step}"):
            return False
        kind = type_of(schema, coordinate)
    return True


@strawberry.enum
class ExportFormat(Enum):
    """The format of an exported file."""

    CSV = "csv"
    """Text with quoted cells, in UTF-8. Spreadsheets read no cell of it as a formula."""
    JSON_LINES = "jsonl"
    """A JSON object for each row, on a line of its own."""
    WORKBOOK = "xlsx"
    """A workbook with one sheet, of at most 1,048,575 rows."""


def export_address(
    viewer: Viewer,
    exported: ExportedList,
    chosen: Any,
    order: Any,
    columns: list[str] | None,
    file_format: ExportFormat,
) -> str:
    """The address of the file with the rows of a list, without the server's name."""
    assert viewer.central is not None
    parameters = {"list": exported.name, "format": file_format.value}
    parameters["central"] = f"central_{viewer.central.account_id}"
    for name, value in (("filter", chosen), ("order", order)):
        if value is not None:
            parameters[name] = msgspec.json.encode(_written(value)).decode()
    if columns is not None:
        parameters["columns"] = ",".join(columns)
    return f"{ROWS_PATH}?{urlencode(parameters)}"


def _written(value: Any) -> Any:
    """An input as a client writes it."""
    if is_dataclass(value):
        return dict(_members(value))
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, Enum):
        return value.name
    return value if isinstance(value, bool | int) or value is None else str(value)


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    names = {each.python_name: each.graphql_name for each in value.__strawberry_definition__.fields}
    for field in fields(value):
        found = getattr(value, field.name)
        if found is not strawberry.UNSET and found is not field.default:
            yield names.get(field.name) or to_camel_case(field.name), _written(found)
