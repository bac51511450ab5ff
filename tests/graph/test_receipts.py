"""Receipts of the small shop: what they say, who reads and sends them, and what sending leaves behind."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from authz.grant import Grant
from centrals.mail.worker import Worker
from centrals.mail_settings import MailSettings
from models import database
from small_shop import UNKNOWN, Shop

_WHOLE = """number reference issuedAt seller { name address taxNumber } buyer { name document address { state city } }
  product offer price { amount currency } fullPrice { amount } installments paidAt refunded refundedAt
  refundedAmount { amount } emailedAt html text"""
_PAID = ("S01", "S02", "S03", "S06", "S07", "S08", "S10", "S11", "S12")


async def receipt(shop: Shop, reference: str, who: str = "owner", fields: str = _WHOLE) -> Any:
    return await shop.read(who, f'receipt(reference: "{reference}") {{ {fields} }}')


async def test_a_receipt_says_what_was_bought_by_whom_and_for_how_much(shop: Shop) -> None:
    found = await receipt(shop, "S02")

    html, text = found.pop("html"), found.pop("text")
    assert found == {
        "number": "R-S02", "reference": "S02", "issuedAt": "2026-07-25T15:00:00Z",
        "seller": {"name": "Aurora Cursos", "address": None, "taxNumber": None},
        "buyer": {"name": "Bruno Reis", "document": "00000000002", "address": {"state": "SP", "city": "Campinas"}},
        "product": "Curso", "offer": "p1a", "price": {"amount": "1000.00", "currency": "BRL"},
        "fullPrice": {"amount": "1187.90"}, "installments": 12, "paidAt": "2026-06-05T14:00:00Z",
        "refunded": False, "refundedAt": None, "refundedAmount": None, "emailedAt": None,
    }  # fmt: skip
    for part in (html, text):
        for said in (
            "R-S02",
            "Bruno Reis",
            "00000000002",
            "Campinas",
            "1,187.90 BRL",
            "2026-06-05",
            "not a fiscal",
        ):
            assert said in part
        assert "@" not in part.replace("@media", "")
    assert "<script" not in html
    assert "http" not in html


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_only_what_was_paid_and_not_charged_back_has_a_receipt(shop: Shop) -> None:
    found = {
        f"S{number:02}": await receipt(shop, f"S{number:02}", fields="refunded refundedAt text")
        for number in range(1, 15)
    }

    assert tuple(reference for reference, item in found.items() if item) == _PAID
    assert [reference for reference, item in found.items() if item and item["refunded"]] == ["S03"]
    assert "Paid back on: 2026-06-15" in found["S03"]["text"]
    assert "Amount paid back: 700.00 BRL" in found["S03"]["text"]
    assert "Amount paid back: 5.00 EUR" in found["S11"]["text"]


async def test_a_receipt_speaks_the_language_of_the_account_and_escapes_what_others_wrote(shop: Shop) -> None:
    version = await shop.read("owner", "version")
    await shop.act(
        "owner", "setBranding", brandName="<b>Aurora</b> & {{ 1 }}", locale="ar", expectedVersion=version
    )

    found = await receipt(shop, "S01")

    assert '<html lang="ar" dir="rtl">' in found["html"]
    assert "&lt;b&gt;Aurora&lt;/b&gt; &amp; {{ 1 }}" in found["html"]
    assert "<b>" not in found["html"]
    assert "ليس مستندًا ضريبيًا" in found["html"]
    version = await shop.read("owner", "version")
    await shop.act("owner", "setBranding", locale="pt", expectedVersion=version)
    assert "Total pago: 1.187,90 BRL" in (await receipt(shop, "S02"))["text"]


async def test_the_owner_alone_decides_what_receipts_show_of_the_seller(shop: Shop) -> None:
    assert await shop.code("ana", "setReceiptDetails", showTaxNumber=True) == UNKNOWN
    assert await shop.is_unknown("ana", "receiptDetails { footer }")
    address = {"street": "Rua B 2", "city": "Santos", "country": "BR"}
    assert await shop.code("owner", "setOwnerDetails", address=address, expectedVersion=0) is None
    values = {"showTaxNumber": True, "showAddress": True, "footer": "Thank you.\n\nTalk to us."}

    shown = await shop.act(
        "owner", "setReceiptDetails", "details { showTaxNumber showAddress footer }", **values
    )
    found = await receipt(shop, "S01", "ana")

    assert shown["details"] == values | {"footer": "Thank you.\nTalk to us."}
    assert found["seller"] == {"name": "Aurora Cursos", "address": "Rua B 2, Santos, BR", "taxNumber": "…81"}
    assert "Talk to us." in found["html"]
    assert "11222333000181" not in found["html"] + found["text"]
    changes = {
        change["field"]: change["after"] for change in (await shop.log("setReceiptDetails"))[-1]["changes"]
    }
    assert changes["ReceiptDetails.showTaxNumber"] is True
    assert await shop.code("owner", "setReceiptDetails", footer="x" * 501) == "BAD_INPUT"
    assert await shop.code("owner", "setReceiptDetails", footer=None) is None
    assert (await shop.read("owner", "receiptDetails { footer showAddress }")) == {
        "footer": None,
        "showAddress": True,
    }


async def test_a_receipt_is_sent_with_everything_in_text_and_html(shop: Shop, tmp_path: Path) -> None:
    await shop.act("owner", "setReceiptDetails", showTaxNumber=True)
    await shop.act("owner", "setRevealOnRecord", enabled=True)

    sent = await shop.act("ana", "sendReceipt", "reference sentTo", reference="S01")

    assert sent == {"reference": "S01", "sentTo": "b…@e…", "errors": []}
    (mail,) = await shop.mails()
    assert (mail["kind"], mail["recipient"]) == ("receipt", shop.email("b1"))
    entry = (await shop.log("sendReceipt"))[0]
    assert (entry["object_id"], entry["let_by"], entry["refusal"]) == ("S01", "SEND_RECEIPTS", None)
    await Worker(MailSettings(folder=tmp_path), "http://127.0.0.1:8000").send_due()
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in _files(tmp_path)]
    (found,) = [item for item in read if item["To"] == shop.email("b1")]
    for kind in ("plain", "html"):
        body = found.get_body((kind,)).get_content()  # type: ignore[union-attr]
        for said in ("R-S01", "00000000001", "11222333000181", "1,000.00 BRL"):
            assert said in body, (kind, said)
    assert (await receipt(shop, "S01"))["emailedAt"] is not None


async def test_who_reveals_on_record_reads_and_copies_receipts_covered(shop: Shop) -> None:
    await shop.act("owner", "setRevealOnRecord", enabled=True)

    ana, owner = await receipt(shop, "S01", "ana"), await receipt(shop, "S01")
    assert await shop.code("ana", "sendReceipt", reference="S01", copyTo="employer@example.com") is None

    assert (ana["buyer"]["document"], owner["buyer"]["document"]) == ("…01", "00000000001")
    assert ana["buyer"]["address"] == {"state": "SP", "city": "São Paulo"}
    assert "00000000001" not in ana["html"] + ana["text"]
    texts = {mail["kind"]: mail["document_text"] for mail in await shop.mails()}
    assert "00000000001" in texts["receipt"]
    assert "00000000001" not in texts["receipt_copy"]


async def test_a_copy_needs_the_grant_of_buyers_addresses(shop: Shop) -> None:
    await shop.give("ana", Grant.SEND_RECEIPTS)
    hidden = await shop.act("ana", "sendReceipt", reference="S01", copyTo="boss@example.com")
    await shop.give("ana", Grant.SEND_RECEIPTS, Grant.CHANGE_BUYER_EMAIL)

    bad = await shop.act("ana", "sendReceipt", reference="S01", copyTo="nobody")
    none = await shop.mails()
    done = await shop.code("ana", "sendReceipt", reference="S01", copyTo="boss@example.com")

    assert (hidden, none, done) == (UNKNOWN, [], None)
    assert [(error["code"], error["field"]) for error in bad["errors"]] == [("BAD_EMAIL", ["copyTo"])]
    assert [mail["recipient"] for mail in await shop.mails()] == [shop.email("b1"), "boss@example.com"]
    (change,) = (await shop.log("sendReceipt"))[-1]["changes"]
    assert (change["field"], change["after"]) == ("SendReceiptInput.copyTo", "boss@example.com")


@pytest.mark.parametrize(
    ("reference", "code"),
    [("S04", "NOT_PAID"), ("S13", "NOT_PAID"), ("S09", "NOT_PAID"), ("S14", "WRONG_STATE")],
)
async def test_a_sale_without_a_receipt_has_none_to_send(shop: Shop, reference: str, code: str) -> None:
    assert await receipt(shop, reference) is None
    assert await shop.code("owner", "sendReceipt", reference=reference) == code
    assert await shop.mails() == []
    assert [(entry["act"], entry["refusal"]) for entry in await shop.log()] == [("sendReceipt", code)]


@pytest.mark.parametrize(
    ("act", "kind"), [("sendReceipt", "receipt"), ("resendPurchaseEmail", "purchase_access")]
)
async def test_a_fourth_email_about_a_sale_within_a_day_is_refused(shop: Shop, act: str, kind: str) -> None:
    codes = [await shop.code("owner", act, reference="S01") for _ in range(4)]

    assert codes == [None, None, None, "RATE_LIMITED"]
    assert len(await shop.mails(kind)) == 3
    shop.clock.passes(days=1, minutes=1)
    assert await shop.code("owner", act, reference="S01") is None
    nobody = "UPDATE sales SET buyer_email = NULL WHERE id = ?"
    sale_id = await shop.sale_id("S02")
    await database.transact(lambda: database.write(nobody, (sale_id,)))
    assert await shop.code("owner", act, reference="S02") == "NO_ADDRESS"


async def test_a_repeated_call_sends_once_and_answers_the_same(shop: Shop) -> None:
    values = {"reference": "S01", "idempotencyKey": "once"}
    first = await shop.act("ana", "sendReceipt", "reference sentTo", **values)
    again = await shop.act("ana", "sendReceipt", "reference sentTo", **values)

    assert (again, first["sentTo"]) == (first, "b…@e…")
    assert len(await shop.mails()) == 1


_ACTS = ("sendReceipt", "resendPurchaseEmail")
_REACH = {
    "owner": {"S01": None, "S08": None, "S10": None, "XX": "NOT_FOUND"},
    "ana": {"S01": None, "S08": "NOT_FOUND", "S10": "NOT_FOUND", "XX": "NOT_FOUND"},
    "bia": {"S01": None, "S08": "NOT_FOUND", "S10": "NOT_FOUND", "XX": "NOT_FOUND"},
    "caio": {"S01": "NOT_FOUND", "S08": None, "S10": "NOT_FOUND", "XX": "NOT_FOUND"},
}


@pytest.mark.parametrize("act", _ACTS)
async def test_each_person_acts_on_the_sales_within_reach_alone(shop: Shop, act: str) -> None:
    grant = Grant.SEND_RECEIPTS if act == "sendReceipt" else Grant.RESEND_PURCHASE_EMAILS
    for who in ("ana", "bia", "caio"):
        await shop.give(who, grant)

    for who, sales in _REACH.items():
        for reference, code in sales.items():
            before = len(await shop.mails())
            assert await shop.code(who, act, reference=reference) == code, (who, reference)
            assert len(await shop.mails()) == before + (code is None), (who, reference)
            if act == "sendReceipt":
                assert (await receipt(shop, reference, who, "number") is None) == (code is not None)
    assert await shop.is_unknown("caio", 'sale(reference: "S08") { id }')
    admin = {"collaboratorId": shop.collaborator("caio"), "role": "ADMIN"}
    assert await shop.code("owner", "changeRole", **admin) is None
    assert await shop.code("caio", act, reference="S10") is None
    assert act in (await shop.read("caio", "access { mutations }"))["mutations"]
    await shop.give("caio", Grant.SEARCH_SALES)
    assert await shop.code("caio", act, reference="S10") == UNKNOWN
    assert act not in (await shop.read("caio", "access { mutations }"))["mutations"]


async def test_what_is_out_of_reach_answers_as_what_is_not_there(shop: Shop) -> None:
    query = f"query($reference: String!) {{ account {{ receipt(reference: $reference) {{ {_WHOLE} }} }} }}"
    send = """mutation($reference: String!) { sendReceipt(input: { reference: $reference }) {
      sentTo errors { code field message } } }"""
    for document in (query, send):
        answers = [(await shop.post("caio", document, {"reference": name})).content for name in ("S01", "XX")]
        assert answers[0] == answers[1]


def _of_sales(statements: list[str]) -> int:
    return sum("sales" in statement for statement in statements)


async def test_a_receipt_and_its_sending_cost_the_same_number_of_statements_for_every_sale(
    shop: Shop,
) -> None:
    counts: dict[str, set[int]] = {"read": set(), "send": set()}
    await receipt(shop, "S01")
    await shop.code("owner", "sendReceipt", reference="S01")
    for reference in ("S02", "S06", "S10"):
        with database.observed() as statements:
            await receipt(shop, reference)
        counts["read"].add(_of_sales(statements))
        with database.observed() as statements:
            await shop.code("owner", "sendReceipt", reference=reference)
        counts["send"].add(_of_sales(statements))

    assert (counts["read"], len(counts["send"])) == ({1}, 1)
    assert max(counts["send"]) <= 4
