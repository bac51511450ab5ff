"""Which operations can run: those within the limits and the client's budget, and a few heavy ones at once."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from engine.cost import Cost
from engine.document import RejectedOperation, too_complex
from engine.execute import Engine
from engine.limits import Limits, TooComplex, within
from engine.plan.planner import PreparedOperation
from graph.http.budget import Budget, HeavyOperations, TooManyAtOnce

NEW_TOKEN = 10
"""The cost of each token of a document that is new to the server, for parsing, validating and planning it."""
ANSWERED = 500
"""The cost of an introspection whose response is cached."""


class TooMuch(Exception):
    """A client exceeds their budget: what is allowed, and when to try again."""

    def __init__(self, text: str, allowed: dict[str, int], seconds: int, cost: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.allowed = allowed
        self.seconds = seconds
        self.more = {"retryAfter": seconds, **({"cost": cost} if cost is not None else {})}


class Batch:
    """The total cost of the operations in a batch, and the number of their lists and mutations."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cost = 0
        self._lists = 0
        self._mutations = 0
        self._alone = 0

    def admit(self, cost: Cost, value: int) -> RejectedOperation | None:
        """Count one more operation.

        Returns its rejection if all of them together exceed the limits of one operation.
        """
        self._cost += value
        self._lists += cost.lists
        self._mutations += cost.mutations
        self._alone += cost.alone
        try:
            within("cost", self._cost, self._limits)
            within("lists", self._lists, self._limits)
            within("mutations", self._mutations, self._limits)
            if self._mutations > 1:
                within("alone", self._alone and self._mutations, self._limits)
        except TooComplex as error:
            return too_complex(error)
        return None


class Admission:
    """Charges clients for new documents and for operations, before these are processed."""

    def __init__(self, cost_per_minute: int) -> None:
        self.budget = Budget(cost_per_minute)
        self._of_viewer = HeavyOperations(at_once=3, waiting=20)
        self._of_address = HeavyOperations(at_once=8, waiting=60)

    def may_parse(self, engine: Engine, text: str, client: str) -> bool:
        """Whether a document can be parsed for a client. Known documents are parsed already."""
        if engine.is_parsed(text):
            return True
        tokens = engine.tokens(text)
        return isinstance(tokens, int) and not self.budget.charge(client, tokens * NEW_TOKEN)

    def charge_document(self, engine: Engine, text: str, client: str) -> RejectedOperation | None:
        """Charge for a new document by its length; raises `TooMuch`."""
        tokens = engine.tokens(text)
        if isinstance(tokens, RejectedOperation):
            return tokens
        self.charge(client, tokens * NEW_TOKEN)
        return None

    def charge_operation(
        self, engine: Engine, prepared: PreparedOperation, variables: dict[str, Any] | None, client: str
    ) -> RejectedOperation | int:
        """Charge for running an operation, and return its cost. Raises `TooMuch`.

        A new document pays for its first plan. Each further plan costs as much as another document.
        """
        cost = prepared.cost.value(variables)
        if cost > engine.limits.cost:
            return engine.rejected_cost(prepared.cost, variables) or cost
        if engine.is_answered(prepared, variables):
            cost = min(cost, ANSWERED)
        self.charge(client, cost)
        if prepared.needs_further_plan(variables):
            self.charge_document(engine, prepared.text, client)
        return cost

    def charge(self, client: str, cost: int) -> None:
        """Charge a client; raises `TooMuch` if they lack the budget."""
        seconds = self.budget.charge(client, cost)
        if seconds:
            allowed = self.budget.per_minute
            text = (
                f"This operation costs {cost:,}, which is more than is left of the {allowed:,} allowed per"
                f" minute. Try again in {seconds} seconds."
            )
            raise TooMuch(text, {"costPerMinute": allowed}, seconds, cost)

    def report(self, engine: Engine, cost: int, client: str) -> dict[str, int]:
        """The cost of an operation and the rest of the budget, as `extensions.cost` shows them."""
        return {
            "operation": cost,
            "limit": engine.limits.cost,
            "perMinute": self.budget.per_minute,
            "left": self.budget.left(client),
        }

    @contextlib.asynccontextmanager
    async def turn(self, user_id: str | None, network: str) -> AsyncIterator[None]:
        """A slot for a heavy operation, which waits for others of the same viewer and address."""
        of_viewer = contextlib.nullcontext() if user_id is None else self._of_viewer.slot(user_id)
        try:
            async with of_viewer, self._of_address.slot(network):
                yield
        except TooManyAtOnce as error:
            text = "Too many reports or searches at once. Send them one after the other."
            raise TooMuch(text, {"heavyAtOnce": self._of_viewer.at_once}, 1) from error
