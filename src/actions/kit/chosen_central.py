"""Mutations that name a central by its id, whichever central the request selects."""

from msgspec.structs import replace

from actions.kit.call import Call
from authz.identity import NoSuchCentral, inside
from authz.refusal import Unauthenticated

NOWHERE = "00000000-0000-0000-0000-000000000000"


async def in_central(call: Call, account_id: str | None) -> Call:
    """The caller as a viewer of a central.

    Without a central if it does not exist or they cannot enter it, without distinction; and if their session
    has ended since, for which the mutation is then refused.
    """
    try:
        return replace(call, viewer=await inside(call.viewer, account_id or NOWHERE))
    except (NoSuchCentral, Unauthenticated):
        return call.outside
