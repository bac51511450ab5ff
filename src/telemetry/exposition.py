"""Figures as text, in Prometheus' format 0.0.4."""

from collections.abc import Iterator, Mapping, Sequence

from telemetry.metrics import REGISTRY, Histogram, Labels, Metric

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def exposition(figures: Mapping[str, Mapping[Labels, Sequence[float]]]) -> bytes:
    """The text of all figures."""
    lines: list[str] = []
    for name, metric in REGISTRY.items():
        lines += (f"# HELP {name} {metric.meaning}", f"# TYPE {name} {metric.type_name}")
        for labels, numbers in sorted(figures.get(name, {}).items()):
            lines += _lines(metric, labels, numbers)
    return ("\n".join(lines) + "\n").encode()


def _lines(metric: Metric, labels: Labels, numbers: Sequence[float]) -> Iterator[str]:
    named = list(zip(metric.labels, labels, strict=True))
    if not isinstance(metric, Histogram):
        yield f"{metric.name}{_braces(named)} {_number(numbers[0])}"
        return
    total = 0.0
    *counts, above, seconds = numbers
    for bound, count in zip(metric.bounds, counts, strict=True):
        total += count
        yield f"{metric.name}_bucket{_braces([*named, ('le', _number(bound))])} {_number(total)}"
    total += above
    yield f"{metric.name}_bucket{_braces([*named, ('le', '+Inf')])} {_number(total)}"
    yield f"{metric.name}_sum{_braces(named)} {_number(seconds)}"
    yield f"{metric.name}_count{_braces(named)} {_number(total)}"


def _braces(named: Sequence[tuple[str, str]]) -> str:
    if not named:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in named) + "}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
