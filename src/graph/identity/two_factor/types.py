"""The second factors of the viewer."""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry

from actions.identity.two_factor.passkeys import passkeys_of
from graph.kit.context import Context
from graph.kit.node import Node, found_by
from graph.kit.scalars import DateTime

PASSKEY = "passkey_"


@strawberry.type
class Passkey(Node):
    """A passkey or security key that the user signs in with."""

    id: strawberry.ID
    """The passkey's id, which never changes."""
    name: str
    """The name that the user gave it, for example `Phone`."""
    created_at: DateTime
    """When it was added."""
    last_used_at: DateTime | None
    """When the user last signed in with it; null if never."""


def passkey_of(row: Any) -> Passkey:
    """A passkey as the API shows it."""
    return Passkey(
        id=strawberry.ID(f"{PASSKEY}{row['id']}"),
        name=row["name"],
        created_at=DateTime(row["created_at"]),
        last_used_at=None if row["last_used_at"] is None else DateTime(row["last_used_at"]),
    )


async def _by_id(context: Context, names: Sequence[str]) -> Mapping[str, Passkey]:
    found = await passkeys_of(str(context.viewer.user_id))
    return {str(row["id"]): passkey_of(row) for row in found if str(row["id"]) in names}


found_by(PASSKEY, "Passkey", _by_id)


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
