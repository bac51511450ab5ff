"""The words stored in the tables: every enumerated value that a row can hold."""

from enum import StrEnum


class Role(StrEnum):
    """How far a collaborator sees."""

    ADMIN = "ADMIN"
    """Sees all of the account."""
    TEAM_LEAD = "TEAM_LEAD"
    """Sees the teams led, while teams are on."""
    USER = "USER"
    """Sees his own, and what privacy shares."""


class Privacy(StrEnum):
    """Whether users see each other's rows."""

    OWN = "OWN"
    """Each sees his own."""
    SHARED = "SHARED"
    """All see each other's."""


class Edition(StrEnum):
    """What an account may switch on: teams exist in EXPERT only."""

    STANDARD = "STANDARD"
    """Without teams."""
    EXPERT = "EXPERT"
    """With teams, once they are switched on."""


class AccountKind(StrEnum):
    """Who stands behind an account."""

    NATURAL_PERSON = "NATURAL_PERSON"
    """A person; can invite no one."""
    LEGAL_ENTITY = "LEGAL_ENTITY"
    """A company, by its tax number; can have collaborators."""


class CredentialKind(StrEnum):
    """What a token opens: requests, or the next pair of tokens."""

    ACCESS = "ACCESS"
    REFRESH = "REFRESH"


class InvitationStatus(StrEnum):
    """Where an invitation stands. Only a pending one can be accepted or stands in the way of another."""

    PENDING = "PENDING"
    """Sent, and not answered yet."""
    ACCEPTED = "ACCEPTED"
    """Accepted: the invited person has joined."""
    DECLINED = "DECLINED"
    """Declined by the invited person."""
    REVOKED = "REVOKED"
    """Revoked by someone who may invite."""
    EXPIRED = "EXPIRED"
    """Not answered within seven days."""
    FALLEN = "FALLEN"
    """Void: the inviter lost the seat, the grant to invite, or a grant of the profile."""


class SaleStatus(StrEnum):
    """Where a sale stands. Webhook and REST spellings both map onto these."""

    STARTED = "STARTED"
    """The checkout was begun."""
    WAITING_PAYMENT = "WAITING_PAYMENT"
    """A payment slip or code was issued and is not paid."""
    PROCESSING = "PROCESSING"
    """The payment is being processed."""
    UNDER_ANALYSIS = "UNDER_ANALYSIS"
    """The payment is being examined for fraud."""
    PRE_ORDER = "PRE_ORDER"
    """Ordered before the product is out."""
    APPROVED = "APPROVED"
    """Paid."""
    COMPLETE = "COMPLETE"
    """Paid, and its warranty is over."""
    OVERDUE = "OVERDUE"
    """A recurring payment is late."""
    CANCELLED = "CANCELLED"
    """Cancelled before it was paid."""
    BLOCKED = "BLOCKED"
    """Blocked by the marketplace."""
    NO_FUNDS = "NO_FUNDS"
    """The card lacked funds."""
    EXPIRED = "EXPIRED"
    """Not paid in time."""
    DISPUTE = "DISPUTE"
    """The buyer disputes it."""
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    """Part of the price was paid back."""
    REFUNDED = "REFUNDED"
    """Paid back."""
    CHARGEBACK = "CHARGEBACK"
    """Charged back by the buyer's bank."""


class PaymentMethod(StrEnum):
    """How a buyer pays; a method the marketplace adds later is OTHER."""

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
    """Cash at a pay point."""
    WALLET = "WALLET"
    """A balance held elsewhere."""
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
    """Several methods together."""
    FINANCED = "FINANCED"
    """Financed by the marketplace or a lender."""
    FREE = "FREE"
    """Nothing was to be paid."""
    OTHER = "OTHER"
    """A method that has no name here yet."""


class PaymentRefusal(StrEnum):
    """Why a payment was refused, whatever the wording; a wording that is not known is OTHER."""

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
    """The buyer cancelled the payment."""
    TECHNICAL = "TECHNICAL"
    """Something failed between the marketplace and the bank."""
    OTHER = "OTHER"
    """A reason that has no name here yet."""


class CommissionSource(StrEnum):
    """Whose share of a sale an amount is."""

    PRODUCER = "PRODUCER"
    """The seller's."""
    MARKETPLACE = "MARKETPLACE"
    """The marketplace's fee."""
    AFFILIATE = "AFFILIATE"
    """An affiliate's."""
    COPRODUCER = "COPRODUCER"
    """A coproducer's."""
    ADDON = "ADDON"
    """An additional service's."""
    OTHER = "OTHER"
    """Someone's who has no name here yet."""


class EventSource(StrEnum):
    """Where a sale's event came from."""

    WEBHOOK = "WEBHOOK"
    """A message that the marketplace sent."""
    REST = "REST"
    """The marketplace's sales history."""
    PERSON = "PERSON"
    """A change that a person made here; it lies over whatever the marketplace sends."""


class SaleChange(StrEnum):
    """What a person changed of a sale."""

    ASSIGNMENT = "ASSIGNMENT"
    """Who works on it, or that nobody does."""


class IntakeOutcome(StrEnum):
    """What became of a message."""

    SALE = "SALE"
    """Understood as an event of a sale."""
    WAITING = "WAITING"
    """Understood, but about a sale that is not known yet: it takes effect once that sale arrives."""
    OTHER = "OTHER"
    """Understood, but not about a sale: stored without further effect."""
    TEST = "TEST"
    """A test that the marketplace's test button sent: stored without further effect."""
    MALFORMED = "MALFORMED"
    """Not understood: stored with the reason."""


class IntakeChannel(StrEnum):
    """How a message came in."""

    WEBHOOK = "WEBHOOK"
    """The marketplace, or an automation tool, sent it."""
    IMPORT = "IMPORT"
    """It was imported from a file."""


class UserTokenKind(StrEnum):
    """What a link in an e-mail is good for, once."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105


class TransferStatus(StrEnum):
    """Where the transfer of an account stands."""

    OFFERED = "OFFERED"
    """Offered by the owner, and not answered yet."""
    ACCEPTED = "ACCEPTED"
    """Accepted: the account has a new owner."""
    CANCELLED = "CANCELLED"
    """Taken back, or declined."""


class BankKind(StrEnum):
    """How a bank account is numbered."""

    IBAN = "IBAN"
    """An international bank account number."""
    BRAZIL = "BRAZIL"
    """Bank, agency and account, as in Brazil."""
    UNITED_STATES = "UNITED_STATES"
    """Routing number and account, as in the United States."""
    CLABE = "CLABE"
    """A CLABE, as in Mexico."""
    CBU = "CBU"
    """A CBU, as in Argentina."""
