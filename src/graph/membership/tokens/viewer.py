"""Personal access tokens, as part of `Viewer`."""

import strawberry

from authz.gates import in_session
from graph.kit.context import Info
from graph.kit.noun import ViewerPart
from graph.membership.tokens.types import AccessToken, tokens_of


@strawberry.type
class TokensOfViewer(ViewerPart):
    """The viewer's own tokens."""

    @in_session()
    async def tokens(self, info: Info) -> list[AccessToken]:
        """The user's valid personal access tokens for all centrals, newest first; at most 50 for each
        central."""
        return await tokens_of(info)
