"""The marketplace's words and ours: statuses, payment methods and sources, in all their spellings."""

from models.words import CommissionSource, PaymentMethod, SaleStatus

_OTHER_SPELLINGS = {
    "BILLET_PRINTED": SaleStatus.WAITING_PAYMENT,
    "PRINTED_BILLET": SaleStatus.WAITING_PAYMENT,
    "PROCESSING_TRANSACTION": SaleStatus.PROCESSING,
    "UNDER_ANALISYS": SaleStatus.UNDER_ANALYSIS,
    "PREORDER": SaleStatus.PRE_ORDER,
    "COMPLETED": SaleStatus.COMPLETE,
    "DELAYED": SaleStatus.OVERDUE,
    "CANCELED": SaleStatus.CANCELLED,
    "PROTEST": SaleStatus.DISPUTE,
    "PROTESTED": SaleStatus.DISPUTE,
    "PARTIAL_REFUNDED": SaleStatus.PARTIALLY_REFUNDED,
}
STATUSES: dict[str, SaleStatus] = {status.value: status for status in SaleStatus} | _OTHER_SPELLINGS

PURCHASE_KINDS = {
    "PURCHASE_APPROVED": SaleStatus.APPROVED,
    "PURCHASE_COMPLETE": SaleStatus.COMPLETE,
    "PURCHASE_BILLET_PRINTED": SaleStatus.WAITING_PAYMENT,
    "PURCHASE_CANCELED": SaleStatus.CANCELLED,
    "PURCHASE_DELAYED": SaleStatus.OVERDUE,
    "PURCHASE_EXPIRED": SaleStatus.EXPIRED,
    "PURCHASE_PROTEST": SaleStatus.DISPUTE,
    "PURCHASE_REFUNDED": SaleStatus.REFUNDED,
    "PURCHASE_CHARGEBACK": SaleStatus.CHARGEBACK,
}
"""The kinds that speak of one sale, and the status that each implies where it tells none."""

_OTHER_METHODS = {
    "BANK_SLIP": PaymentMethod.BILLET,
    "BOLETO": PaymentMethod.BILLET,
    "CASH_PAYMENT": PaymentMethod.CASH,
    "DIRECT_BANK_TRANSFER": PaymentMethod.BANK_TRANSFER,
    "MANUAL_TRANSFER": PaymentMethod.BANK_TRANSFER,
    "FINANCED_BILLET": PaymentMethod.FINANCED,
    "FINANCED_INSTALLMENT": PaymentMethod.FINANCED,
    "PAYPAL_INTERNACIONAL": PaymentMethod.PAYPAL,
    "PICPAY": PaymentMethod.WALLET,
}
_METHODS: dict[str, PaymentMethod] = {method.value: method for method in PaymentMethod} | _OTHER_METHODS

_OTHER_SOURCES = {
    "CO_PRODUCER": CommissionSource.COPRODUCER,
    "HOTMART": CommissionSource.MARKETPLACE,
}
_SOURCES: dict[str, CommissionSource] = {source.value: source for source in CommissionSource} | _OTHER_SOURCES


def status_of(word: str) -> SaleStatus | None:
    """The status that a spelling means; unknown, none."""
    return STATUSES.get(_plain(word))


def method_of(word: str) -> PaymentMethod:
    """The payment method that a spelling means; one the marketplace adds later is OTHER."""
    return _METHODS.get(_plain(word), PaymentMethod.OTHER)


def source_of(word: str) -> CommissionSource:
    """Whose share a spelling means; one the marketplace adds later is OTHER."""
    return _SOURCES.get(_plain(word), CommissionSource.OTHER)


def _plain(word: str) -> str:
    return word.strip().upper().replace(" ", "_").replace("-", "_")
