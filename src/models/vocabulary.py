"""The stored vocabularies: every enumerated value that a row can contain."""

from enum import StrEnum


class Role(StrEnum):
    """A collaborator's role, which decides which rows they can see."""

    ADMIN = "ADMIN"
    """Sees all rows of the account."""
    TEAM_LEAD = "TEAM_LEAD"
    """Sees the rows of the teams that they lead, while teams are on."""
    USER = "USER"
    """Sees their own rows, and what privacy shares with them."""


class Privacy(StrEnum):
    """Whether users see each other's rows."""

    OWN = "OWN"
    """Users see only their own rows."""
    SHARED = "SHARED"
    """Users see each other's rows."""


class Edition(StrEnum):
    """The edition of an account, which decides whether teams are available."""

    STANDARD = "STANDARD"
    """Teams are not available."""
    EXPERT = "EXPERT"
    """Teams are available, and can be turned on."""


class AccountKind(StrEnum):
    """Whether an account belongs to a person or to a company."""

    NATURAL_PERSON = "NATURAL_PERSON"
    """A person, who cannot invite collaborators."""
    LEGAL_ENTITY = "LEGAL_ENTITY"
    """A company with a valid tax number, which can have collaborators."""


class CredentialKind(StrEnum):
    """The purpose of a token: to send requests, or to get the next pair of tokens."""

    ACCESS = "ACCESS"
    REFRESH = "REFRESH"


class InvitationStatus(StrEnum):
    """The status of an invitation. Only a pending invitation can be accepted, or prevents another one to the
    same address."""

    PENDING = "PENDING"
    """Sent, and not answered yet."""
    ACCEPTED = "ACCEPTED"
    """Accepted: the invited person has joined."""
    DECLINED = "DECLINED"
    """Declined by the invited person."""
    REVOKED = "REVOKED"
    """Revoked by someone who can invite."""
    EXPIRED = "EXPIRED"
    """Not answered within seven days."""
    FALLEN = "FALLEN"
    """Void: the inviter can no longer enter, or lost the grant to invite or a grant of the profile."""


class SaleStatus(StrEnum):
    """The status of a sale. The different spellings in webhooks and in the marketplace's REST API are mapped
    to these."""

    STARTED = "STARTED"
    """The buyer started the checkout."""
    WAITING_PAYMENT = "WAITING_PAYMENT"
    """A payment slip or code was issued and is not paid yet."""
    PROCESSING = "PROCESSING"
    """The payment is being processed."""
    UNDER_ANALYSIS = "UNDER_ANALYSIS"
    """The payment is being checked for fraud."""
    PRE_ORDER = "PRE_ORDER"
    """The product was ordered before its release."""
    APPROVED = "APPROVED"
    """The payment was approved."""
    COMPLETE = "COMPLETE"
    """The payment was approved and the warranty period is over."""
    OVERDUE = "OVERDUE"
    """A recurring payment is late."""
    CANCELLED = "CANCELLED"
    """The sale was canceled before it was paid."""
    BLOCKED = "BLOCKED"
    """The marketplace blocked the sale."""
    NO_FUNDS = "NO_FUNDS"
    """The card did not have enough funds."""
    EXPIRED = "EXPIRED"
    """The sale was not paid in time."""
    DISPUTE = "DISPUTE"
    """The buyer disputes the sale."""
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    """A part of the price was refunded."""
    REFUNDED = "REFUNDED"
    """The price was refunded."""
    CHARGEBACK = "CHARGEBACK"
    """The buyer's bank reversed the payment."""


UNPAID = (SaleStatus.CANCELLED, SaleStatus.EXPIRED, SaleStatus.NO_FUNDS, SaleStatus.BLOCKED)
"""The statuses in which a sale ends that is never paid."""


class DistributionMethod(StrEnum):
    """How a rule of the distribution chooses among people."""

    ROUND_ROBIN = "ROUND_ROBIN"
    """In turns: whoever got something the longest time ago."""
    BY_LOAD = "BY_LOAD"
    """Whoever has the fewest open opportunities; of several, whoever got something the longest time ago."""


class PaymentMethod(StrEnum):
    """The method by which a buyer pays. A method that the marketplace adds later is OTHER."""

    CREDIT_CARD = "CREDIT_CARD"
    """Credit card."""
    DEBIT_CARD = "DEBIT_CARD"
    """Debit card."""
    PIX = "PIX"
    """Pix, Brazil's instant transfer."""
    BILLET = "BILLET"
    """A printed or electronic payment slip."""
    BANK_TRANSFER = "BANK_TRANSFER"
    """Bank transfer."""
    DIRECT_DEBIT = "DIRECT_DEBIT"
    """Direct debit."""
    CASH = "CASH"
    """Cash at a payment point."""
    WALLET = "WALLET"
    """A balance in a digital wallet."""
    PAYPAL = "PAYPAL"
    """PayPal."""
    GOOGLE_PAY = "GOOGLE_PAY"
    """Google Pay."""
    APPLE_PAY = "APPLE_PAY"
    """Apple Pay."""
    SAMSUNG_PAY = "SAMSUNG_PAY"
    """Samsung Pay."""
    HOTCARD = "HOTCARD"
    """The marketplace's own card."""
    HYBRID = "HYBRID"
    """Several methods combined."""
    FINANCED = "FINANCED"
    """Financed by the marketplace or a lender."""
    FREE = "FREE"
    """Nothing had to be paid."""
    OTHER = "OTHER"
    """Any other method."""


