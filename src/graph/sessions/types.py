"""Sessions: the places where a user is signed in."""

import strawberry

from graph.kit.scalars import DateTime
from graph.sessions.own import OwnSession

SESSION = "session_"


@strawberry.type
class Session:
    """A place where the viewer is signed in."""

    id: strawberry.ID
    """Stays the same for as long as the session lasts."""
    agent: str
    """What signed in there, as its browser or program calls itself."""
    created_at: DateTime
    """When the viewer signed in."""
    last_used_at: DateTime
    """When its tokens were last exchanged."""
    current: bool
    """Whether this request is made with it."""


def session_of(session: OwnSession) -> Session:
    return Session(
        id=strawberry.ID(SESSION + session.session_id),
        agent=session.agent,
        created_at=DateTime(session.created_at),
        last_used_at=DateTime(session.last_used_at),
        current=session.current,
    )
