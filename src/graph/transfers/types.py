"""An account on offer: as its owner sees it, and as the one whom it is offered to."""

import strawberry

from authz import reach
from authz.gates import OwnerOnly, gated
from authz.viewer import Viewer
from graph.kit.scalars import DateTime
from graph.transfers.offers import OpenOffer
from models import database
from models.statement import Statement


@gated(OwnerOnly())
@strawberry.type
class AccountTransfer:
    """The account, as it is offered to a collaborator."""

    collaborator_name: str | None
    """Whom it is offered to; none where the seat is gone, and nobody can accept."""
    created_at: DateTime
    """When it was offered."""
    expires_at: DateTime
    """Until when it can be accepted."""


@strawberry.type
class TransferOffer:
    """An account that is offered to you."""

    central_id: strawberry.ID
    """The central's id, which accepting and declining take."""
    account_name: str
    """The account's name."""
    owner_name: str
    """Who offers it."""
    expires_at: DateTime
    """Until when you can accept."""


async def standing_transfer(viewer: Viewer) -> AccountTransfer | None:
    """The offer of the viewer's account that stands."""
    rows = await database.read(
        Statement(
            "SELECT c.name, r.created_at, r.expires_at FROM transfers r LEFT JOIN collaborators c"
            " ON c.account_id = r.account_id AND c.id = r.collaborator_id"
            " WHERE r.status = 'OFFERED' AND r.expires_at > ? AND ",
            (database.now(),),
        )
        + reach.transfers(viewer).where("r")
    )
    if not rows:
        return None
    row = rows[0]
    return AccountTransfer(
        collaborator_name=row["name"],
        created_at=DateTime(row["created_at"]),
        expires_at=DateTime(row["expires_at"]),
    )


def shown_offer(offer: OpenOffer) -> TransferOffer:
    """An offer as the API shows it."""
    return TransferOffer(
        central_id=strawberry.ID(f"central_{offer.account_id}"),
        account_name=offer.account_name,
        owner_name=offer.owner_name,
        expires_at=DateTime(offer.expires_at),
    )
