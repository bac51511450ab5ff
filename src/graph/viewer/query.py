"""The viewer, as part of `Query`."""

import strawberry

from authz.gates import signed_in
from graph.kit.context import Info
from graph.viewer.types import Viewer, viewer_of


@strawberry.type
class ViewerQuery:
    """The user who makes the request."""

    @signed_in()
    def viewer(self, info: Info) -> Viewer:
        """The user who makes the request."""
        return viewer_of(info.context.viewer)
