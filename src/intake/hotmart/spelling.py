"""Maps the marketplace's words to Centrals': statuses, payment methods and sources, in every spelling."""

from models.tables.subscription import EndedBy, SubscriptionStatus
from models.vocabulary import CommissionSource, PaymentMethod, SaleStatus

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
    "CHARGE_BACK": SaleStatus.CHARGEBACK,
    "CHARGED_BACK": SaleStatus.CHARGEBACK,
    "DISPUTED": SaleStatus.DISPUTE,
    "ANALYSIS": SaleStatus.UNDER_ANALYSIS,
    "PAID": SaleStatus.APPROVED,
    "WAITING": SaleStatus.WAITING_PAYMENT,
    "PENDING": SaleStatus.WAITING_PAYMENT,
    "REFUND": SaleStatus.REFUNDED,
    **dict.fromkeys(
        (
            *("PARTIAL_REFUND", "PARTIAL_REFUNDED", "PARTIALLY_REFUND", "REFUND_PARTIAL"),
            *("REFUNDED_PARTIALLY", "REFUNDED_PARTIAL", "PARTIALLY_REFUNDED_PURCHASE"),
        ),
        SaleStatus.PARTIALLY_REFUNDED,
    ),
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
"""The kinds of events about one sale, and the status that each implies if it has none itself."""

UNDOING_KINDS = frozenset(
    {
        *("PURCHASE_CANCELED", "PURCHASE_DELAYED", "PURCHASE_EXPIRED"),
        *("PURCHASE_PROTEST", "PURCHASE_REFUNDED", "PURCHASE_CHARGEBACK"),
    }
)
"""The kinds whose name says that a payment failed or was undone, whatever earlier status they contain."""

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

# parts of the words that also name a card's brand, a bank or a country
_METHOD_PARTS = {
    "CREDIT_CARD": PaymentMethod.CREDIT_CARD,
    "DEBIT_CARD": PaymentMethod.DEBIT_CARD,
    "PAYPAL": PaymentMethod.PAYPAL,
    "BOLETO": PaymentMethod.BILLET,
    "BILLET": PaymentMethod.BILLET,
    "PIX": PaymentMethod.PIX,
}

_OTHER_SOURCES = {
    "CO_PRODUCER": CommissionSource.COPRODUCER,
    "HOTMART": CommissionSource.MARKETPLACE,
}
_SOURCES: dict[str, CommissionSource] = {source.value: source for source in CommissionSource} | _OTHER_SOURCES

_CANCELLED = SubscriptionStatus.CANCELLED
_SUBSCRIPTION_STATUSES: dict[str, tuple[SubscriptionStatus, EndedBy | None]] = {
    **{status.value: (status, None) for status in SubscriptionStatus},
    "CANCELED": (_CANCELLED, None),
    "OVERDUE": (SubscriptionStatus.EXPIRED, None),  # its term is over; what is late is DELAYED
    **{
        f"{word}_BY_{name}": (_CANCELLED, by)
        for word in ("CANCELLED", "CANCELED")
        for name, by in (
            ("CUSTOMER", EndedBy.CUSTOMER),
            ("BUYER", EndedBy.CUSTOMER),
            ("SELLER", EndedBy.SELLER),
            ("ADMIN", EndedBy.ADMIN),
        )
    },
}


def subscription_status_of(word: str) -> tuple[SubscriptionStatus, EndedBy | None] | None:
    """The status of a subscription that a spelling means, and who canceled it; None for an unknown one."""
    return _SUBSCRIPTION_STATUSES.get(_plain(word))


def status_of(word: str) -> SaleStatus | None:
    """The status that a spelling means, or None for an unknown one."""
    return STATUSES.get(_plain(word))


def method_of(word: str) -> PaymentMethod:
    """The payment method that a spelling means. One that the marketplace adds later is OTHER."""
    plain = _plain(word)
    found = _METHODS.get(plain)
    if found is not None:
        return found
    named = (method for part, method in _METHOD_PARTS.items() if part in plain)
    return next(named, PaymentMethod.OTHER)


def source_of(word: str) -> CommissionSource:
    """The party that a spelling means. One that the marketplace adds later is OTHER."""
    return _SOURCES.get(_plain(word), CommissionSource.OTHER)


def _plain(word: str) -> str:
    return word.strip().upper().replace(" ", "_").replace("-", "_")
