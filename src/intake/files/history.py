"""Bulk import: recorded webhooks, pages of the REST sales history and sales reports, from files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from intake.events.event import Event
from intake.files.documents import Unread
from intake.files.findings import findings
from intake.files.sources import Source, sources
from intake.hotmart.catalog import placed
from intake.hotmart.event import hotmart_event
from intake.hotmart.rest import is_rest_item
from intake.messages.arrival import Arrival, arrivals_of, malformed
from intake.messages.secret import Secrets
from intake.messages.store import store_arrivals
from intake.messages.wrapper import is_message
from models import database
from models.vocabulary import IntakeChannel, IntakeOutcome

BATCH = 500
_SHOWN = 20

Progress = Callable[[int, int], None]


class Fault(msgspec.Struct, frozen=True):
    """Part of a file that was not understood. Its position counts the file's items, or a table's rows."""

    file: str
    place: str
    reason: str


class Summary(msgspec.Struct):
    """The results of an import: the numbers of events by outcome, and what was not understood."""

    sales: int = 0
    others: int = 0
    waiting: int = 0
    tests: int = 0
    known: int = 0
    malformed: int = 0
    faults: list[Fault] = []

    def summary_text(self) -> str:
        """The totals in one line, followed by what was not understood."""
        tests = f", {self.tests} tests" if self.tests else ""
        sums = f"{self.sales} events of sales, {self.others} others{tests}, {self.known} known before"
        if self.waiting:
            sums += f", {self.waiting} waiting for their sale"
        lines = [f"{sums}, {self.malformed} malformed."]
        lines += [f"{fault.file}, {fault.place}: {fault.reason}" for fault in self.faults]
        if self.malformed > len(self.faults):
            lines.append(
                f"… and {self.malformed - len(self.faults)} more; the intake's events hold them all."
            )
        return "\n".join(lines)


class _Item(msgspec.Struct, frozen=True):
    file: str
    place: str
    arrival: Arrival
    read: int
    """The bytes of all files that were read up to and including this item."""


async def import_files(
    account_id: str,
    paths: Iterable[Path | str],
    progress: Progress,
    *,
    as_of: int | None = None,
    product: str | None = None,
) -> Summary:
    """Import the content of files and folders as if each event were received. `-` is standard input.

    `progress` receives the number of bytes done and in total. Each batch is one transaction and each event is
    stored once, so an import that was interrupted is completed by running it again. `as_of` is when pages and
    reports were fetched, in milliseconds; otherwise each is as old as its file. `product` is whose offers and
    plans the files contain, where they do not say so.
    """
    rows = await database.read(
        "SELECT timezone, intake_secret_digest FROM accounts WHERE id = ?", (account_id,)
    )
    if not rows:
        raise LookupError("There is no such account.")
    files = sources(paths)
    if not files:
        raise LookupError("There is no file to import.")
    total = sum(file.size for file in files)
    summary = Summary()
    secrets = Secrets(account_digest=rows[0]["intake_secret_digest"])
    items = _items(files, ZoneInfo(rows[0]["timezone"]), as_of, product, secrets)
    for number, batch in enumerate(_batches(items)):
        if number.bit_count() == 1:
            await _look_again()
        await _store(account_id, batch, summary)
        progress(min(batch[-1].read, total), total)
    progress(total, total)
    return summary


def _batches(items: Iterator[_Item]) -> Iterator[list[_Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch


async def _look_again() -> None:
    """Let PostgreSQL plan again: a plan made for empty tables would scan full ones in every batch.

    It reads up to 30,000 rows of each table, so an import of a single batch does without.
    """
    if database.dialect() != "postgres":
        return

    async def work() -> None:
        await database.write("ANALYZE (SKIP_LOCKED) intake_events, sales, sale_events, commissions")

    await database.transact(work)


async def _store(account_id: str, batch: Sequence[_Item], summary: Summary) -> None:
    new = await store_arrivals(account_id, [item.arrival for item in batch], IntakeChannel.IMPORT)
    for item in batch:
        arrival = item.arrival
        if arrival.reason is not None:
            summary.malformed += 1
            if len(summary.faults) < _SHOWN:
                summary.faults.append(Fault(item.file, item.place, arrival.reason))
        elif arrival.key not in new:
            summary.known += 1
        elif new[arrival.key] is IntakeOutcome.SALE:
            summary.sales += 1
        elif new[arrival.key] is IntakeOutcome.WAITING:
            summary.waiting += 1
        elif new[arrival.key] is IntakeOutcome.TEST:
            summary.tests += 1
        else:
            summary.others += 1
        new.pop(arrival.key, None)


def _items(
    files: Sequence[Source], zone: ZoneInfo, as_of: int | None, product: str | None, secrets: Secrets
) -> Iterator[_Item]:
    before = 0
    for file in files:
        moment = file.modified_at if as_of is None else as_of
        for found in findings(file, zone):
            for arrival in _arrivals(placed(found.value, product), secrets, moment):
                yield _Item(file.name, found.place, arrival, before + found.read)
        before += file.size


def _arrivals(value: Any, secrets: Secrets, as_of: int) -> list[Arrival]:
    if isinstance(value, Unread):
        return [malformed(value.body, secrets, value.fault)]

    def understands(tree: Any) -> Event:
        return hotmart_event(tree, as_of)

    arrivals = arrivals_of(value, secrets, understands, is_item)
    return [msgspec.structs.replace(arrival, as_of=as_of) for arrival in arrivals]


def is_item(tree: Any) -> bool:
    """Whether a value is a webhook message or an item of the sales history."""
    return is_message(tree) or is_rest_item(tree)
