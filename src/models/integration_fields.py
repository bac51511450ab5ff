"""What an integration can send: fields of the objects that events are about, by their paths in the API."""

from enum import StrEnum

from models.outgoing_events import OPPORTUNITY, SALE, SUBSCRIPTION, ObjectKind


class IntegrationField(StrEnum):
    """A value that an integration sends: a field of the event's object, or something of the event itself."""

    EVENT_TYPE = "event.type"
    """What happened, for example “sale.approved”."""
    EVENT_TIME = "event.timestamp"
    """When it happened."""
    SALE_REFERENCE = "Sale.reference"
    """The marketplace's reference of the sale."""
    SALE_STATUS = "Sale.status"
    """The status of the sale."""
    SALE_PRODUCT = "Sale.product.name"
    """The name of the product that was sold."""
    SALE_PRODUCT_ID = "Sale.product.id"
    """The id of the product that was sold."""
    SALE_OFFER = "Sale.offer.code"
    """The code of the offer that was sold."""
    SALE_PRICE = "Sale.price.amount"
    """The price of the sale, in its currency."""
    SALE_CURRENCY = "Sale.price.currency"
    """The currency of the sale's price."""
    SALE_FULL_PRICE = "Sale.fullPrice.amount"
    """What the buyer paid in all, with the costs of installments."""
    SALE_NET = "Sale.net.amount"
    """What remained of the sale for the account."""
    SALE_COUPON = "Sale.coupon"
    """The coupon of the sale."""
    SALE_PAYMENT_METHOD = "Sale.paymentMethod"
    """How the sale was paid."""
    SALE_INSTALLMENTS = "Sale.installments"
    """The number of installments."""
    SALE_SRC = "Sale.origin.src"
    """The source, src, of the sale's origin."""
    SALE_SCK = "Sale.origin.sck"
    """The source code, sck, of the sale's origin."""
    SALE_AFFILIATE = "Sale.affiliate.code"
    """The code of the sale's affiliate."""
    SALE_SUBSCRIPTION = "Sale.subscription.code"
    """The code of the sale's subscription."""
    SALE_ORDERED_AT = "Sale.orderedAt"
    """When the sale was ordered."""
    SALE_APPROVED_AT = "Sale.approvedAt"
    """When the sale's payment was approved."""
    SALE_REFUNDED_AT = "Sale.refundedAt"
    """When the sale was refunded."""
    SALE_ASSIGNEE = "Sale.assignee.name"
    """The collaborator whom the sale is assigned to."""
    BUYER_NAME = "Sale.buyer.name"
    """The buyer's name."""
    BUYER_COUNTRY = "Sale.buyer.country"
    """The buyer's country."""
    BUYER_EMAIL = "Sale.buyer.email"
    """The buyer's e-mail address."""
    BUYER_PHONE = "Sale.buyer.phone"
    """The buyer's phone number."""
    BUYER_DOCUMENT = "Sale.buyer.document"
    """The buyer's tax number."""
    SUBSCRIPTION_CODE = "ProductSubscription.code"
    """The code of the subscription."""
    SUBSCRIPTION_STATUS = "ProductSubscription.status"
    """The status of the subscription."""
    SUBSCRIPTION_PRODUCT = "ProductSubscription.product.name"
    """The name of the subscription's product."""
    SUBSCRIPTION_PLAN = "ProductSubscription.plan.name"
    """The name of the subscription's plan."""
    SUBSCRIPTION_PRICE = "ProductSubscription.price.amount"
    """The price of a period, in its currency."""
    SUBSCRIPTION_CURRENCY = "ProductSubscription.price.currency"
    """The currency of the subscription's price."""
    SUBSCRIPTION_NEXT_CHARGE_AT = "ProductSubscription.nextChargeAt"
    """When the subscription is charged next."""
    SUBSCRIPTION_ENDED_AT = "ProductSubscription.endedAt"
    """When the subscription ended."""
    SUBSCRIBER_NAME = "ProductSubscription.subscriber.name"
    """The subscriber's name."""
    SUBSCRIBER_EMAIL = "ProductSubscription.subscriber.email"
    """The subscriber's e-mail address."""
    SUBSCRIBER_PHONE = "ProductSubscription.subscriber.phone"
    """The subscriber's phone number."""
    OPPORTUNITY_TITLE = "Opportunity.title"
    """The title of the opportunity."""
    OPPORTUNITY_KIND = "Opportunity.kind"
    """What kind of opportunity it is."""
    OPPORTUNITY_STATUS = "Opportunity.status"
    """The status of the opportunity."""
    OPPORTUNITY_AMOUNT = "Opportunity.amount.amount"
    """The amount of the opportunity, in its currency."""
    OPPORTUNITY_CURRENCY = "Opportunity.amount.currency"
    """The currency of the opportunity's amount."""
    OPPORTUNITY_PRODUCT = "Opportunity.product.name"
    """The name of the opportunity's product."""
    CONTACT_NAME = "Opportunity.contact.name"
    """The name of the opportunity's contact."""
    CONTACT_EMAIL = "Opportunity.contact.email"
    """The e-mail address of the opportunity's contact."""
    CONTACT_PHONE = "Opportunity.contact.phone"
    """The phone number of the opportunity's contact."""

    @property
    def type_name(self) -> str | None:
        """The type of the objects that have it; None for something of the event itself."""
        owner = self.value.partition(".")[0]
        return None if owner == "event" else owner

    @property
    def path(self) -> str:
        """Its path below the object."""
        return self.value.partition(".")[2]

    def is_of(self, kind: ObjectKind) -> bool:
        """Whether events about a kind of object have it."""
        return self.type_name in (None, kind.type_name)


SENT_KINDS = (SALE, SUBSCRIPTION, OPPORTUNITY)
"""The kinds of objects whose events an integration can take."""
OF_A_PERSON = frozenset(
    {IntegrationField.BUYER_EMAIL, IntegrationField.SUBSCRIBER_EMAIL, IntegrationField.CONTACT_EMAIL}
)
"""The fields by which a members area knows a person."""
