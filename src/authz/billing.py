"""The statements of what the account received, which are about all of its sales."""

from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer


def billing(viewer: Viewer, table: str) -> Reach:
    """The statements, or their lines, for a viewer whose report adds up every sale; else nothing."""
    within = reach.statistics(viewer, Grant.VIEW_SELF_BILLING_REPORT)
    everything = within.values is None and within.products is None
    return Reach(table, within.account_id if everything else None)


def whole_account(account_id: str) -> Reach:
    """The sales that the clock adds up for the statements of an account."""
    return Reach("sales", account_id)
