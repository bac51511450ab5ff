"""The documentation of the API, as part of `Account`."""

import strawberry

from authz.gates import needs
from authz.grant import Grant
from graph.developers.documentation.types import ApiDocumentation
from graph.kit.noun import AccountPart


@strawberry.type
class DocumentationOfAccount(AccountPart):
    """The documentation of the API."""

    @needs(Grant.VIEW_API_DOCUMENTATION)
    def api_documentation(self) -> ApiDocumentation:
        """The documentation of the API, for what you have. As pages, it is at `/developers/docs`."""
        return ApiDocumentation()
