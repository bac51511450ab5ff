"""Reports to look at: a chart alone, a page with the chart and a table, and parts of e-mails."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from strawberry.utils.str_converters import to_camel_case

from graph.export.chart import chart, description, drawing
from graph.export.figures import Figures, figures, keys_of
from graph.export.formats import Format, Heading, Row, Table
from graph.export.picture import picture
from graph.export.words import direction, number, percent, word
from models.currency import exponent_of
from reports.columns import Column, Ratio

MOST_LINES, MOST_COLUMNS = 50, 4
"""How many rows and columns of figures the table of an e-mail contains."""
_SAFE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
_environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
# styles are inline, since e-mail programs drop all others
_TABLE = _environment.from_string(
    """\
<table dir="{{ direction }}" style="border-collapse:collapse;font-size:14px;margin:16px 0">
<caption style="text-align:start;padding:4px 0">{{ caption }}</caption>
<thead><tr>
{% for name in names %}
<th scope="col" style="text-align:{{ 'start' if loop.index0 < keys else 'end' }};padding:4px 12px 4px 0;\
border-bottom:1px solid #999">{{ name }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for line in lines %}
<tr>
{% for value in line %}
<td style="text-align:{{ 'start' if loop.index0 < keys else 'end' }};padding:4px 12px 4px 0;\
border-bottom:1px solid #ddd"><bdi>{{ value }}</bdi></td>
{% endfor %}
</tr>
{% endfor %}
</tbody>
</table>
{% if more %}<p style="font-size:13px">{{ more }}</p>{% endif %}
"""
)
_PAGE = _environment.from_string(
    """\
<!doctype html>
<html lang="{{ locale }}" dir="{{ direction }}">
<head><meta charset="utf-8"><title>{{ title }}</title>
<style>{{ style }}</style></head>
<body>
{{ drawing }}
{{ table }}
</body>
</html>
"""
)
_STYLE = """body{margin:24px;font-family:system-ui,sans-serif;color:#222;background:#fff}
svg{max-width:100%;height:auto}"""
_DARK = "body{color:#e6e6e6;background:#16181d}"


class Written(NamedTuple):
    """A report as parts of an e-mail."""

    title: str
    chart: bytes
    """The chart as PNG."""
    description: str
    text: str
    html: str
    """The table, whose values are escaped."""


def written(heading: Heading, rows: Sequence[Row]) -> Written:
    """The chart and the table of a report's rows."""
    found = figures(heading, rows)
    few = [column for column in heading.report.columns if not column.name.startswith("unknown")][
        :MOST_COLUMNS
    ]
    return Written(
        found.title,
        picture(heading, rows),
        description(heading, found),
        _text(heading, found, rows, few),
        str(_table(heading, found, rows, few, MOST_LINES)),
    )


def page(heading: Heading, rows: Sequence[Row]) -> str:
    """A page with the chart of a report's rows, and the rows as a table."""
    found = figures(heading, rows)
    dark = {"auto": f"@media (prefers-color-scheme:dark){{{_DARK}}}", "dark": _DARK}.get(heading.theme, "")
    svg = ElementTree.tostring(drawing(heading, rows), encoding="unicode")
    return _PAGE.render(
        locale=heading.locale,
        direction=direction(heading.locale),
        title=f"{found.title}, {found.subtitle}",
        style=Markup(_STYLE + dark),  # noqa: S704 - written above
        drawing=Markup(svg),  # noqa: S704 - escaped by the library that writes XML
        table=_table(heading, found, rows, heading.report.columns, len(rows)),
    )


def _table(
    heading: Heading, found: Figures, rows: Sequence[Row], columns: Sequence[Column], most: int
) -> Markup:
    names, keys = _names(heading, found, rows, columns)
    left_out = len(rows) - most
    more = word("more!", heading.locale).format(count=left_out) if left_out > 0 else ""
    return Markup(  # noqa: S704 - escaped by the template
        _TABLE.render(
            direction=direction(heading.locale),
            caption=f"{found.title}, {found.subtitle}",
            names=names,
            keys=keys,
            lines=[list(_line(heading, found, row, columns)) for row in rows[:most]],
            more=more,
        )
    )


def _text(heading: Heading, found: Figures, rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """The rows as lines of text."""
    names, keys = _names(heading, found, rows, columns)
    lines = [f"{found.title}, {found.subtitle}"]
    for row in rows[:MOST_LINES]:
        values = list(_line(heading, found, row, columns))
        shown = ", ".join(value for value in values[:keys] if value)
        numbers = ", ".join(
            f"{name}: {value}" for name, value in zip(names[keys:], values[keys:], strict=True)
        )
        lines.append(f"{shown}: {numbers}")
    return "\n".join(lines)


def _names(
    heading: Heading, found: Figures, rows: Sequence[Row], columns: Sequence[Column]
) -> tuple[list[str], int]:
    """The names of the table's columns, and how many of them are keys."""
    keys = [name for name, _ in keys_of(heading, rows[0])] if rows else []
    first = [*(["from"] if len(found.buckets) > 1 else []), *keys, "currency"]
    figures_shown = [to_camel_case(column.name) for column in columns]
    return [word(name, heading.locale) for name in (*first, *figures_shown)], len(first)


def _line(heading: Heading, found: Figures, row: Row, columns: Sequence[Column]) -> Iterator[str]:
    if len(found.buckets) > 1:
        yield row["from"]
    for _, value in keys_of(heading, row):
        yield value
    yield row["currency"]
    for column in columns:
        yield _number(column, row, heading.locale)


def _number(column: Column, row: Row, locale: str) -> str:
    name = to_camel_case(column.name)
    amount = f"{name}.amount"
    value: Any = row.get(amount, row.get(name))
    if value is None:
        return "–"
    if amount in row:
        return number(float(value), locale, exponent_of(row["currency"]))
    if isinstance(column, Ratio):
        return percent(float(value), locale)
    return number(value, locale)


async def _rows(table: Table) -> list[Row]:
    return [row async for part in table.pages for row in part]


async def _svg(table: Table) -> AsyncIterator[bytes]:
    assert table.heading is not None
    yield await asyncio.to_thread(chart, table.heading, await _rows(table))


async def _png(table: Table) -> AsyncIterator[bytes]:
    assert table.heading is not None
    yield await asyncio.to_thread(picture, table.heading, await _rows(table))


async def _html(table: Table) -> AsyncIterator[bytes]:
    assert table.heading is not None
    yield (await asyncio.to_thread(page, table.heading, await _rows(table))).encode()


SVG = Format("image/svg+xml; charset=utf-8", "svg", _svg, _SAFE, inline=True)
PNG = Format("image/png", "png", _png, _SAFE, inline=True)
HTML = Format("text/html; charset=utf-8", "html", _html, _SAFE, inline=True)
FORMATS = {each.ending: each for each in (SVG, PNG, HTML)}
"""The formats to look at, by their ending."""
