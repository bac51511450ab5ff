"""What the wordings of refused payments mean, whatever their language, capitals and accents."""

import pytest

from intake.sales.refusal import refusal_of
from models.vocabulary import PaymentRefusal


@pytest.mark.parametrize(
    ("refusal", "wordings"),
    [
        (PaymentRefusal.INSUFFICIENT_FUNDS, ["No funds", "Saldo insuficiente. Entre em contato com a operadora.", "Fondos insuficientes"]),
        (PaymentRefusal.LIMIT, ["Limite excedido", "limite EXCEDIDO.", "Límite excedido", "Credit limit exceeded"]),
        (PaymentRefusal.EXPIRED_UNPAID, ["Boleto expirado sem pagamento", "Pix expirado"]),
        (PaymentRefusal.CARD_DATA, ["Cartão inválido", "Código de segurança incorreto", "Expired card"]),
        (PaymentRefusal.CARD_REFUSED, ["Transação não autorizada", "Tarjeta rechazada", "Card declined by issuer",
                                       "Paiement refusé"]),
        (PaymentRefusal.FRAUD_SUSPECTED, ["Suspeita de fraude", "Suspected fraud"]),
        (PaymentRefusal.DUPLICATE, ["Compra duplicada", "Duplicate transaction"]),
        (PaymentRefusal.CANCELLED_BY_BUYER, ["Cancelado pelo comprador", "Cancelled by the buyer"]),
        (PaymentRefusal.TECHNICAL, ["Erro de comunicação", "Technical error"]),
        (PaymentRefusal.OTHER, ["Quem sabe", "?"]),
    ],
)  # fmt: skip
def test_a_wording_is_of_its_class(refusal: PaymentRefusal, wordings: list[str]) -> None:
    assert {wording: refusal_of(wording) for wording in wordings} == dict.fromkeys(wordings, refusal)
