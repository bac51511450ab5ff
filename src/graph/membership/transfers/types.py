"""An offer of an account, as its owner and as the recipient see it."""

import strawberry

from authz import reach
from authz.gates import OwnerOnly, gated
from authz.viewer import Viewer
from graph.kit.scalars import DateTime
from graph.membership.transfers.offers import OpenOffer
from models import database
from models.statement import Statement


@gated(OwnerOnly())
@strawberry.type
class AccountTransfer:
    """A pending offer to transfer the account to a collaborator."""

    collaborator_name: str | None
    """The name of the collaborator to whom the account is offered; null if they no longer work in it, so that
    nobody can accept."""
    created_at: DateTime
    """When the account was offered."""
    expires_at: DateTime
    """The time until which the offer can be accepted."""


@strawberry.type
class TransferOffer:
    """An offer to become the owner of an account."""

    central_id: strawberry.ID
    """The id of the account's central, by which you accept or decline."""
    account_name: str
    """The account's name."""
    owner_name: str
    """The name of the owner who offers the account."""
    expires_at: DateTime
    """The time until which you can accept."""


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
