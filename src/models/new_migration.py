"""Write the migration that brings the tables up to the models: `make migration NAME=a_name`.

It compares the models with what the migrations build and writes only what is safe on a filled database of
either kind: new tables, new columns, new indexes and constraints, and indexes that go. It refuses the rest
and says how to write it by hand.
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

from tortoise import Tortoise, fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations import operations as ops
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.operation_generator import OperationGenerator
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.writer import ImportManager, MigrationWriter

from models.configuration import configuration
from models.migrate import declared

_ADDITIONS = (ops.CreateModel, ops.AddField, ops.AddConstraint, ops.RemoveIndex, ops.AddIndex)
_PLAIN = (fields.JSONField, fields.TextField, fields.UUIDField)
_NAME = re.compile(r"[a-z][a-z0-9_]{2,60}")


class Unwritable(Exception):
    """A difference that no generated migration can apply safely. The text says what to do instead."""


class _Writer(MigrationWriter):
    """Writes columns as the models do, without the arguments that Tortoise adds by default."""

    def as_string(self) -> str:
        summary = self.name.split("_", 1)[1].replace("_", " ").capitalize()
        return f'"""{summary}."""\n\n{super().as_string()}'

    def _render_field(self, field: Any, imports: ImportManager) -> str:
        imports.add_fields_alias()
        null = "null=True" if field.null else ""
        plain = type(field) in _PLAIN and not field.has_db_default()
        if plain and (field.pk or not (field.unique or field.index)):
            return f"fields.{type(field).__name__}({'primary_key=True' if field.pk else null})"
        if isinstance(field, ForeignKeyFieldInstance) and not field.unique:
            arguments = [f'"{field.model_name}"', f'source_field="{field.source_field}"', null]
            arguments += ['to_field="id"', "related_name=False"]
            if field.on_delete is not OnDelete.CASCADE:
                arguments.append(f"on_delete=fields.{field.on_delete.name}")
            return f"fields.ForeignKeyField({', '.join(filter(None, arguments))})"
        return super()._render_field(field, imports)


async def difference() -> tuple[list[ops.TortoiseOperation], str]:
    """The operations that lead from the migrations to the models, and the name of the newest migration."""
    config = configuration("sqlite:///unused")
    await Tortoise.init(config=config)
    try:
        apps: Any = Tortoise.apps
        detector = MigrationAutodetector(apps, {"models": config["apps"]["models"]})
        await detector.loader.build_graph()
        old = _undescribed(await declared(detector.loader.graph, detector._full_plan()))
        new = _undescribed(detector._current_state())
        newest = [node.name for node in detector.loader.graph.leaf_nodes("models")]
    finally:
        await Tortoise.close_connections()
    if len(newest) != 1:
        raise Unwritable(f"Several migrations are the newest: {', '.join(newest)}. Put them in one chain.")
    return OperationGenerator(old, new).generate(app_labels=["models"]), newest[0]


def _undescribed(state: State) -> State:
    """A state without descriptions: they are for readers, and no database stores them."""
    for model in state.models.values():
        model.description = ""
        model.options.pop("table_description", None)
        for field in model.fields.values():
            field.description = None
    return state


def require_safe(operations: list[ops.TortoiseOperation]) -> None:
    """Raise `Unwritable` unless each operation keeps the rows of filled tables on both databases."""
    for operation in operations:
        if not isinstance(operation, _ADDITIONS):
            raise Unwritable(
                f"{_described(operation)}: SQLite would lose rows or indexes. Write this one by hand;"
                " 0014_what_people_change shows how a column changes. A new name for a column is"
                " ops.RenameField, and one that goes is `DropColumn`."
            )
        if isinstance(operation, ops.AddField):
            _require_fills_rows(operation)


def _require_fills_rows(operation: ops.AddField) -> None:
    column: Any = operation.field
    if not column.null and not column.has_db_default():
        raise Unwritable(
            f"{operation.model_name}.{operation.name}: rows that exist need a value."
            " Give the column null=True or a db_default."
        )
    if isinstance(column, ForeignKeyFieldInstance) and not column.null:
        raise Unwritable(f"{operation.model_name}.{operation.name}: a new foreign key needs null=True.")
    if column.index:
        raise Unwritable(
            f"{operation.model_name}.{operation.name}: name its index in Meta.indexes, not with db_index."
        )


def _described(operation: ops.TortoiseOperation) -> str:
    parts = (getattr(operation, key, None) for key in ("model_name", "name", "old_name"))
    return f"{type(operation).__name__} {'.'.join(str(part) for part in parts if part)}"


async def write(name: str) -> Path | None:
    """Write the next migration and return its file, or None if there is nothing to migrate."""
    if not _NAME.fullmatch(name):
        raise Unwritable("NAME is lower-case letters, digits and underscores, such as notes_of_sales.")
    operations, newest = await difference()
    if not operations:
        return None
    require_safe(operations)
    number = int(newest.split("_", 1)[0]) + 1
    writer = _Writer(
        f"{number:04d}_{name}",
        "models",
        operations,
        dependencies=[("models", newest)],
        initial=False,
        migrations_module="models.migrations",
    )
    return writer.write()


def main() -> None:
    """Write the migration named by the first argument and print its file."""
    try:
        file = asyncio.run(write(sys.argv[1] if len(sys.argv) > 1 else ""))
    except Unwritable as error:
        sys.exit(str(error))
    if file is None:
        sys.exit("The models and the migrations agree: there is nothing to migrate.")
    print(file)


if __name__ == "__main__":
    main()
