"""Lists that can be exported as files, declared with their columns, and the addresses of the files."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from inspect import Parameter, Signature
from typing import Any, NamedTuple, get_args
from urllib.parse import urlencode

import msgspec
import strawberry
from graphql import GraphQLSchema
from strawberry.utils.str_converters import to_camel_case

from authz.gates import needs
from authz.grant import Grant
from authz.viewer import Viewer
from engine.rows.lists import Rows
from engine.scope.schema import exists, type_of

ROWS_PATH = "/export/rows"


class ExportedList(NamedTuple):
    """A list of `Account`: its field, its grant, the search behind it, what a row is, and its columns.

    A column is the path of a field of its rows, for example `product.name`. Columns that the viewer's schema
    lacks are left out. `order` is how the file is sorted by default, where the list's own order will not do.
    """

    name: str
    grant: Grant
    find: Callable[..., Rows[Any]]
    row: str
    columns: tuple[str, ...]
    order: Enum | None = None

    def input_of(self, argument: str) -> Any:
        """The type of the list's `filter` or `order`."""
        return get_args(self.find.__annotations__[argument])[0]

    def type_name(self, argument: str) -> str:
        """The name of this type in the API."""
        return str(self.input_of(argument).__strawberry_definition__.name)


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
    """A workbook. After 1,048,575 rows, it continues on another sheet."""


_SAYS = """The {rows} of your list as a table with a row for each {row}. The file is read page by page, with
your access at that time; the audit log shows the export.

Args:
    filter: The conditions that the exported rows must meet.
    order: The order of the exported rows.
    columns: The fields to export, as paths such as `{column}`; all that exist for you by default.
    format: The format of the file.
"""


def export_field(exported: ExportedList) -> Any:
    """The field with the address of an exported list, behind the list's grant."""

    def resolve(self: Any, **arguments: Any) -> str:
        return export_address(
            self.viewer,
            exported,
            arguments.get("filter"),
            arguments.get("order"),
            arguments.get("columns"),
            arguments.get("format", ExportFormat.CSV),
        )

    kinds = {name: exported.input_of(name) | None for name in ("filter", "order")} | {
        "columns": list[str] | None
    }
    resolve.__name__ = exported.name
    row = exported.row.removesuffix("y") + "ie" if exported.row.endswith("y") else exported.row
    resolve.__doc__ = _SAYS.format(row=exported.row, rows=f"{row}s", column=_nested(exported))
    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_OR_KEYWORD),
            *(
                Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
                for name, kind in kinds.items()
            ),
            Parameter("format", Parameter.KEYWORD_ONLY, default=ExportFormat.CSV, annotation=ExportFormat),
        ],
        return_annotation=str,
    )
    return needs(exported.grant)(resolve)


def _nested(exported: ExportedList) -> str:
    """A column that is the field of an object."""
    return next(column for column in exported.columns if "." in column)


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
