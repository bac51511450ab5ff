"""Sending an e-mail: through an SMTP server, or into a folder."""

import asyncio
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib

from centrals.mail_settings import MailSettings

Send = Callable[[EmailMessage], Awaitable[None]]
SECONDS = 30


class Refused(Exception):
    """The mail server will never accept the e-mail, with its status code."""


def sender_of(mail: MailSettings) -> Send:
    """The function that sends e-mails, as the settings say."""
    return through_smtp(mail) if mail.host else into_folder(mail.folder)


def connection(mail: MailSettings, seconds: float) -> dict[str, Any]:
    """The arguments with which aiosmtplib connects to the mail server and signs in."""
    return {
        "hostname": mail.host,
        "port": mail.port,
        "use_tls": mail.tls == "tls",
        "start_tls": mail.tls == "starttls",
        "username": mail.user or None,
        "password": mail.password or None,
        "timeout": seconds,
    }


def through_smtp(mail: MailSettings) -> Send:
    """Send through a server.

    Raises `Refused` for permanent errors, and other exceptions for temporary ones.
    """

    async def send(message: EmailMessage) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                await aiosmtplib.send(
                    message,
                    sender=mail.sender,
                    recipients=[message["To"].addresses[0].addr_spec],
                    **connection(mail, SECONDS),
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = error.recipients[0].code
            if code >= 500:
                raise Refused(f"recipient refused: {code}") from error
            raise
        except aiosmtplib.SMTPDataError as error:
            if error.code >= 500:
                raise Refused(f"message refused: {error.code}") from error
            raise

    return send


def into_folder(folder: Path) -> Send:
    """Write each e-mail to a file, to try out the server. An e-mail that is sent twice is there once."""

    async def send(message: EmailMessage) -> None:
        await asyncio.to_thread(_write, folder, message)

    return send


def _write(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    part = folder / f".{name}.part"
    part.touch(mode=0o600)  # it may hold a link
    part.write_bytes(message.as_bytes())
    part.replace(folder / f"{name}.eml")


def error_summary(error: BaseException) -> str:
    """What is stored about an error: its type and code, but not its text, which can contain an address."""
    if isinstance(error, Refused):
        return str(error)
    code = getattr(error, "code", None)
    return f"{type(error).__name__}{f' {code}' if isinstance(code, int) else ''}"[:300]
