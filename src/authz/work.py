"""The rows that are someone's work: of those that a viewer sees, the ones that they can do something with."""

from authz import reach
from authz.grant import Grant
from authz.reach import STATISTICS, Reach
from authz.viewer import Viewer

WORKED = STATISTICS
"""Role × teams on: one's own, and for a lead those of the members of the teams that they lead. What privacy
shows besides can only be read."""


def worked(viewer: Viewer, table: str, grant: Grant) -> Reach:
    """The rows of a table that follow their assignee, that a grant opens, and that are the viewer's work."""
    within = reach.rows(viewer, table, grant)
    if within.account_id is None or viewer.central is None or viewer.role is None:
        return within
    found = WORKED[viewer.role, viewer.central.teams_on](viewer)
    values = None if found is None else tuple(sorted(found))
    return Reach(table, within.account_id, "assignee_id", values, viewer.products)
