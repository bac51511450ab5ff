"""Tools, as part of `Account`."""

import strawberry

from graph.kit.noun import AccountPart
from graph.tools.fields import Tools


@strawberry.type
class ToolsOfAccount(AccountPart):
    """The account's tools."""

    @strawberry.field
    def tools(self) -> Tools:
        """The settings of the account's tools, each behind its grant."""
        return Tools(viewer=self.viewer)
