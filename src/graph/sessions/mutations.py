"""Signing in, exchanging tokens, and signing out."""

import strawberry

from actions.sessions import session
from actions.sessions.session import Tokens
from authz.gates import in_session
from authz.identity import identify
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from graph.kit.context import Context, Info
from graph.kit.errors import UserError, user_error
from graph.kit.node import is_uuid
from graph.kit.scalars import DateTime
from graph.sessions.types import SESSION
from graph.viewer.types import Viewer, viewer_of

ACCESS_COOKIE = "centrals_access"
REFRESH_COOKIE = "centrals_refresh"
COOKIE_PATHS = {ACCESS_COOKIE: "/", REFRESH_COOKIE: "/graphql"}
_NOWHERE = "00000000-0000-0000-0000-000000000000"


@strawberry.input
class SignInInput:
    """Who signs in, and how the tokens are to be kept."""

    email: str
    """The address of the user."""
    password: str
    """The user's password."""
    cookie: bool = False
    """For a page in a browser: the tokens become cookies that no script can read, and are not answered."""


@strawberry.input
class RefreshSessionInput:
    """The token to exchange."""

    refresh_token: str | None = None
    """The refresh token; without it, the one in the cookie is taken, and the new ones are set as cookies."""


@strawberry.type
class SignInPayload:
    """What came of signing in, or of exchanging a token."""

    access_token: str | None = None
    """Sent as `Authorization: Bearer …` with each request. Told once; none where cookies were asked for."""
    refresh_token: str | None = None
    """Exchanged for the next pair of tokens. Told once; none where cookies were asked for."""
    expires_at: DateTime | None = None
    """Until when the access token is good."""
    viewer: Viewer | None = None
    """Who signed in."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class SignOutPayload:
    """What came of signing out."""

    signed_out: bool
    """Whether the session has ended."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class EndSessionInput:
    """Which session is to end."""

    id: strawberry.ID
    """One of `viewer.sessions`."""


@strawberry.type
class EndSessionPayload:
    """What came of ending a session."""

    ended: bool
    """Whether the session has ended."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class EndOtherSessionsPayload:
    """What came of ending all sessions but one's own."""

    ended: int
    """How many sessions have ended."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


async def begin(context: Context, tokens: Tokens, *, cookie: bool) -> SignInPayload:
    """Stand as whoever the tokens are of, and tell them or set them as cookies.

    A session that was ended since, as by a proof of its user's address, is refused with SESSION_ENDED.
    """
    try:
        judged = await identify(tokens.access, None)
    except Unauthenticated:
        ended = Refusal(ErrorCode.SESSION_ENDED, "session_ended")
        return SignInPayload(errors=[user_error(ended, context)])
    context.viewer = judged
    context.locale = judged.locale
    if cookie:
        context.cookies.append((ACCESS_COOKIE, tokens.access, tokens.expires_at))
        context.cookies.append((REFRESH_COOKIE, tokens.refresh, tokens.refresh_expires_at))
    return SignInPayload(
        access_token=None if cookie else tokens.access,
        refresh_token=None if cookie else tokens.refresh,
        expires_at=DateTime(tokens.expires_at),
        viewer=viewer_of(judged),
    )


@strawberry.type
class SessionMutations:
    """Mutations about one's own session."""

    @strawberry.mutation
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload:  # noqa: A002
        """Sign in with an e-mail and a password.

        Errors: BAD_CREDENTIALS, the same for an unknown address and a wrong password; RATE_LIMITED for more
        than 10 tries for an e-mail address from one network address in 15 minutes, 100 for it from anywhere,
        or 100 from one network address; SESSION_ENDED where the session was ended at the same moment.

        Args:
            input: Who signs in.
        """
        context = info.context
        try:
            tokens = await session.sign_in(context.caller, input.email, input.password, context.agent)
        except Refusal as refusal:
            return SignInPayload(errors=[user_error(refusal, context)])
        return await begin(context, tokens, cookie=input.cookie)

    @strawberry.mutation
    async def refresh_session(self, info: Info, input: RefreshSessionInput | None = None) -> SignInPayload:  # noqa: A002
        """Exchange a refresh token for a new pair of tokens. An older one that comes back ends its session.

        Errors: SESSION_ENDED.

        Args:
            input: The token to exchange; without it, the cookie's.
        """
        context = info.context
        given = input.refresh_token if input else None
        try:
            tokens = await session.refresh(context.caller, context.refresh_cookie if given is None else given)
        except Refusal as refusal:
            if given is None:
                forget(context)
            return SignInPayload(errors=[user_error(refusal, context)])
        return await begin(context, tokens, cookie=given is None)

    @in_session()
    async def sign_out(self, info: Info) -> SignOutPayload:
        """End the session that the request is made with; its tokens are good for nothing from then on."""
        context = info.context
        try:
            await session.sign_out(context.caller)
        except Refusal as refusal:
            return SignOutPayload(signed_out=False, errors=[user_error(refusal, context)])
        forget(context)
        return SignOutPayload(signed_out=True)

    @in_session()
    async def end_session(self, info: Info, input: EndSessionInput) -> EndSessionPayload:  # noqa: A002
        """End one of your sessions, wherever it is; its tokens are good for nothing from then on.

        Errors: NOT_FOUND.

        Args:
            input: Which session.
        """
        context = info.context
        name = input.id.removeprefix(SESSION)
        try:
            ended = await session.end_session(context.caller, name if is_uuid(name) else _NOWHERE)
        except Refusal as refusal:
            return EndSessionPayload(ended=False, errors=[user_error(refusal, context)])
        if ended == context.viewer.session_id:
            forget(context)
        return EndSessionPayload(ended=True)

    @in_session()
    async def end_other_sessions(self, info: Info) -> EndOtherSessionsPayload:
        """End all your sessions but the one that the request is made with."""
        context = info.context
        try:
            return EndOtherSessionsPayload(ended=await session.end_other_sessions(context.caller))
        except Refusal as refusal:
            return EndOtherSessionsPayload(ended=0, errors=[user_error(refusal, context)])


def forget(context: Context) -> None:
    """Clear both cookies."""
    context.cookies[:] = [(ACCESS_COOKIE, "", 0), (REFRESH_COOKIE, "", 0)]
