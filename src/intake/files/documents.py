"""JSON documents in a stream of text: found one by one, so that a file's size does not matter.

A file holds one document or several, one after the other or one a line. Of a list and of a page of
any size only one item is held at a time.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from intake.files.sources import after, lines
from intake.hotmart.catalog import placed, product_in
from intake.values.reading import LONGEST_STORED, Malformed, decoded

LARGEST = 4 * 1_048_576
"""The size up to which a document is read as a whole, in bytes. A larger one is a page, read item by item."""

_DEEPEST = 60
_WRAPPERS = (b'"items"', b'"body"', b'"data"')
# everything up to a bracket, or up to the quote of a string that does not end here
# without possessive quantifiers: before Python 3.11.5, nested ones match too little
_RUN = re.compile(rb'[^"\[\]{}]*(?:"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"[^"\[\]{}]*)*(["\[\]{}])?', re.DOTALL)
_IN_STRING = re.compile(rb'[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*', re.DOTALL)
_DEPTHS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
_BETWEEN = re.compile(rb"[\s,]*")
_SPACE = re.compile(rb"[\s,:]*")
_SCALAR = re.compile(rb'[^\s,:\[\]{}"]*')


class Unread(msgspec.Struct, frozen=True):
    """Text that is not a document, with the reason."""

    body: bytes
    fault: Malformed


def documents(chunks: Iterator[bytes]) -> Iterator[Any]:
    """The items of a text: decoded values, and `Unread` for parts that could not be understood."""
    head: list[bytes] = []
    length = 0
    for chunk in chunks:
        head.append(chunk)
        length += len(chunk)
        if b"\n" in chunk or length > LARGEST:
            break
    start = b"".join(head)
    if _is_lines(start):
        for line in lines(after([start], chunks), LARGEST):
            if line.strip():
                yield from _items(_Splitter([line]))
    else:
        yield from _items(_Splitter(after([start], chunks)))


def _is_lines(start: bytes) -> bool:
    """Whether the first line is a complete document, so that each line contains one."""
    first, end, _ = start.lstrip().partition(b"\n")
    return bool(end) and all(not isinstance(item, Unread) for item in _items(_Splitter([first])))


def unwrapped(document: Any) -> Iterator[Any]:
    """The items of a page, of a list or of a recorded response, or the single message that a document is."""
    if type(document) is list:
        for item in document:
            yield from unwrapped(item)
    elif type(document) is dict and "event" not in document and type(document.get("items")) is list:
        yield from document["items"]
    elif type(document) is dict and "_source" in document and "body" in document:
        product = product_in(str(document["_source"]))
        for item in unwrapped(document["body"]):
            yield placed(item, product)
    else:
        yield document


def _items(splitter: "_Splitter") -> Iterator[Any]:
    try:
        for body in splitter.bodies():
            try:
                document = decoded(body)
            except Malformed as fault:
                yield Unread(body, fault)
            else:
                yield from unwrapped(document)
    except Malformed as fault:
        yield Unread(splitter.rest(), fault)


class _Ended(Exception):
    """The text has ended."""


class _Splitter:
    """Splits a text into the bodies of its documents, looking only at brackets and strings."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0
        self._open: list[int] = []
        self._hollow = False

    def bodies(self) -> Iterator[bytes]:
        """Objects and other values, outside and inside lists and inside objects that are too large."""
        found = False
        while (mark := self._next(_BETWEEN)) is not None:
            if mark == ord("]") and self._open and self._open[-1] == ord("["):
                self._close()
            elif mark == ord("["):
                found = True
                self._enter(mark)
            elif self._open and self._open[-1] == ord("{"):
                self._member(mark)
            else:
                found = True
                body = self._body(mark)
                if body is not None:
                    yield body
        if self._open:
            raise Malformed("The file ends in the middle of a list.")
        if not found:
            raise Malformed("The file is empty.")

    def rest(self) -> bytes:
        """Text that was not understood, up to the length that is stored."""
        while len(self._buffer) - self._at < LONGEST_STORED and self._more():
            pass
        return self._buffer[self._at : self._at + LONGEST_STORED]

    def _enter(self, mark: int) -> None:
        if len(self._open) >= _DEEPEST:
            raise Malformed("The message is nested too deeply.")
        self._open.append(mark)
        self._hollow = mark == ord("{")
        self._at += 1

    def _close(self) -> None:
        if self._hollow:
            raise Malformed("The message is too large, and is no page of items.")
        self._open.pop()
        self._at += 1

    def _body(self, mark: int) -> bytes | None:
        """The next value. An object that is too large yields nothing here: its content is read instead."""
        if mark != ord("{"):
            return self._scalar()
        try:
            end = self._end(LARGEST)
        except _Ended:
            raise _truncated(self._buffer[self._at :]) from None
        if end is None:
            self._enter(mark)
            return None
        body = self._buffer[self._at : end]
        self._at = end
        return body

    def _scalar(self) -> bytes:
        """A value that is not an object. Outside a list it is the whole rest, which cannot be split."""
        if not self._open:
            body = self.rest()
            decoded(body)
            self._at = len(self._buffer)
            return body
        body = self._taken_scalar()
        decoded(body)
        return body

    def _taken_scalar(self) -> bytes:
        end = self._scalar_end()
        body = self._buffer[self._at : end]
        self._at = end
        return body

    def _scalar_end(self) -> int:
        """The end of the string, number or word that begins here. Nothing is looked at twice."""
        is_text = self._buffer[self._at] == ord('"')
        pattern, look = (_IN_STRING, self._at + 1) if is_text else (_SCALAR, self._at)
        while True:
            found = pattern.match(self._buffer, look)
            assert found is not None
            look = found.end()
            if look < len(self._buffer) and not (is_text and self._buffer[look] == ord("\\")):
                return look + 1 if is_text else max(look, self._at + 1)
            ahead = look - self._at
            if ahead > LARGEST:
                raise Malformed("The message is too large, and is no page of items.")
            if not self._more():
                return len(self._buffer)
            look = self._at + ahead

    def _member(self, mark: int) -> None:
        """A key of an object that is too large, and its value: read if it may contain items, otherwise
        skipped."""
        if mark == ord("}"):
            self._close()
            return
        if mark != ord('"'):
            raise Malformed("The message is not JSON: a key is expected.")
        key = self._taken_scalar()
        mark_of_value = self._next(_SPACE)
        if mark_of_value is None:
            raise Malformed("The file ends in the middle of an object.")
        if mark_of_value not in b"[{":
            self._taken_scalar()
        elif key in _WRAPPERS:
            self._enter(mark_of_value)
        else:
            self._skip()

    def _skip(self) -> None:
        try:
            self._at = self._end(None) or self._at
        except _Ended:
            raise Malformed("The file ends in the middle of an object.") from None

    def _end(self, largest: int | None) -> int | None:
        """The end of the value that begins here, or None if it is too large.

        Without a limit, the value is discarded.
        """
        depth, look, in_string = 0, self._at, False
        while True:
            if in_string:
                look, in_string = self._after_string(look)
                ended = in_string
            else:
                found = _RUN.match(self._buffer, look)
                assert found is not None
                look, mark = found.end(), found[1]
                in_string, ended = mark == b'"', mark is None
                depth += _DEPTHS.get(mark, 0)
                if depth == 0:
                    return look
            if ended:
                look = self._refilled(look, largest)
                if look < 0:
                    return None

    def _after_string(self, look: int) -> tuple[int, bool]:
        """The end of the string that continues here, or of the buffer, and whether it goes on after that."""
        found = _IN_STRING.match(self._buffer, look)
        assert found is not None
        end = found.end()
        mark = self._buffer[end : end + 1]
        if mark in (b"\n", b"\r"):
            raise Malformed("The message is not JSON: a text holds a line break.")
        return (end + 1, False) if mark == b'"' else (end, True)

    def _refilled(self, look: int, largest: int | None) -> int:
        """Read on when the buffer ends.

        Returns the position to continue at, or -1 if the value is too large.
        """
        if largest is None:
            self._at = look
        elif len(self._buffer) - self._at > largest:
            return -1
        ahead = look - self._at
        if not self._more():
            raise _Ended
        return self._at + ahead

    def _next(self, between: "re.Pattern[bytes]") -> int | None:
        """The next character after whitespace and separators; empty at the end."""
        while True:
            found = between.match(self._buffer, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return None

    def _more(self) -> bool:
        chunk = next(self._chunks, b"")
        while not chunk:
            try:
                chunk = next(self._chunks)
            except StopIteration:
                return False
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True


def _truncated(body: bytes) -> Malformed:
    try:
        decoded(body)
    except Malformed as fault:
        return fault
    return Malformed("The file ends in the middle of an object.")
