"""How a tool is declared: a struct of typed settings with their checks, its grant, and its scope.

    @tool(Grant.MANAGE_TRACKING_PIXEL, Scope.PRODUCT)
    class TrackingPixels(Settings):
        \"""The pixels of a product's pages.\"""

        pixels: Annotated[list[TrackingPixel], Meta(max_length=10)]
        \"""The pixels, in order.\"""

The API's types, the field on `Tools` and the mutations are generated from the declaration.
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta
from strawberry.utils.str_converters import to_camel_case

from authz.gates import Standing
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models.currency import exponent_of

MOST_PROBLEMS = 20


class Scope(Enum):
    """What one set of a tool's settings applies to."""

    ACCOUNT = auto()
    PRODUCT = auto()
    ACCOUNT_OR_PRODUCT = auto()
    """The account; and each product can have settings of its own instead."""


class Problem(msgspec.Struct, frozen=True):
    """Why settings cannot be saved: a setting's path, a message, and the grant that is missing, if any."""

    path: tuple[str, ...]
    message: str
    words: dict[str, object] = {}
    missing: Grant | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """Settings of a tool, or a part of them. The fields' `Meta` has their constraints."""

    def problems(self, viewer: Viewer) -> Iterator[Problem]:
        """Problems beyond the constraints of single fields, for the viewer who saves the settings."""
        yield from ()

    async def unknown(self, within: Callable[[str], Reach]) -> Problem | None:
        """What the settings name and the account does not have. `within` is the reach of a table's rows."""
        return None

    @classmethod
    def before_saved(cls, *, of_product: bool) -> "Settings":
        """The settings before someone saves others. A list without a default is empty."""
        required: dict[str, Any] = {
            field.name: []
            for field in msgspec.structs.fields(cls)
            if field.required and get_origin(bare(field.type)) is list
        }
        return cls(**required)


class MoneyAmount(Settings, frozen=True):
    """An amount of at least zero in one currency."""

    amount: str
    """The amount in major units, for example `10.50`."""
    currency: str
    """The currency's ISO 4217 code, for example `BRL`."""

    def problems(self, viewer: Viewer) -> Iterator[Problem]:
        """Check for a code of three letters, and for no more decimals than the currency has."""
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isalpha()):
            yield Problem(("currency",), "setting_currency")
            return
        whole, _, decimals = self.amount.partition(".")
        exponent = exponent_of(self.currency.upper())
        if not whole.isdigit() or len(whole) > 12 or len(decimals) > exponent:
            yield Problem(("amount",), "setting_amount", {"decimals": exponent})


class Tool(msgspec.Struct, frozen=True):
    """A tool as it was declared."""

    name: str
    """Its name in the API: `trackingPixels`."""
    type_name: str
    """The API's name of its settings: `TrackingPixels`."""
    gate: Grant | Standing
    scope: Scope
    settings: type[Settings]
    on_clock: bool = False
    """Whether a job of the clock works with the settings: it is due as soon as they are saved."""


TOOLS: dict[str, Tool] = {}
"""The tools by their names in the API, in the order of their declarations."""

Declared = TypeVar("Declared", bound=Settings)


def tool(
    gate: Grant | Standing, scope: Scope, *, on_clock: bool = False
) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a tool whose settings are read and saved behind a gate."""

    def declare(cls: type[Declared]) -> type[Declared]:
        name = cls.__name__[0].lower() + cls.__name__[1:]
        TOOLS[name] = Tool(name, cls.__name__, gate, scope, cls, on_clock)
        return cls

    return declare


@cache
def hints_of(cls: type[Settings]) -> dict[str, Any]:
    """The types of the settings with their constraints, in their order."""
    hints = get_type_hints(cls, include_extras=True)
    return {name: hints[name] for name in cls.__struct_fields__}


def bare(hint: Any) -> Any:
    """A type without its constraints."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def element_of(hint: Any) -> tuple[Any, bool, bool]:
    """The innermost type, whether it is in a list, and whether it is optional."""
    hint, listed, optional = bare(hint), False, False
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
        hint, optional = bare(hint), True
    if get_origin(hint) is list:
        hint, listed = bare(get_args(hint)[0]), True
    return hint, listed, optional


def problems_of(settings: Settings, viewer: Viewer) -> list[Problem]:
    """All that is wrong with settings, up to twenty problems, each with the path of an input field."""
    return [problem for _, problem in zip(range(MOST_PROBLEMS), _problems(settings, viewer), strict=False)]


def _problems(settings: Settings, viewer: Viewer) -> Iterator[Problem]:
    for name, hint in hints_of(type(settings)).items():
        path = (to_camel_case(name),)
        yield from (_beneath(path, problem) for problem in _of_value(getattr(settings, name), hint, viewer))
    yield from map(in_api, settings.problems(viewer))


def in_api(problem: Problem) -> Problem:
    """A problem with the names that settings have in the API."""
    return msgspec.structs.replace(problem, path=tuple(to_camel_case(part) for part in problem.path))


def _beneath(path: tuple[str, ...], problem: Problem) -> Problem:
    return msgspec.structs.replace(problem, path=path + problem.path)


def _of_value(value: Any, hint: Any, viewer: Viewer) -> Iterator[Problem]:
    for meta in _constraints(hint):
        yield from _of_constraint(value, meta)
    if isinstance(value, str) and any(ord(letter) < 32 or letter == "\x7f" for letter in value):
        yield Problem((), "setting_control_character")
    elif isinstance(value, Settings):
        yield from _problems(value, viewer)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from (_beneath((str(place),), problem) for problem in _of_value(item, type(item), viewer))


def _constraints(hint: Any) -> Iterator[Meta]:
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is Annotated:
        yield from (part for part in get_args(hint)[1:] if isinstance(part, Meta))


def _of_constraint(value: Any, meta: Meta) -> Iterator[Problem]:
    if value is None:
        return
    if meta.max_length is not None and len(value) > meta.max_length:
        key = "setting_too_many" if isinstance(value, list) else "setting_too_long"
        yield Problem((), key, {"most": meta.max_length})
    if meta.min_length is not None and len(value) < meta.min_length:
        yield Problem((), "setting_too_short", {"least": meta.min_length})
    if (meta.ge is not None and value < meta.ge) or (meta.le is not None and value > meta.le):
        yield Problem((), "setting_range", {"least": meta.ge, "most": meta.le})
