"""Several operations in one request, limited together."""

from engine.cost import Cost
from engine.document import RejectedOperation, too_complex
from engine.limits import Limits, TooComplex, within


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
