"""What only a company's account can do: create profiles and invite people."""

from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.vocabulary import AccountKind


async def require_legal_entity(viewer: Viewer, *, allow_natural_persons: bool) -> None:
    """Refuse a natural person's account with NOT_A_LEGAL_ENTITY, unless the server allows such accounts."""
    assert viewer.central is not None
    rows = await database.read("SELECT kind FROM accounts WHERE id = ?", (viewer.central.account_id,))
    if not allow_natural_persons and rows[0]["kind"] != AccountKind.LEGAL_ENTITY.value:
        raise Refusal(ErrorCode.NOT_A_LEGAL_ENTITY, "not_a_legal_entity")
