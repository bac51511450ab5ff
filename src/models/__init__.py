"""The tables, their migrations, and the vocabularies stored in them."""

from models.tables.account import Account, OwnerDetails, Transfer
from models.tables.audit import AuditEntry, IdempotencyKey, LogHead, UserEntry
from models.tables.billing import BillingLine, BillingMonth, BillingStatement
from models.tables.calendar import CalendarFeed
from models.tables.collaborator import (
    CentralVisit,
    Collaborator,
    EndedSeat,
    EndedTeam,
    Invitation,
    Profile,
    SourceCode,
    Team,
    TeamMember,
)
from models.tables.contact import ContactEvent, SubscriptionEvent
from models.tables.delivery import Delivery, WebhookEndpoint
from models.tables.document import Document
from models.tables.event import Event, EventCounter
from models.tables.intake import IntakeEvent
from models.tables.ledger import Balance, LedgerEntry, LedgerReview, SalePosting
from models.tables.notice import Notice, NoticeChoice
from models.tables.opportunity import (
    CheckoutAttempt,
    Opportunity,
    OpportunityEvent,
    OpportunityNote,
    PipelineStep,
)
from models.tables.outbox import OutboxMessage, RefusedEmail
from models.tables.product import CatalogEvent, Offer, OfferPrice, Plan, Product
from models.tables.rate import RateCount
from models.tables.refund import ApprovalLimit, RefundRequest
from models.tables.sale import Commission, Sale, SaleEvent, SaleSupplement, SaleWords
from models.tables.schedule import ReportSchedule
from models.tables.subscription import Subscription, SubscriptionRequest, SubscriptionTurn
from models.tables.target import Integration, Target
from models.tables.token import AccessToken, ApiCredential
from models.tables.tool import DistributionCount, ToolVersion
from models.tables.user import (
    AuthenticatorApp,
    Credential,
    EmailChange,
    Identity,
    Passkey,
    ProviderVisit,
    RecoveryCode,
    Session,
    SignInChallenge,
    User,
    UserToken,
)
from models.tables.withdrawal import Withdrawal, WithdrawalEvent

__all__ = [
    "AccessToken",
    "Account",
    "ApiCredential",
    "ApprovalLimit",
    "AuditEntry",
    "AuthenticatorApp",
    "Balance",
    "BillingLine",
    "BillingMonth",
    "BillingStatement",
    "CalendarFeed",
    "CatalogEvent",
    "CentralVisit",
    "CheckoutAttempt",
    "Collaborator",
    "Commission",
    "ContactEvent",
    "Credential",
    "Delivery",
    "DistributionCount",
    "Document",
    "EmailChange",
    "EndedSeat",
    "EndedTeam",
    "Event",
    "EventCounter",
    "IdempotencyKey",
    "Identity",
    "IntakeEvent",
    "Integration",
    "Invitation",
    "LedgerEntry",
    "LedgerReview",
    "LogHead",
    "Notice",
    "NoticeChoice",
    "Offer",
    "OfferPrice",
    "Opportunity",
    "OpportunityEvent",
    "OpportunityNote",
    "OutboxMessage",
    "OwnerDetails",
    "Passkey",
    "PipelineStep",
    "Plan",
    "Product",
    "Profile",
    "ProviderVisit",
    "RateCount",
    "RecoveryCode",
    "RefundRequest",
    "RefusedEmail",
    "ReportSchedule",
    "Sale",
    "SaleEvent",
    "SalePosting",
    "SaleSupplement",
    "SaleWords",
    "Session",
    "SignInChallenge",
    "SourceCode",
    "Subscription",
    "SubscriptionEvent",
    "SubscriptionRequest",
    "SubscriptionTurn",
    "Target",
    "Team",
    "TeamMember",
    "ToolVersion",
    "Transfer",
    "User",
    "UserEntry",
    "UserToken",
    "WebhookEndpoint",
    "Withdrawal",
    "WithdrawalEvent",
]
