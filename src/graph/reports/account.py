"""Reports, as part of `Account`."""

import strawberry

from graph.kit.noun import AccountPart
from graph.reports.types import Reports


@strawberry.type
class ReportsOfAccount(AccountPart):
    """The reports."""

    @strawberry.field
    def reports(self) -> Reports:
        """The reports that you hold a grant for."""
        return Reports(viewer=self.viewer)
