"""Sessions: the places where a user is signed in."""

import strawberry

from graph.kit.scalars import DateTime
from graph.sessions.own import OwnSession

SESSION = "session_"


@strawberry.type
class Session:
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
