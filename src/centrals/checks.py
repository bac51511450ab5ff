"""The checks of `centrals check`. Each yields findings and changes nothing."""

import ctypes
import secrets
import shutil
import ssl
import stat
import time
from collections.abc import AsyncIterator, Iterator
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
import httpx
import msgspec

from actions.kit.rates import Rates
from centrals.mail.sending import connection, error_summary
from centrals.settings import DEFAULT_DATABASE, Settings, setting_warnings
from models import database
from models.backups.backup import BackupError, require_known
from models.configuration import is_postgres, sqlite_file
from models.migrate import pending
from models.preflight import Unavailable, described, require_database, require_writable_folder
from models.price_history import UNREAD

SECONDS = 10
_LEAST_FREE = 1_000_000_000
_MOST_SKEW_SECONDS = 2.0
_CERTIFICATE_DAYS = 14
_UNSYNCHRONIZED = 5  # what adjtimex calls an error of the clock
_NEAR = ("127.0.0.1", "localhost", "::1")


class Level(StrEnum):
    """The level of a finding."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(msgspec.Struct, frozen=True):
    """What a check found, in a sentence."""

    check: str
    level: Level
    text: str


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Settings that are valid, but probably not what the operator wants."""
    warnings = list(setting_warnings())
    near = urlsplit(settings.public_url).hostname in _NEAR
    if not settings.secure_cookies and not near:
        warnings.append("PUBLIC_URL is not https://: passwords and cookies travel unencrypted.")
    if settings.show_access and not near:
        warnings.append("SHOW_ACCESS=1 tells callers how operations are executed.")
    if "*" in settings.allowed_hosts:
        warnings.append("ALLOWED_HOSTS accepts every host name.")
    if not settings.secret_key:
        warnings.append("SECRET_KEY is not set; the first start creates a key file.")
    for warning in warnings:
        yield Finding("settings", Level.WARNING, warning)
    if not warnings:
        yield Finding("settings", Level.OK, "The settings are valid.")


