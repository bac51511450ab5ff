"""Mutations of integrations, and what people send of them."""

import strawberry

from actions.kit.vault import Vault, vault_of
from actions.tools.integrations import integration, sending
from actions.tools.integrations.settings import Chosen, Header, IntegrationSettings, chosen_in
from authz import reach
from authz.gates import needs
from graph.commerce.products.types import Product
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from graph.tools.integrations.message import Occasion, Shape, chosen_values
from graph.tools.integrations.types import GATE, Integration, IntegrationDelivery
from models import database
from models.integration_fields import IntegrationField
from models.outgoing_events import EventType
from models.statement import Statement
from models.tables.target import IntegrationKind


@strawberry.input
class ChosenFieldInput:
    """A field to send."""

    as_: str = strawberry.field(name="as")
    """Its name in the message: a letter, then letters, digits, `_`, `.` and `-`, at most 60."""
    from_: IntegrationField = strawberry.field(name="from")
    """The field."""


@strawberry.input
class IntegrationHeaderInput:
    """A header that every message has."""

    name: str
    """Its name, for example `Authorization`."""
    value: str | None = None
    """Its value, at most 1000 characters, which is never shown. Null keeps the value that the integration has
    under this name, unless the address changes."""


@strawberry.input
class CreateIntegrationInput(RepeatableInput):
    """A new integration."""

    name: str
    """Its name, at most 100 characters."""
    kind: IntegrationKind = IntegrationKind.JSON
    """The kind of system."""
    url: str
    """The address, for example `https://example.com/in`: with https, without credentials, and outside of
    private networks."""
    events: list[EventType]
    """The types of events that it gets, at least one: of sales, subscriptions and opportunities."""
    product_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The products whose events it gets, at most 100; empty for all events."""
    fields: list[ChosenFieldInput]
    """What is sent, from 1 to 40 fields."""
    template: str = ""
    """For a chat: the text, at most 300 characters, with the names of fields in braces, for example
    “New sale: {ref}”."""
    headers: list[IntegrationHeaderInput] = strawberry.field(default_factory=list)
    """Headers of every message, at most 3."""


@strawberry.input
class EditIntegrationInput(RepeatableInput):
    """The settings of an integration as they are to be, all of them."""

    id: strawberry.ID
    """The integration: one of `integrations`."""
    expected_version: int
    """The integration's `version` that you have read."""
    name: str
    """Its name, at most 100 characters."""
    kind: IntegrationKind = IntegrationKind.JSON
    """The kind of system."""
    url: str
    """The address."""
    events: list[EventType]
    """The types of events that it gets, at least one."""
    product_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The products whose events it gets, at most 100; empty for all events."""
    fields: list[ChosenFieldInput]
    """What is sent, from 1 to 40 fields."""
    template: str = ""
    """For a chat: the text, at most 300 characters, with the names of fields in braces."""
    headers: list[IntegrationHeaderInput] = strawberry.field(default_factory=list)
    """Headers of every message, at most 3."""


@strawberry.input
class SetIntegrationEnabledInput(RepeatableInput):
    """Whether an integration gets events."""

    id: strawberry.ID
    """The integration: one of `integrations`."""
    enabled: bool
    """Whether it gets events from now on."""


@strawberry.input
class DeleteIntegrationInput(RepeatableInput):
    """The integration to delete."""

    id: strawberry.ID
    """The integration: one of `integrations`."""


@strawberry.input
class TryIntegrationInput:
    """The integration to try, and a sale to try it with."""

    id: strawberry.ID
    """The integration: one of `integrations`."""
    reference: str
    """The marketplace's reference of the sale."""


@strawberry.input
class ResendIntegrationDeliveryInput(RepeatableInput):
    """The delivery to send once more."""

    id: strawberry.ID
    """The delivery: one of `integrationDeliveries`."""


@strawberry.type
class IntegrationPayload(Payload):
    """The result of a mutation of an integration."""

    @needs(GATE)
    async def integration(self, info: Info) -> Integration | None:
        """The integration as it is now; null if the mutation was refused."""
        return await self.row(Integration, reach.integrations(info.context.viewer))


@strawberry.type
class CreateIntegrationPayload(IntegrationPayload):
    """The result of `createIntegration`."""


@strawberry.type
class EditIntegrationPayload(IntegrationPayload):
    """The result of `editIntegration`."""


@strawberry.type
class SetIntegrationEnabledPayload(IntegrationPayload):
    """The result of `setIntegrationEnabled`."""


@strawberry.type
class DeleteIntegrationPayload(Payload):
    """The result of `deleteIntegration`."""


@strawberry.type
class TryIntegrationPayload(Payload):
    """The result of `tryIntegration`."""

    sale_id: strawberry.Private[str] = ""

    @needs(GATE)
    async def body(self, info: Info) -> str | None:
        """The message, with what you can see of the sale. What you cannot see is left out. Null if the
        mutation was refused."""
        if self.object_id is None:
            return None
        return await _tried(info, self.object_id, self.sale_id)


@strawberry.type
class ResendIntegrationDeliveryPayload(Payload):
    """The result of `resendIntegrationDelivery`."""

    @needs(GATE)
    async def delivery(self, info: Info) -> IntegrationDelivery | None:
        """The delivery that was sent once more; null if the mutation was refused."""
        return await self.row(IntegrationDelivery, reach.integration_deliveries(info.context.viewer))


