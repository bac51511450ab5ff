"""The settings for sending e-mails, from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where e-mails are sent: to an SMTP server or, without a host, into a folder."""

    host: str = ""
    port: int = 587
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender_name: str = "Centrals"
    sender: str = "centrals@localhost"
    folder: Path = Path("data/mail")


def read_mail(environment: Mapping[str, str], database_url: str, public_url: str) -> MailSettings:
    """The settings from an environment. Raises `ValueError` with the name of an invalid variable."""
    host, tls = environment.get("MAIL_HOST", "").strip(), environment.get("MAIL_TLS") or "starttls"
    if tls not in _PORTS:
        raise ValueError(f"MAIL_TLS must be starttls, tls or none, not {tls!r}.")
    port = environment.get("MAIL_PORT", "").strip() or str(_PORTS[tls])
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65535):
        raise ValueError(f"MAIL_PORT must be a number from 1 to 65535, not {port!r}.")
    user, password = environment.get("MAIL_USER", ""), environment.get("MAIL_PASSWORD", "")
    if user and tls == "none" and host not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError("MAIL_USER requires MAIL_TLS, because a password is not sent unencrypted.")
    sender_text = environment.get("MAIL_FROM", "").strip()
    if host and not sender_text:
        raise ValueError("MAIL_FROM is required with MAIL_HOST, for example Centrals <centrals@example.com>.")
    name, sender = _sender(sender_text or f"Centrals <centrals@{mail_host(public_url)}>")
    named = environment.get("MAIL_FOLDER", "").strip()
    return MailSettings(
        host=host,
        port=int(port),
        tls=tls,
        user=user,
        password=password,
        sender_name=name,
        sender=sender,
        folder=Path(named) if named else _beside(database_url),
    )


def mail_host(public_url: str) -> str:
    """The host name in e-mails' addresses and ids. A bare IPv6 address is not allowed in headers."""
    host = urlsplit(public_url).hostname or "localhost"
    return "localhost" if ":" in host else host


def _sender(sender_text: str) -> tuple[str, str]:
    name, address = parseaddr(sender_text)
    try:
        parsed = Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError):
        parsed = Address()
    if not (parsed.username and parsed.domain and sender_text.isprintable()):
        raise ValueError("MAIL_FROM must be an address, such as Centrals <centrals@example.com>.")
    return name, address


def _beside(database_url: str) -> Path:
    if not database_url.startswith("sqlite:///"):
        return Path("data/mail")
    return Path(database_url.removeprefix("sqlite:///")).parent / "mail"
