"""The tables, their migrations, and the vocabularies stored in them."""

from models.account import Account, OwnerDetails, Transfer
from models.audit import AuditEntry, IdempotencyKey, LogHead, UserEntry
from models.collaborator import (
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
from models.contact import ContactEvent, SubscriptionEvent
from models.document import Document
from models.event import Event, EventCounter
from models.intake import IntakeEvent
from models.outbox import OutboxMessage
from models.product import CatalogEvent, Offer, OfferPrice, Plan, Product
from models.rate import RateCount
from models.refund import ApprovalLimit, RefundRequest
from models.sale import Commission, Sale, SaleEvent, SaleSupplement
from models.token import AccessToken
from models.tool import ToolVersion
from models.user import (
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

__all__ = [
    "AccessToken",
    "Account",
    "ApprovalLimit",
    "AuditEntry",
    "AuthenticatorApp",
    "CatalogEvent",
    "CentralVisit",
    "Collaborator",
    "Commission",
    "ContactEvent",
    "Credential",
    "Document",
    "EmailChange",
    "EndedSeat",
    "EndedTeam",
    "Event",
    "EventCounter",
    "IdempotencyKey",
    "Identity",
    "IntakeEvent",
    "Invitation",
    "LogHead",
    "Offer",
    "OfferPrice",
    "OutboxMessage",
    "OwnerDetails",
    "Passkey",
    "Plan",
    "Product",
    "Profile",
    "ProviderVisit",
    "RateCount",
    "RecoveryCode",
    "RefundRequest",
    "Sale",
    "SaleEvent",
    "SaleSupplement",
    "Session",
    "SignInChallenge",
    "SourceCode",
    "SubscriptionEvent",
    "Team",
    "TeamMember",
    "ToolVersion",
    "Transfer",
    "User",
    "UserEntry",
    "UserToken",
]
