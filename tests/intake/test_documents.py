"""Documents are found in a text whatever surrounds them, and of a broken text as many as there are."""

import json
import time
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from intake.files import documents as module
from intake.files.documents import Unread, documents


def found(text: bytes, size: int = 7) -> list[Any]:
    """The documents, read in pieces of so many bytes; of an unread one the reason."""
    pieces = iter([text[at : at + size] for at in range(0, len(text), size)])
    return [
        str(document.fault) if isinstance(document, Unread) else document for document in documents(pieces)
    ]


TRICKY = {"a": 'quote " brace } bracket ] \\', 'key " }': "", "b": [1, [2, {"c": None}]], "d": "ü\n", "e": {}}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000_000])
@pytest.mark.parametrize("indent", [None, 1])
def test_one_document_is_found_in_pieces_of_any_size(size: int, indent: int | None) -> None:
    text = json.dumps(TRICKY, indent=indent).encode()

    assert found(text, size) == [TRICKY]
    assert found(b"\r\n " + text + b"\n\n", size) == [TRICKY]


@pytest.mark.parametrize("size", [1, 3, 1_000_000])
@pytest.mark.parametrize("between", ["", " ", "\n", "\r\n", ",", "\n\n"])
def test_documents_follow_one_another(size: int, between: str) -> None:
    text = between.join([json.dumps({"n": 1}), json.dumps(TRICKY), json.dumps([{"n": 2}, {"n": 3}])]).encode()

    assert found(text, size) == [{"n": 1}, TRICKY, {"n": 2}, {"n": 3}]


def test_lists_pages_and_recorded_answers_are_their_items() -> None:
    page = {"items": [{"n": 1}, {"n": 2}], "page_info": {"total_results": 2}}
    text = json.dumps([page, {"_source": "GET", "body": page}, [[{"n": 3}]], {"items": []}]).encode()

    assert found(text) == [{"n": 1}, {"n": 2}, {"n": 1}, {"n": 2}, {"n": 3}]


def test_numbers_stay_exact() -> None:
    assert found(b'[{"value": 922.2199999999999, "id": 12345678901234567890}]') == [
        {"value": Decimal("922.2199999999999"), "id": 12345678901234567890}
    ]


def test_a_broken_line_hides_no_other() -> None:
    text = b'{"n": 1}\n{"broken": \n{"n": 2}\nnull\nnonsense\n{"n": 3} {"n": 4}\n'

    item, broken, two, null, nonsense, three, four = found(text)

    assert (item, two, null, three, four) == ({"n": 1}, {"n": 2}, None, {"n": 3}, {"n": 4})
    assert broken.startswith("The message is not JSON")
    assert nonsense.startswith("The message is not JSON")


def test_an_item_that_is_no_json_hides_no_other() -> None:
    assert found(b'[{"n": 1}, {"n" 2}, {"n": 3}]')[::2] == [{"n": 1}, {"n": 3}]


@pytest.mark.parametrize(
    ("text", "whole", "reason"),
    [
        (b'[{"n": 1}, {"n": 2', 1, "truncated"),
        (b'[{"n": 1}, {"n": 2}', 2, "ends in the middle of a list"),
        (b'[{"n": 1}, {"n": "li\nne"}, {"n": 3}]', 1, "line break"),
        (b'[{"n": 1}, oops, {"n": 3}]', 1, "not JSON"),
        (b'{"n": 1}} {"n": 2}', 1, "not JSON"),
        (b"", 0, "empty"),
        (b" \n ", 0, "empty"),
        (b"%PDF-1.7 binary\0\n{}\n", 0, "not JSON"),
        (b"[" * 100_000, 0, "nested too deeply"),
        (b'{"a":' * 100_000, 0, "nested too deeply"),
    ],
)
def test_a_broken_text_tells_where_it_ends(text: bytes, whole: int, reason: str) -> None:
    *items, result = found(text, 65_536)

    assert items == [{"n": number} for number in range(1, whole + 1)]
    assert reason in result


class Large:
    """A text of many items, made as it is read."""

    item = json.dumps(TRICKY | {"long": "x" * 10_000}).encode()

    def __init__(self, before: bytes, after: bytes, count: int) -> None:
        self.parts = (before, after, count)

    def __iter__(self) -> Iterator[bytes]:
        before, after, count = self.parts
        yield before
        for number in range(count // 10):
            yield (b"," if number else b"") + b",".join([self.item] * 10)
        yield after


PAGE = (b'{"page_info": {"a": [1, "]"]}, "x": "}", "y": 1.5, "items": [', b'], "z": [{}]}')


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"[", b"]"), PAGE, (b'{"_source": "GET", "body": ' + PAGE[0], PAGE[1] + b"}"), (b"[[[", b"]]]")],
)
def test_a_large_text_is_read_item_by_item(
    monkeypatch: pytest.MonkeyPatch, before: bytes, after: bytes
) -> None:
    monkeypatch.setattr(module, "LARGEST", 100_000)
    count = 100

    items = list(documents(iter(Large(before, after, count))))

    assert len(items) == count
    assert items[0] == items[-1] == TRICKY | {"long": "x" * 10_000}


def test_memory_does_not_grow_with_the_text() -> None:
    def peak(megabytes: int) -> int:
        count = megabytes * 1_000_000 // len(Large.item) // 10 * 10
        tracemalloc.start()
        number = sum(1 for _ in documents(iter(Large(*PAGE, count))))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert number == count
        return highest

    assert peak(60) < peak(10) * 1.2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"event": "X", "long": "' + b"x" * 200_000 + b'"}', "too large"),
        (b'{"a": [' + b"{}," * 50_000 + b"{}]}", "too large"),
        (b'{"items": [' + b"{}," * 50_000, "ends in the middle"),
        (b'{"a": [' + b"{}," * 50_000, "ends in the middle"),
    ],
)
def test_a_large_object_without_items_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: bytes, reason: str
) -> None:
    monkeypatch.setattr(module, "LARGEST", 100_000)

    assert reason in found(text, 65_536)[-1]


def test_a_long_text_is_read_once_however_long_it_is() -> None:
    def seconds(head: bytes, pieces: int) -> float:
        began = time.thread_time()
        (item,) = documents(iter([head, *[b"x" * 65_536] * pieces, b'"}, "items": [{"n": 1}]}']))
        assert item == {"n": 1}
        return time.thread_time() - began

    page = b'{"page_info": {"long": "'

    assert min(seconds(page, 400), seconds(page, 400)) < 3 * max(
        seconds(page, 200), 0.05
    )  # 4 times, if squared


@pytest.mark.parametrize("size", [1, 3, 4])
def test_a_text_in_a_list_ends_behind_its_escapes_in_pieces_of_any_size(size: int) -> None:
    assert found(b'["a\\"b]\\\\", 12345, {"n": 1}]', size) == ['a"b]\\', 12345, {"n": 1}]
