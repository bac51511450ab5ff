"""The viewer, as part of `Query`."""

import strawberry

from authz.gates import signed_in
from graph.kit.context import Info
from graph.viewer.types import Viewer, viewer_of


@strawberry.type
class ViewerQuery:
    """Who asks."""

    @signed_in()
    def viewer(self, info: Info) -> Viewer:
        """The user who asks."""
        return viewer_of(info.context.viewer)
