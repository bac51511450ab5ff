"""The nouns of the API, in the order in which the schema prints their fields. A new noun is one line here."""

from importlib import import_module

from graph.kit.noun import Noun, add_noun_messages

NAMES = (
    "instance",
    "viewer",
    "accounts",
    "access",
    "users",
    "sessions",
    "two_factor",
    "email_changes",
    "tokens",
    "profiles",
    "collaborators",
    "teams",
    "invitations",
    "transfers",
    "products",
    "sales",
    "reports",
    "tools",
    "intake",
    "audit",
)

NOUNS: tuple[Noun, ...] = tuple(import_module(f"graph.{name}.noun").NOUN for name in NAMES)

add_noun_messages(NOUNS)
