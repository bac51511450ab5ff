"""Second factors, as part of `Viewer`."""

import strawberry

from actions.identity.sessions.factors import factors_of
from actions.identity.two_factor.passkeys import passkeys_of
from authz.gates import in_session
from authz.viewer import Viewer
from graph.identity.two_factor.types import TwoFactor, passkey_of
from graph.kit.context import Info
from graph.kit.noun import ViewerPart
from graph.kit.scalars import DateTime


@strawberry.type
class TwoFactorOfViewer(ViewerPart):
    """The viewer's second factors."""

    @in_session()
    async def two_factor(self, info: Info) -> TwoFactor:
        """The user's second factors."""
        return await two_factor_of(info.context.viewer)


async def two_factor_of(viewer: Viewer) -> TwoFactor:
    """Someone's second factors as the API shows them."""
    found, rows = await factors_of(str(viewer.user_id)), await passkeys_of(str(viewer.user_id))
    return TwoFactor(
        enabled=found.any,
        authenticator_app_since=None if found.app_since is None else DateTime(found.app_since),
        recovery_codes_left=found.recovery_codes,
        passkeys=[passkey_of(row) for row in rows],
    )
