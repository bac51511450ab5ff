"""The second factors of the viewer."""

import strawberry

from graph.kit.scalars import DateTime

PASSKEY = "passkey_"


@strawberry.type
class Passkey:
    """A passkey or security key that the user signs in with."""

    id: strawberry.ID
    """The passkey's id, which never changes."""
    name: str
    """The name that the user gave it, for example `Phone`."""
    created_at: DateTime
    """When it was added."""
    last_used_at: DateTime | None
    """When the user last signed in with it; null if never."""


@strawberry.type
class TwoFactor:
    """The user's second factors."""

    enabled: bool
    """Whether signing in requires a second factor."""
    authenticator_app_since: DateTime | None
    """Since when codes of an authenticator app are accepted; null if there is no such app."""
    recovery_codes_left: int
    """How many recovery codes have not been used yet."""
    passkeys: list[Passkey]
    """The user's passkeys, oldest first; at most 20."""
