"""The store of documents, which all processes share.

The operator adds trusted documents, and everyone can use them. Documents that clients send with a hash
(automatic persisted queries) are found only by viewers with the same schema: otherwise, finding one would
reveal names that a viewer's schema does not have. The most recently used of them are stored, up to a number
of bytes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models import database

TOUCH_MS = 24 * 3_600_000  # the time of use is accurate to a day
_STEP = 64  # new documents of a process between two checks of the total size
_UPSERT = (
    "INSERT INTO documents (id, kind, name, digest, text, size, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, digest = excluded.digest, text = excluded.text,"
    " size = excluded.size, used_at = excluded.used_at"
)
_SHRINK = """
DELETE FROM documents WHERE kind = ? AND id IN (
    SELECT id FROM (
        SELECT id, SUM(size) OVER (ORDER BY used_at DESC, id) AS total FROM documents WHERE kind = ?
    ) AS ordered WHERE total > ?
)
"""


class DocumentKind(StrEnum):
    """Where a document comes from."""

    TRUSTED = "TRUSTED"
    AUTOMATIC = "AUTOMATIC"
    SIGNED_OUT = "SIGNED_OUT"


MOST_BYTES = {DocumentKind.AUTOMATIC: 32_000_000, DocumentKind.SIGNED_OUT: 2_000_000}
"""How many bytes of clients' documents are stored. Signed-out clients cannot displace those of others."""
ENTRY_BYTES = 500
"""The bytes of a row besides its text."""
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A trusted document: its name and its text."""

    name: str
    text: str


def digest_of(text: str) -> str:
    """The SHA-256 of a document, as clients compute it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _id(kind: DocumentKind, name: str, scope: str = "") -> str:
    return digest_of(f"{kind}\n{scope}\n{name}")


async def trusted_text(name: str) -> str | None:
    """The text of the trusted document with a name."""
    return await _text(_id(DocumentKind.TRUSTED, name))


async def is_trusted(digest: str) -> bool:
    """Whether there is a trusted document with a SHA-256."""
    rows = await database.read(
        "SELECT 1 FROM documents WHERE digest = ? AND kind = ? LIMIT 1", (digest, DocumentKind.TRUSTED.value)
    )
    return bool(rows)


async def automatic_text(digest: str, scope: str, *, signed_in: bool) -> str | None:
    """The text that viewers with a schema sent with its SHA-256."""
    return await _text(_id(_automatic(signed_in=signed_in), digest, scope))


def _automatic(*, signed_in: bool) -> DocumentKind:
    return DocumentKind.AUTOMATIC if signed_in else DocumentKind.SIGNED_OUT


async def _text(row_id: str) -> str | None:
    rows = await database.read("SELECT text, used_at FROM documents WHERE id = ?", (row_id,))
    if not rows:
        return None
    now = database.now()
    if rows[0]["used_at"] < now - TOUCH_MS:
        await database.transact(
            lambda: database.write("UPDATE documents SET used_at = ? WHERE id = ?", (now, row_id))
        )
    return str(rows[0]["text"])


class Registrar:
    """Stores clients' documents, and sometimes removes those used least recently."""

    def __init__(self, most: Mapping[DocumentKind, int] = MOST_BYTES, step: int = _STEP) -> None:
        self._most = most
        self._step = step
        self._count = 0

    async def register(self, digest: str, text: str, scope: str, *, signed_in: bool) -> None:
        """Store a document for the viewers with a schema."""
        kind = _automatic(signed_in=signed_in)
        row = _row(_id(kind, digest, scope), kind, digest, text)
        shrinks = self._count % self._step == 0
        self._count += 1

        async def work() -> None:
            await database.write(_UPSERT, row)
            if shrinks:
                await database.write(_SHRINK, (kind.value, kind.value, self._most[kind]))

        await database.transact(work)


def _row(row_id: str, kind: DocumentKind, name: str, text: str) -> tuple[object, ...]:
    size = len(text.encode()) + ENTRY_BYTES
    return (row_id, kind.value, name, digest_of(text), text, size, database.now())


async def trust(documents: Mapping[str, str]) -> None:
    """Store trusted documents by name. A document with the same name is replaced."""

    async def work() -> None:
        for name, text in documents.items():
            row = _row(_id(DocumentKind.TRUSTED, name), DocumentKind.TRUSTED, name, text)
            await database.write(_UPSERT, row)

    await database.transact(work)


async def trusted_documents() -> list[StoredDocument]:
    """All trusted documents, by name."""
    rows = await database.read(
        "SELECT name, text FROM documents WHERE kind = ? ORDER BY name", (DocumentKind.TRUSTED.value,)
    )
    return [StoredDocument(row["name"], row["text"]) for row in rows]


async def distrust(names: list[str]) -> int:
    """Remove trusted documents, and return how many there were."""

    async def work() -> int:
        ids = [_id(DocumentKind.TRUSTED, name) for name in names]
        return sum(
            [
                await database.write("DELETE FROM documents WHERE id = ?", (document_id,))
                for document_id in ids
            ]
        )

    return await database.transact(work)
