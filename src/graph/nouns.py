"""The nouns of the API, in the order in which the schema prints their fields. A new noun is one line here.

Nouns that belong together share a folder: `identity`, `membership`, `commerce`. The tests allow 20 rooms in a
folder, so a noun goes into the folder of its field, and a new field gets a folder.
"""

from importlib import import_module

from graph.kit.noun import Noun, add_noun_messages

NAMES = (
    "instance",
    "viewer",
    "accounts",
    "membership.access",
    "identity.users",
    "identity.sessions",
    "identity.two_factor",
    "identity.email_changes",
    "membership.tokens",
    "membership.profiles",
    "membership.collaborators",
    "membership.teams",
    "membership.invitations",
    "membership.transfers",
    "commerce.products",
    "commerce.sales",
    "commerce.receipts",
    "commerce.refunds",
    "commerce.withdrawals",
    "commerce.subscriptions",
    "commerce.opportunities",
    "commerce.exports",
    "notices",
    "calendar",
    "reports",
    "tools",
    "developers.credentials",
    "developers.webhooks",
    "developers.documentation",
    "tools.targets",
    "tools.integrations",
    "intake",
    "audit",
)

NOUNS: tuple[Noun, ...] = tuple(import_module(f"graph.{name}.noun").NOUN for name in NAMES)

add_noun_messages(NOUNS)
