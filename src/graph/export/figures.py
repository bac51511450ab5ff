"""What a chart of a report draws: a measure of its rows, by currency, bucket and keys."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from strawberry.utils.str_converters import to_camel_case

from graph.export.formats import Heading, Row
from graph.export.words import number, percent, word
from models.currency import exponent_of
from models.text import tidied
from reports.columns import Column, Ratio, Total
from reports.report import Report

Keys = tuple[Any, ...]
MOST_SERIES = 12
_LONGEST, _LONGEST_KEY = 34, 300


class Series(NamedTuple):
    """The values of one combination of keys by bucket; None is a gap."""

    label: str
    values: tuple[float | None, ...]
    others: bool


class Panel(NamedTuple):
    """What is drawn on the axes of one currency."""

    currency: str
    series: tuple[Series, ...]
    left_out: int
    """How many further series there are."""


class Figures(NamedTuple):
    """The measure of a report's rows."""

    title: str
    subtitle: str
    column: Column
    measure: str
    buckets: tuple[str, ...]
    """The first days, shortened where all begin a month or a year."""
    panels: tuple[Panel, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the values of several keys can be put on top of each other."""
        return isinstance(self.column, Total) and not self.column.distinct

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts."""
        return self.column.money if isinstance(self.column, Total) else self.column.decimals == 0

    @property
    def is_ratio(self) -> bool:
        """Whether the values are parts of a whole."""
        return isinstance(self.column, Ratio) and self.column.decimals > 0


def figures(heading: Heading, rows: Sequence[Row]) -> Figures:
    """What to draw of rows that have all of their columns."""
    column = _column(heading)
    measure = to_camel_case(column.name)
    days = tuple(dict.fromkeys(row["from"] for row in rows))
    by_currency: dict[str, dict[Keys, dict[str, float | None]]] = {}
    labels: dict[Keys, str] = {}
    others: set[Keys] = set()
    for row in rows:
        path = measure if measure in row else f"{measure}.amount"
        value, keys = row.get(path), _keys(heading.report, row)
        labels[keys] = labels.get(keys) or label_of(heading, row)
        others |= {keys} if row.get("others") else set()
        cells = by_currency.setdefault(row["currency"], {}).setdefault(keys, {})
        cells[row["from"]] = None if value is None else float(value)
    return Figures(
        title=word(heading.report.name, heading.locale),
        subtitle=" · ".join((heading.account, period_of(heading))),
        column=column,
        measure=word(measure, heading.locale),
        buckets=_shortened(days),
        panels=tuple(
            _panel(currency, found, labels, others, days) for currency, found in by_currency.items()
        ),
    )


def _column(heading: Heading) -> Column:
    columns = heading.report.columns
    wanted = heading.measure or to_camel_case(heading.report.ranked_by.name)
    return next((each for each in columns if to_camel_case(each.name) == wanted), columns[0])


def _keys(report: Report, row: Row) -> Keys:
    """What distinguishes a row, whatever it is called."""
    names = {"group", "others", *(to_camel_case(key.name) for key in report.keys)}
    return tuple(value for path, value in row.items() if path.partition(".")[0] in names)


def _panel(
    currency: str,
    found: Mapping[Keys, Mapping[str, float | None]],
    labels: Mapping[Keys, str],
    others: Collection[Keys],
    days: Sequence[str],
) -> Panel:
    series = [
        Series(labels[keys], tuple(cells.get(day) for day in days), keys in others)
        for keys, cells in found.items()
    ]
    largest = sorted(series, key=lambda each: -sum(value or 0 for value in each.values))
    shown = [each for each in largest if not each.others] + [each for each in largest if each.others]
    return Panel(currency, tuple(shown[:MOST_SERIES]), len(shown[MOST_SERIES:]))


def label_of(heading: Heading, row: Row) -> str:
    """What distinguishes a row from others of its bucket and currency."""
    parts = [text for _, text in keys_of(heading, row) if text]
    return shortened(" · ".join(dict.fromkeys(parts)))


def keys_of(heading: Heading, row: Row) -> list[tuple[str, str]]:
    """The name of each key of a row with its value as text."""
    report, locale = heading.report, heading.locale
    found = []
    if heading.split:
        found.append(("group", row["group.name"] or word("none!", locale)))
    for key in report.keys:
        name = to_camel_case(key.name)
        if row.get("others"):
            found.append((name, word("others!", locale)))
            continue
        value = _value(row, name)
        if isinstance(value, bool):
            found.append((name, word(name, locale) if value else ""))
        elif value is None:
            found.append((name, word("none!", locale)))
        else:
            # codes are stored as marketplaces send them, and XML lacks some characters
            text = _spoken(value) if key.read is not None else tidied(str(value), _LONGEST_KEY) or ""
            found.append((name, text))
    return found


def _value(row: Row, name: str) -> Any:
    paths = (name, f"{name}.name", f"{name}.code")
    return next((row[path] for path in paths if row.get(path) is not None), None)


def _spoken(value: str) -> str:
    return value.replace("_", " ").capitalize()


def shortened(text: str) -> str:
    """A text that fits beside an axis."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def period_of(heading: Heading) -> str:
    """The first and last day of the period, in words."""
    last = (date.fromisoformat(heading.end) - timedelta(days=1)).isoformat()
    if last == heading.first:
        return last
    # a day is written from left to right in every language
    first, last = (f"\u2066{day}\u2069" for day in (heading.first, last))
    return word("period!", heading.locale).format(first=first, last=last)


def _shortened(days: Sequence[str]) -> tuple[str, ...]:
    for length, rest in ((4, "-01-01"), (7, "-01")):
        if len(days) > 1 and all(day[length:] == rest for day in days):
            return tuple(day[:length] for day in days)
    return tuple(days)


def written(found: Figures, value: float, currency: str, locale: str) -> str:
    """A value of the measure, in full."""
    if found.is_ratio:
        return percent(value, locale)
    return number(value, locale, exponent_of(currency) if found.is_money else 0)
