"""Bulk import: recorded webhooks and pages of the REST sales history, from files."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from intake.arrival import Arrival, arrival_of, malformed
from intake.event import Event
from intake.hotmart_rest import is_rest_item, rest_event
from intake.hotmart_webhook import webhook_event
from intake.keep import keep, outcome_of
from intake.reading import Malformed, decoded
from models import database
from models.words import IntakeOutcome

BATCH = 500
_SHOWN = 20
_BOM = b"\xef\xbb\xbf"

Progress = Callable[[int, int], None]


class Fault(msgspec.Struct, frozen=True):
    """Something in a file that was not understood; its place counts the file's items from 1."""

    file: str
    place: int
    reason: str


class Summary(msgspec.Struct):
    """What an import did: events of sales and others that were new, those known before, and faults."""

    sales: int = 0
    others: int = 0
    known: int = 0
    malformed: int = 0
    faults: list[Fault] = []

    def told(self) -> str:
        """The sums in a line, and below it what was not understood."""
        sums = f"{self.sales} events of sales, {self.others} others, {self.known} known before"
        lines = [f"{sums}, {self.malformed} malformed."]
        lines += [f"{fault.file}, item {fault.place}: {fault.reason}" for fault in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            lines.append(f"… and {len(self.faults) - _SHOWN} more; the intake's events hold them all.")
        return "\n".join(lines)


class _Item(msgspec.Struct, frozen=True):
    file: str
    place: int
    arrival: Arrival
    read: int
    """Bytes of all files read, up to and including this item."""


async def import_files(
    account_id: str, paths: Sequence[Path | str], progress: Progress, *, as_of: int | None = None
) -> Summary:
    """Take in what the files hold, as if each event were received; `progress` is told bytes done and in all.

    Each batch is one transaction and each event is kept once, so an import that was cut off is
    finished by running it again. `as_of` is when the REST pages were read, in milliseconds.
    """
    rows = await database.read("SELECT id FROM accounts WHERE id = ?", (account_id,))
    if not rows:
        raise LookupError("There is no such account.")
    files = [Path(path) for path in paths]
    total = sum(file.stat().st_size for file in files)
    summary = Summary()
    for number, batch in enumerate(_batches(_items(files, as_of)), 1):
        await _keep(account_id, batch, summary)
        if number.bit_count() == 1:
            await _look_again()
        progress(min(batch[-1].read, total), total)
    progress(total, total)
    return summary


def _batches(items: Iterator[_Item]) -> Iterator[list[_Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch


async def _look_again() -> None:
    """Let PostgreSQL plan anew: a plan made for empty tables reads full ones whole, in every batch."""
    if database.dialect() != "postgres":
        return

    async def work() -> None:
        await database.write("ANALYZE (SKIP_LOCKED) intake_events, sales, sale_events, commissions")

    await database.transact(work)


async def _keep(account_id: str, batch: Sequence[_Item], summary: Summary) -> None:
    new = await keep(account_id, [item.arrival for item in batch])
    for item in batch:
        arrival = item.arrival
        if arrival.reason is not None:
            summary.malformed += 1
            summary.faults.append(Fault(item.file, item.place, arrival.reason))
        elif arrival.key not in new:
            summary.known += 1
        elif outcome_of(arrival) is IntakeOutcome.SALE:
            summary.sales += 1
        else:
            summary.others += 1
        new.discard(arrival.key)


def _items(files: Sequence[Path], as_of: int | None) -> Iterator[_Item]:
    before = 0

    def understand(tree: Any) -> Event:
        if is_rest_item(tree):
            return rest_event(tree, as_of)
        if type(tree) is dict and "event" in tree:
            return webhook_event(tree)
        raise Malformed("The item is neither a webhook's message nor one of the sales history.")

    for file in files:
        body = file.read_bytes().removeprefix(_BOM)
        for place, (found, read) in enumerate(_found(body), 1):
            if isinstance(found, _Unread):
                arrival = malformed(found.body, None, found.fault)
            else:
                arrival = arrival_of(found, None, understand)
            yield _Item(str(file), place, arrival, before + read)
        before += len(body)


class _Unread(msgspec.Struct, frozen=True):
    body: bytes
    fault: Malformed


def _found(body: bytes) -> Iterator[tuple[Any, int]]:
    """The messages and items in a file, each with the number of bytes that it ends at, roughly."""
    try:
        items = list(_unwrapped(decoded(body)))
    except Malformed as fault:
        yield from _lines(body, fault)
        return
    for number, item in enumerate(items, 1):
        yield item, len(body) * number // len(items)


def _lines(body: bytes, fault: Malformed) -> Iterator[tuple[Any, int]]:
    """A file that is no document holds a document in each line, if its first line is one."""
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) <= 1 or isinstance(_line(lines[0]), _Unread):
        yield _Unread(body, fault), len(body)
        return
    read = 0
    for line in lines:
        read += len(line) + 1
        document = _line(line)
        for item in [document] if isinstance(document, _Unread) else _unwrapped(document):
            yield item, min(read, len(body))


def _line(line: bytes) -> Any:
    try:
        return decoded(line)
    except Malformed as fault:
        return _Unread(line, fault)


def _unwrapped(document: Any) -> Iterator[Any]:
    """The items of a page, of a list, of a recorded answer, or the one message that a document is."""
    if type(document) is list:
        for item in document:
            yield from _unwrapped(item)
    elif type(document) is dict and "event" not in document and type(document.get("items")) is list:
        yield from document["items"]
    elif type(document) is dict and "_source" in document and "body" in document:
        yield from _unwrapped(document["body"])
    else:
        yield document
