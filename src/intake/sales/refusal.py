"""What the marketplace's texts about refused payments mean, in each of its languages."""

from functools import lru_cache

from models.text import folded
from models.vocabulary import PaymentRefusal

# parts of folded texts, the more specific ones first
_PARTS: tuple[tuple[PaymentRefusal, tuple[str, ...]], ...] = (
    (
        PaymentRefusal.INSUFFICIENT_FUNDS,
        ("saldo insuficiente", "sem saldo", "fondos insuficientes", "insufficient", "insuffisant", "no funds",
         "no_funds", "not enough", "sin fondos", "sin saldo", "sem fundos"),
    ),
    (
        PaymentRefusal.LIMIT,
        ("limite exced", "limite insuf", "limite de", "excede o limite", "excede el limite", "limit exceeded",
         "exceeds", "over limit", "plafond", "sem limite"),
    ),
    (PaymentRefusal.FRAUD_SUSPECTED, ("fraud", "suspei", "sospech", "suspect", "antifraud", "risk", "risco")),
    (PaymentRefusal.DUPLICATE, ("duplica", "duplicat", "doublon", "already been", "ja realizada", "ja foi")),
    (
        PaymentRefusal.EXPIRED_UNPAID,
        ("expirado sem pagamento", "boleto expirado", "pix expirado", "expired without", "not paid in time",
         "sem pagamento", "sin pago", "non paye", "boleto vencido", "slip expired"),
    ),
    (
        PaymentRefusal.CANCELLED_BY_BUYER,
        ("cancelado pelo", "cancelada pelo", "cancelado por el", "cancelada por el", "by the buyer",
         "by customer", "by the customer", "annule par", "pelo comprador", "por el comprador"),
    ),
    (
        PaymentRefusal.CARD_DATA,
        ("cartao invalido", "tarjeta invalida", "carte invalide", "invalid card", "cartao expirado",
         "cartao vencido", "tarjeta vencida", "tarjeta expirada", "expired card", "card expired",
         "carte expiree", "cvv", "cvc", "codigo de seguranca", "codigo de seguridad", "security code",
         "code de securite", "dados do cartao", "datos de la tarjeta", "card number", "numero do cartao",
         "numero de la tarjeta", "dados invalidos", "validade"),
    ),
    (
        PaymentRefusal.TECHNICAL,
        ("tecnic", "technical", "technique", "timeout", "time out", "tempo esgotado", "comunicacao",
         "comunicacion", "communication", "indisponivel", "unavailable", "no disponible", "indisponible",
         "erro interno", "internal error", "error interno", "try again", "tente novamente"),
    ),
    (
        PaymentRefusal.CARD_REFUSED,
        ("nao autoriz", "no autoriz", "not authori", "non autori", "recusad", "rechazad", "refuse", "declin",
         "denied", "negad", "denegad", "operadora", "emissor", "emisor", "issuer", "banque", "bloquead",
         "blocked", "bloqueada", "do not honor"),
    ),
)  # fmt: skip


@lru_cache(maxsize=512)
def refusal_of(wording: str) -> PaymentRefusal:
    """The class of a text, whatever its capitals and accents."""
    text = folded(wording)
    for refusal, parts in _PARTS:
        if any(part in text for part in parts):
            return refusal
    return PaymentRefusal.OTHER
