"""The marketplace's secret (`hottok`): found in a message, and removed before the message is stored."""

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import msgspec

from intake.values.reading import DEEPEST, LONGEST_STORED, Malformed, encoded

PLACEHOLDER = "[secret]"
MOST_VALUES = 5_000
"""Among how many values of a body its secret is looked for."""

_NAME = "hottok"
_LONGEST_NAME = 60
_SHORT, _LONG = 8, 200
_MOST_FOUND = 8
_MOST_HARMLESS = 10_000
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
# a secret's name followed by its value: in JSON text, in a header, in an address; in one pass, however many
# spaces there are
_SECRET_IN_TEXT = re.compile(r"""(hottok[\\"'\]]*+\s*+[:=][\\"'\[\s]*+)([^\\"'&\s,;}\]]+)""", re.IGNORECASE)
_WORD = re.compile(r"""[^\s"'\\&=:,;?!#(){}\[\]<>]+""")
# a text without an end goes to the end, or each quote in it would be tried as a start
_TEXT = re.compile(r'"([^"\\]*(?:\\.?[^"\\]*)*)(?:"|\Z)')


def digest(secret: str) -> str:
    """The digest that an account stores of its secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def secret_in(tree: Any) -> str | None:
    """The text under a name of the secret that is nearest to the top of a message or its wrapper.

    Anyone can send what it is looked for in, so it is looked for among a number of values only.
    """
    level, left = [tree], MOST_VALUES
    for _ in range(DEEPEST):
        for part in level:
            for text in _named(part):
                return text
        values = list(islice(chain.from_iterable(map(_inside, level)), left))
        level, left = [value for value in values if type(value) in (dict, list)], left - len(values)
    return None


def _inside(tree: Any) -> Iterator[Any]:
    yield from tree.values() if type(tree) is dict else tree if type(tree) is list else ()


def _is_name(value: Any) -> bool:
    return type(value) is str and len(value) <= _LONGEST_NAME and _NAME in value.lower()


def _places(tree: Any) -> set[Any]:
    """The keys of an object, or the indexes of a list, under which a secret's value is stored.

    Tools store headers as `{name: value}`, as `[{name, value}]` or as `[name, value, name, value]`.
    """
    if type(tree) is dict:
        places = {key for key in tree if _is_name(key)}
        if any(_is_name(value) for value in tree.values()):
            places |= tree.keys() & {"value", "values"}
        return places
    if type(tree) is list:
        return {place + 1 for place, value in enumerate(tree[:-1]) if _is_name(value)}
    return set()


def _named(tree: Any) -> Iterator[str]:
    for place in _places(tree):
        value = tree[place]
        for text in value if type(value) is list else (value,):
            if type(text) is str and text:
                yield text


def _pieces(text: str) -> list[str]:
    """The texts and names in the JSON text of a message."""
    if "\\" not in text:
        return text.split('"')[1::2]
    return [_unescaped(piece) for piece in _TEXT.findall(text)]


def _words(text: str) -> list[str]:
    """The parts between quotes in a text that is not JSON."""
    return [*text.split('"'), *text.split("'")]


def _candidates(piece: str) -> Iterator[str]:
    """What can be a secret in a text: the whole of it, and its words without the full stop behind them."""
    if len(piece) >= _SHORT:
        yield piece
        for word in _WORD.findall(piece):
            plain = word.rstrip(".")
            if _SHORT <= len(plain) <= _LONG:
                yield plain


def _unescaped(piece: str) -> str:
    try:
        text: str = msgspec.json.decode(f'"{piece}"')
    except msgspec.MsgspecError:
        return piece
    return text


class Secrets:
    """What must not be stored: the account's secret, known as text or by its digest, and any value under its
    names.

    Values found under a secret's name are remembered for the current message, and the account's own secret
    permanently.
    """

    def __init__(self, secret: str | None = None, *, account_digest: str | None = None) -> None:
        self._own = {secret} if secret else set()
        self._digest = account_digest
        self._found: set[str] = set()
        self._harmless: set[str] = set()

    def forget(self) -> None:
        """Start the next message."""
        self._found.clear()

    def note(self, wrapper: Any) -> None:
        """Remember the secrets in a wrapper: the message inside may repeat them."""
        if self._stand_in(_text_of(wrapper)):
            self._look(wrapper)

    def stripped(self, tree: Any) -> tuple[Any, str]:
        """A message without any secret, and its text. Raises `Malformed` if it is nested too deeply."""
        text = _text_of(tree)
        if not self._stand_in(text):
            return tree, text
        self._look(tree)
        tree = self._without(tree)
        return tree, encoded(tree)

    def scrubbed(self, body: bytes) -> str:
        """What can be stored of a message that is not JSON: text that both databases accept, without a
        secret."""
        text = body[: 2 * LONGEST_STORED].decode("utf-8", "replace").replace("\0", "")
        plain = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
        if plain != text and self._stand_in(plain, _words):
            text = plain
        if self._stand_in(text, _words):
            self._note_secrets(text)
            text = self._cleaned(text)
        return text.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST_STORED]

    def _stand_in(self, text: str, pieces: Callable[[str], list[str]] = _pieces) -> bool:
        """Whether a message's text contains a secret, or a name of one."""
        if self._digest:
            self._recognize(pieces(text))
        return (
            _NAME in text.lower()
            or any(msgspec.json.encode(secret).decode()[1:-1] in text for secret in self._own)
            or any(secret in text for secret in (*self._own, *self._found))
        )

    def _recognize(self, pieces: list[str]) -> None:
        """Find the account's secret by its digest, as a text of the message or a word in one."""
        for piece in set(pieces) - self._harmless:
            self._own |= {word for word in _candidates(piece) if digest(word) == self._digest}
            self._harmless.add(piece)
        if len(self._harmless) > _MOST_HARMLESS:
            self._harmless.clear()

    def _look(self, tree: Any) -> None:
        """Remember the values under a secret's name."""
        for text in _named(tree):
            self._remember(text)
        for inner in _inside(tree):
            if type(inner) is str:
                self._note_secrets(inner)
            else:
                self._look(inner)

    def _note_secrets(self, text: str) -> None:
        for match in _SECRET_IN_TEXT.finditer(text):
            self._remember(match[2])

    def _remember(self, text: str) -> None:
        if len(text) >= _SHORT and len(self._found) < _MOST_FOUND:
            self._found.add(text)

    def _without(self, tree: Any) -> Any:
        if type(tree) is str:
            return self._cleaned(tree)
        places = _places(tree)
        if type(tree) is dict:
            return {
                self._cleaned(key): None if key in places else self._without(value)
                for key, value in tree.items()
            }
        if type(tree) is list:
            return [None if place in places else self._without(value) for place, value in enumerate(tree)]
        return None if type(tree) is not bool and str(tree) in self._own else tree

    def _cleaned(self, text: str) -> str:
        """A short secret is compared with whole texts only: as a part, it would be in any text by chance."""
        for secret in (*self._own, *self._found):
            if text == secret or len(secret) >= _SHORT:
                text = text.replace(secret, PLACEHOLDER)
        return _SECRET_IN_TEXT.sub(rf"\1{PLACEHOLDER}", text)


def _text_of(tree: Any) -> str:
    try:
        text = encoded(tree)
    except RecursionError:
        raise Malformed("The message is nested too deeply.") from None
    if text.count("[") + text.count("{") > DEEPEST:
        _bound(tree, 0)
    return text


def _bound(tree: Any, depth: int) -> None:
    if type(tree) is dict or type(tree) is list:
        if depth > DEEPEST:
            raise Malformed("The message is nested too deeply.")
        for inner in _inside(tree):
            _bound(inner, depth + 1)
