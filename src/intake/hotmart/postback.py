"""Postback 1.0, the format that Hotmart sent before its webhooks 2.0: recognized, and refused with advice."""

from typing import Any
from urllib.parse import parse_qsl

REASON = "This is a postback of version 1.0: choose version 2.0.0 in Hotmart's webhook settings."

_MOST_FIELDS = 500
_MOST_ESCAPES = 20_000


def form_fields(body: bytes) -> dict[str, str] | None:
    """The fields of a form-encoded body, or None if it is not a form, or has too many escapes to read."""
    if body.count(b"%") > _MOST_ESCAPES:
        return None
    try:
        text = body.decode().strip()
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return None


def is_postback(tree: Any) -> bool:
    """Whether a value has the fields of postback 1.0, which are flat."""
    return type(tree) is dict and "prod" in tree and "transaction" in tree and "event" not in tree
