"""Two mutations for each declared tool: `save…` and `restore…`."""

from inspect import Parameter, Signature
from typing import Any

import strawberry

from actions.kit.call import Call
from actions.tools.save import restore, restoring, save, saving
from actions.tools.settings import TOOLS, Scope, Tool
from authz.gates import behind
from graph.kit.context import Info
from graph.kit.describe import docstring
from graph.kit.mutation import mutation
from graph.kit.payload import Payload, RepeatableInput
from graph.tools.fields import parameters, product_words, scope_id_of, shown_settings
from graph.tools.generated import fields_of, input_type, read_input, settings_type

_EXPECTED = "The `version` of the settings as you read them: if there is a newer one, nothing is saved."


_SCOPE: Any = strawberry.Private[str | None]  # type: ignore[misc]


def _input(tool: Tool, verb: str, described: str, fields: dict[str, Any]) -> Any:
    """The input of a mutation: the scope, the mutation's own fields, and the version that is expected."""
    own = fields.pop("__annotations__")
    scope: dict[str, Any] = {}
    if tool.scope is not Scope.ACCOUNT:
        scope["product"] = strawberry.ID if tool.scope is Scope.PRODUCT else strawberry.ID | None
    default: dict[str, Any] = {"default": None} if tool.scope is Scope.ACCOUNT_OR_PRODUCT else {}
    attributes = {
        "__annotations__": scope | own | {"expected_version": int},
        **{name: strawberry.field(description=product_words(tool), **default) for name in scope},
        **fields,
        "expected_version": strawberry.field(description=_EXPECTED),
    }
    built = type(f"{verb}{tool.type_name}Input", (RepeatableInput,), attributes)
    return strawberry.input(built, description=described)


def _payload(tool: Tool, verb: str) -> Any:
    """The payload of a mutation: the settings as they are now, also where another's version was found."""

    async def resolve(self: Any, info: Info) -> Any:
        viewer = info.context.viewer
        return await shown_settings(viewer, tool, scope_id_of(viewer, tool, getattr(self, "product", None)))

    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        parameters(tool), return_annotation=settings_type(tool) | None
    )
    described = "The settings as they are now, whether or not they were saved."
    attributes: dict[str, Any] = {
        "__annotations__": {} if tool.scope is Scope.ACCOUNT else {"product": _SCOPE},
        tool.name: behind(tool.gate, description=described)(resolve),
    }
    name = f"{verb}{tool.type_name}"
    built = type(f"{name}Payload", (Payload,), attributes)
    return strawberry.type(built, description=f"The result of `{name[0].lower()}{name[1:]}`.")


def _saves(tool: Tool) -> Any:
    fields = fields_of(tool.settings, input_type, defaults=True)
    described = f"All settings, which replace the previous ones. {docstring(tool.settings)}"
    input_class = _input(tool, "Save", described, fields)
    payload = _payload(tool, "Save")

    async def resolve(self: Any, info: Info, input: Any) -> Any:  # noqa: A002
        call, settings = info.context.call, read_input(input, tool.settings)
        return await _answer(payload, input, save, call, tool, settings, input.expected_version)

    described = f"Saves a new version of the settings. {docstring(tool.settings)}"
    return _mutation(saving(tool), resolve, tool, input_class, payload, described)


def _restores(tool: Tool) -> Any:
    version = strawberry.field(description="The number of an earlier version.")
    fields = {"__annotations__": {"version": int}, "version": version}
    input_class = _input(tool, "Restore", "An earlier version of the settings, to be restored.", fields)
    payload = _payload(tool, "Restore")

    async def resolve(self: Any, info: Info, input: Any) -> Any:  # noqa: A002
        call, versions = info.context.call, (input.version, input.expected_version)
        return await _answer(payload, input, restore, call, tool, *versions)

    described = (
        "Saves the settings of an earlier version as a new version. They are validated like any other input."
    )
    return _mutation(restoring(tool), resolve, tool, input_class, payload, described)


async def _answer(payload: Any, value: Any, act: Any, call: Call, tool: Tool, *values: Any) -> Any:
    product = getattr(value, "product", None)
    done = await act(call, tool, scope_id_of(call.viewer, tool, product), *values)
    return payload(object_id=done, **({} if tool.scope is Scope.ACCOUNT else {"product": product}))


def _mutation(declaration: Any, resolve: Any, tool: Tool, value: Any, payload: Any, described: str) -> Any:
    resolve.__doc__ = f"{described}\n\nArgs:\n    input: What to save."
    resolve.__signature__ = Signature(
        parameters(tool, Parameter("input", Parameter.KEYWORD_ONLY, annotation=value)),
        return_annotation=payload,
    )
    return mutation(declaration)(resolve)


ToolMutations: Any = strawberry.type(
    type(
        "ToolMutations",
        (),
        {saving(tool).name: _saves(tool) for tool in TOOLS.values()}
        | {restoring(tool).name: _restores(tool) for tool in TOOLS.values()},
    )
)
