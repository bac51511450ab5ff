"""The nouns of the API, in the order in which the schema prints their fields. A new noun is one line here."""

from graph.access.noun import ACCESS
from graph.accounts.noun import ACCOUNTS
from graph.audit.noun import AUDIT
from graph.collaborators.noun import COLLABORATORS
from graph.instance.noun import INSTANCE
from graph.intake.noun import INTAKE
from graph.invitations.noun import INVITATIONS
from graph.kit.noun import Noun
from graph.products.noun import PRODUCTS
from graph.profiles.noun import PROFILES
from graph.reports.noun import REPORTS
from graph.sales.noun import SALES
from graph.sessions.noun import SESSIONS
from graph.teams.noun import TEAMS
from graph.tokens.noun import TOKENS
from graph.transfers.noun import TRANSFERS
from graph.users.noun import USERS
from graph.viewer.noun import VIEWER

NOUNS: tuple[Noun, ...] = (
    INSTANCE,
    VIEWER,
    ACCOUNTS,
    ACCESS,
    USERS,
    SESSIONS,
    TOKENS,
    PROFILES,
    COLLABORATORS,
    TEAMS,
    INVITATIONS,
    TRANSFERS,
    PRODUCTS,
    SALES,
    REPORTS,
    INTAKE,
    AUDIT,
)