async def check_database(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the database can be used and has the tables of this version."""
    url = settings.database_url
    try:
        await require_database(url, creates_folder=url == DEFAULT_DATABASE)
    except Unavailable as error:
        yield Finding("database", Level.ERROR, str(error))
        return
    if not is_postgres(url):
        for finding in _file(sqlite_file(url).absolute()):
            yield finding
        if not sqlite_file(url).exists():
            yield Finding(
                "migrations", Level.WARNING, "There is no database yet; the first start creates it."
            )
            return
    else:
        yield Finding("database", Level.OK, f"The {described(url).removeprefix('the ')} can be used.")
    async with database.connected(url):
        tables = await _migrations(url)
        yield tables
        if tables.level is Level.OK:
            async for finding in _contents():
                yield finding


def _file(file: Path) -> Iterator[Finding]:
    folder = next(parent for parent in file.parents if parent.exists())
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE:
        yield Finding("database", Level.WARNING, f"{folder} has only {free / 1e6:.0f} MB of free space.")
    if not file.exists():
        return
    yield Finding("database", Level.OK, f"The database {file} can be used.")
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("database", Level.WARNING, f"Other users of this machine can read {file}: chmod 600.")


async def _migrations(url: str) -> Finding:
    tables = await database.read(
        "SELECT 1 AS found FROM information_schema.tables WHERE table_name = 'tortoise_migrations'"
        if is_postgres(url)
        else "SELECT 1 AS found FROM sqlite_master WHERE name = 'tortoise_migrations'"
    )
    if not tables:
        return Finding(
            "migrations", Level.WARNING, "The database is empty; the first start creates its tables."
        )
    applied = await database.read("SELECT name FROM tortoise_migrations")
    try:
        require_known(row["name"] for row in applied)
    except BackupError as error:
        return Finding("migrations", Level.ERROR, str(error).replace("backup", "database"))
    missing = await pending(url)
    if missing:
        text = f"The next start applies missing migrations: {', '.join(missing)}."
        return Finding("migrations", Level.WARNING, text)
    return Finding("migrations", Level.OK, "The tables are up to date.")


async def _contents() -> AsyncIterator[Finding]:
    """What the data show about the clock and about e-mails."""
    (latest,) = await database.read("SELECT max(at) AS at FROM audit_entries")
    if latest["at"] is not None and latest["at"] > database.now() + _MOST_SKEW_SECONDS * 1000:
        text = "The log has entries from the future: the clock is or was wrong."
        yield Finding("clock", Level.WARNING, text)
    (failed,) = await database.read(
        "SELECT count(dead_at) AS count FROM outbox_messages WHERE sent_at IS NULL"
    )
    if failed["count"]:
        text = f"{failed['count']} e-mails failed for good: `centrals mail list` shows them."
        yield Finding("mail", Level.WARNING, text)
    async for finding in _unread_prices():
        yield finding
    if database.dialect() == "postgres":
        (row,) = await database.read("SELECT extract(epoch FROM clock_timestamp()) AS at")
        yield _skew("the database server's", float(row["at"]) - time.time())


async def _unread_prices() -> AsyncIterator[Finding]:
    """Accounts whose sales name prices of offers that their histories do not have, since an upgrade."""
    rows = await database.read(
        "SELECT DISTINCT s.account_id FROM offers o"
        " JOIN sales s ON s.account_id = o.account_id AND s.offer_id = o.id AND s.offer_price IS NULL"
        " JOIN sale_events e ON e.account_id = s.account_id AND e.sale_id = s.id"
        " WHERE o.priced_at = ? AND e.facts ->> 'offer_price' IS NOT NULL ORDER BY s.account_id",
        (UNREAD,),
    )
    for row in rows:
        text = (
            "The history of prices lacks what earlier sales name:"
            f" run `centrals intake refold --account {row['account_id']}`."
        )
        yield Finding("prices", Level.WARNING, text)


def _skew(whose: str, seconds: float) -> Finding:
    if abs(seconds) <= _MOST_SKEW_SECONDS:
        return Finding("clock", Level.OK, f"This machine's clock and {whose} agree.")
    return Finding("clock", Level.ERROR, f"This machine's clock and {whose} are {abs(seconds):.0f} s apart.")


def check_clock() -> Iterator[Finding]:
    """Whether the system's clock is synchronized, as far as the kernel knows."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return
    if state == _UNSYNCHRONIZED:
        text = "The kernel does not report the clock as synchronized. Does this machine run an NTP client?"
        yield Finding("clock", Level.WARNING, text)
    elif state >= 0:
        yield Finding("clock", Level.OK, "The clock is synchronized.")


async def check_mail(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the mail server accepts a connection and the credentials; no e-mail is sent."""
    mail = settings.mail
    if not mail.host:
        try:
            require_writable_folder(mail.folder.absolute(), "MAIL_FOLDER", creates=2)
        except Unavailable as error:
            yield Finding("mail", Level.ERROR, str(error))
        else:
            yield Finding(
                "mail", Level.WARNING, f"There is no MAIL_HOST: e-mails become files in {mail.folder}."
            )
        return
    try:
        async with aiosmtplib.SMTP(**connection(mail, SECONDS)) as server:
            await server.noop()
    except (aiosmtplib.SMTPException, OSError) as error:
        text = f"MAIL_HOST: {mail.host}:{mail.port} does not accept this server: {error_summary(error)}."
        yield Finding("mail", Level.ERROR, text)
        return
    signed_in = " and the credentials" if mail.user else ""
    yield Finding("mail", Level.OK, f"{mail.host}:{mail.port} accepts connections{signed_in}.")


async def check_redis(settings: Settings) -> AsyncIterator[Finding]:
    """Whether Redis can count, if the settings name it."""
    if not settings.redis_url:
        return
    rates = Rates(settings.redis_url)
    responds = await rates.is_in_redis()
    await rates.close()
    if responds:
        yield Finding("redis", Level.OK, "Redis counts rate limits.")
    else:
        text = "REDIS_URL: Redis does not respond. Until it does, the database counts rate limits."
        yield Finding("redis", Level.ERROR, text)


async def check_proxy(settings: Settings) -> AsyncIterator[Finding]:
    """Whether PUBLIC_URL leads to this server, with a valid certificate and through a trusted proxy."""
    url, request_id = settings.public_url, f"check-{secrets.token_hex(8)}"
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http,
            http.stream("GET", f"{url}/healthz", headers={"x-request-id": request_id}) as response,
        ):
            certificate = _certificate_days(response)
    except (httpx.HTTPError, ssl.SSLError) as error:
        text = f"PUBLIC_URL: {url} does not respond ({type(error).__name__}). Is the server running?"
        yield Finding("proxy", Level.WARNING, text)
        return
    if response.status_code != 200 or response.headers.get("x-request-id") != request_id:
        text = f"PUBLIC_URL: {url}/healthz responds with {response.status_code}, but not as this server does."
        yield Finding("proxy", Level.ERROR, text)
        return
    yield Finding("proxy", Level.OK, f"{url} leads to a server of Centrals.")
    if certificate is not None and certificate < _CERTIFICATE_DAYS:
        yield Finding("proxy", Level.WARNING, f"The certificate of {url} ends in {certificate} days.")
    if settings.secure_cookies and not settings.trusted_proxies:
        text = "TRUSTED_PROXIES is not set: behind the proxy that ends TLS, all clients share its address."
        yield Finding("proxy", Level.WARNING, text)
    if date := response.headers.get("date"):
        yield _skew("the public server's", parsedate_to_datetime(date).timestamp() - time.time())


def _certificate_days(response: httpx.Response) -> int | None:
    stream = response.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream is not None else None
    if secured is None:
        return None
    ends = ssl.cert_time_to_seconds(secured.getpeercert()["notAfter"])
    return int((ends - time.time()) // 86_400)


async def all_findings(settings: Settings) -> list[Finding]:
    """The findings of all checks."""
    found = list(check_settings(settings))
    found += [finding async for finding in check_database(settings)]
    found += [finding async for finding in check_mail(settings)]
    found += [finding async for finding in check_redis(settings)]
    found += check_clock()
    found += [finding async for finding in check_proxy(settings)]
    return found
