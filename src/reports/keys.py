"""The keys that distinguish the rows of a report."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from authz.gates import GateViolation, Standing
from authz.viewer import Viewer
from models.tables.opportunity import OpportunityKind
from models.tables.subscription import EndedBy
from models.vocabulary import CommissionSource, PaymentMethod, PaymentRefusal, SoldAs
from reports.expressions import capitals
from reports.facts import COPRODUCED_SHARES, Facts
from reports.grouping import Grouping


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A value of a row of the facts, under the name that it has in a report's row.

    For an id, `named_in` lists the tables that contain its name, in the column `named_by`; the name of any
    other value can be a value of the facts, `label_value`, or the most frequent `spelling` of it in the rows.
    `read` converts the stored value, and `absent` is the value in a period without sales. A `constant` key is
    null in every row. `label` is the name in descriptions.
    """

    name: str
    label: str
    expression: Callable[[Facts], str]
    named_in: tuple[str, ...] = ()
    named_by: str = "name"
    label_value: str = ""
    spelling: str = ""
    read: Callable[[Any], Any] | None = None
    absent: Any = None
    grouping: Grouping | None = None
    constant: bool = False

    @property
    def is_named(self) -> bool:
        """Whether a statement has the names of its values, too."""
        return bool(self.named_in or self.label_value or self.spelling)

    def shown(self, value: Any) -> Any:
        """What a row has for a stored value."""
        return value if self.read is None or value is None else self.read(value)


def _column(name: str) -> Callable[[Facts], str]:
    return lambda facts: facts.value(name)


NOTHING = "CAST(NULL AS TEXT)"
PRODUCT = Key("product", "product", _column("product_id"), named_in=("products",))
SRC = Key("src", "`src` code", _column("origin_src"))
SCK = Key("sck", "`sck` code", _column("origin_sck"))
METHOD = Key("payment_method", "payment method", _column("payment_method"), read=PaymentMethod)
IN_PARTS = Key(
    "in_installments",
    "single or multiple installments",
    lambda _: "CASE WHEN s.instalments > 1 THEN 1 ELSE 0 END",
    read=bool,
    absent=False,
)
DEVICE = Key("device", "device", lambda _: capitals("s.device"))
OFFER = Key("offer", "offer", _column("offer_id"), named_in=("offers",), named_by="code")
CHECKOUT = Key("checkout_origin", "checkout", _column("checkout_origin"))
COUNTRY = Key("country", "country", _column("buyer_country"))
STATE = Key("state", "state", _column("buyer_state"), spelling="state")
CITY = Key("city", "city", _column("buyer_city"), spelling="city")
SOLD_AS = Key("sold_as", "role of the account", _column("sold_as"), read=SoldAs)
UNIT = Key("unit", "share of a sale", _column("amount"))
REFUSAL = Key("refusal", "reason", _column("refusal"), read=PaymentRefusal)
SOURCE = Key("source", "recipient of a share", _column("source"), read=CommissionSource)
AFFILIATE = Key("affiliate", "affiliate", _column("affiliate_code"), label_value="affiliate_name")
COPRODUCER = Key(
    "coproducer",
    "coproducer",
    lambda facts: "CAST(NULL AS TEXT)" if facts is COPRODUCED_SHARES else "c.name",
)
OURS = Key(
    "ours",
    "whether the account is the coproducer",
    lambda facts: "1" if facts is COPRODUCED_SHARES else "0",
    read=bool,
    absent=False,
)


OPPORTUNITY_KIND = Key("kind", "kind", _column("kind"), read=OpportunityKind)
PLAN = Key("plan", "plan", _column("plan"))
ENDED_BY = Key("ended_by", "who canceled", _column("ended_by"), read=EndedBy)


def without_values(key: Key) -> Key:
    """A key of the same name that all rows have in common."""
    return replace(key, expression=lambda _: NOTHING, spelling="", label_value="", constant=True)


_MEMBER = Key(
    "group", "member", _column("credit_id"), ("collaborators", "ended_seats"), grouping=Grouping.MEMBER
)
_TEAM = Key("group", "team", _column("credit_team_id"), ("teams", "ended_teams"), grouping=Grouping.TEAM)
_GROUPS = {Grouping.MEMBER: (_MEMBER, Standing.LEAD), Grouping.TEAM: (_TEAM, Standing.ADMIN)}


def group_key(viewer: Viewer, by: Grouping) -> Key:
    """The key of a grouping that the viewer's standing opens. Raises `GateViolation` for any other viewer."""
    key, standing = _GROUPS[by]
    if not viewer.mask & standing:
        raise GateViolation(f"{type(by).__name__}.{by.name}")
    return key
