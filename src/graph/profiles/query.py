"""The catalog of grants, as part of `Query`."""

import strawberry

from authz.gates import signed_in
from graph.kit.context import Info
from graph.profiles.catalog import Catalog, catalog_in


@strawberry.type
class CatalogQuery:
    """What there is to grant."""

    @signed_in()
    def catalog(self, info: Info, locale: str | None = None) -> Catalog:
        """What there is to grant, and the presets.

        Args:
            locale: The language of the labels, one of `instance.locales`; without it, your own.
        """
        return catalog_in(locale or info.context.locale)
