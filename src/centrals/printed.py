"""The schema as text: the full one, or that of a viewer."""

from graphql import GraphQLObjectType, is_introspection_type

from authz.catalog import presets
from authz.gates import DOORS, EVERYTHING, Standing, mask_of
from authz.grant import Grant
from engine.scope.schema import Scopes
from graph.kit.sdl import printed
from graph.schema import full_schema


def printed_schema(*, preset: str | None = None, grants: str | None = None, owner: bool = False) -> str:
    """The SDL. Raises `KeyError` for an unknown preset or grant."""
    return printed(Scopes(full_schema()).scoped(_mask(preset, grants, owner=owner)))


def cache_keys() -> str:
    """The types without an id, as the option `keys` of urql's graphcache: a module for JavaScript."""
    kinds = full_schema()._schema.type_map.values()
    roots = ("Query", "Mutation", "Subscription")
    names = sorted(
        kind.name
        for kind in kinds
        if isinstance(kind, GraphQLObjectType)
        and not is_introspection_type(kind)
        and kind.name not in roots
        and "id" not in kind.fields
    )
    lines = "".join(f"  {name}: () => null,\n" for name in names)
    opening = "// Written by `make schema`: types without an id, which are cached in what they are part of."
    return f"{opening}\nexport const keys = {{\n{lines}}};\n"


def _mask(preset: str | None, grants: str | None, *, owner: bool) -> int:
    if owner:
        return EVERYTHING & ~Standing.COLLABORATOR
    if preset is None and grants is None:
        return EVERYTHING
    granted: list[str] = []
    if preset is not None:
        granted = [grant.value for grant in presets()[preset.strip().upper()].grants]
    for name in (grants or "").split(","):
        if name.strip():
            granted.append(Grant[name.strip()].value)
    return mask_of(granted) | DOORS
