"""Sessions, as part of `Viewer`."""

import strawberry

from authz.gates import in_session
from graph.kit.context import Info
from graph.kit.noun import ViewerPart
from graph.sessions.own import own_sessions
from graph.sessions.types import Session, session_of


@strawberry.type
class SessionsOfViewer(ViewerPart):
    """The viewer's sessions."""

    @in_session()
    async def sessions(self, info: Info) -> list[Session]:
        """The user's sessions on all devices, last used first."""
        return [session_of(session) for session in await own_sessions(info.context.viewer)]
