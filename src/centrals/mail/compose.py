"""Composing an e-mail from its texts and the data in the outbox."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import quote

import msgspec

from actions.emails import EMAILS
from actions.kit.email import DOCUMENT_CHART, DOCUMENT_HTML, DOCUMENT_TEXT, HOST, UNSUBSCRIBE, Text
from centrals.mail_settings import MailSettings, mail_host

_FOOTERS = {
    "en": "This message was sent by {host}. If you did not expect it, you can ignore it.",
    "es": "Este mensaje fue enviado por {host}. Si no lo esperabas, puedes ignorarlo.",
    "fr": "Ce message a été envoyé par {host}. Si vous ne l’attendiez pas, vous pouvez l’ignorer.",
    "ar": "أُرسلت هذه الرسالة من {host}. إذا لم تكن تتوقعها فيمكنك تجاهلها.",
    "pt": "Esta mensagem foi enviada por {host}. Se você não a esperava, pode ignorá-la.",
}
_OUTSIDE = re.compile(r"https://[^\s\"<>@]+")
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
class QueuedEmail:
    """A row of the outbox. `created_at` is in milliseconds since 1970."""

    id: str
    kind: str
    recipient: str
    locale: str
    data: dict[str, Any]
    created_at: int
    reply_to: str | None = None


def compose(queued: QueuedEmail, mail: MailSettings, public_url: str) -> EmailMessage:
    """The e-mail, the same at each attempt, with one Message-ID."""
    locale = queued.locale if queued.locale in _FOOTERS else "en"
    text = EMAILS[queued.kind].text(locale)
    host = mail_host(public_url)
    documents = (DOCUMENT_TEXT, DOCUMENT_HTML, DOCUMENT_CHART)
    data = {name: value for name, value in queued.data.items() if name not in documents and value is not None}
    values = {name: _line(value) for name, value in data.items()} | {HOST: host}
    text = msgspec.structs.replace(text, paragraphs=tuple(text.paragraphs_with(values.keys())))
    link = link_of(queued, public_url)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{queued.id}@{host}>"
    message["Date"] = format_datetime(datetime.fromtimestamp(queued.created_at // 1000, UTC))
    message["From"] = Address(mail.sender_name, addr_spec=mail.sender)
    message["To"] = Address(addr_spec=deliverable(queued.recipient))
    if queued.reply_to:
        message["Reply-To"] = Address(addr_spec=deliverable(queued.reply_to))
    message["Subject"] = text.subject.format(**values)
    message["Auto-Submitted"] = "auto-generated"
    if UNSUBSCRIBE in queued.data:
        message["List-Unsubscribe"] = f"<{public_url}{queued.data[UNSUBSCRIBE]}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    paragraphs = [paragraph.format(**values) for paragraph in text.paragraphs]
    lines = [*paragraphs, *([f"{text.button}:\n{link}"] if text.button and link else [])]
    lines += [str(queued.data[DOCUMENT_TEXT])] if DOCUMENT_TEXT in queued.data else []
    message.set_content("\n\n".join(lines) + f"\n\n-- \n{_FOOTERS[locale].format(**values)}\n", cte="base64")
    html = _html(locale, text, values, link, str(queued.data.get(DOCUMENT_HTML, "")))
    message.add_alternative(html, subtype="html", cte="base64")
    if DOCUMENT_CHART in queued.data:
        _add_chart(message, queued.data[DOCUMENT_CHART])
    message["Content-Language"] = locale  # last: making the parts moves such headers into them
    return message


def _add_chart(message: EmailMessage, png: bytes) -> None:
    """Add a chart beside the HTML that shows it. Programs without pictures show its alternative text."""
    html = next(part for part in message.iter_parts() if part.get_content_type() == "text/html")
    html.add_related(png, "image", "png", cid="<chart>", filename="chart.png", disposition="inline")


def link_of(queued: QueuedEmail, public_url: str) -> str | None:
    """Where the button leads: below the server's public URL, or to an https address in the data."""
    email = EMAILS[queued.kind]
    if email.outside is not None:
        address = queued.data.get(email.outside)
        return address if isinstance(address, str) and _OUTSIDE.fullmatch(address) else None
    if email.below is not None:
        return public_url + str(queued.data.get(email.below, ""))
    if email.link is None:
        return None
    return public_url + email.link + (quote(str(queued.data["token"])) if email.takes_token else "")


def deliverable(address: str) -> str:
    """An address with its domain as DNS knows it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _html(locale: str, text: Text, values: dict[str, str], link: str | None, document: str) -> str:
    # each value is escaped, and set apart from the direction of the text around it
    safe = {name: f"<bdi>{escape(value)}</bdi>" for name, value in values.items()}
    body = "\n".join(
        f"<p>{escape(paragraph, quote=False).format(**safe)}</p>" for paragraph in text.paragraphs
    )
    if text.button and link:
        body += "\n" + _BUTTON.format(link=escape(link), button=escape(text.button))
    body += "\n" + document if document else ""
    return _HTML.format(
        locale=locale,
        direction="rtl" if locale == "ar" else "ltr",
        subject=escape(text.subject.format(**values)),
        body=body,
        footer=escape(_FOOTERS[locale], quote=False).format(**safe),
    )


def _line(value: Any) -> str:
    """A value on one line, so that a subject cannot add another header."""
    return " ".join(
        "".join(character if character.isprintable() else " " for character in str(value)).split()
    )
