"""An e-mail, made of its words and of what an act left in the outbox."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import quote

from centrals.mail.settings import MailSettings, mail_host
from centrals.mail.words import FOOTERS, WORDS

# where each kind's button leads; a token stands behind the #, which no server and no log is sent
_LINKS = {
    "verify_email": "/link#verify=",
    "reset_password": "/link#reset=",
    "invitation": "/link#invitation=",
    "invitation_to_newcomer": "/link#invitation=",
    "already_registered": "/graphql",
    "transfer_offered": "/graphql",
}
_HTML = """<!doctype html>
<html lang="{locale}" dir="{direction}">
<head><meta charset="utf-8"><title>{subject}</title></head>
<body style="margin:0;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#1c1c1c">
<div style="max-width:560px;margin:0 auto">
{body}
<hr style="border:0;border-top:1px solid #ccc;margin:32px 0 16px">
<p style="font-size:13px;color:#666">{footer}</p>
</div>
</body>
</html>
"""
_BUTTON = (
    '<p style="margin:24px 0"><a href="{link}" style="background:#2b4acb;color:#fff;padding:12px 20px;'
    'border-radius:6px;text-decoration:none">{button}</a></p>\n<p style="font-size:13px" dir="ltr">{link}</p>'
)


@dataclass(frozen=True, slots=True)
class Posted:
    """What stands in the outbox. `created_at` is in milliseconds since 1970."""

    id: str
    kind: str
    recipient: str
    locale: str
    data: dict[str, Any]
    created_at: int


def compose(posted: Posted, mail: MailSettings, public_url: str) -> EmailMessage:
    """The e-mail: the same bytes' worth at each try, under one Message-ID."""
    locale = posted.locale if posted.locale in WORDS else "en"
    words = WORDS[locale][posted.kind]
    host = mail_host(public_url)
    values = {name: _line(value) for name, value in posted.data.items()} | {"host": host}
    link = link_of(posted, public_url)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{posted.id}@{host}>"
    message["Date"] = format_datetime(datetime.fromtimestamp(posted.created_at // 1000, UTC))
    message["From"] = Address(mail.sender_name, addr_spec=mail.sender)
    message["To"] = Address(addr_spec=deliverable(posted.recipient))
    message["Subject"] = words.subject.format(**values)
    message["Auto-Submitted"] = "auto-generated"
    paragraphs = [one.format(**values) for one in words.paragraphs]
    text = [*paragraphs, *([f"{words.button}:\n{link}"] if words.button and link else [])]
    message.set_content("\n\n".join(text) + f"\n\n-- \n{FOOTERS[locale].format(**values)}\n", cte="base64")
    message.add_alternative(_html(locale, words, values, link), subtype="html", cte="base64")
    message["Content-Language"] = locale  # last: making the parts moves such headers into them
    return message


def link_of(posted: Posted, public_url: str) -> str | None:
    """Where the button leads: always below the address that the server was told of."""
    where = _LINKS.get(posted.kind)
    if where is None:
        return None
    return f"{public_url}{where}" + (quote(str(posted.data["token"])) if where.endswith("=") else "")


def deliverable(address: str) -> str:
    """An address with its domain as DNS knows it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _html(locale: str, words: Any, values: dict[str, str], link: str | None) -> str:
    # each value is escaped, and set apart from the direction of the text around it
    safe = {name: f"<bdi>{escape(value)}</bdi>" for name, value in values.items()}
    body = "\n".join(f"<p>{escape(one, quote=False).format(**safe)}</p>" for one in words.paragraphs)
    if words.button and link:
        body += "\n" + _BUTTON.format(link=escape(link), button=escape(words.button))
    return _HTML.format(
        locale=locale,
        direction="rtl" if locale == "ar" else "ltr",
        subject=escape(words.subject.format(**values)),
        body=body,
        footer=escape(FOOTERS[locale], quote=False).format(**safe),
    )


def _line(value: Any) -> str:
    """A value on one line: what stands in a subject opens no further header."""
    return " ".join("".join(one if one.isprintable() else " " for one in str(value)).split())
