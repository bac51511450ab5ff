"""The nouns: tables, migrations, and the words stored in them."""

from models.account import Account
from models.audit import AuditEntry, IdempotencyKey, UserEntry
from models.collaborator import Collaborator, Invitation, Profile, Team, TeamMember
from models.intake import IntakeEvent
from models.product import Offer, Product
from models.sale import Commission, Sale, SaleEvent
from models.user import Credential, Session, User

__all__ = [
    "Account",
    "AuditEntry",
    "Collaborator",
    "Commission",
    "Credential",
    "IdempotencyKey",
    "IntakeEvent",
    "Invitation",
    "Offer",
    "Product",
    "Profile",
    "Sale",
    "SaleEvent",
    "Session",
    "Team",
    "TeamMember",
    "User",
    "UserEntry",
]
