"""The words stored in the tables: every enumerated value that a row can hold."""

from enum import Enum


class Role(str, Enum):
    """How far a collaborator sees."""

    ADMIN = "ADMIN"
    TEAM_LEAD = "TEAM_LEAD"
    USER = "USER"


class Privacy(str, Enum):
    """Whether users see each other's rows."""

    OWN = "OWN"
    SHARED = "SHARED"


class Edition(str, Enum):
    """What an account may switch on: teams exist in EXPERT only."""

    STANDARD = "STANDARD"
    EXPERT = "EXPERT"


class AccountKind(str, Enum):
    """Who stands behind an account."""

    NATURAL_PERSON = "NATURAL_PERSON"
    LEGAL_ENTITY = "LEGAL_ENTITY"


class CredentialKind(str, Enum):
    """What a token opens: requests, or the next pair of tokens."""

    ACCESS = "ACCESS"
    REFRESH = "REFRESH"


class InvitationStatus(str, Enum):
    """Where an invitation stands; one past its time is EXPIRED when it is read."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class SaleStatus(str, Enum):
    """Where a sale stands. Webhook and REST spellings both map onto these."""

    STARTED = "STARTED"
    WAITING_PAYMENT = "WAITING_PAYMENT"
    PROCESSING = "PROCESSING"
    UNDER_ANALYSIS = "UNDER_ANALYSIS"
    PRE_ORDER = "PRE_ORDER"
    APPROVED = "APPROVED"
    COMPLETE = "COMPLETE"
    OVERDUE = "OVERDUE"
    CANCELLED = "CANCELLED"
    BLOCKED = "BLOCKED"
    NO_FUNDS = "NO_FUNDS"
    EXPIRED = "EXPIRED"
    DISPUTE = "DISPUTE"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    CHARGEBACK = "CHARGEBACK"


class PaymentMethod(str, Enum):
    """How a buyer pays; a method the marketplace adds later is OTHER."""

    CREDIT_CARD = "CREDIT_CARD"
    DEBIT_CARD = "DEBIT_CARD"
    PIX = "PIX"
    BILLET = "BILLET"
    BANK_TRANSFER = "BANK_TRANSFER"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    CASH = "CASH"
    WALLET = "WALLET"
    PAYPAL = "PAYPAL"
    GOOGLE_PAY = "GOOGLE_PAY"
    APPLE_PAY = "APPLE_PAY"
    SAMSUNG_PAY = "SAMSUNG_PAY"
    HOTCARD = "HOTCARD"
    HYBRID = "HYBRID"
    FINANCED = "FINANCED"
    FREE = "FREE"
    OTHER = "OTHER"


class CommissionSource(str, Enum):
    """Whose share of a sale an amount is."""

    PRODUCER = "PRODUCER"
    MARKETPLACE = "MARKETPLACE"
    AFFILIATE = "AFFILIATE"
    COPRODUCER = "COPRODUCER"
    ADDON = "ADDON"
    OTHER = "OTHER"


class EventSource(str, Enum):
    """Where a sale's event came from."""

    WEBHOOK = "WEBHOOK"
    REST = "REST"


class IntakeOutcome(str, Enum):
    """What became of a message: a sale's event, kept for later, or malformed."""

    SALE = "SALE"
    OTHER = "OTHER"
    MALFORMED = "MALFORMED"
