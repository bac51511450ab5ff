"""What a field needs before it exists for a viewer: one gate, one bit, one directive in the schema.

A gate is declared once, as a schema directive. The same declaration prints `@needs(grant: …)` into the
SDL, leaves the field out of the schema of a viewer without it, and refuses at run time should a request
ever meet the wrong schema.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from functools import lru_cache
from typing import Any, TypeVar

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location

from authz.catalog import label
from authz.grant import Grant

T = TypeVar("T")

_BITS: dict[Grant, int] = {grant: 1 << index for index, grant in enumerate(Grant)}
_BY_KEY: dict[str, int] = {grant.value: bit for grant, bit in _BITS.items()}

COMMAND_LINE = "COMMAND_LINE"
"""What the log shows in place of a gate for actions of whoever runs the server."""


class Standing(IntEnum):
    """Gates that come from a standing rather than from a profile. Each value is the gate's bit."""

    SIGNED_IN = 1 << 100
    IN_CENTRAL = 1 << 101
    LEAD = 1 << 102
    ADMIN = 1 << 103
    OWNER = 1 << 104
    SESSION = 1 << 105
    COLLABORATOR = 1 << 106
    NO_TOKEN = 1 << 107


ON_RECORD = 1 << 108
"""Not a gate, but in the mask beside them: the viewer sees personal data of buyers covered, and can reveal
it on record only."""


# a standing opens what the lower ones open, wherever it comes from: a session, a token or an explanation
_LOWER = {Standing.OWNER: Standing.ADMIN | Standing.LEAD, Standing.ADMIN: int(Standing.LEAD)}


def with_lower(standing: Standing) -> int:
    """The bits of a standing: its own, and those of the lower standings that it includes."""
    return standing | _LOWER.get(standing, 0)


ALL_GRANTS = sum(_BITS.values())
NEVER_OF_TOKENS = (
    _BITS[Grant.MANAGE_API_CREDENTIALS]
    | _BITS[Grant.MANAGE_API_AND_NOTIFICATIONS]
    | _BITS[Grant.MANAGE_INTEGRATIONS]
)
"""The grants that no token has, whoever created it: a token creates no credentials, endpoints or targets."""
EVERYTHING = ALL_GRANTS | sum(Standing)

strawberry.enum(
    Grant,
    description="A permission that a profile can include. The list is public and the same for every viewer.",
)
for _value in Grant.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = label(Grant(_value.value), "en") + "."

_PLACES = [
    Location.FIELD_DEFINITION,
    Location.ARGUMENT_DEFINITION,
    Location.INPUT_FIELD_DEFINITION,
    Location.ENUM_VALUE,
    Location.OBJECT,
    Location.INPUT_OBJECT,
    Location.ENUM,
]


@strawberry.schema_directive(
    locations=_PLACES, name="needs", description="Exists only for viewers who have the grant."
)
class Needs:
    """A gate that a grant opens."""

    grant: Grant


@strawberry.schema_directive(
    locations=_PLACES, name="ownerOnly", description="Exists only for the account's owner."
)
class OwnerOnly:
    """A gate that opens for the owner alone."""


@strawberry.schema_directive(
    locations=_PLACES, name="adminOnly", description="Exists only for the account's owner and its admins."
)
class AdminOnly:
    """A gate that opens for the owner and admins."""


@strawberry.schema_directive(
    locations=_PLACES,
    name="leadOnly",
    description="Exists only for the owner, admins and, while teams are on, team leads.",
)
class LeadOnly:
    """A gate that opens for the owner, admins, and team leads while teams are on."""


@strawberry.schema_directive(
    locations=_PLACES,
    name="signedIn",
    description="Exists only for signed-in users and personal access tokens.",
)
class SignedIn:
    """Available to anyone who is signed in, and to personal access tokens."""


@strawberry.schema_directive(
    locations=_PLACES, name="inCentral", description="Exists only if the request selects a central."
)
class InCentral:
    """Available when the request selects a central."""


@strawberry.schema_directive(
    locations=_PLACES,
    name="inSession",
    description="Exists only for signed-in users, not for personal access tokens.",
)
class InSession:
    """Available to anyone who is signed in, but not to personal access tokens."""


@strawberry.schema_directive(
    locations=_PLACES,
    name="collaboratorOnly",
    description="Exists only for signed-in collaborators, not for the owner or personal access tokens.",
)
class CollaboratorOnly:
    """Available to collaborators who are signed in: not to the owner or personal access tokens."""


@strawberry.schema_directive(
    locations=_PLACES,
    name="noToken",
    description="Exists for everyone except personal access tokens, signed in or not.",
)
class NoToken:
    """Available to everyone except personal access tokens."""


_STANDING: dict[type, Standing] = {
    OwnerOnly: Standing.OWNER,
    AdminOnly: Standing.ADMIN,
    LeadOnly: Standing.LEAD,
    SignedIn: Standing.SIGNED_IN,
    InCentral: Standing.IN_CENTRAL,
    InSession: Standing.SESSION,
    CollaboratorOnly: Standing.COLLABORATOR,
    NoToken: Standing.NO_TOKEN,
}
DOORS = (
    Standing.SIGNED_IN | Standing.IN_CENTRAL | Standing.SESSION | Standing.COLLABORATOR | Standing.NO_TOKEN
)
DIRECTIVES = (Needs, *_STANDING)


