"""E-mails: their words, how they are made, and what the environment says of how they leave."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from actions import accounts, notices, schedules
from actions.commerce import receipts, refunds, sales, subscriptions, withdrawals
from actions.developers import credentials, webhooks
from actions.emails import EMAILS
from actions.identity import email_changes, two_factor, users
from actions.kit import outbox
from actions.kit.email import DOCUMENT_HTML, DOCUMENT_TEXT
from actions.membership import collaborators, invitations, transfers
from actions.tools import integrations, targets
from authz.catalog import LOCALES
from centrals.mail.compose import QueuedEmail, compose
from centrals.mail_settings import MailSettings, read_mail
from models import database

MAIL = MailSettings(sender_name="Centrals", sender="centrals@example.com")
URL = "https://centrals.example.com"
TOKEN = "0190a5e67d3a7cc08000000000000000_a-token_of-chance"
DATA = {
    "name": "Nora New",
    "inviter": "Olga Owner",
    "invited": "Ines Invited",
    "owner": "Olga Owner",
    "account": "Aurora",
    "by": "Sam Support",
    "credential": "Warehouse",
    "host": "hooks.example.com",
    "tool": "Warehouse",
    "reference": "HP1",
    "before": "nroa@example.com",
    "after": "nora@example.com",
    "token": TOKEN,
    "product": "Curso",
    "support": "help@example.com",
    "number": "R-HP1",
    "amount": "1497.00 BRL",
    "ending": "3000",
    "reason": "The account is closed",
    "slip": "34191.79001 01043.510047",
    "report": "Revenue",
    "first": "2026-06-01",
    "last": "2026-06-30",
    "day": "2026-08-02",
    "leave": "https://centrals.example.com/u/a-token",
}
DOCUMENT = {DOCUMENT_TEXT: "Number: R-HP1", DOCUMENT_HTML: "<table><tr><td>R-HP1</td></tr></table>"}


def posted(kind: str = "invitation", locale: str = "en", **changed: Any) -> QueuedEmail:
    data = {name: DATA[name] for name in EMAILS[kind].data} | changed.pop("data", {})
    data |= DOCUMENT if EMAILS[kind].document else {}
    row = {
        "id": "0190a5e6-7d3a-7cc0-8000-000000000001",
        "recipient": "nora@example.com",
        "created_at": 1_000_000,
    }
    return QueuedEmail(kind=kind, locale=locale, data=data, **row | changed)


def received(message: EmailMessage) -> tuple[EmailMessage, str, str]:
    """The e-mail as its reader gets it: its headers, its text and its HTML."""
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text is not None
    assert html is not None
    return read, text.get_content(), html.get_content()


def test_each_noun_declares_emails_of_its_own() -> None:
    declared = [
        email
        for noun in (
            *(
                accounts,
                collaborators,
                email_changes,
                invitations,
                notices,
                credentials,
                webhooks,
                targets,
                integrations,
                receipts,
                refunds,
                sales,
                schedules,
                subscriptions,
                withdrawals,
            ),
            transfers,
            two_factor,
            users,
        )
        for email in noun.emails.EMAILS
    ]

    assert len(declared) == len(EMAILS) >= 14


@pytest.mark.parametrize("kind", EMAILS)
def test_words_use_what_their_kind_is_given_and_tell_the_same_in_each_language(kind: str) -> None:
    english = EMAILS[kind].en

    for locale in LOCALES:
        words = EMAILS[kind].text(locale)
        assert words.names == english.names == EMAILS[kind].data - {"token"}, locale
        assert (words.button is None) == (english.button is None), locale
        assert "token" not in EMAILS[kind].data or words.button, locale
        assert locale == "en" or words.subject != english.subject, locale


@pytest.mark.parametrize("kind", EMAILS)
def test_each_email_is_made_in_text_and_html(kind: str) -> None:
    for locale in LOCALES:
        message, text, html = received(compose(posted(kind, locale), MAIL, URL))

        assert message["Subject"], locale
        assert "{" not in message["Subject"] + text, locale
        assert message["Content-Language"] == locale
        assert f'lang="{locale}" dir="{"rtl" if locale == "ar" else "ltr"}"' in html
        named = any("{name}" in paragraph for paragraph in EMAILS[kind].text(locale).paragraphs)
        for part in (text, html):
            assert ("Nora New" in part) == named, locale
            assert (TOKEN in part) == ("token" in EMAILS[kind].data), locale
        assert "token" not in EMAILS[kind].data or f"{URL}/link#" in text, locale
        assert all(len(line) <= 998 for line in message.as_bytes().splitlines()), locale


@pytest.mark.parametrize("locale", LOCALES)
def test_an_offered_account_leads_to_the_servers_own_address_without_a_secret(locale: str) -> None:
    _, text, html = received(compose(posted("transfer_offered", locale), MAIL, URL))

    assert [word for word in text.split() if "://" in word] == [f"{URL}/graphql"]
    assert re.findall(r'href="([^"]*)"', html) == [f"{URL}/graphql"]
    for part in (text, html):
        assert "Olga Owner" in part
        assert "Aurora" in part


def test_a_document_comes_after_the_words_as_it_is() -> None:
    _, text, html = received(compose(posted("receipt"), MAIL, URL))

    assert DOCUMENT[DOCUMENT_TEXT] in text
    assert DOCUMENT[DOCUMENT_HTML] in html
    assert "bdi>&lt;table" not in html


def test_a_button_leads_outside_only_to_a_web_address_and_what_is_missing_is_left_out() -> None:
    address, shown = "https://members.example.com/course", []
    for access in (address, "javascript:alert(1)", 'https://x.example.com/"onclick="', None):
        data = {"access": access, "support": None}
        _, text, html = received(compose(posted("purchase_access", data=data), MAIL, URL))
        shown.append(re.findall(r'href="([^"]*)"', html))
        assert "None" not in text + html
        assert "If you need help" not in text + html

    assert shown == [[address], [], [], []]


def test_each_try_makes_the_same_email_under_one_id() -> None:
    first, second = compose(posted(), MAIL, URL), compose(posted(), MAIL, URL)

    assert first["Message-ID"] == second["Message-ID"] == f"<{posted().id}@centrals.example.com>"
    assert first["Date"] == second["Date"]


EVIL = "<script>alert(1)</script>\"'&{token}\r\nBcc: mallory@example.com"


def test_what_people_call_themselves_stays_text() -> None:
    data = {"name": EVIL, "inviter": EVIL, "account": EVIL}

    message, text, html = received(compose(posted(data=data), MAIL, URL))

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert html.count(TOKEN) == 2  # the button, and the address below it
    assert text.count(TOKEN) == 1
    assert message.get_all("To") == ["nora@example.com"]
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]


def test_an_unknown_language_is_english() -> None:
    assert compose(posted(locale="xx"), MAIL, URL)["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("nora@münchen.example.com", "nora@xn--mnchen-3ya.example.com"),
        ("nora+centrals@example.com", "nora+centrals@example.com"),
    ],
)
def test_an_address_is_written_as_mail_servers_know_it(address: str, written: str) -> None:
    message = compose(posted(recipient=address), MAIL, URL)

    assert [item.addr_spec for item in message["To"].addresses] == [written]


async def test_data_that_is_missing_raises_in_the_act(database_url: str) -> None:
    with pytest.raises(ValueError, match="needs account, token"):
        await outbox.post(EMAILS["invitation"], "nora@example.com", "en", {"name": "Nora", "inviter": "Olga"})
    rows = await database.read("SELECT id FROM outbox_messages WHERE recipient = ?", ("nora@example.com",))
    assert list(rows) == []


SQLITE = "sqlite:///somewhere/centrals.sqlite3"


def test_without_a_host_emails_land_in_a_folder_beside_the_database() -> None:
    result = read_mail({}, SQLITE, URL)

    assert result == MailSettings(sender="centrals@centrals.example.com", folder=Path("somewhere/mail"))
    assert read_mail({"MAIL_FOLDER": "elsewhere"}, SQLITE, URL).folder == Path("elsewhere")
    assert read_mail({}, "postgres://localhost/centrals", URL).folder == Path("data/mail")


def test_a_server_on_a_bare_ipv6_address_has_a_sender_too() -> None:
    url = "http://[::1]:8000"

    assert read_mail({}, SQLITE, url).sender == "centrals@localhost"
    assert compose(posted(), MAIL, url)["Message-ID"].endswith("@localhost>")


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_way_of_encryption_has_its_port(tls: str, port: int) -> None:
    values = {"MAIL_HOST": "smtp.example.com", "MAIL_TLS": tls, "MAIL_FROM": "Aurora <mail@example.com>"}

    read = read_mail(values, SQLITE, URL)

    assert (read.host, read.port, read.tls) == ("smtp.example.com", port, tls)
    assert (read.sender_name, read.sender) == ("Aurora", "mail@example.com")
    assert read_mail(values | {"MAIL_PORT": "2525"}, SQLITE, URL).port == 2525


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MAIL_TLS": "ssl"}, "MAIL_TLS"),
        ({"MAIL_PORT": "0"}, "MAIL_PORT"),
        ({"MAIL_PORT": "x"}, "MAIL_PORT"),
        ({"MAIL_PORT": "70000"}, "MAIL_PORT"),
        ({"MAIL_HOST": "smtp.example.com"}, "MAIL_FROM"),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM"),
        ({"MAIL_FROM": "a@example.com\nBcc: b@example.com"}, "MAIL_FROM"),
        ({"MAIL_HOST": "smtp.example.com", "MAIL_USER": "u", "MAIL_TLS": "none"}, "MAIL_USER"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(variables: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_mail(variables, SQLITE, URL)


def test_the_password_is_in_no_representation() -> None:
    values = {"MAIL_HOST": "h", "MAIL_FROM": "a@example.com", "MAIL_USER": "u", "MAIL_PASSWORD": "a canary"}

    assert "canary" not in repr(read_mail(values, SQLITE, URL))
