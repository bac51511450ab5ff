"""Mutations of products."""

from enum import Enum
from typing import Any

import strawberry

from actions.commerce.products import product
from authz.gates import needs
from authz.grant import Grant
from graph.commerce.products.types import Product
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from models.product_vocabulary import ProductFormat, ProductStatus


@strawberry.input
class CreateProductInput(RepeatableInput):
    """A new product."""

    name: str
    """The name, of 1 to 300 characters. It must differ from names that people gave to other products."""
    reference: str
    """A reference of your choice, of up to 64 letters, digits, `-`, `_` and `.`. If you later sell the
    product at the marketplace, use the marketplace's number, so that its sales belong to this product."""
    format: ProductFormat | None = None
    """What buyers receive."""
    warranty_days: int | None = None
    """The number of days within which a buyer can request a refund, from 0 to 60."""
    access_url: str | None = None
    """The `https` address at which buyers find the product, for example `https://example.com/course`."""
    sales_page_url: str | None = None
    """The `https` address of the page that presents the product."""
    support_email: str | None = None
    """The e-mail address at which buyers can ask for help."""


@strawberry.input
class EditProductInput(RepeatableInput):
    """Changes to a product. Omitted fields stay as they are; null removes a value."""

    id: strawberry.ID
    """The product."""
    expected_version: int
    """The `version` of the product that you read. If it has changed since, nothing is changed."""
    name: str | None = strawberry.UNSET
    """The new name, of 1 to 300 characters."""
    format: ProductFormat | None = strawberry.UNSET
    """What buyers receive."""
    warranty_days: int | None = strawberry.UNSET
    """The number of days within which a buyer can request a refund, from 0 to 60."""
    access_url: str | None = strawberry.UNSET
    """The `https` address at which buyers find the product."""
    sales_page_url: str | None = strawberry.UNSET
    """The `https` address of the page that presents the product."""
    support_email: str | None = strawberry.UNSET
    """The e-mail address at which buyers can ask for help."""
    use_marketplace_name: bool = False
    """True: the marketplace's name applies again."""
    use_marketplace_status: bool = False
    """True: the marketplace's status applies again."""
    use_marketplace_format: bool = False
    """True: the marketplace's format applies again."""
    use_marketplace_warranty_days: bool = False
    """True: the marketplace's warranty applies again."""
    use_marketplace_support_email: bool = False
    """True: the marketplace's support address applies again."""


@strawberry.input
class SetProductStatusInput(RepeatableInput):
    """A product and its new status."""

    id: strawberry.ID
    """The product."""
    status: ProductStatus
    """The new status."""


@strawberry.type
class ProductPayload(Payload):
    """The result of a mutation of a product."""

    @needs(Grant.MANAGE_PRODUCTS)
    async def product(self, info: Info) -> Product | None:
        """The product as it is now; null if the mutation was refused."""
        return await self.row(Product, product.managed(info.context.viewer))


@strawberry.type
class CreateProductPayload(ProductPayload):
    """The result of `createProduct`."""


@strawberry.type
class EditProductPayload(ProductPayload):
    """The result of `editProduct`."""


@strawberry.type
class SetProductStatusPayload(ProductPayload):
    """The result of `setProductStatus`."""


_VALUES = ("name", "format", "warranty_days", "access_url", "sales_page_url", "support_email")
_RESTORED = {
    "name": "useMarketplaceName",
    "status": "useMarketplaceStatus",
    "format": "useMarketplaceFormat",
    "warranty_days": "useMarketplaceWarrantyDays",
    "support_email": "useMarketplaceSupportEmail",
}


@strawberry.type
class ProductMutations:
    """Mutations of products."""

    @mutation(product.CREATE_PRODUCT)
    async def create_product(
        self,
        info: Info,
        input: CreateProductInput,  # noqa: A002
    ) -> CreateProductPayload:
        """Creates a product as a draft.

        It is created here only, and not at the marketplace. CODE_TAKEN: another product has the reference.
        BAD_URL: an address is not a public `https` address.

        Args:
            input: The new product.
        """
        values = {name: value for name, value in _values(input).items() if value is not None}
        return CreateProductPayload(
            object_id=await product.create_product(info.context.call, storable(input.reference), values)
        )

    @mutation(product.EDIT_PRODUCT)
    async def edit_product(self, info: Info, input: EditProductInput) -> EditProductPayload:  # noqa: A002
        """Changes a product.

        What you set overrides what the marketplace says, now and in later messages, until you restore the
        marketplace's value. The product at the marketplace stays as it is. VERSION_CONFLICT: someone
        changed the product since you read it.

        Args:
            input: The changes.
        """
        restored = {
            name: member for name, member in _RESTORED.items() if getattr(input, f"use_marketplace_{name}")
        }
        product_id = await product.edit_product(
            info.context.call,
            named(input.id, Product),
            _values(input),
            restored,
            input.expected_version,
        )
        return EditProductPayload(object_id=product_id)

    @mutation(product.SET_PRODUCT_STATUS)
    async def set_product_status(
        self,
        info: Info,
        input: SetProductStatusInput,  # noqa: A002
    ) -> SetProductStatusPayload:
        """Sets a product's status: from DRAFT to ACTIVE, between ACTIVE and PAUSED, from any to ARCHIVED, and
        from ARCHIVED to PAUSED.

        It overrides the marketplace's status. Sales of a paused or archived product that the marketplace
        reports still count. WRONG_STATE: the product cannot go from its status to the new one.
        IN_USE: the product cannot be archived, because something that is running refers to it; the message
        names it.

        Args:
            input: The product and its new status.
        """
        product_id = await product.set_product_status(
            info.context.call, named(input.id, Product), input.status
        )
        return SetProductStatusPayload(object_id=product_id)


def _values(values: Any) -> dict[str, Any]:
    """The values that an input has, by column."""
    found = {}
    for name in _VALUES:
        value = getattr(values, name)
        if value is not strawberry.UNSET:
            stored = value.value if isinstance(value, Enum) else value
            found[name] = storable(stored) if isinstance(stored, str) else stored
    return found
