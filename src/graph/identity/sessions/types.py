"""Sessions: the places where a user is signed in."""

from collections.abc import Mapping, Sequence

import strawberry

from graph.identity.sessions.own import OwnSession, own_sessions
from graph.kit.context import Context
from graph.kit.node import Node, found_by
from graph.kit.scalars import DateTime

SESSION = "session_"


@strawberry.type
class Session(Node):
    """A device or program on which the user is signed in."""

    id: strawberry.ID
    """The session's id, which never changes."""
    agent: str
    """The name of the browser or program, as it sent it in `User-Agent`."""
    created_at: DateTime
    """When the user signed in."""
    last_used_at: DateTime
    """When the session's tokens were last refreshed."""
    current: bool
    """Whether this request uses the session."""


def session_of(session: OwnSession) -> Session:
    return Session(
        id=strawberry.ID(SESSION + session.session_id),
        agent=session.agent,
        created_at=DateTime(session.created_at),
        last_used_at=DateTime(session.last_used_at),
        current=session.current,
    )


async def _by_id(context: Context, names: Sequence[str]) -> Mapping[str, Session]:
    found = await own_sessions(context.viewer)
    return {session.session_id: session_of(session) for session in found if session.session_id in names}


found_by(SESSION, "Session", _by_id)
