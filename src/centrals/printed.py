"""The schema as text: whole, or as a viewer sees it."""

from strawberry.printer import print_schema

from authz.catalog import presets
from authz.gates import DOORS, EVERYTHING, Standing, mask_of
from authz.grant import Grant
from engine.scope.schema import Scopes
from graph.schema import full_schema


def printed_schema(*, preset: str | None = None, grants: str | None = None, owner: bool = False) -> str:
    """The SDL; raises `KeyError` for a preset or a grant that there is not."""
    return print_schema(Scopes(full_schema()).scoped(_mask(preset, grants, owner=owner))) + "\n"


def _mask(preset: str | None, grants: str | None, *, owner: bool) -> int:
    if owner:
        return EVERYTHING & ~Standing.COLLABORATOR
    if preset is None and grants is None:
        return EVERYTHING
    held: list[str] = []
    if preset is not None:
        held = [grant.value for grant in presets()[preset.strip().upper()].grants]
    for name in (grants or "").split(","):
        if name.strip():
            held.append(Grant[name.strip()].value)
    return mask_of(held) | DOORS
