"""Sessions, as part of `Viewer`."""

import strawberry

from authz.gates import in_session
from graph.identity.sessions.own import own_sessions
from graph.identity.sessions.types import Session, session_of
from graph.kit.context import Info
from graph.kit.noun import ViewerPart


@strawberry.type
class SessionsOfViewer(ViewerPart):
    """The viewer's sessions."""

    @in_session()
    async def sessions(self, info: Info) -> list[Session]:
        """The user's sessions on all devices, last used first."""
        return [session_of(session) for session in await own_sessions(info.context.viewer)]
