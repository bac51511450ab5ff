"""What a history says about the choice of an assignee by the distribution."""

from typing import Annotated

from actions.kit.event import EventFacts, Shown
from models.vocabulary import DistributionMethod


class Decision(EventFacts, frozen=True, kw_only=True):
    """Why the distribution chose a person."""

    rule: Annotated[str, Shown()]
    """The name of the rule."""
    method: Annotated[DistributionMethod, Shown()]
    """How the rule chose among people."""
    candidates: Annotated[int, Shown()]
    """How many people could get it: those of the rule who could enter the account, and get more that day."""
    load: Annotated[int, Shown()]
    """How much work the person had: their open opportunities, and the sales that they had just got."""
    number: Annotated[int, Shown()]
    """How many the person has got that day by the distribution, this one included."""
    daily_cap: Annotated[int, Shown()]
    """How many the person gets at most on a day."""
