"""Mutations that sign in with a second factor, or with a passkey alone."""

import strawberry

from actions.identity.two_factor import sign_in
from actions.identity.two_factor.sign_in import ChallengeAnswer
from authz.refusal import ErrorCode, Refusal
from graph.identity.sessions.mutations import CHALLENGE_COOKIE, SignInPayload, begin_on_device
from graph.identity.two_factor.identity import party_in, vault_in
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload
from graph.kit.scalars import DateTime


@strawberry.type
class StartPasskeySignInPayload(Payload):
    """The result of `startPasskeySignIn`."""

    token: str | None = None
    """The token to send to `completeSignIn`, valid once; null if the mutation was refused."""
    expires_at: DateTime | None = None
    """When the token expires."""
    options: str | None = None
    """The options for `navigator.credentials.get`, as JSON, which
    `PublicKeyCredential.parseRequestOptionsFromJSON` reads; null if the mutation was refused."""


@strawberry.input
class CompleteSignInInput:
    """The answer to a challenge, either `code` or `credential`, and how the user's tokens are delivered."""

    token: str | None = None
    """The token from `signIn` or `startPasskeySignIn`. If null, it is the one in the cookie that a sign-in
    with a provider has set."""
    code: str | None = None
    """A code of the authenticator app, or a recovery code."""
    credential: str | None = None
    """The credential from `navigator.credentials.get`, as the JSON of its `toJSON()`."""
    cookie: bool = False
    """True for a page in a browser: the tokens become cookies that no script can read, instead of fields of
    the payload."""


@strawberry.type
class SecondFactorMutations:
    """Mutations that sign in with a second factor or a passkey."""

    @mutation(sign_in.START_PASSKEY_SIGN_IN)
    async def start_passkey_sign_in(self, info: Info) -> StartPasskeySignInPayload:
        """Starts a sign-in with only a passkey, without an e-mail address and a password."""
        context = info.context
        challenge, options = await sign_in.start_passkey_sign_in(context.call, party_in(context))
        return StartPasskeySignInPayload(
            token=challenge.token, expires_at=DateTime(challenge.expires_at), options=options
        )

    @mutation(sign_in.COMPLETE_SIGN_IN)
    async def complete_sign_in(self, info: Info, input: CompleteSignInInput) -> SignInPayload:  # noqa: A002
        """Signs in with a second factor, after `signIn` or a provider, or with a passkey alone.

        BAD_CODE: the code or the passkey is wrong, or the code was used before. CHALLENGE_ENDED: the token is
        unknown, used or expired. RATE_LIMITED: within 15 minutes there were more than 10 failed attempts for
        the user, or 100 from one IP address. A passkey without a password must verify its user.

        Args:
            input: The answer to the challenge.
        """
        context = info.context
        if input.cookie and context.cross_site:
            raise Refusal(ErrorCode.BAD_INPUT, "cookie_of_another_site", ("cookie",))
        token = context.challenge_cookie if input.token is None else input.token
        answer = ChallengeAnswer(token or "", input.code, input.credential)
        signed_in = await sign_in.complete_sign_in(
            context.call, vault_in(context), party_in(context), answer, context.agent
        )
        payload = await begin_on_device(context, signed_in, cookie=input.cookie)
        if context.challenge_cookie is not None:
            context.cookies.append((CHALLENGE_COOKIE, "", 0))
        return payload
