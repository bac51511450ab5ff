"""Each spelling that the marketplace uses means one of our words."""

import pytest
from payloads import rest_item, webhook

from intake.hotmart.rest import rest_event
from intake.hotmart.spelling import method_of, source_of, status_of
from intake.hotmart.webhook import webhook_event
from intake.values.reading import Malformed
from models.vocabulary import CommissionSource, PaymentMethod, SaleStatus

PAIRS = [
    ("COMPLETED", "COMPLETE", SaleStatus.COMPLETE),
    ("CANCELED", "CANCELLED", SaleStatus.CANCELLED),
    ("BILLET_PRINTED", "PRINTED_BILLET", SaleStatus.WAITING_PAYMENT),
    ("WAITING_PAYMENT", "WAITING_PAYMENT", SaleStatus.WAITING_PAYMENT),
    ("DISPUTE", "PROTESTED", SaleStatus.DISPUTE),
    ("DELAYED", "OVERDUE", SaleStatus.OVERDUE),
    ("UNDER_ANALISYS", "UNDER_ANALYSIS", SaleStatus.UNDER_ANALYSIS),
    ("PROCESSING_TRANSACTION", "PROCESSING", SaleStatus.PROCESSING),
]


@pytest.mark.parametrize(("sent", "read", "status"), PAIRS)
def test_webhook_and_rest_spellings_are_one_status(sent: str, read: str, status: SaleStatus) -> None:
    from_webhook = webhook_event(
        webhook(
            status=sent,
            purchase__price={"value": 1, "currency_value": "BRL"},
            purchase__full_price=None,
            purchase__original_offer_price=None,
            data__commissions=None,
        )
    ).facts
    from_rest = rest_event(rest_item(read, purchase__price={"value": 1, "currency_code": "BRL"})).facts

    assert from_webhook is not None
    assert from_rest is not None
    assert from_webhook.status is from_rest.status is status


def test_our_own_words_are_understood_and_no_others() -> None:
    assert {status_of(status.value) for status in SaleStatus} == set(SaleStatus)
    assert status_of("PAID_TWICE") is None
    assert status_of("") is None


def test_what_the_marketplace_adds_later_is_other() -> None:
    assert method_of("TELEPATHY") is PaymentMethod.OTHER
    assert source_of("WIZARD") is CommissionSource.OTHER
    assert method_of("PIX") is PaymentMethod.PIX
    assert {method_of(word) for word in ("CREDIT_CARD_VISA", "VISA_CREDIT_CARD")} == {
        PaymentMethod.CREDIT_CARD
    }
    assert source_of("COPRODUCER") is CommissionSource.COPRODUCER


def test_a_status_that_is_unknown_is_malformed() -> None:
    with pytest.raises(Malformed, match="status"):
        rest_event(rest_item("PAID_TWICE"))
    with pytest.raises(Malformed, match="status"):
        webhook_event(webhook(status="PAID_TWICE"))


def test_a_purchase_without_a_status_has_that_of_its_kind() -> None:
    message = webhook(
        "PURCHASE_PROTEST",
        None,
        data__commissions=None,
        purchase__full_price=None,
        purchase__original_offer_price=None,
    )
    facts = webhook_event(message).facts

    assert facts is not None
    assert facts.status is SaleStatus.DISPUTE
