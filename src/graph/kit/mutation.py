"""The field of a mutation. Its gate, errors and idempotency follow from its declaration."""

import dataclasses
import logging
from enum import Enum
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from actions.kit.call import digest_of
from actions.kit.mutation import Mutation
from actions.kit.rates import RateLimited
from authz.gates import behind
from authz.refusal import Refusal
from graph.kit.context import Context
from graph.kit.errors import Errors, user_error
from graph.kit.payload import Payload
from graph.kit.storable import storable
from telemetry.request import note_refusal

DECLARED: dict[str, Mutation] = {}
"""The declaration of each mutation of the schema, by its name."""
_KEY = "idempotency_key"
_log = logging.getLogger("centrals.mutation")


def mutation(declaration: Mutation) -> Any:
    """The field of a declared mutation, as a decorator of a method that performs it and returns its payload.

    The method reads its call from `info.context.call`. It lets refusals pass: they become the payload's
    errors, beside the fields that repeat what the input says.
    """
    DECLARED[declaration.name] = declaration
    options: dict[str, Any] = {
        "name": declaration.name,
        "directives": [Errors(codes=list(declaration.error_codes))],
        "extensions": [PayloadExtension(declaration)],
    }
    if declaration.gate is None:
        return strawberry.field(**options)
    return behind(declaration.gate, **options)


class PayloadExtension(FieldExtension):
    """Begins the call of a mutation, and turns a refusal into its payload."""

    def __init__(self, declaration: Mutation) -> None:
        self.declaration = declaration
        self.payload: type[Payload] = Payload

    def apply(self, field: StrawberryField) -> None:
        """Store which payload the field returns."""
        payload = field.type
        if not (isinstance(payload, type) and issubclass(payload, Payload)):
            raise TypeError(f"{self.declaration.name} returns no payload, but {payload!r}.")
        self.payload = payload

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        """Perform the mutation."""
        context, mutation_input = info.context, kwargs.get("input")
        key = getattr(mutation_input, _KEY, None)
        if key is None:
            context.begin_call(None)
        else:
            plain, serving = _plain(mutation_input), context.serving
            earlier = tuple(digest_of(key, plain) for key in serving.previous_chain_keys)
            context.begin_call(key, digest_of(serving.chain_key, plain), earlier)
        try:
            return await next_(source, info, **kwargs)
        except Refusal as refusal:
            return self._refused(refusal, mutation_input, context)

    def _refused(self, refusal: Refusal, mutation_input: Any, context: Context) -> Payload:
        refusals = (refusal, *refusal.others)
        if isinstance(refusal, RateLimited):
            context.retry_after = refusal.seconds
        note_refusal(refusal.code.value, self.declaration.name)
        for undeclared in {refusal.code for refusal in refusals} - set(self.declaration.error_codes):
            names = {"mutation": self.declaration.name, "code": undeclared.value}
            _log.error("undeclared error code", extra=names)
        repeated = {name: getattr(mutation_input, name) for name in _required(self.payload)}
        return self.payload(errors=[user_error(refusal, context) for refusal in refusals], **repeated)


def works_while_closed(name: str) -> bool:
    """Whether a mutation of the schema is performed in a closed account."""
    return DECLARED[name].works_while_closed


def _required(payload: type[Payload]) -> list[str]:
    missing = dataclasses.MISSING
    fields = dataclasses.fields(payload)
    return [
        field.name for field in fields if field.init and field.default is missing is field.default_factory
    ]


def _plain(value: Any) -> Any:
    """An input without its idempotency key, as values that can be serialized."""
    if dataclasses.is_dataclass(value):
        values = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {
            name: _plain(part)
            for name, part in values.items()
            if name != _KEY and part is not strawberry.UNSET
        }
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return storable(value) if isinstance(value, str) else value
