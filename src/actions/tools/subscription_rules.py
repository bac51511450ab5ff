"""Subscription rules: the e-mails that subscribers get in time, and what becomes of late payers."""

from collections.abc import Callable, Iterator
from typing import Annotated

from msgspec import Meta, field

from actions.tools.settings import Problem, Scope, Settings, tool
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.vocabulary import PaymentMethod

_PROPOSED_DAYS = (1, 3, 7)


class RenewalReminder(Settings, frozen=True):
    """An e-mail before a charge of an active subscription."""

    days_before: Annotated[int, Meta(ge=1, le=15)]
    """The number of days before the charge, from 1 to 15. Days have 24 hours."""


class OverdueReminder(Settings, frozen=True):
    """An e-mail about an overdue payment."""

    days_after: Annotated[int, Meta(ge=1, le=30)]
    """The number of days after the payment was due, from 1 to 30. Days have 24 hours."""
    with_slip: bool = False
    """Whether the e-mail contains the payment slip. If there is none that can be paid, a new one is requested
    from the marketplace, and e-mailed when it is issued."""


class WinBack(Settings, frozen=True):
    """An e-mail to someone whose subscription was canceled, with a link to subscribe again.

    It has a link by which its recipient ends such e-mails.
    """

    days_after: Annotated[int, Meta(ge=1, le=90)]
    """The number of days after the end of the subscription, from 1 to 90. Days have 24 hours."""
    offer: Annotated[str, Meta(min_length=1, max_length=64)]
    """The code of the offer whose checkout the e-mail links to, for example `abc123de`. The offer must be
    active and have a checkout address, now and when the e-mail is sent."""


class QuietHours(Settings, frozen=True):
    """Hours of the day in which nothing is sent, in the account's time zone. It is sent after them."""

    from_hour: Annotated[int, Meta(ge=0, le=23)]
    """The hour in which they begin, from 0 to 23, for example 21."""
    to_hour: Annotated[int, Meta(ge=0, le=23)]
    """The hour in which they end, from 0 to 23, for example 8. It can be on the next day."""

    def problems(self, viewer: Viewer) -> Iterator[Problem]:
        """Check that they are not empty."""
        if self.from_hour == self.to_hour:
            yield Problem(("to_hour",), "quiet_hours")

    def cover(self, hour: int) -> bool:
        """Whether an hour of the day is one of them."""
        return (hour - self.from_hour) % 24 < (self.to_hour - self.from_hour) % 24


class SubscriptionSegments(Settings, frozen=True):
    """The subscriptions that the rules are for. An empty list excludes none."""

    plans: Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=50)] = field(
        default_factory=list
    )
    """The names of plans, at most 50."""
    countries: Annotated[list[Annotated[str, Meta(max_length=2)]], Meta(max_length=50)] = field(
        default_factory=list
    )
    """The countries of subscribers as ISO 3166 codes, for example `BR`, at most 50."""
    methods: Annotated[list[PaymentMethod], Meta(max_length=20)] = field(default_factory=list)
    """The payment methods of the newest payment, at most 20."""

    def problems(self, viewer: Viewer) -> Iterator[Problem]:
        """Check for codes of countries."""
        for place, country in enumerate(self.countries):
            if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
                yield Problem(("countries", str(place)), "setting_country")


@tool(Grant.MANAGE_SUBSCRIPTION_TOOLS, Scope.ACCOUNT_OR_PRODUCT, on_clock=True)
class SubscriptionRules(Settings, frozen=True):
    """Which e-mails subscribers get before a charge, about an overdue payment and after the end, and when an
    end is requested. A product can have rules of its own instead of the account's.

    Nothing happens until someone saves the rules, and nothing for what was due before that. Each charge gets
    each e-mail once. Subscriptions that the account sells as an affiliate or co-producer get none.
    """

    follows_account: bool = False
    """Whether a product has the rules of the account, so that its own have no effect. This is so until
    someone saves rules for the product. The account's own rules ignore it."""
    renewal: Annotated[list[RenewalReminder], Meta(max_length=3)] = field(default_factory=list)
    """The e-mails before a charge, at most 3. If the charge is moved, they are sent before its new date."""
    overdue: Annotated[list[OverdueReminder], Meta(max_length=5)] = field(default_factory=list)
    """The e-mails about an overdue payment, at most 5. A payment ends them. Until someone saves rules, 1, 3
    and 7 days are proposed here, and nothing is sent."""
    ask_cancel_after_unpaid: Annotated[int, Meta(ge=2, le=12)] | None = None
    """The number of unpaid charges in a row, from 2 to 12, after which the marketplace is requested once to
    cancel the subscription; null for never."""
    win_back: WinBack | None = None
    """The e-mail after a subscription was canceled; null for none."""
    quiet_hours: QuietHours | None = None
    """The hours in which nothing is sent; null for none."""
    segments: SubscriptionSegments | None = None
    """The subscriptions that the rules are for; null for all."""

    @classmethod
    def before_saved(cls, *, of_product: bool) -> "Settings":
        """A product follows the account until it has rules of its own. What is proposed is not sent."""
        return cls(follows_account=of_product, overdue=[OverdueReminder(days) for days in _PROPOSED_DAYS])

    def problems(self, viewer: Viewer) -> Iterator[Problem]:
        """Check that no two e-mails of a kind have the same day."""
        days = {
            "renewal": [step.days_before for step in self.renewal],
            "overdue": [step.days_after for step in self.overdue],
        }
        for name, numbers in days.items():
            for place, number in enumerate(numbers):
                if number in numbers[:place]:
                    yield Problem((name, str(place)), "setting_repeated")

    async def unknown(self, within: Callable[[str], Reach]) -> Problem | None:
        """Look for the offer of the e-mail after the end."""
        if self.win_back is None:
            return None
        reach = within("offers")
        rows = await database.read(
            Statement("SELECT 1 FROM offers r WHERE ")
            + (offer_on_sale(self.win_back.offer) & reach.where("r"))
            + " LIMIT 1"
        )
        return None if rows else Problem(("win_back", "offer"), "offer_not_on_sale")


def offer_on_sale(code: str) -> Statement:
    """The condition that an offer `r` has a code, and that one can buy it at its checkout."""
    return Statement(
        "r.code = ? AND r.status = 'ACTIVE' AND r.checkout_url LIKE 'https://%'"
        " AND EXISTS (SELECT 1 FROM products sold WHERE sold.account_id = r.account_id"
        " AND sold.id = r.product_id AND sold.status = 'ACTIVE')",
        (code,),
    )
