"""The notices that a viewer can see: their own, of what is within their reach at the moment."""

from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models.statement import NEVER, Statement, either

TABLE = "notices"
RECORDS: dict[str, tuple[str, Grant]] = {
    "sale_id": ("sales", Grant.SEARCH_SALES),
    "subscription_id": ("subscriptions", Grant.MANAGE_SUBSCRIPTIONS),
    "opportunity_id": ("opportunities", Grant.VIEW_PURCHASE_RECOVERY_REPORT),
}
"""What notices are about: the table and the grant of each column that names a row."""


class Notices(Reach, frozen=True):
    """Notices of a user, of rows that are within one of several reaches."""

    about: tuple[tuple[str, Reach], ...] = ()

    def where(self, alias: str) -> Statement:
        """The condition under which a notice is the user's and its row is within reach."""
        if self.account_id is None:
            return NEVER
        return super().where(alias) & either(
            Statement(f"EXISTS (SELECT 1 FROM {within.table} about WHERE about.id = {alias}.{column} AND ")
            + within.where("about")
            + ")"
            for column, within in self.about
        )


def notices(viewer: Viewer) -> Reach:
    """The viewer's own notices in the selected central."""
    found = ((column, reach.rows(viewer, *record)) for column, record in RECORDS.items())
    about = tuple((column, within) for column, within in found if within.account_id is not None)
    if viewer.user_id is None or not about:
        return Notices(TABLE, None)
    return Notices(TABLE, about[0][1].account_id, "user_id", (viewer.user_id,), about=about)
