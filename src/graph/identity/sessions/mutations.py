"""Mutations of sessions: sign in, exchange tokens, sign out."""

import strawberry

from actions.identity.sessions import session
from actions.identity.sessions.session import SecondFactorNeeded, SignedIn, Tokens
from authz.identity import identify
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from graph.identity.sessions.challenge import SecondFactorChallenge, challenge_of
from graph.identity.sessions.types import SESSION
from graph.kit.context import Context, Info
from graph.kit.mutation import mutation
from graph.kit.node import prefixed
from graph.kit.payload import Payload
from graph.kit.scalars import DateTime
from graph.viewer.types import Viewer, viewer_of
from models import database

ACCESS_COOKIE = "centrals_access"
REFRESH_COOKIE = "centrals_refresh"
DEVICE_COOKIE = "centrals_device"
CHALLENGE_COOKIE = "centrals_challenge"
COOKIE_PATHS = {
    ACCESS_COOKIE: "/",
    REFRESH_COOKIE: "/graphql",
    DEVICE_COOKIE: "/graphql",
    CHALLENGE_COOKIE: "/graphql",
}
_DEVICE_MS = 365 * 24 * 3_600_000


@strawberry.input
class SignInInput:
    """The credentials of a user, and how their tokens are delivered."""

    email: str
    """The user's e-mail address."""
    password: str
    """The user's password."""
    device: str | None = None
    """The `deviceToken` of an earlier sign-in of the same user on this device. The device then has its own
    limit of attempts, whatever others try. With cookies, the browser sends it by itself."""
    cookie: bool = False
    """True for a page in a browser: the tokens become cookies that no script can read, instead of fields of
    the payload. The page must be of the same site as the API: for example `app.example.com` and
    `api.example.com`, or `localhost` with any ports."""


@strawberry.input
class RefreshSessionInput:
    """The refresh token to exchange."""

    refresh_token: str | None = None
    """The refresh token. If null, the token in the cookie is exchanged, and the new tokens become cookies."""


@strawberry.type
class SignInPayload(Payload):
    """The result of `signIn`, `completeSignIn` and `refreshSession`."""

    access_token: str | None = None
    """The access token, to be sent with each request as `Authorization: Bearer …`. It is shown once; null
    where cookies are used."""
    refresh_token: str | None = None
    """The refresh token, to be exchanged for the next pair of tokens. It is shown once; null where cookies
    are used."""
    expires_at: DateTime | None = None
    """When the access token expires."""
    viewer: Viewer | None = None
    """The user who signed in."""
    device_token: str | None = None
    """A token that identifies the device when the user signs in again; send it as `device`. It grants no
    access. Null where cookies are used, and for `refreshSession`."""
    second_factor: SecondFactorChallenge | None = None
    """What `completeSignIn` has to answer, if the user has a second factor. There are no tokens then. Null
    if the user is signed in."""


@strawberry.type
class SignOutPayload(Payload):
    """The result of `signOut`."""

    signed_out: bool = False
    """Whether the session has ended."""


@strawberry.input
class RevokeSessionInput:
    """The session to end."""

    id: strawberry.ID
    """The session, one of `viewer.sessions`."""


@strawberry.type
class RevokeSessionPayload(Payload):
    """The result of `revokeSession`."""

    ended: bool = False
    """Whether the session has ended."""


@strawberry.type
class RevokeOtherSessionsPayload(Payload):
    """The result of `revokeOtherSessions`."""

    ended: int = 0
    """How many sessions have ended."""


async def begin(context: Context, tokens: Tokens, *, cookie: bool) -> SignInPayload:
    """Continue the request as the user of the tokens, and return the tokens or set them as cookies.

    Refuses with SESSION_ENDED a session that has ended since, for example by a proof of its user's address.
    """
    try:
        viewer = await identify(tokens.access, None)
    except Unauthenticated as ended:
        raise Refusal(ErrorCode.SESSION_ENDED, "session_ended") from ended
    context.viewer = viewer
    context.locale = viewer.locale
    if cookie:
        # it outlives its token, so that an ended session is a 401 and not a page that nobody signed in to
        context.cookies.append((ACCESS_COOKIE, tokens.access, tokens.refresh_expires_at))
        context.cookies.append((REFRESH_COOKIE, tokens.refresh, tokens.refresh_expires_at))
    return SignInPayload(
        access_token=None if cookie else tokens.access,
        refresh_token=None if cookie else tokens.refresh,
        expires_at=DateTime(tokens.expires_at),
        viewer=viewer_of(viewer),
    )


