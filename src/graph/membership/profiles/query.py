"""The catalog of grants, as part of `Query`."""

import strawberry

from authz.gates import signed_in
from graph.kit.context import Info
from graph.membership.profiles.catalog import Catalog, catalog_in


@strawberry.type
class CatalogQuery:
    """The catalog of grants."""

    @signed_in()
    def catalog(self, info: Info, locale: str | None = None) -> Catalog:
        """The catalog of grants and presets.

        Args:
            locale: The language of the labels, one of `instance.locales`; your own by default.
        """
        return catalog_in(locale or info.context.locale)
