"""The keys that distinguish the rows of a report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from authz.gates import GateViolation, Standing
from authz.viewer import Viewer
from models import database
from models.vocabulary import PaymentMethod
from reports.grouping import Grouping


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A value of the row `s` of the facts, under the name that it has in a report's row.

    For an id, `named_in` lists the tables that contain its name. `read` converts the stored value, and
    `absent` is the value in a period without sales. `label` is the name in descriptions.
    """

    name: str
    label: str
    expression: Callable[[], str]
    named_in: tuple[str, ...] = ()
    read: Callable[[Any], Any] | None = None
    absent: Any = None
    grouping: Grouping | None = None


def capitals(text: str) -> str:
    """An expression for a text with its ASCII letters in upper case, which is all that SQLite's UPPER
    changes."""
    return f'UPPER({text} COLLATE "C")' if database.dialect() == "postgres" else f"UPPER({text})"


def _column(name: str) -> Callable[[], str]:
    return lambda: f"s.{name}"


PRODUCT = Key("product", "product", _column("product_id"), named_in=("products",))
SRC = Key("src", "`src` code", _column("origin_src"))
SCK = Key("sck", "`sck` code", _column("origin_sck"))
METHOD = Key("payment_method", "payment method", _column("payment_method"), read=PaymentMethod)
IN_PARTS = Key(
    "in_installments",
    "single or multiple installments",
    lambda: "CASE WHEN s.instalments > 1 THEN 1 ELSE 0 END",
    read=bool,
    absent=False,
)
DEVICE = Key("device", "device", lambda: capitals("s.device"))

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
