"""A mail server of the tests' own, in a thread, that keeps what it takes."""

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from doorstep import free_port


@dataclass
class Mailbox:
    """What a server took. `answers` are for recipients, by address: others are taken.

    `before` and `after` are called when an e-mail is there to be taken, and when it was taken, unanswered yet.
    """

    port: int
    answers: dict[str, str] = field(default_factory=dict)
    data_answer: str | None = None
    slow: float = 0.0
    taken: list[EmailMessage] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    users: list[str | None] = field(default_factory=list)
    before: Callable[[EmailMessage], None] = lambda _message: None
    after: Callable[[EmailMessage], None] = lambda _message: None

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient, or answer as told."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        """Keep the e-mail."""
        await asyncio.sleep(self.slow)
        if self.data_answer is not None:
            return self.data_answer
        read = message_from_bytes(envelope.content, policy=default)
        assert isinstance(read, EmailMessage)
        self.before(read)
        self.taken.append(read)
        self.secure.append(session.ssl is not None)
        self.users.append(getattr(session, "auth_data", None))
        self.after(read)
        return "250 OK"

    def sent_to(self, address: str) -> list[EmailMessage]:
        """What was taken for an address."""
        return [message for message in self.taken if message["To"] == address]


def words(message: EmailMessage) -> str:
    """The text of an e-mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_in(message: EmailMessage, kind: str = "invitation") -> str:
    """The token of the link in an e-mail."""
    return words(message).split(f"/link#{kind}=", 1)[1].split()[0]


@contextlib.contextmanager
def mailbox(
    *, port: int | None = None, tls: ssl.SSLContext | None = None, user: str = ""
) -> Iterator[Mailbox]:
    """A server; with `tls` it asks for STARTTLS, with `user` for a login with the password `secret`."""
    box = Mailbox(port or free_port())

    def judged(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), b"secret")
        # handled: False lets the server answer 535; without it the client waits for good
        return AuthResult(success=good, handled=False, auth_data=user if good else None)

    options: dict[str, Any] = {}
    if tls is not None:
        options |= {"tls_context": tls, "require_starttls": True}
    if user:
        options |= {"authenticator": judged, "auth_required": True, "auth_require_tls": tls is not None}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine that no one signed but itself, and a server's context with it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return cert, context
