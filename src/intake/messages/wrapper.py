"""Removes what automation tools put around a message, so that only the message is read and stored.

Known shapes: n8n's webhook node (`[{headers, params, query, body}]`, also under `json`), Zapier (`raw_body`,
and keys flattened with two underscores), Make (`value` as JSON text), Pipedream (`{event: {headers, body}}`,
also under `trigger` and `steps`), the requests that webhook.site and RequestBin keep (`content` or `body` as
text, a list under `data`), API gateways (`isBase64Encoded`), HAR files (`log.entries[].request.postData`).
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from intake.values.reading import Malformed, decoded

DEEPEST = 8
_CARRIERS = (
    *("body", "json", "content", "raw_body", "rawBody", "bodyRaw", "body_raw", "bodyJson", "payload"),
    *("event", "trigger", "steps", "request", "req", "postData", "text", "value", "raw", "message"),
    *("items", "data", "requests", "events", "log", "entries"),
)
_MARKS_OF_A_MESSAGE = ("creation_date", "creationDate", "version", "id")
_FLAT = "__"

Recognizes = Callable[[Any], bool]


def is_message(tree: Any) -> bool:
    """Whether a value is a webhook message: it names its event, and is not flattened."""
    if type(tree) is not dict or type(tree.get("event")) is not str:
        return False
    return "data" in tree or not any(key.startswith("data__") for key in tree)


def unwrapped(tree: Any, recognizes: Recognizes) -> list[Any]:
    """The messages inside a wrapper, or the value itself if no wrapper is recognized."""
    return _inner(tree, recognizes, 0) or [tree]


def _inner(tree: Any, recognizes: Recognizes, depth: int) -> list[Any]:
    if recognizes(tree):
        return [tree]
    search = _SEARCHES.get(type(tree))
    return search(tree, recognizes, depth + 1) if search and depth < DEEPEST else []


def _in_list(tree: list[Any], recognizes: Recognizes, depth: int) -> list[Any]:
    parts = [_inner(part, recognizes, depth) for part in tree]
    if not any(parts):
        return []
    return [message for part, found in zip(tree, parts, strict=True) for message in found or [part]]


def _in_object(tree: dict[str, Any], recognizes: Recognizes, depth: int) -> list[Any]:
    for key in _CARRIERS:
        value = tree.get(key)
        if value is None or (key == "data" and _is_cut_short(tree)):
            continue
        if tree.get("isBase64Encoded") is True and type(value) is str:
            value = _from_base64(value)
        if found := _inner(value, recognizes, depth):
            return found
    if any(_FLAT in key.strip("_") for key in tree):
        return _inner(_nested(tree), recognizes, depth)
    return []


def _is_cut_short(tree: dict[str, Any]) -> bool:
    """Whether an object is a message without its event, rather than a wrapper around one."""
    return type(tree["data"]) is dict and any(mark in tree for mark in _MARKS_OF_A_MESSAGE)


def _in_text(text: str, recognizes: Recognizes, depth: int) -> list[Any]:
    text = text.lstrip("\ufeff \t\r\n")
    if not text.startswith(("{", "[")):
        return []
    try:
        return _inner(decoded(text.encode()), recognizes, depth)
    except (Malformed, UnicodeEncodeError):
        return []


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return text


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    """The tree of keys that were flattened: `data__buyer__name` becomes `name` in `buyer` in `data`."""
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        *parts, last = [part for part in key.split(_FLAT) if part] or [key]
        place = tree
        for part in parts[:DEEPEST]:
            inner = place.setdefault(part, {})
            if type(inner) is not dict:
                break
            place = inner
        else:
            place.setdefault(last, value)
    return tree


_SEARCHES: dict[type, Callable[[Any, Recognizes, int], list[Any]]] = {
    dict: _in_object,
    list: _in_list,
    str: _in_text,
}
