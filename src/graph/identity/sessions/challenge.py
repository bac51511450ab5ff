"""The second step of a sign-in."""

from enum import Enum

import strawberry

from actions.identity.sessions.factors import factors_of
from actions.identity.sessions.session import SecondFactorNeeded
from actions.identity.two_factor.passkeys import request_options
from actions.identity.two_factor.relying_party import relying_party
from graph.kit.context import Serving
from graph.kit.scalars import DateTime


@strawberry.enum
class SecondFactorMethod(Enum):
    """A way to answer a `SecondFactorChallenge`."""

    AUTHENTICATOR_APP = "AUTHENTICATOR_APP"
    """A code of six digits from an authenticator app."""
    PASSKEY = "PASSKEY"
    """A passkey or a security key."""
    RECOVERY_CODE = "RECOVERY_CODE"
    """One of the recovery codes, which is then used up."""


@strawberry.type
class SecondFactorChallenge:
    """A sign-in that waits for the second factor."""

    token: str
    """The token to send to `completeSignIn`. It is valid once, for ten minutes, and grants no access."""
    expires_at: DateTime
    """When the token expires."""
    methods: list[SecondFactorMethod]
    """The ways in which the user can answer."""
    passkey_options: str | None
    """The options for `navigator.credentials.get`, as JSON, which
    `PublicKeyCredential.parseRequestOptionsFromJSON` reads; null if the user has no passkey."""


async def challenge_of(serving: Serving, needed: SecondFactorNeeded) -> SecondFactorChallenge:
    """A challenge as the API shows it."""
    found, options = await factors_of(needed.user_id), None
    methods = []
    if found.app_since is not None:
        methods.append(SecondFactorMethod.AUTHENTICATOR_APP)
    if found.passkeys:
        methods.append(SecondFactorMethod.PASSKEY)
        party = relying_party(serving.public_url, serving.allowed_origins)
        options = await request_options(party, needed.challenge, needed.user_id)
    if found.recovery_codes:
        methods.append(SecondFactorMethod.RECOVERY_CODE)
    return SecondFactorChallenge(
        token=needed.challenge.token,
        expires_at=DateTime(needed.challenge.expires_at),
        methods=methods,
        passkey_options=options,
    )
