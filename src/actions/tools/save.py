"""Saving a tool's settings, and restoring an earlier version."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from strawberry.utils.str_converters import to_camel_case

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.version import conflict
from actions.tools.settings import Problem, Scope, Settings, Tool, hints_of, in_api, problems_of
from authz import reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of

_CODES = (ErrorCode.BAD_INPUT, ErrorCode.NOT_FOUND, ErrorCode.NOT_HELD, ErrorCode.VERSION_CONFLICT)


@cache
def saving(tool: Tool) -> Mutation:
    """The mutation that saves a tool's settings."""
    return Mutation(f"save{tool.type_name}", tool.gate, tool.type_name, codes=_CODES, replays=True)


@cache
def restoring(tool: Tool) -> Mutation:
    """The mutation that restores an earlier version of a tool's settings."""
    return Mutation(f"restore{tool.type_name}", tool.gate, tool.type_name, codes=_CODES, replays=True)


class Version(msgspec.Struct, frozen=True):
    """A version of a tool's settings. Version 0 contains the defaults, and nobody saved it."""

    number: int
    settings: Settings
    changed_at: int | None = None
    changed_by: str | None = None


async def newest(viewer: Viewer, tool: Tool, scope_ids: Sequence[str]) -> Mapping[str, Version]:
    """The current settings by their scopes, read by one statement; none of a product that is not there."""
    return await _versions(viewer, tool, scope_ids)


async def _versions(
    viewer: Viewer, tool: Tool, scope_ids: Sequence[str], number: int | None = None
) -> Mapping[str, Version]:
    """The settings of a version, or of the newest one."""
    within = reach.tool_rows(viewer, "tool_versions", tool.gate)
    of_scope = "{0}.account_id = s.account_id AND {0}.tool = ? AND {0}.scope_id = CAST(s.id AS text)"
    which = Statement("?", (number,))
    if number is None:
        newest = f"(SELECT MAX(n.version) FROM {within.table} n WHERE {of_scope.format('n')})"
        which = Statement(newest, (tool.name,))
    rows = await database.read(
        Statement("SELECT s.id, v.version, v.settings, v.changed_at, v.changed_by FROM ")
        + _scopes(viewer, tool, scope_ids)
        + f" s LEFT JOIN {within.table} v ON "
        + Statement(f"{of_scope.format('v')} AND v.version = ", (tool.name,))
        + which
    )
    return {str(row["id"]): _version(tool, row, within.account_id) for row in rows}


def _version(tool: Tool, row: Mapping[str, Any], account_id: str | None) -> Version:
    if row["version"] is None:
        return Version(0, tool.settings.before_saved(of_product=str(row["id"]) != account_id))
    settings = read_settings(tool, row["settings"])
    return Version(row["version"], settings, row["changed_at"], row["changed_by"])


def _scopes(viewer: Viewer, tool: Tool, scope_ids: Sequence[str]) -> Statement:
    """The accounts or products that settings are for, as a table."""
    chosen = one_of("r.id", scope_ids)
    within = reach.tool_rows(viewer, "products", tool.gate)
    products = Statement("SELECT r.id, r.account_id FROM products r WHERE ") + (chosen & within.where("r"))
    own = chosen & Statement("r.id = ?", (within.account_id,))
    account = Statement("SELECT r.id, r.id AS account_id FROM accounts r WHERE ") + own
    if tool.scope is Scope.ACCOUNT_OR_PRODUCT:
        return Statement("(") + account + " UNION ALL " + products + ")"
    return Statement("(") + (products if tool.scope is Scope.PRODUCT else account) + ")"


def read_settings(tool: Tool, stored: Any) -> Settings:
    """Settings as they were stored. Fields that the declaration added later have their defaults."""
    values = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return msgspec.convert(values, tool.settings)


async def save(call: Call, tool: Tool, scope_id: str, settings: Settings, expected: int) -> str:
    """Save settings as the newest version, if the current one is the expected one."""

    async def work(viewer: Viewer) -> Done:
        return await _save(viewer, tool, scope_id, settings, expected)

    return await saving(tool).perform(call, work, scope_id)


async def restore(call: Call, tool: Tool, scope_id: str, number: int, expected: int) -> str:
    """Make an earlier version's settings the newest ones, after checking them like new input."""

    async def work(viewer: Viewer) -> Done:
        earlier = (await _versions(viewer, tool, [scope_id], number)).get(scope_id)
        if earlier is None:
            raise _no_product()
        if earlier.number != number or number == 0:
            raise Refusal(ErrorCode.NOT_FOUND, "no_tool_version", ("version",))
        return await _save(viewer, tool, scope_id, earlier.settings, expected)

    return await restoring(tool).perform(call, work, scope_id)


async def _save(viewer: Viewer, tool: Tool, scope_id: str, settings: Settings, expected: int) -> Done:
    current = (await newest(viewer, tool, [scope_id])).get(scope_id)
    if current is None:
        raise _no_product()
    if problems := problems_of(settings, viewer):
        raise _refusal(problems)
    unknown = await settings.unknown(lambda table: reach.tool_rows(viewer, table, tool.gate))
    if unknown is not None:
        raise _refusal([in_api(unknown)])
    if current.number != expected:
        raise conflict()
    changes = _changes(tool, current.settings, settings)
    assert viewer.central is not None
    row = {
        "id": database.new_id(),
        "account_id": viewer.central.account_id,
        "tool": tool.name,
        "scope_id": scope_id,
        "version": expected + 1,
        "settings": msgspec.json.encode(settings).decode(),
        "changes": msgspec.json.encode(changes).decode(),
        "changed_at": database.now(),
        "changed_by": viewer.name,
        "work_at": database.now() if tool.on_clock else None,
    }
    insertion = database.insertion("tool_versions", tuple(row))
    await database.write(f"{insertion} ON CONFLICT DO NOTHING", tuple(row.values()))
    # if two callers read the same version, the second one finds no row
    if not await database.read("SELECT 1 AS saved FROM tool_versions WHERE id = ?", (row["id"],)):
        raise conflict()
    if tool.on_clock:
        await database.write(
            "UPDATE tool_versions SET work_at = NULL WHERE account_id = ? AND tool = ? AND scope_id = ?"
            " AND version < ?",
            (viewer.central.account_id, tool.name, scope_id, expected + 1),
        )
    return Done(scope_id, changes)


def _no_product() -> Refusal:
    return Refusal(ErrorCode.NOT_FOUND, "no_product", ("product",))


def _refusal(problems: list[Problem]) -> Refusal:
    """One refusal with all problems."""
    refusals = [
        Refusal(
            ErrorCode.NOT_HELD if problem.missing else ErrorCode.BAD_INPUT,
            problem.message,
            problem.path,
            **problem.words,
        )
        for problem in problems
    ]
    first, *others = refusals
    first.others = tuple(others)
    return first


def _changes(tool: Tool, before: Settings, after: Settings) -> tuple[Change, ...]:
    """The settings that differ, by their coordinates in the API."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return tuple(
        Change(f"{tool.type_name}.{to_camel_case(name)}", old[name], new[name])
        for name in hints_of(tool.settings)
        if old[name] != new[name]
    )
