"""Idempotency keys: a call that a client repeats within a day takes effect once."""

from actions.kit.call import Call
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database

REPLAY_MS = 24 * 3_600_000
_LONGEST_KEY = 100


def require_valid_key(call: Call) -> None:
    """Refuse a key that is empty, too long or not printable with BAD_INPUT."""
    if call.key is not None and not (1 <= len(call.key) <= _LONGEST_KEY and call.key.isprintable()):
        raise Refusal(ErrorCode.BAD_INPUT, "key_length", ("idempotencyKey",))


async def replayed(viewer: Viewer, act: str, call: Call) -> str | None:
    """The id of the object of the same earlier call. Refuses a key that was sent with another input."""
    if call.key is None or viewer.central is None:
        return None
    scope = (viewer.central.account_id, viewer.user_id, act, call.key)
    rows = await database.read(
        "SELECT input_digest, object_id, created_at FROM idempotency_keys"
        " WHERE account_id = ? AND user_id = ? AND act = ? AND key = ?",
        scope,
    )
    if not rows:
        return None
    if rows[0]["created_at"] < database.now() - REPLAY_MS:
        await database.write(
            "DELETE FROM idempotency_keys WHERE account_id = ? AND user_id = ? AND act = ? AND key = ?", scope
        )
        return None
    require_same_input(call, rows[0]["input_digest"])
    return str(rows[0]["object_id"])


def require_same_input(call: Call, input_digest: str) -> None:
    """Refuse a key that was sent with another input with IDEMPOTENCY_CONFLICT."""
    if input_digest not in (call.input_digest, *call.earlier_digests):
        raise Refusal(ErrorCode.IDEMPOTENCY_CONFLICT, "key_reused", ("idempotencyKey",))


async def remember(viewer: Viewer, act: str, call: Call, object_id: str) -> None:
    """Store the object of a call in the viewer's central, for calls that repeat its key."""
    if call.key is None or viewer.central is None:
        return
    row = {
        "id": database.new_id(),
        "account_id": viewer.central.account_id,
        "user_id": viewer.user_id,
        "act": act,
        "key": call.key,
        "input_digest": call.input_digest,
        "object_id": object_id,
        "created_at": database.now(),
    }
    await database.insert("idempotency_keys", row)
