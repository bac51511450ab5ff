"""This server, as anyone may know it."""

from importlib.metadata import version

import strawberry

from authz.catalog import LOCALES


@strawberry.type
class Instance:
    """This server."""

    name: str
    """What runs here."""
    version: str
    """Its version."""
    locales: list[str]
    """The languages that messages come in."""
    sign_in_ways: list[str]
    """How one can sign in: PASSWORD, and OPENID_CONNECT where `/sign-in/provider` leads to a provider."""
    sign_in_provider: str | None
    """The name of the OpenID Connect provider, where there is one to sign in with."""


def instance(provider_name: str | None) -> Instance:
    """What is told of this server."""
    return Instance(
        name="Centrals",
        version=version("centrals"),
        locales=list(LOCALES),
        sign_in_ways=["PASSWORD", *(["OPENID_CONNECT"] if provider_name else [])],
        sign_in_provider=provider_name,
    )