async def _tried(info: Info, integration_id: str, sale_id: str) -> str | None:
    context = info.context
    within = reach.integrations(context.viewer)
    rows = await database.read(
        Statement(
            "SELECT r.kind, r.template, CAST(r.chosen AS TEXT) AS chosen FROM integrations r"
            " WHERE r.id = ? AND ",
            (integration_id,),
        )
        + within.where("r")
    )
    if not rows or within.account_id is None:
        return None
    shape = Shape(IntegrationKind(rows[0]["kind"]), tuple(chosen_in(rows[0]["chosen"])), rows[0]["template"])
    event = Occasion(EventType.SALE_APPROVED, sale_id, database.now())
    values = await chosen_values(context.engine, context, shape, event)
    return None if values is None else shape.body(values.named).decode()


def _vault(info: Info) -> Vault:
    return vault_of(info.context.serving.secret_key, info.context.serving.previous_keys)


def _settings(chosen: CreateIntegrationInput | EditIntegrationInput) -> IntegrationSettings:
    return IntegrationSettings(
        name=storable(chosen.name),
        kind=chosen.kind,
        url=storable(chosen.url),
        events=chosen.events,
        products=[named(product, Product) for product in chosen.product_ids],
        chosen=[Chosen(storable(item.as_), item.from_) for item in chosen.fields],
        template=storable(chosen.template),
        headers=[Header(storable(item.name), item.value) for item in chosen.headers],
    )


@strawberry.type
class IntegrationMutations:
    """Mutations of integrations."""

    @mutation(integration.CREATE_INTEGRATION)
    async def create_integration(
        self,
        info: Info,
        input: CreateIntegrationInput,  # noqa: A002
    ) -> CreateIntegrationPayload:
        """Creates an integration, which gets chosen fields of events from now on.

        If you hold the grants of all its fields, they are sent at once, on your authority. Otherwise its
        target waits for the owner, and nothing is sent until they confirm it. An account can have 50 targets.

        Args:
            input: The new integration.
        """
        object_id = await integration.create_integration(
            info.context.call,
            _vault(info),
            _settings(input),
            allow_private=info.context.serving.allow_private_targets,
        )
        return CreateIntegrationPayload(object_id=object_id)

    @mutation(integration.EDIT_INTEGRATION)
    async def edit_integration(
        self,
        info: Info,
        input: EditIntegrationInput,  # noqa: A002
    ) -> EditIntegrationPayload:
        """Replaces the settings of an integration.

        If you hold the grants of all its fields, they are sent on your authority from now on. Otherwise its
        target waits for the owner again if the address changes or more is sent.

        Args:
            input: The integration and its settings.
        """
        object_id = await integration.edit_integration(
            info.context.call,
            _vault(info),
            named(input.id, Integration),
            input.expected_version,
            _settings(input),
            allow_private=info.context.serving.allow_private_targets,
        )
        return EditIntegrationPayload(object_id=object_id)

    @mutation(integration.SET_INTEGRATION_ENABLED)
    async def set_integration_enabled(
        self,
        info: Info,
        input: SetIntegrationEnabledInput,  # noqa: A002
    ) -> SetIntegrationEnabledPayload:
        """Disables an integration, or enables it again. What it had not taken when it was disabled is chosen
        up, and what happens meanwhile is not sent.

        Args:
            input: The integration.
        """
        object_id = await integration.set_integration_enabled(
            info.context.call, named(input.id, Integration), enabled=input.enabled
        )
        return SetIntegrationEnabledPayload(object_id=object_id)

    @mutation(integration.DELETE_INTEGRATION)
    async def delete_integration(
        self,
        info: Info,
        input: DeleteIntegrationInput,  # noqa: A002
    ) -> DeleteIntegrationPayload:
        """Deletes an integration with its target and its deliveries.

        Args:
            input: The integration.
        """
        object_id = named(input.id, Integration)
        return DeleteIntegrationPayload(
            object_id=await integration.delete_integration(info.context.call, object_id)
        )

    @mutation(sending.TRY_INTEGRATION)
    async def try_integration(
        self,
        info: Info,
        input: TryIntegrationInput,  # noqa: A002
    ) -> TryIntegrationPayload:
        """Shows the message that an integration would get of an approved sale. Nothing is sent.

        Args:
            input: The integration and a sale within your reach.
        """
        object_id, sale_id = await sending.try_integration(
            info.context.call, named(input.id, Integration), storable(input.reference)
        )
        return TryIntegrationPayload(object_id=object_id, sale_id=sale_id)

    @mutation(sending.RESEND_INTEGRATION_DELIVERY)
    async def resend_integration_delivery(
        self,
        info: Info,
        input: ResendIntegrationDeliveryInput,  # noqa: A002
    ) -> ResendIntegrationDeliveryPayload:
        """Sends an event to its integration once more, as another delivery with the same event id.

        WRONG_STATE: the delivery is not done yet, or its integration is disabled. TARGET_UNCONFIRMED: nothing
        can be sent to the address.

        Args:
            input: The delivery.
        """
        object_id = named(input.id, IntegrationDelivery)
        found = await sending.resend_integration_delivery(info.context.call, object_id)
        return ResendIntegrationDeliveryPayload(object_id=found)
