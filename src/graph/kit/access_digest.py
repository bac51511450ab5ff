"""A digest of what someone can do in a central. It changes whenever that changes."""

from hashlib import blake2b

import msgspec

from authz.viewer import Viewer


def access_digest(viewer: Viewer) -> str:
    """A digest of a viewer's role, grants, standings, teams and central."""
    central = viewer.central
    teams = sorted((team.team_id, team.leads, team.privacy.value) for team in viewer.memberships)
    place = msgspec.structs.astuple(central) if central is not None else None
    parts = (viewer.role, viewer.mask.to_bytes(32).hex(), teams, place)
    return blake2b(msgspec.json.encode(parts), digest_size=12).hexdigest()
