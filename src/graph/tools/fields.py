"""The fields of `Tools`: one for each declared tool, behind its grant."""

from collections.abc import Mapping, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any

import strawberry

from actions.tools import distribution, subscription_rules, tracking_pixels  # noqa: F401 - their declarations
from actions.tools.save import Version, newest
from actions.tools.settings import TOOLS, Scope, Tool, hints_of
from authz.gates import behind
from authz.viewer import Viewer
from graph.commerce.products.types import Product
from graph.kit.context import Context, Info
from graph.kit.describe import docstring
from graph.kit.node import ReadNodes, found_by, named
from graph.kit.scalars import DateTime
from graph.tools.emails_ahead import EmailsAhead
from graph.tools.generated import settings_type, shown_value
from graph.tools.integrations.account import IntegrationsOfTools
from graph.tools.types import ToolEditor


async def shown_settings(viewer: Viewer, tool: Tool, scope_id: str) -> Any:
    """A tool's settings in a scope; none where the scope is not there."""
    return (await _shown(viewer, tool, [scope_id])).get(scope_id)


async def _shown(viewer: Viewer, tool: Tool, scope_ids: Sequence[str]) -> Mapping[str, Any]:
    """A tool's settings by their scopes."""
    found = await newest(viewer, tool, scope_ids)
    return {scope_id: _object(viewer, tool, scope_id, version) for scope_id, version in found.items()}


def _object(viewer: Viewer, tool: Tool, scope_id: str, found: Version) -> Any:
    values = {name: shown_value(getattr(found.settings, name), tool.gate) for name in hints_of(tool.settings)}
    return settings_type(tool)(
        owner=(viewer, tool, scope_id),
        id=strawberry.ID(f"{tool.name}_{scope_id}"),
        version=found.number,
        changed_at=None if found.changed_at is None else DateTime(found.changed_at),
        changed_by=None if found.changed_by is None else ToolEditor(name=found.changed_by),
        **values,
    )


def _by_id(tool: Tool) -> ReadNodes:
    async def read(context: Context, scope_ids: Sequence[str]) -> Mapping[str, Any]:
        return await _shown(context.viewer, tool, scope_ids)

    return read


def scope_id_of(viewer: Viewer, tool: Tool, product: str | None) -> str:
    """What settings are for; an id of no product is one of a product that is not there."""
    if tool.scope is Scope.PRODUCT or product is not None:
        return named(product or "", Product)
    assert viewer.central is not None
    return viewer.central.account_id


def parameters(tool: Tool, *more: Parameter) -> list[Parameter]:
    plain = Parameter.POSITIONAL_OR_KEYWORD
    return [Parameter("self", plain), Parameter("info", plain, annotation=Info), *more]


def _product(tool: Tool) -> list[Parameter]:
    """The argument with the product whose settings are read."""
    if tool.scope is Scope.ACCOUNT:
        return []
    words = product_words(tool)
    described: Any = Annotated[strawberry.ID, strawberry.argument(description=words)]
    if tool.scope is Scope.PRODUCT:
        return [Parameter("product", Parameter.KEYWORD_ONLY, annotation=described)]
    optional = Annotated[strawberry.ID | None, strawberry.argument(description=words)]
    return [Parameter("product", Parameter.KEYWORD_ONLY, annotation=optional, default=None)]


def product_words(tool: Tool) -> str:
    """What the id of a product means in the arguments and inputs of a tool."""
    known = "The id of the product"
    return f"{known}." if tool.scope is Scope.PRODUCT else f"{known}; null for the settings of the account."


def _field(tool: Tool) -> Any:
    """The field of `Tools` that reads a tool's settings."""

    async def resolve(self: Any, info: Info, product: str | None = None) -> Any:
        viewer = info.context.viewer
        return await shown_settings(viewer, tool, scope_id_of(viewer, tool, product))

    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        parameters(tool, *_product(tool)), return_annotation=settings_type(tool) | None
    )
    return behind(tool.gate, description=docstring(tool.settings))(resolve)


Tools: Any = strawberry.type(
    type("Tools", (EmailsAhead, IntegrationsOfTools), {tool.name: _field(tool) for tool in TOOLS.values()}),
    description="The settings of the account's tools, each behind its grant.",
)

for _tool in TOOLS.values():
    found_by(_tool.name, _tool.type_name, _by_id(_tool))
