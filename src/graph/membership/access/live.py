"""The viewer's own access as it changes."""

import strawberry

from authz.gates import GateViolation, InCentral, gated, in_central
from authz.viewer import Viewer as Judged
from engine.rows.events import NothingHappened
from graph.accounts.types import Account, account_of
from graph.kit.access_digest import access_digest
from graph.kit.context import Info
from graph.kit.follow import position_after, purpose_of
from graph.kit.scalars import DateTime
from graph.membership.access.types import AccountAccess
from models.changes import ChangeKind


@gated(InCentral())
@strawberry.type
class AccessUpdate:
    """A change of what you can see and do in this central."""

    viewer: strawberry.Private[Judged]
    cursor: str
    """The state after the change, for `after`."""
    at: DateTime
    """When the change was noticed."""

    @strawberry.field
    def access(self) -> AccountAccess:
        """Your grants and standings in this central as they are now, and the mutations that you can call."""
        return AccountAccess(viewer=self.viewer)

    @strawberry.field
    def account(self) -> Account:
        """The account as you can see it now, with your role in it."""
        found = account_of(self.viewer)
        if found is None:
            raise GateViolation("AccessUpdate.account")
        return found


@strawberry.type
class AccessSubscriptions:
    """The viewer's own access as it changes."""

    @in_central()
    def access_changed(self, info: Info, after: str | None = None) -> AccessUpdate:
        """The changes of your own access: your role, grants, teams, and the settings of the central that
        decide what you see. Fetch the schema and the data again after one. When you can no longer enter the
        central, the subscription ends.

        Args:
            after: The cursor of the last event that was received: if your access has changed since, that is
                the first event.
        """
        context = info.context
        following, viewer = context.following, context.viewer
        assert following is not None
        purpose = purpose_of(ChangeKind.ACCESS, viewer)
        if not following.events:
            following.kind = ChangeKind.ACCESS
            following.after = position_after(context.seal, purpose, after, 1)
            raise NothingHappened
        cursor = context.seal.write(purpose, (access_digest(viewer),))
        return AccessUpdate(viewer=viewer, cursor=cursor, at=following.events[0].at)  # type: ignore[arg-type]
