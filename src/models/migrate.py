"""Brings a database's tables up to date, one process at a time."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import tortoise.models
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.graph import MigrationGraph, MigrationKey
from tortoise.migrations.operations import RemoveField, RunSQL
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

from models import database
from models.connection.exclusive import MIGRATING, exclusively

FIRST_MIGRATION = "0001_initial"
_LATEST = [MigrationTarget(app_label="models", name="__latest__")]


class Statements(RunSQL):
    """SQL for one database each.

    A statement is sent whole, because the body of a trigger contains semicolons.
    """

    async def _run_sql(self, state_editor: Any, sqls: dict[str, tuple[str, ...]]) -> None:
        for statement in sqls[state_editor.client.capabilities.dialect]:
            if state_editor.collect_sql:
                state_editor.collected_sql.append(statement)
            else:
                await state_editor.client.execute_query(statement)


class DropColumn(RemoveField):
    """Remove a column in place. On SQLite, Tortoise would copy the table, without indexes."""

    def __init__(self, model_name: str, name: str, restored: str) -> None:
        super().__init__(model_name, name)
        self._restored = restored
        """The definition of the column for the way back, such as `VARCHAR(100) NOT NULL DEFAULT ''`."""

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        """Drop it."""
        await self._run(app_label, old_state, state_editor, f"DROP COLUMN {self.name}")

    async def database_backward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        """Add it again, without its values."""
        await self._run(app_label, new_state, state_editor, f"ADD COLUMN {self.name} {self._restored}")

    async def _run(self, app_label: str, state: Any, state_editor: Any, clause: str) -> None:
        if state_editor:
            table = state.models[app_label, self.model_name].options["table"]
            await state_editor._run_sql(f"ALTER TABLE {table} {clause}")


class _Earlier(State):
    """The state before a step. Its tables stay as they are: a step rebuilds those that it changes."""

    def __init__(self, state: State) -> None:
        self.models = {
            key: replace(model, options=dict(model.options), fields=dict(model.fields))
            for key, model in state.models.items()
        }
        self.apps = _like(state.apps)


class _Current(State):
    def clone(self) -> State:
        """The parts of the state that a step replaces."""
        return _Earlier(self)

    def _find_related_models(self, app_label: str, model_name: str) -> set[tuple[str, str]]:
        """A table that a step changes, alone: the columns of those that it refers to are as they were."""
        return {(app_label, model_name)}


class _Apps(StateApps):
    """The tables of a state. A step finishes those that it has changed; Tortoise would finish all of them."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._finished: set[type[Model]] = set()

    def unregister_model(self, app_label: str, model_name: str) -> None:
        """Forget a table. It stays one of the app's, for the state before the step has it."""
        self.apps.get(app_label, {}).pop(model_name, None)

    def _build_initial_querysets(self) -> None:
        """Finish tables, but build no query: no step runs one through them."""
        for app in self.apps.values():
            for model in app.values():
                if model._meta._inited and model not in self._finished:
                    model._meta.finalise_model()
                    self._finished.add(model)


def _like(apps: StateApps) -> _Apps:
    """The same tables, whichever are rebuilt afterwards."""
    found = _Apps(apps._default_connections, apps._connections)
    found.apps = {label: dict(app) for label, app in apps.apps.items()}
    return found


class _Declared(State):
    """What migrations declare, of which no table is built."""

    def _reload(self, models_to_reload: set[tuple[str, str]]) -> None:
        pass


async def declared(graph: MigrationGraph, keys: Iterable[MigrationKey]) -> State:
    """The columns and the options that these migrations lead to, without tables."""
    state = _Declared({}, StateApps())
    for key in keys:
        migration: Any = graph.nodes[key]
        await migration.apply(state, dry_run=True)
    return state


def _no_filters(**_: Any) -> dict[str, Any]:
    return {}


@contextlib.contextmanager
def without_filters() -> Iterator[None]:
    """Build tables without the filters of queries: no step uses them, and they take 40% of the time."""
    names, name = vars(tortoise.models), "get_filters_for_field"
    built, names[name] = names[name], _no_filters
    try:
        yield
    finally:
        names[name] = built


class _Executor(MigrationExecutor):
    """Applies migrations. It is several times as fast on a new database, which needs a hundred steps."""

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        before = itertools.takewhile(lambda key: key != upto, self._full_plan())
        state = await declared(self.loader.graph, (key for key in before if key in applied))
        connections = dict.fromkeys(self.loader.apps_config, "default")
        # each table is built once, of columns of its own
        models = {key: model.clone() for key, model in state.models.items()}
        return _Current(state.models, _Apps(connections).clone(models))

    async def migrate(self, *args: Any, **named: Any) -> None:
        """Run the steps that lead to the targets."""
        with without_filters():
            await super().migrate(*args, **named)


async def migrate(url: str) -> list[str]:
    """Apply the missing migrations and return their names. The database must be connected."""
    async with exclusively(url, MIGRATING):
        if missing := await pending(url):
            await _executor(url).migrate(_LATEST)
        return missing


async def pending(url: str) -> list[str]:
    """The names of the migrations that the database lacks."""
    return [step.migration.name for step in await _executor(url).plan(_LATEST)]


def _executor(url: str) -> MigrationExecutor:
    return _Executor(get_connection("default"), {"models": database.configuration(url)["apps"]["models"]})
