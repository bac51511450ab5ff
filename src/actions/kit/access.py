"""Notifies open subscriptions that someone's access may have changed."""

from authz.viewer import Viewer
from models.changes import ChangeKind, note


def note_access(viewer: Viewer, *user_ids: str | None) -> None:
    """Record, in the transaction of the change, whose access may differ from now on.

    That is everyone in the account where the change was made, or else the person who made it, and other
    people by their ids.
    """
    place = viewer.central.account_id if viewer.central else viewer.user_id
    for scope_id in {place, *user_ids}:
        if scope_id is not None:
            note(scope_id, ChangeKind.ACCESS)