class PaymentRefusal(StrEnum):
    """The reason of a refused payment. A reason whose wording is not recognized is OTHER."""

    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    """The account or card did not have enough money."""
    CARD_REFUSED = "CARD_REFUSED"
    """The card's bank refused the payment."""
    CARD_DATA = "CARD_DATA"
    """The card's number, date or security code was wrong, or the card had expired."""
    FRAUD_SUSPECTED = "FRAUD_SUSPECTED"
    """The payment looked like fraud."""
    LIMIT = "LIMIT"
    """The card's limit was exceeded."""
    EXPIRED_UNPAID = "EXPIRED_UNPAID"
    """A payment slip or code was not paid in time."""
    DUPLICATE = "DUPLICATE"
    """The same purchase had been made before."""
    CANCELLED_BY_BUYER = "CANCELLED_BY_BUYER"
    """The buyer canceled the payment."""
    TECHNICAL = "TECHNICAL"
    """Something failed between the marketplace and the bank."""
    OTHER = "OTHER"
    """Any other reason."""


class SoldAs(StrEnum):
    """The account's role in a sale."""

    PRODUCER = "PRODUCER"
    """The account sells its own product. Only these sales count as revenue."""
    COPRODUCER = "COPRODUCER"
    """The account shares in a sale of a product that it produced together with the seller."""
    AFFILIATE = "AFFILIATE"
    """The account promoted someone else's product."""


class SlipKind(StrEnum):
    """The kind of a payment slip."""

    BILLET = "BILLET"
    """A printed or electronic slip with a barcode."""
    PIX = "PIX"
    """A Pix code."""
    CASH = "CASH"
    """A code to pay with in cash at a payment point."""


class CommissionSource(StrEnum):
    """The kind of party that receives a share of a sale's price."""

    PRODUCER = "PRODUCER"
    """The seller."""
    MARKETPLACE = "MARKETPLACE"
    """The marketplace, which takes a fee."""
    AFFILIATE = "AFFILIATE"
    """An affiliate."""
    COPRODUCER = "COPRODUCER"
    """A coproducer."""
    ADDON = "ADDON"
    """The provider of an additional service."""
    OTHER = "OTHER"
    """Any other party."""


class EventSource(StrEnum):
    """The source of a sale's event."""

    WEBHOOK = "WEBHOOK"
    """A message that the marketplace sent."""
    REST = "REST"
    """The marketplace's sales history, which was imported."""
    PERSON = "PERSON"
    """A change that a person made here. It takes precedence over messages from the marketplace."""
    CLOCK = "CLOCK"
    """What happened here because time passed, such as the expiry of a payment slip."""


OWN_SOURCES = frozenset((EventSource.PERSON, EventSource.CLOCK))
"""The sources of events that happened here; all others are a marketplace's."""


class IntakeOutcome(StrEnum):
    """The result of processing a message."""

    SALE = "SALE"
    """Understood as an event of a sale."""
    WAITING = "WAITING"
    """Understood, but about a sale that is not known yet. It takes effect once that sale arrives."""
    OTHER = "OTHER"
    """Understood, but not about a sale. It is stored without further effect."""
    TEST = "TEST"
    """A message from the marketplace's test button. It is stored without further effect."""
    MALFORMED = "MALFORMED"
    """Not understood. It is stored with the reason."""


class IntakeChannel(StrEnum):
    """How a message arrived."""

    WEBHOOK = "WEBHOOK"
    """Sent by the marketplace or an automation tool."""
    IMPORT = "IMPORT"
    """Imported from a file."""


class UserTokenKind(StrEnum):
    """The purpose of a link in an e-mail, which is valid once."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105


class ChallengeKind(StrEnum):
    """What a challenge is for."""

    SECOND_FACTOR = "SECOND_FACTOR"
    """The second step of a sign-in, after the password or the provider."""
    PASSKEY_SIGN_IN = "PASSKEY_SIGN_IN"
    """A sign-in with a passkey alone."""
    NEW_PASSKEY = "NEW_PASSKEY"
    """The registration of a passkey."""


class TransferStatus(StrEnum):
    """The status of a transfer of an account."""

    OFFERED = "OFFERED"
    """Offered by the owner, and not answered yet."""
    ACCEPTED = "ACCEPTED"
    """Accepted: the account has a new owner."""
    CANCELLED = "CANCELLED"
    """Canceled by the owner, or declined."""


class BankKind(StrEnum):
    """The format of a bank account number."""

    IBAN = "IBAN"
    """An international bank account number (IBAN)."""
    BRAZIL = "BRAZIL"
    """Bank, branch and account number, as in Brazil."""
    UNITED_STATES = "UNITED_STATES"
    """Routing number and account number, as in the United States."""
    CLABE = "CLABE"
    """A CLABE of 18 digits, as in Mexico."""
    CBU = "CBU"
    """A CBU of 22 digits, as in Argentina."""
