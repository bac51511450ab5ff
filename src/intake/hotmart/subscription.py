"""What a Hotmart message or REST item says about a subscription, under either name."""

from intake.hotmart.spelling import subscription_status_of
from intake.values.fields import Fields
from models.tables.subscription import EndedBy, SubscriptionStatus


def subscription_status(tree: Fields) -> tuple[SubscriptionStatus | None, EndedBy | None]:
    """The status of a subscription, and who canceled it, as far as the word says so."""
    word = tree.text("status", 60)
    found = None if word is None else subscription_status_of(word)
    if word is not None and found is None:
        tree.doubt("status is not a status of subscriptions that is known.")
    return found or (None, None)


def plan_of(subscription: Fields) -> str | None:
    """The name of a subscription's plan."""
    plan = subscription.tree.get("plan")
    if type(plan) is str:
        return subscription.text("plan", 300)
    return subscription.at("plan").text("name", 300) if plan is not None else None
