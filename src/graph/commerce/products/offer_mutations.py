"""Mutations of offers."""

from decimal import Decimal as Exact
from typing import Any

import strawberry

from actions.commerce.products import offer
from authz.gates import needs
from authz.grant import Grant
from graph.commerce.products.types import Offer, Product
from graph.kit.context import Info
from graph.kit.money import MoneyInput
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.scalars import DateTime
from graph.kit.storable import storable


@strawberry.input
class CreateOfferInput(RepeatableInput):
    """A new offer."""

    product: strawberry.ID
    """The product that it sells."""
    code: str
    """A code of up to 64 letters, digits, `-`, `_` and `.`, unique among the offers of the product. If the
    marketplace has the offer too, use its code there, so that its sales belong to this offer."""
    name: str | None = None
    """The name, of 1 to 300 characters."""
    price: MoneyInput | None = None
    """The price, which applies from now on."""
    plan: str | None = None
    """The code of the product's plan that the offer sells, if the product is a subscription."""
    checkout_url: str | None = None
    """The `https` address of the offer's checkout page."""


@strawberry.input
class EditOfferInput(RepeatableInput):
    """Changes to an offer. Omitted fields stay as they are; null removes a value."""

    id: strawberry.ID
    """The offer."""
    expected_version: int
    """The `version` of the offer that you read. If it has changed since, nothing is changed."""
    name: str | None = strawberry.UNSET
    """The new name, of 1 to 300 characters."""
    plan: str | None = strawberry.UNSET
    """The code of the product's plan that the offer sells; null restores the marketplace's."""
    checkout_url: str | None = strawberry.UNSET
    """The `https` address of the offer's checkout page."""
    use_marketplace_name: bool = False
    """True: the marketplace's name applies again."""
    use_marketplace_price: bool = False
    """True: the marketplace's price applies again, and prices that people set for the future are dropped."""


@strawberry.input
class SetOfferPriceInput(RepeatableInput):
    """An offer and its new price."""

    id: strawberry.ID
    """The offer."""
    price: MoneyInput
    """The price, in the currency of the offer's other prices."""
    from_: DateTime | None = strawberry.field(
        name="from", default=None, description="When the price begins to apply; by default, now."
    )


@strawberry.input
class ArchiveOfferInput(RepeatableInput):
    """An offer to archive."""

    id: strawberry.ID
    """The offer."""


@strawberry.input
class SetMainOfferInput(RepeatableInput):
    """An offer that becomes the main one of its product."""

    id: strawberry.ID
    """The offer."""


@strawberry.type
class OfferPayload(Payload):
    """The result of a mutation of an offer."""

    @needs(Grant.MANAGE_OFFERS)
    async def offer(self, info: Info) -> Offer | None:
        """The offer as it is now; null if the mutation was refused."""
        return await self.row(Offer, offer.managed(info.context.viewer))


@strawberry.type
class CreateOfferPayload(OfferPayload):
    """The result of `createOffer`."""


@strawberry.type
class EditOfferPayload(OfferPayload):
    """The result of `editOffer`."""


@strawberry.type
class SetOfferPricePayload(OfferPayload):
    """The result of `setOfferPrice`."""


@strawberry.type
class ArchiveOfferPayload(OfferPayload):
    """The result of `archiveOffer`."""


@strawberry.type
class SetMainOfferPayload(OfferPayload):
    """The result of `setMainOffer`."""


@strawberry.type
class OfferMutations:
    """Mutations of offers."""

    @mutation(offer.CREATE_OFFER)
    async def create_offer(self, info: Info, input: CreateOfferInput) -> CreateOfferPayload:  # noqa: A002
        """Creates an offer of a product.

        It is created here only, and not at the marketplace. CODE_TAKEN: another offer of the product has the
        code. BAD_INPUT: the price is not greater than zero, or has more decimals than its currency.

        Args:
            input: The new offer.
        """
        price = None if input.price is None else (Exact(input.price.amount), storable(input.price.currency))
        values = {name: value for name, value in _values(input).items() if value is not None}
        product_id = named(input.product, Product)
        offer_id = await offer.create_offer(
            info.context.call, product_id, storable(input.code), values, price
        )
        return CreateOfferPayload(object_id=offer_id)

    @mutation(offer.EDIT_OFFER)
    async def edit_offer(self, info: Info, input: EditOfferInput) -> EditOfferPayload:  # noqa: A002
        """Changes an offer.

        A name that you set overrides the marketplace's, now and in later messages, until you restore the
        marketplace's. VERSION_CONFLICT: someone changed the offer since you read it.

        Args:
            input: The changes.
        """
        offer_id = await offer.edit_offer(
            info.context.call,
            named(input.id, Offer),
            _values(input),
            input.expected_version,
            name=input.use_marketplace_name,
            price=input.use_marketplace_price,
        )
        return EditOfferPayload(object_id=offer_id)

    @mutation(offer.SET_OFFER_PRICE)
    async def set_offer_price(
        self,
        info: Info,
        input: SetOfferPriceInput,  # noqa: A002
    ) -> SetOfferPricePayload:
        """Sets the price of an offer, from now or from a moment in the future.

        From then on, it overrides what the marketplace says, until another price is set or `editOffer`
        restores the marketplace's. The offer at the marketplace and earlier sales keep their price.
        TOO_SOON: the moment has passed; only an offer's first price can begin in the past. BAD_INPUT: the
        price is not greater than zero, has more decimals than its currency, or is in another currency.

        Args:
            input: The offer and its price.
        """
        offer_id = await offer.set_offer_price(
            info.context.call,
            named(input.id, Offer),
            Exact(input.price.amount),
            storable(input.price.currency),
            input.from_,
        )
        return SetOfferPricePayload(object_id=offer_id)

    @mutation(offer.ARCHIVE_OFFER)
    async def archive_offer(self, info: Info, input: ArchiveOfferInput) -> ArchiveOfferPayload:  # noqa: A002
        """Archives an offer, which can then no longer be bought. Its sales still show it.

        IN_USE: it is the main offer of its product, or something that is running refers to it; the message
        names it.

        Args:
            input: The offer.
        """
        offer_id = await offer.archive_offer(info.context.call, named(input.id, Offer))
        return ArchiveOfferPayload(object_id=offer_id)

    @mutation(offer.SET_MAIN_OFFER)
    async def set_main_offer(self, info: Info, input: SetMainOfferInput) -> SetMainOfferPayload:  # noqa: A002
        """Makes an offer the main one of its product, in place of the former one.

        WRONG_STATE: the offer is archived.

        Args:
            input: The offer.
        """
        offer_id = await offer.set_main_offer(info.context.call, named(input.id, Offer))
        return SetMainOfferPayload(object_id=offer_id)


def _values(values: Any) -> dict[str, Any]:
    """The values that an input has, by column."""
    found = {"name": values.name, "checkout_url": values.checkout_url, "hand_plan": values.plan}
    return {
        name: storable(value) if isinstance(value, str) else value
        for name, value in found.items()
        if value is not strawberry.UNSET
    }