class GateViolation(Exception):
    """A request reached a gated field that its viewer must not see: a bug, never an ordinary refusal."""


def grant_bit(grant: Grant) -> int:
    """The bit of a grant in a mask."""
    return _BITS[grant]


def mask_of(keys: Iterable[str]) -> int:
    """The bits of the grants with these keys. A key that the catalog lacks opens nothing."""
    mask = 0
    for key in keys:
        mask |= _BY_KEY.get(key, 0)
    return mask


def grants_in(mask: int) -> list[Grant]:
    """The grants of a mask, in the catalog's order."""
    return list(_grants_in(mask))


@lru_cache(maxsize=4_096)
def _grants_in(mask: int) -> tuple[Grant, ...]:
    return tuple(grant for grant, bit in _BITS.items() if mask & bit)


def bit_of(directive: object) -> int:
    """The bit that opens a gate. An unknown gate is an error, so that it can never be open by mistake."""
    kind = type(directive)
    if kind is Needs:
        return _BITS[directive.grant]  # type: ignore[attr-defined]
    return _STANDING[kind]


def gate_among(directives: Iterable[object]) -> int:
    """The bit that a declaration's directives require, or 0 if none of them is a gate.

    Anything that is not a schema directive, such as a gate's class instead of the gate, is an error:
    otherwise the field would be open.
    """
    directives = tuple(directives)
    for directive in directives:
        if not hasattr(type(directive), "__strawberry_directive__"):
            raise TypeError(f"No schema directive: {directive!r}")
    bits = [bit_of(directive) for directive in directives if isinstance(directive, DIRECTIVES)]
    if len(bits) > 1:
        raise TypeError(f"One field, one gate: {directives!r}")
    return bits[0] if bits else 0


class Guard(FieldExtension):
    """Refuses at run time what the viewer's schema should not have contained."""

    def __init__(self, bit: int) -> None:
        self.bit = bit

    def _judge(self, info: strawberry.Info[Any, Any]) -> None:
        if not self.bit & info.context.viewer.mask:
            raise GateViolation(f"{info.path.typename}.{info.field_name}")

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info[Any, Any], **kwargs: Any
    ) -> Any:
        """Check the gate, then resolve. A resolver's coroutine is passed through."""
        self._judge(info)
        return next_(source, info, **kwargs)

    def resolve_async(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info[Any, Any], **kwargs: Any
    ) -> Any:
        """The same for an async resolver: its coroutine or stream is passed through."""
        return self.resolve(next_, source, info, **kwargs)


def _field(directive: object, source: Any, options: dict[str, Any]) -> Any:
    metadata = dict(options.pop("metadata", {}))
    if source is not None:
        metadata["source"] = source
        options.setdefault("resolver", getattr(source, "resolver", None))
    directives = [directive, *options.pop("directives", ())]
    return strawberry.field(
        directives=directives,
        extensions=[*options.pop("extensions", ()), Guard(gate_among(directives))],  # the last one runs first
        metadata=metadata,
        **options,
    )


def behind(gate: Grant | Standing, source: Any = None, **options: Any) -> Any:
    """A field behind a gate, which a grant or standing identifies."""
    return _field(directive_of(gate), source, options)


def directive_of(gate: Grant | Standing) -> object:
    """The schema directive of a gate."""
    if isinstance(gate, Grant):
        return Needs(grant=gate)
    return next(directive for directive, standing in _STANDING.items() if standing is gate)()


def needs(grant: Grant, source: Any = None, **options: Any) -> Any:
    """A field that exists only with a grant: `email: str = needs(Grant.X)`, or `@needs(Grant.X)`."""
    return _field(Needs(grant=grant), source, options)


def owner_only(source: Any = None, **options: Any) -> Any:
    """A field for the owner alone."""
    return _field(OwnerOnly(), source, options)


def admin_only(source: Any = None, **options: Any) -> Any:
    """A field for the owner and admins."""
    return _field(AdminOnly(), source, options)


def lead_only(source: Any = None, **options: Any) -> Any:
    """A field for the owner, admins, and team leads while teams are on."""
    return _field(LeadOnly(), source, options)


def signed_in(source: Any = None, **options: Any) -> Any:
    """A field for anyone who is signed in."""
    return _field(SignedIn(), source, options)


def in_central(source: Any = None, **options: Any) -> Any:
    """A field that exists when the request selects a central."""
    return _field(InCentral(), source, options)


def in_session(source: Any = None, **options: Any) -> Any:
    """A field for anyone who is signed in with a session, but not for personal access tokens."""
    return _field(InSession(), source, options)


def gated(directive: object) -> Callable[[type[T]], type[T]]:
    """A type that exists only behind a gate, above `@strawberry.type`: `@gated(Needs(grant=Grant.X))`."""

    bit_of(directive)  # an unknown gate is an error where it is declared

    def declare(cls: type[T]) -> type[T]:
        definition = cls.__strawberry_definition__  # type: ignore[attr-defined]
        directives = [*(definition.directives or ()), directive]
        gate_among(directives)
        definition.directives = directives
        return cls

    return declare
