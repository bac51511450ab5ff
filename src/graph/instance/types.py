"""This server, as anyone may know it."""

from importlib.metadata import version

import strawberry

from authz.catalog import LOCALES


@strawberry.type
class Instance:
    """This server."""

    name: str
    """The name of the software, `Centrals`."""
    version: str
    """The version of the software, for example `0.1.0`."""
    locales: list[str]
    """The languages in which messages are available, for example `en`."""
    sign_in_ways: list[str]
    """The ways to sign in: `PASSWORD`, and `OPENID_CONNECT` if `/sign-in/provider` leads to a provider."""
    sign_in_provider: str | None
    """The name of the OpenID Connect provider; null if there is none."""


def instance(provider_name: str | None) -> Instance:
    """Public information about this server."""
    return Instance(
        name="Centrals",
        version=version("centrals"),
        locales=list(LOCALES),
        sign_in_ways=["PASSWORD", *(["OPENID_CONNECT"] if provider_name else [])],
        sign_in_provider=provider_name,
    )
