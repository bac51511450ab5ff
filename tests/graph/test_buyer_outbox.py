"""E-mails to buyers: whose language they speak, where answers go, and how many there are."""

from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from actions.commerce.sales.emails import BUYER_EMAIL_MOVED
from actions.kit.buyer_outbox import post_by_rule, post_to_buyer
from authz.catalog import LOCALES
from authz.refusal import ErrorCode, Refusal
from centrals.mail.compose import QueuedEmail, compose
from centrals.mail.worker import Worker
from centrals.mail_settings import MailSettings
from models import database
from small_shop import Shop


async def _post(sale_id: str) -> str:
    return await database.transact(lambda: post_to_buyer(BUYER_EMAIL_MOVED, sale_id))


async def _refused(sale_id: str) -> ErrorCode:
    with pytest.raises(Refusal) as refused:
        await _post(sale_id)
    return refused.value.code


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_a_buyer_is_written_to_in_the_accounts_language_and_answers_to_support(
    shop: Shop, tmp_path: Path
) -> None:
    await shop.act("owner", "setBranding", brandName="Aurora", locale="pt")
    product = (await shop.read("owner", 'sale(reference: "S01") { product { id version } }'))["product"]
    values = {"id": product["id"], "supportEmail": "ajuda@example.com", "expectedVersion": product["version"]}
    assert await shop.code("owner", "editProduct", **values) is None

    await shop.act("owner", "changeBuyerEmail", reference="S01", email="new@example.com")

    (mail,) = await shop.mails("buyer_email_moved")
    assert (mail["recipient"], mail["locale"]) == (shop.email("b1"), "pt")
    await Worker(MailSettings(folder=tmp_path), "http://127.0.0.1:8000").send_due()
    sent = [message_from_bytes(path.read_bytes()) for path in _files(tmp_path)]
    answers = {item["To"]: item["Reply-To"] for item in sent}
    assert answers[shop.email("b1")] == "ajuda@example.com"
    assert answers[shop.email("owner")] is None


def _written(mail: dict[str, Any], locale: str) -> str:
    """An e-mail to a buyer as it is read: its headers and both of its parts."""
    queued = QueuedEmail(
        database.new_id(), mail["kind"], mail["recipient"], locale, mail, 0, mail.get("support")
    )
    composed = compose(queued, MailSettings(), "http://127.0.0.1:8000")
    parts = (composed.get_body((kind,)) for kind in ("plain", "html"))
    return "\n".join([*map(str, composed.values()), *(part.get_content() for part in parts if part)])


async def test_no_email_tells_a_promoted_sales_buyer_that_the_account_sold_it(shop: Shop) -> None:
    for reference in ("S01", "S14"):
        values = {"reference": reference, "email": f"{reference.lower()}.new@example.com"}
        assert await shop.code("owner", "changeBuyerEmail", **values) is None

    mails = [mail for mail in await shop.mails() if mail["kind"] != "buyer_email_changed"]
    own, promoted = ([mail for mail in mails if mail["reference"] == name] for name in ("S01", "S14"))
    assert [mail["kind"] for mail in own] == ["buyer_email_moved", "purchase_access"]
    assert [mail["kind"] for mail in promoted] == ["buyer_email_moved"]
    for locale in LOCALES:
        assert "Aurora Cursos" in _written(own[1], locale)
        assert "Aurora" not in _written(promoted[0], locale)
        assert "Guia" in _written(promoted[0], locale)


async def test_three_of_a_kind_for_a_sale_and_ten_to_an_address_are_sent_a_day(shop: Shop) -> None:
    sales = [await shop.sale_id(reference) for reference in ("S06", "S07", "S10", "S11")]
    for sale_id in (*sales[:1] * 3, *sales[1:2] * 3):
        assert await _post(sale_id) == "b…@e…"

    assert await _refused(sales[0]) == ErrorCode.RATE_LIMITED
    await database.transact(
        lambda: database.write("UPDATE sales SET buyer_email = ? WHERE id IN (?, ?)",
                               (shop.email("b6"), sales[2], sales[3]))
    )  # fmt: skip
    for sale_id in (*sales[2:3] * 3, sales[3]):
        await _post(sale_id)
    assert await _refused(sales[3]) == ErrorCode.RATE_LIMITED
    skipped = await database.transact(lambda: post_by_rule(BUYER_EMAIL_MOVED, sales[3]))
    assert skipped == ErrorCode.RATE_LIMITED
    assert len(await shop.mails("buyer_email_moved")) == 10

    shop.clock.passes(days=1, minutes=1)
    assert await _post(sales[0]) == "b…@e…"


async def test_a_sale_without_an_address_is_refused_with_a_code_of_its_own(shop: Shop) -> None:
    sale_id = await shop.sale_id("S01")
    await database.transact(
        lambda: database.write("UPDATE sales SET buyer_email = 'nobody' WHERE id = ?", (sale_id,))
    )

    assert await _refused(sale_id) == ErrorCode.NO_ADDRESS
    assert await shop.mails() == []
