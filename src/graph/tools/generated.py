"""The API's types of a tool's settings, made of its declaration, and values on their way in and out."""

from decimal import Decimal as Number
from enum import Enum
from functools import cache
from typing import Any

import msgspec
import strawberry

from actions.tools.settings import MoneyAmount, Settings, Tool, element_of, hints_of
from authz.gates import Standing, directive_of, gated
from authz.grant import Grant
from graph.kit.describe import attribute_docstrings, docstring
from graph.kit.money import Money, MoneyInput
from graph.tools.types import ToolSettings
from models.currency import exponent_of

_MONEY: dict[type, tuple[type, type]] = {MoneyAmount: (Money, MoneyInput)}


@cache
def _shown_type(cls: type[Settings], gate: Grant | Standing) -> Any:
    """The API's type of a part of a tool's settings."""
    if cls in _MONEY:
        return _MONEY[cls][0]
    built = type(cls.__name__, (), fields_of(cls, lambda part: _shown_type(part, gate)))
    return gated(directive_of(gate))(strawberry.type(built, description=docstring(cls)))


@cache
def input_type(cls: type[Settings]) -> Any:
    """The API's input of a part of a tool's settings."""
    if cls in _MONEY:
        return _MONEY[cls][1]
    built = type(f"{cls.__name__}Input", (), fields_of(cls, input_type, defaults=True))
    return strawberry.input(built, description=docstring(cls))


def fields_of(cls: type[Settings], nested: Any, *, defaults: bool = False) -> dict[str, Any]:
    """The attributes of a Strawberry class with a setting each, described as the declaration says."""
    words = attribute_docstrings(cls)
    declared = {field.name: field for field in msgspec.structs.fields(cls)}
    attributes: dict[str, Any] = {"__annotations__": {}}
    for name, hint in hints_of(cls).items():
        element, is_list, optional = element_of(hint)
        if isinstance(element, type) and issubclass(element, Settings):
            element = nested(element)
        elif isinstance(element, type) and issubclass(element, Enum):
            element = _enumeration(element)
        kind: Any = list[element] if is_list else element  # type: ignore[valid-type]
        attributes["__annotations__"][name] = kind | None if optional else kind
        options: dict[str, Any] = {"description": words[name]}
        if defaults and not declared[name].required:
            default = declared[name].default
            if default is msgspec.NODEFAULT:
                options["default_factory"] = declared[name].default_factory
            else:
                options["default"] = default
        attributes[name] = strawberry.field(**options)
    return attributes


@cache
def _enumeration(cls: type[Enum]) -> Any:
    return strawberry.enum(cls)


@cache
def settings_type(tool: Tool) -> Any:
    """The API's type of a tool's settings."""
    attributes = fields_of(tool.settings, lambda part: _shown_type(part, tool.gate))
    built = type(tool.type_name, (ToolSettings,), attributes)
    return gated(directive_of(tool.gate))(strawberry.type(built, description=docstring(tool.settings)))


def shown_value(value: Any, gate: Grant | Standing) -> Any:
    """Settings as the API shows them."""
    if isinstance(value, MoneyAmount):
        minor = int(Number(value.amount).scaleb(exponent_of(value.currency.upper())))
        return Money(minor=minor, currency=value.currency.upper())
    if isinstance(value, Settings):
        shown = {name: shown_value(getattr(value, name), gate) for name in value.__struct_fields__}
        return _shown_type(type(value), gate)(**shown)
    return [shown_value(item, gate) for item in value] if isinstance(value, list) else value


def _read_value(value: Any, hint: Any) -> Any:
    """An input as settings."""
    element, is_list, _ = element_of(hint)
    if is_list and value is not None:
        return [_read_value(item, element) for item in value]
    if element is MoneyAmount and value is not None:
        return MoneyAmount(amount=str(value.amount), currency=value.currency)
    if isinstance(element, type) and issubclass(element, Settings) and value is not None:
        return read_input(value, element)
    return value


def read_input(value: Any, cls: type[Settings]) -> Settings:
    return cls(**{name: _read_value(getattr(value, name), hint) for name, hint in hints_of(cls).items()})
