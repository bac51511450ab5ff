"""How mutations take a password or a code once more."""

import strawberry

from actions.identity.two_factor.identity_check import Shown
from actions.identity.two_factor.relying_party import RelyingParty, relying_party
from actions.kit.vault import Vault, vault_of
from graph.kit.context import Context


@strawberry.input
class IdentityInput:
    """Proof that it is you, and not someone at your device: your password, or a code of your second factor.

    Without a password and without a second factor, neither is needed within 15 minutes after you signed in.
    """

    password: str | None = None
    """Your password."""
    code: str | None = None
    """A code of your authenticator app, or a recovery code, which is then used up."""


def shown_in(identity: IdentityInput | None) -> Shown:
    """What an input shows."""
    return Shown(identity.password, identity.code) if identity else Shown()


def vault_in(context: Context) -> Vault:
    """What opens the secrets of authenticator apps."""
    return vault_of(context.serving.secret_key, context.serving.previous_keys)


def party_in(context: Context) -> RelyingParty:
    """Whom passkeys are for."""
    return relying_party(context.serving.public_url, context.serving.allowed_origins)