async def begin_on_device(context: Context, signed_in: SignedIn, *, cookie: bool) -> SignInPayload:
    """The same, with the token by which the device is known from then on."""
    payload = await begin(context, signed_in.tokens, cookie=cookie)
    if cookie:
        context.cookies.append((DEVICE_COOKIE, signed_in.device, database.now() + _DEVICE_MS))
    else:
        payload.device_token = signed_in.device
    return payload


@strawberry.type
class SessionMutations:
    """Mutations of sessions."""

    @mutation(session.SIGN_IN)
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload:  # noqa: A002
        """Signs in with an e-mail address and a password.

        A user with a second factor is not signed in yet: `secondFactor` is what `completeSignIn` answers.

        BAD_CREDENTIALS: the address is unknown or the password is wrong; the error does not say which.
        RATE_LIMITED: within 15 minutes there were more than 10 failed attempts for the e-mail address from
        one IP address, 100 for the e-mail address, 100 from one IP address, or 10 on the `device`. IPv6
        addresses count by network (/64). SESSION_ENDED: the session was ended at the same moment. BAD_INPUT:
        a page of another site cannot sign in with `cookie`.

        Args:
            input: The user's credentials.
        """
        context = info.context
        if input.cookie and context.cross_site:
            raise Refusal(ErrorCode.BAD_INPUT, "cookie_of_another_site", ("cookie",))
        device = input.device or context.device_cookie
        signed_in = await session.sign_in(context.call, input.email, input.password, context.agent, device)
        if isinstance(signed_in, SecondFactorNeeded):
            return SignInPayload(second_factor=await challenge_of(context.serving, signed_in))
        return await begin_on_device(context, signed_in, cookie=input.cookie)

    @mutation(session.REFRESH_SESSION)
    async def refresh_session(self, info: Info, input: RefreshSessionInput | None = None) -> SignInPayload:  # noqa: A002
        """Exchanges a refresh token for a new pair of tokens. Exchanging an older token ends its session.

        Args:
            input: The token to exchange; without it, the token in the cookie.
        """
        context = info.context
        sent = input.refresh_token if input else None
        try:
            tokens = await session.refresh(context.call, context.refresh_cookie if sent is None else sent)
        except Refusal:
            if sent is None:
                forget(context)
            raise
        return await begin(context, tokens, cookie=sent is None)

    @mutation(session.SIGN_OUT)
    async def sign_out(self, info: Info) -> SignOutPayload:
        """Ends the session that the request is made with. Its tokens are no longer valid."""
        await session.sign_out(info.context.call)
        forget(info.context)
        return SignOutPayload(signed_out=True)

    @mutation(session.REVOKE_SESSION)
    async def revoke_session(self, info: Info, input: RevokeSessionInput) -> RevokeSessionPayload:  # noqa: A002
        """Ends one of your sessions, on whichever device. Its tokens are no longer valid.

        Args:
            input: The session to end.
        """
        context = info.context
        ended = await session.revoke_session(context.call, prefixed(SESSION, input.id))
        if ended == context.viewer.session_id:
            forget(context)
        return RevokeSessionPayload(ended=True)

    @mutation(session.REVOKE_OTHER_SESSIONS)
    async def revoke_other_sessions(self, info: Info) -> RevokeOtherSessionsPayload:
        """Ends all of your sessions except the one that the request is made with."""
        return RevokeOtherSessionsPayload(ended=await session.revoke_other_sessions(info.context.call))


def forget(context: Context) -> None:
    """Clear both cookies."""
    context.cookies[:] = [(ACCESS_COOKIE, "", 0), (REFRESH_COOKIE, "", 0)]
