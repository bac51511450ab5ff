"""A file on its way to a client. It ends with its last row, or is cut short for a reason that the log has."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from graph.export.reader import AccessEnded, ReadFault
from graph.http.extensions import CUT_SHORT
from graph.kit.errors import RequestError
from models import database
from telemetry.faults import log_fault
from telemetry.request import note_code, note_error, request_id


class Download(StreamingResponse):
    """A file that releases its slot before its end is sent, or when the client disconnects."""

    release: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        content = self._released_at_its_end(self.body_iterator)
        self.body_iterator = content
        try:
            await super().__call__(scope, receive, send)
        except ClientDisconnect:
            raise
        except Exception as reason:
            _note(reason)
            cut_short = scope.get("extensions", {}).get(CUT_SHORT)
            if cut_short is None:
                raise
            cut_short()
        finally:
            await content.aclose()  # whoever writes it ends with its client
            self._release()

    async def _released_at_its_end(self, content: Any) -> AsyncGenerator[Any, None]:
        """The content. Whoever has its end can begin the next export."""
        async with aclosing(content) as parts:
            async for part in parts:
                yield part
        self._release()

    def _release(self) -> None:
        """Release the slot once: it can be that of the next export by then."""
        release, self.release = self.release, lambda: None
        release()


def _note(reason: Exception) -> None:
    """Note why a file was cut short, by the code that the export would have been refused with."""
    match reason:
        case AccessEnded():
            code = RequestError.NOT_FOUND
        case database.TooSlow():
            code = RequestError.TIMEOUT
        case database.Outage():
            code = RequestError.UNAVAILABLE
        case _:
            code = RequestError.INTERNAL
            if not isinstance(reason, ReadFault):  # which is in the log already
                log_fault(request_id(), reason)
    note_code(code.value)
    note_error(code.value, "export")
