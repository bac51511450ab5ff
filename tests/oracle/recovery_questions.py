"""Questions about subscriptions and opportunities: their lists, filtered and sorted at random, and one by one."""

import random
from typing import Any

from oracle.oracle import Oracle
from oracle.recovery_world import KINDS, STATUSES
from oracle.standing import Field, Word
from oracle.world_words import CURRENCIES, NAMES

_PERIODS = ({"from": "2024-01-01", "to": "2024-02-01"}, {"from": "2023-12-29", "to": "2024-01-20"})
_FIRST = {"first": 1}
# a way to the types of which a viewer may lack fields
RECOVERY_PATHS = {
    "ProductSubscription": (Field("account"), Field("subscription", args={"code": "SUB0"})),
    "Subscriber": (Field("account"), Field("subscription", args={"code": "SUB0"}), Field("subscriber")),
    "Opportunity": (Field("account"), Field("opportunities", args=_FIRST), Field("nodes")),
    "OpportunityContact": (
        *(Field("account"), Field("opportunities", args=_FIRST), Field("nodes"), Field("contact")),
    ),
}


class RecoveryAsker:
    """Makes up questions for a viewer. The same viewer gets the same ones, whatever else is asked."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.world = oracle.world
        self.rng = random.Random(oracle.user["id"])

    def subscriptions(self) -> list[dict[str, Any]]:
        """The arguments of some lists of subscriptions."""
        makers = self._in_common("subscriptions") | {
            "plan": lambda: self._pick("Monthly", "monthly", "Zoë"),
            "overdue": lambda: self._pick(True, False),
            "silent": lambda: self._pick(True, False),
            **dict.fromkeys(("nextCharge", "started", "ended"), lambda: self._pick(*_PERIODS)),
            "text": lambda: self._text("subscriptions", "subscriber"),
        }
        return [self._list(makers, ("STARTED_AT", "NEXT_CHARGE_AT", "ENDED_AT")) for _ in range(2)]

    def opportunities(self) -> list[dict[str, Any]]:
        """The arguments of some lists of opportunities."""
        steps = [f"step_{step['id']}" for step in self.world["pipeline_steps"]]
        makers = self._in_common("opportunities") | {
            "kind": lambda: self._some(KINDS),
            "step": lambda: self._pick(*steps),
            "starred": lambda: self._pick(True, False),
            **dict.fromkeys(("opened", "remind"), lambda: self._pick(*_PERIODS)),
            "inReports": lambda: self._pick(True, False),
            "text": lambda: self._text("opportunities", "contact"),
        }
        lists = [self._list(makers, ("TOUCHED_AT", "OPENED_AT", "REMIND_AT")) for _ in range(2)]
        by_amount = {"field": Word("AMOUNT"), "direction": Word(self._pick("ASC", "DESC"))}
        return [*lists, {"filter": {"currency": self._pick(*CURRENCIES)}, "order": by_amount, "first": 50}]

    def codes(self) -> list[str]:
        """The codes of some subscriptions, and one that there is not."""
        known = [row["code"] for row in self.world["subscriptions"]]
        return [*self.rng.sample(known, 2), "SUB0"]

    def _pick(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def _some(self, values: tuple[str, ...]) -> list[Word]:
        return [Word(item) for item in self.rng.sample(sorted(set(values)), 2)]

    def _list(self, makers: dict[str, Any], orders: tuple[str, ...]) -> dict[str, Any]:
        names = self.rng.sample(sorted(makers), self._pick(1, 1, 2))
        args: dict[str, Any] = {"filter": {name: makers[name]() for name in names}, "first": 50}
        if self._pick(True, False):
            direction = Word(self._pick("ASC", "DESC"))
            args["order"] = {"field": Word(self._pick(*orders)), "direction": direction}
        return args

    def _in_common(self, table: str) -> dict[str, Any]:
        return {
            "status": lambda: self._some(STATUSES[table]),
            "product": lambda: f"product_{self._id('products')}",
            "assignee": lambda: f"person_{self._id('collaborators')}",
            "unassigned": lambda: self._pick(True, False),
        }

    def _id(self, table: str) -> str:
        return str(self._pick(*self.world[table])["id"])

    def _text(self, table: str, prefix: str) -> str:
        """A piece of what some row says of a person, as someone may type it."""
        row = self._pick(*self.world[table])
        known = [row[f"{prefix}_{name}"] for name in ("name", "email", "phone", "document")]
        known += [row.get("code"), row.get("title"), *NAMES]
        words = self._pick(*[text for text in known if text]).split()
        word = self._pick(*words)
        return str(self._pick(word, word[: len(word) // 2 + 1], word.upper(), " ".join(words)))
