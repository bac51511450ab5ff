"""Lets open subscriptions know that what someone may see can have changed."""

from authz.viewer import Viewer
from models.changes import ChangeKind, note


def note_access(viewer: Viewer, *user_ids: str | None) -> None:
    """Note, in the transaction that makes the change, where standings may differ from now on.

    That is the account in which it was made, or else the person who made it, and other people by their ids.
    """
    place = viewer.central.account_id if viewer.central else viewer.user_id
    for scope_id in {place, *user_ids}:
        if scope_id is not None:
            note(scope_id, ChangeKind.ACCESS)
