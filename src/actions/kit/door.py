"""Where people stand who act on a central by its id, whatever central their request stands in."""

from msgspec.structs import replace

from actions.kit.call import Call
from authz.identity import NoSuchCentral, inside
from authz.refusal import Unauthenticated

NOWHERE = "00000000-0000-0000-0000-000000000000"


async def at_door(call: Call, account_id: str | None) -> Call:
    """The caller as they stand in a central; in none where they may not enter it or it is not there: alike.

    Nor do they stand in one if their session has ended since; the mutation that follows is refused for that.
    """
    try:
        return replace(call, viewer=await inside(call.viewer, account_id or NOWHERE))
    except (NoSuchCentral, Unauthenticated):
        return call.outside
