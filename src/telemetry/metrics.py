"""Counters, gauges and histograms of this process, changed in the event loop's thread alone.

Adding to one costs a fraction of a microsecond. A process publishes its figures every second
(`telemetry.sharing`), so that any process can show the sums of all.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar, Literal

Labels = tuple[str, ...]
Merging = Literal["sum", "max"]

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REGISTRY: "dict[str, Metric]" = {}


class Metric:
    """A figure with a name, a meaning, and labels whose values come from closed lists."""

    type_name: ClassVar[str]
    values: dict[Labels, list[float]]

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        self.name = name
        self.meaning = meaning
        self.labels = tuple(labels)
        REGISTRY[name] = self


class Counter(Metric):
    """A figure that only grows."""

    type_name = "counter"

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        super().__init__(name, meaning, labels)
        self.values = {}

    def add(self, *labels: str, amount: float = 1) -> None:
        """Count something under the values of the labels."""
        self.cell(*labels)[0] += amount

    def cell(self, *labels: str) -> list[float]:
        """The one number under the values of the labels: what is counted most is added to it directly."""
        found = self.values.get(labels)
        if found is None:
            found = self.values[labels] = [0.0]
        return found


class Gauge(Metric):
    """A figure that rises and falls; of several processes, the sum or the largest counts."""

    type_name = "gauge"

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = (), merging: Merging = "sum") -> None:
        super().__init__(name, meaning, labels)
        self.merging = merging
        self.values = {}

    def set(self, value: float, *labels: str) -> None:
        """Replace the figure under the values of the labels."""
        self.values[labels] = [value]

    def clear(self) -> None:
        """Forget the figures, where they are not known any more."""
        self.values.clear()


class Histogram(Metric):
    """How many durations were at most so many seconds, and their sum."""

    type_name = "histogram"

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        super().__init__(name, meaning, labels)
        self.bounds = SECONDS
        self.values = {}
        """For each set of labels: the durations up to each bound and not up to the one before, those
        above all, and the sum."""

    def observe(self, seconds: float, *labels: str) -> None:
        """Count a duration."""
        series = self.values.get(labels)
        if series is None:
            series = self.values[labels] = [0.0] * (len(self.bounds) + 2)
        series[bisect_left(self.bounds, seconds)] += 1
        series[-1] += seconds
