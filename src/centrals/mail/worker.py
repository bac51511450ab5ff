"""The worker that sends e-mails from the outbox one by one while the server runs."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from centrals.mail import queue
from centrals.mail.compose import QueuedEmail, compose
from centrals.mail.prepare import Prepare
from centrals.mail.sending import Refused, Send, error_summary, sender_of
from centrals.mail_settings import MailSettings
from telemetry.figures import MAILS

_log = logging.getLogger("centrals.mail")
LOOKS_EVERY_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 10.0


class Worker:
    """Sends e-mails that are due.

    Several workers can share a database: each e-mail is claimed by one of them.
    """

    def __init__(
        self,
        mail: MailSettings,
        public_url: str,
        send: Send | None = None,
        prepare: Prepare | None = None,
    ) -> None:
        self._mail = mail
        self._public_url = public_url
        self._send = send or sender_of(mail)
        self._prepare = prepare
        self._ending = asyncio.Event()

    async def send_due(self) -> int:
        """Try to send everything that is due, and return how many e-mails were sent."""
        left = 0
        while not self._ending.is_set() and (queued := await queue.claim()) is not None:
            left += await self._try(queued)
        return left

    async def _try(self, queued: QueuedEmail) -> bool:
        try:
            complete = queued if self._prepare is None else await self._prepare(queued)
            if complete is None:
                await queue.withdraw(queued.id)
                MAILS.add("withdrawn")
                return False
            await self._send(compose(complete, self._mail, self._public_url))
        except Exception as error:
            failed_for_good = await queue.failed(
                queued.id, error_summary(error), for_good=isinstance(error, Refused)
            )
            details = {"mail_id": queued.id, "mail_kind": queued.kind, "kind": error_summary(error)}
            MAILS.add("failed" if failed_for_good else "deferred")
            _log.warning("mail failed for good" if failed_for_good else "mail not sent", extra=details)
            return False
        await queue.sent(queued.id)
        MAILS.add("sent")
        return True

    async def run(self) -> None:
        """Send e-mails as they become due, until `end`."""
        while not self._ending.is_set():
            try:
                await self.send_due()
            except Exception as fault:
                # the database can be unavailable for a while; claimed e-mails become due again
                _log.warning("mail queue unavailable", extra={"kind": type(fault).__qualname__})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_EVERY_SECONDS):
                    await self._ending.wait()

    def end(self) -> None:
        """Stop after the current e-mail."""
        self._ending.set()


@contextlib.asynccontextmanager
async def working(mail: MailSettings, public_url: str, prepare: Prepare | None = None) -> AsyncIterator[None]:
    """A worker that runs during the block.

    At its end, the current e-mail is sent, unless that takes too long.
    """
    worker = Worker(mail, public_url, prepare=prepare)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.end()
        await asyncio.wait([task], timeout=ENDS_WITHIN_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
