"""The scheduled reports that a viewer can see: all for the owner and admins, else their own."""

from authz.gates import Standing
from authz.reach import Reach
from authz.viewer import Viewer

TABLE = "report_schedules"


def report_schedules(viewer: Viewer) -> Reach:
    """The schedules within reach. Nobody reaches any outside a central."""
    if viewer.central is None or viewer.role is None or viewer.user_id is None:
        return Reach(TABLE, None)
    if viewer.products is not None:
        return Reach(TABLE, None)  # a schedule names what its report is filtered by
    if viewer.mask & Standing.ADMIN:
        return Reach(TABLE, viewer.central.account_id)
    return Reach(TABLE, viewer.central.account_id, "user_id", (viewer.user_id,))
