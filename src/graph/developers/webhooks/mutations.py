"""Mutations of webhooks: endpoints, their secrets, and deliveries that people cause."""

import strawberry

from actions.developers.webhooks import endpoint, redelivery
from actions.developers.webhooks.endpoint import EndpointSettings
from actions.kit.vault import Vault, vault_of
from authz import reach
from authz.gates import needs
from graph.commerce.products.types import Product
from graph.developers.webhooks.types import GATE, Delivery, WebhookEndpoint
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from models.outgoing_events import EventType


@strawberry.input
class CreateWebhookInput(RepeatableInput):
    """A new endpoint: its address, and which events it gets."""

    url: str
    """The address, for example `https://example.com/hooks/centrals`: with https, without credentials, and
    outside of private networks."""
    description: str = ""
    """What it is for, at most 200 characters."""
    events: list[EventType] = strawberry.field(default_factory=list)
    """The types of events that it gets; empty for all."""
    product_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The products whose events it gets, at most 100; empty for all events."""


@strawberry.input
class EditWebhookInput(RepeatableInput):
    """The settings of an endpoint as they are to be, all of them."""

    id: strawberry.ID
    """The endpoint: one of `webhooks`."""
    expected_version: int
    """The endpoint's `version` that you have read."""
    url: str
    """The address."""
    description: str = ""
    """What it is for, at most 200 characters."""
    events: list[EventType] = strawberry.field(default_factory=list)
    """The types of events that it gets; empty for all."""
    product_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The products whose events it gets, at most 100; empty for all events."""


@strawberry.input
class SetWebhookEnabledInput(RepeatableInput):
    """Whether an endpoint gets events."""

    id: strawberry.ID
    """The endpoint: one of `webhooks`."""
    enabled: bool
    """Whether it gets events from now on."""


@strawberry.input
class RotateWebhookSecretInput(RepeatableInput):
    """The endpoint whose secret is replaced."""

    id: strawberry.ID
    """The endpoint: one of `webhooks`."""
    keep_old_hours: int = 24
    """For how many hours the old secret signs as well, from 0 to 72."""


@strawberry.input
class TestWebhookInput(RepeatableInput):
    """The endpoint to try."""

    id: strawberry.ID
    """The endpoint: one of `webhooks`."""


@strawberry.input
class RedeliverInput(RepeatableInput):
    """The delivery to send once more."""

    id: strawberry.ID
    """The delivery: one of `deliveries`."""


@strawberry.input
class DeleteWebhookInput(RepeatableInput):
    """The endpoint to delete."""

    id: strawberry.ID
    """The endpoint: one of `webhooks`."""


@strawberry.type
class WebhookPayload(Payload):
    """The result of a mutation of an endpoint."""

    @needs(GATE)
    async def webhook(self, info: Info) -> WebhookEndpoint | None:
        """The endpoint as it is now; null if the mutation was refused."""
        return await self.row(WebhookEndpoint, reach.webhooks(info.context.viewer))


@strawberry.type
class CreateWebhookPayload(WebhookPayload):
    """The result of `createWebhook`."""

    secret: str | None = None
    """What signs the messages, for example `whsec_…`. It is shown once: a repeated call does not return
    it."""


@strawberry.type
class EditWebhookPayload(WebhookPayload):
    """The result of `editWebhook`."""


@strawberry.type
class SetWebhookEnabledPayload(WebhookPayload):
    """The result of `setWebhookEnabled`."""


@strawberry.type
class RotateWebhookSecretPayload(WebhookPayload):
    """The result of `rotateWebhookSecret`."""

    secret: str | None = None
    """The new secret. It is shown once: a repeated call does not return it."""


@strawberry.type
class TestWebhookPayload(WebhookPayload):
    """The result of `testWebhook`."""


@strawberry.type
class RedeliverPayload(Payload):
    """The result of `redeliver`."""

    @needs(GATE)
    async def delivery(self, info: Info) -> Delivery | None:
        """The delivery that was sent once more; null if the mutation was refused."""
        return await self.row(Delivery, reach.deliveries(info.context.viewer))


@strawberry.type
class DeleteWebhookPayload(Payload):
    """The result of `deleteWebhook`."""


def _vault(info: Info) -> Vault:
    return vault_of(info.context.serving.secret_key, info.context.serving.previous_keys)


def _settings(chosen: CreateWebhookInput | EditWebhookInput) -> EndpointSettings:
    products = [named(product, Product) for product in chosen.product_ids]
    return EndpointSettings(storable(chosen.url), storable(chosen.description), chosen.events, products)


@strawberry.type
class WebhookMutations:
    """Mutations of webhooks."""

    @mutation(endpoint.CREATE_WEBHOOK)
    async def create_webhook(
        self,
        info: Info,
        input: CreateWebhookInput,  # noqa: A002
    ) -> CreateWebhookPayload:
        """Creates an endpoint, which gets a signed message about each event from now on. An account can have
        20.

        A message has what you hold and reach when it is sent. Without that, it has no more than the id of the
        object. BAD_URL: the address is none that can be sent to. PRIVATE_ADDRESS: it is inside a private
        network.

        Args:
            input: The new endpoint.
        """
        object_id, secret = await endpoint.create_webhook(
            info.context.call,
            _vault(info),
            _settings(input),
            allow_private=info.context.serving.allow_private_targets,
        )
        return CreateWebhookPayload(object_id=object_id, secret=secret)

    @mutation(endpoint.EDIT_WEBHOOK)
    async def edit_webhook(
        self,
        info: Info,
        input: EditWebhookInput,  # noqa: A002
    ) -> EditWebhookPayload:
        """Replaces the settings of an endpoint. If someone else was responsible for it, you are from now on:
        it gets what you hold and reach, and they get an e-mail.

        Args:
            input: The endpoint and its settings.
        """
        object_id = await endpoint.edit_webhook(
            info.context.call,
            named(input.id, WebhookEndpoint),
            input.expected_version,
            _settings(input),
            allow_private=info.context.serving.allow_private_targets,
        )
        return EditWebhookPayload(object_id=object_id)

    @mutation(endpoint.SET_WEBHOOK_ENABLED)
    async def set_webhook_enabled(
        self,
        info: Info,
        input: SetWebhookEnabledInput,  # noqa: A002
    ) -> SetWebhookEnabledPayload:
        """Disables an endpoint, or enables it again.

        What it had not taken when it was disabled is given up, and what happens meanwhile is not sent. Who
        enables someone else's endpoint is responsible for it from then on.

        Args:
            input: The endpoint.
        """
        object_id = await endpoint.set_webhook_enabled(
            info.context.call, named(input.id, WebhookEndpoint), enabled=input.enabled
        )
        return SetWebhookEnabledPayload(object_id=object_id)

    @mutation(endpoint.ROTATE_WEBHOOK_SECRET)
    async def rotate_webhook_secret(
        self,
        info: Info,
        input: RotateWebhookSecretInput,  # noqa: A002
    ) -> RotateWebhookSecretPayload:
        """Replaces the secret of an endpoint. Messages have a signature of both secrets for as long as the
        old one is kept.

        Args:
            input: The endpoint.
        """
        object_id = named(input.id, WebhookEndpoint)
        secret = await endpoint.rotate_webhook_secret(
            info.context.call, _vault(info), object_id, input.keep_old_hours
        )
        return RotateWebhookSecretPayload(object_id=object_id, secret=secret)

    @mutation(redelivery.TEST_WEBHOOK)
    async def test_webhook(
        self,
        info: Info,
        input: TestWebhookInput,  # noqa: A002
    ) -> TestWebhookPayload:
        """Sends an event of the type `webhook.test` to an endpoint.

        WRONG_STATE: the endpoint is disabled. RATE_LIMITED: it was tested ten times within an hour.

        Args:
            input: The endpoint.
        """
        object_id = named(input.id, WebhookEndpoint)
        return TestWebhookPayload(object_id=await redelivery.test_webhook(info.context.call, object_id))

    @mutation(redelivery.REDELIVER)
    async def redeliver(
        self,
        info: Info,
        input: RedeliverInput,  # noqa: A002
    ) -> RedeliverPayload:
        """Sends an event to its endpoint once more, as another delivery with the same event id.

        The message has what you hold and reach: you are responsible for the endpoint from now on.
        WRONG_STATE: the delivery is not done yet, or its endpoint is disabled.

        Args:
            input: The delivery.
        """
        object_id = named(input.id, Delivery)
        return RedeliverPayload(object_id=await redelivery.redeliver(info.context.call, object_id))

    @mutation(endpoint.DELETE_WEBHOOK)
    async def delete_webhook(
        self,
        info: Info,
        input: DeleteWebhookInput,  # noqa: A002
    ) -> DeleteWebhookPayload:
        """Deletes an endpoint with its deliveries.

        Args:
            input: The endpoint.
        """
        object_id = named(input.id, WebhookEndpoint)
        return DeleteWebhookPayload(object_id=await endpoint.delete_webhook(info.context.call, object_id))
