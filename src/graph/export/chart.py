"""Reports as charts: SVG that pygal draws, with a style sheet of its own, and without any script.

Each currency has axes of its own. A value that is not known is a gap. The text of right-to-left languages
stands on a mirrored chart.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree

from graph.export.figures import Figures, Panel, figures, period_of, written
from graph.export.formats import Heading, Row
from graph.export.words import direction, number, percent, word

THEMES = ("auto", "light", "dark")
WIDTH = 800
_HEAD, _BAR, _PLOT = 76, 30, 300
_MOST_BARS = 31
_COLORS = (
    *("#2f6fde", "#e07b00", "#1b9e77", "#b5408f", "#8a6d00", "#5b4bc4"),
    *("#c8402f", "#0f8ea6", "#6a8f1a", "#8c564b", "#4b6584", "#9a9a9a"),
)
_STYLE = """
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif;
font-size:12px;fill:#333}
.head{font-size:20px;font-weight:600}.subhead{font-size:13px}.panel-title{font-size:14px;font-weight:600}
.ground{fill:#fff}.background,.tooltip,.nofill{fill:none}
.axis .line{fill:none;stroke:#999}.axis .guide.line{stroke:#e4e4e4}
.vertical .axis.x .guide.line,.horizontal .axis.y .guide.line{display:none}
.axis.x text{text-anchor:middle}.axis.y text{text-anchor:end}
.start{text-anchor:start}.middle{text-anchor:middle}.end{text-anchor:end}
.line.nofill{stroke-width:2.5}.bars .rect,text.value{stroke:none}
"""
_DARK = ".ground{fill:#16181d}text{fill:#e6e6e6}.axis .line{stroke:#888}.axis .guide.line{stroke:#33363d}"


def chart(heading: Heading, rows: Sequence[Row]) -> bytes:
    """The chart of a report's rows, as an SVG document."""
    text: bytes = ElementTree.tostring(drawing(heading, rows), encoding="utf-8", xml_declaration=True)
    return text


def drawing(heading: Heading, rows: Sequence[Row]) -> ElementTree.Element:
    """The chart as an element, for a page that contains it."""
    found, locale = figures(heading, rows), heading.locale
    rtl = direction(locale) == "rtl"
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    names = {"xmlns": "http://www.w3.org/2000/svg", "lang": locale, "role": "img"}
    root = ElementTree.Element("svg", names | {"aria-labelledby": "chart-title chart-description"})
    _text(root, "title", f"{found.title}, {found.subtitle}", id="chart-title")
    _text(root, "desc", description(heading, found), id="chart-description")
    style = ElementTree.SubElement(root, "style")
    style.text = _styles(heading.theme)
    ground = ElementTree.SubElement(root, "rect", {"class": "ground", "width": "100%", "height": "100%"})
    edge, anchor = (WIDTH - 20, "end") if rtl else (20, "start")
    _text(root, "text", _line(found.title, locale), {"class": f"head {anchor}"}, x=str(edge), y="34")
    _text(root, "text", _line(found.subtitle, locale), {"class": f"subhead {anchor}"}, x=str(edge), y="58")
    top = _HEAD
    for panel in found.panels:
        top += 26
        title = _panel_title(found, panel, locale)
        _text(
            root,
            "text",
            _line(title, locale),
            {"class": f"panel-title {anchor}"},
            x=str(edge),
            y=str(top - 6),
        )
        part, height = _axes(found, panel, heading)
        part.attrib |= {"x": "0", "y": str(top), "width": str(WIDTH), "height": str(height)}
        part.attrib["viewBox"] = f"0 0 {WIDTH} {height}"
        if rtl:
            _mirror(part)
        root.append(part)
        if not any(value for each in panel.series for value in each.values):
            middle = {"class": "subhead middle"}
            _text(root, "text", word("empty!", locale), middle, x=str(WIDTH // 2), y=str(top + height // 2))
        top += height
    root.attrib |= {"viewBox": f"0 0 {WIDTH} {top + 10}", "width": str(WIDTH), "height": str(top + 10)}
    ground.attrib["height"] = str(top + 10)
    return root


def description(heading: Heading, found: Figures) -> str:
    """The chart in words: the values of each currency, largest first."""
    sentences = []
    for panel in found.panels:
        values = [
            f"{each.label}: {_last(found, each.values, panel.currency, heading.locale)}"
            for each in panel.series
        ]
        sentences.append(f"{_panel_title(found, panel, heading.locale)}. {'; '.join(values)}.")
    return " ".join(sentences)


def _last(found: Figures, values: Sequence[float | None], currency: str, locale: str) -> str:
    shown = ["–" if value is None else written(found, value, currency, locale) for value in values]
    if len(shown) == 1:
        return shown[0]
    return ", ".join(f"{day} {value}" for day, value in zip(found.buckets, shown, strict=True))


def _panel_title(found: Figures, panel: Panel, locale: str) -> str:
    more = word("more!", locale).format(count=panel.left_out) if panel.left_out else ""
    currency = "" if found.is_ratio and len(found.panels) == 1 else panel.currency
    return " ".join(part for part in (found.measure, currency and f"({currency})", more) if part)


def _styles(theme: str) -> str:
    colors = "".join(f".color-{place}{{fill:{color};stroke:{color}}}" for place, color in enumerate(_COLORS))
    dark = {"auto": f"@media (prefers-color-scheme:dark){{{_DARK}}}", "dark": _DARK}.get(theme, "")
    return _STYLE + colors + dark


def _axes(found: Figures, panel: Panel, heading: Heading) -> tuple[ElementTree.Element, int]:
    """The axes and bars or lines of a currency, and their height."""
    if len(found.buckets) == 1:
        return _across(found, panel, heading)
    return _over_time(found, panel, heading)


def _across(found: Figures, panel: Panel, heading: Heading) -> tuple[ElementTree.Element, int]:
    """A bar for each combination of keys, largest first."""
    pygal = _pygal()
    values = [each.values[0] for each in panel.series]
    labels = [each.label or period_of(heading) for each in panel.series]
    height = _BAR * len(values) + 50
    drawn = pygal.HorizontalBar(
        **_options(found, heading.locale, max((value or 0 for value in values), default=0)),
        height=height,
        show_legend=False,
        print_values=True,
        print_values_position="top",
        margin_right=90,
        x_labels=list(reversed([_isolated(label) for label in labels])),
    )
    drawn.formatter = _formatter(found, panel, heading)
    drawn.add(found.measure, list(reversed(values)))
    return _clean(drawn.render_tree()), height


def _over_time(found: Figures, panel: Panel, heading: Heading) -> tuple[ElementTree.Element, int]:
    """A bar for each bucket, or a line for each combination of keys where bars would be too many."""
    pygal = _pygal()
    single, few = len(panel.series) == 1, len(found.buckets) <= _MOST_BARS
    stacked = found.adds_up and few and not single
    kind: Any = pygal.StackedBar if stacked else pygal.Bar if single and few else pygal.Line
    totals = [sum(each.values[place] or 0 for each in panel.series) for place in range(len(found.buckets))]
    each_value = [value or 0 for each in panel.series for value in each.values]
    columns = 1 if single else min(3, len(panel.series))
    rows = 0 if single else -(-len(panel.series) // columns)
    height = _PLOT + 22 * rows
    drawn = kind(
        **_options(found, heading.locale, max(totals if stacked else each_value, default=0)),
        height=height,
        show_legend=not single,
        legend_at_bottom=True,
        legend_at_bottom_columns=columns,
        legend_box_size=11,
        truncate_legend=36,
        truncate_label=-1,
        allow_interruptions=True,
        dots_size=3,
        x_labels=list(found.buckets),
        x_labels_major=list(found.buckets[:: _step(found.buckets)]),
        show_minor_x_labels=False,
        margin_right=30,
    )
    drawn.formatter = _formatter(found, panel, heading)
    for each in panel.series:
        drawn.add(_isolated(each.label), list(each.values))
    return _clean(drawn.render_tree()), height + 9 * rows  # pygal cuts off the last lines of the legend


def _pygal() -> Any:
    """The library, which only charts wait for; without what it does to every later import."""
    import pygal

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _formatter(found: Figures, panel: Panel, heading: Heading) -> Callable[[float | None], str]:
    def formatted(value: float | None) -> str:
        return "" if value is None else written(found, value, panel.currency, heading.locale)

    return formatted


def _step(buckets: Sequence[str]) -> int:
    """The number of buckets from one label below the axis to the next, so that labels do not overlap."""
    return -(-len(buckets) // (8 if len(buckets[0]) > len("2026-06") else 14))


def _options(found: Figures, locale: str, most: float) -> dict[str, Any]:
    """What all axes have in common. The text of the axis is short."""
    from pygal.style import Style

    def short(value: float) -> str:
        if found.is_ratio:
            return percent(value, locale, 0 if most >= 0.1 else 2)
        return number(value, locale, 0 if most >= 10 or value == int(value) else 2)

    return {
        "style": Style(label_font_size=12, major_label_font_size=12, value_font_size=12, legend_font_size=12),
        "js": [],
        "css": [],
        "width": WIDTH,
        "margin": 10,
        "margin_left": 20,
        "max_scale": 6,
        "range": (0, most or 1),
        "value_formatter": short,
        "no_data_text": word("empty!", locale),
    }


def _clean(root: Any) -> ElementTree.Element:
    """The drawing without scripts, styles and data for scripts; a value becomes the title of its shape."""
    for parent in list(root.iter()):
        for child in list(parent):
            value = child.attrib.get("class", "") if child.tag == "desc" else ""
            if child.tag == "desc" and value == "value" and child.text:
                title = ElementTree.Element("title")
                names = [each.text for each in parent if each.attrib.get("class") == "x_label" and each.text]
                title.text = ": ".join([*names, child.text])
                parent.insert(0, title)
            if (
                child.tag in ("script", "style", "defs", "desc")
                or not isinstance(child.tag, str)
                or "tooltip-overlay" in child.attrib.get("class", "")
            ):
                parent.remove(child)
    for title in root.findall("title"):
        root.remove(title)
    for element in root.iter():
        element.attrib.pop("id", None)
        if element.attrib.get("class") == "value":
            element.attrib.pop("text-anchor", None)
            element.attrib["class"] = "value start"
    root.attrib.pop("xmlns", None)
    found: ElementTree.Element = root
    return found


def _mirror(root: ElementTree.Element) -> None:
    """Turn a drawing around, and each text back where it stands."""
    graph = root.find("g")
    assert graph is not None
    graph.attrib["transform"] = f"translate({WIDTH} 0) scale(-1 1)"
    for text in graph.iter("text"):
        place = float(text.attrib.get("x", 0))
        text.attrib["transform"] = f"translate({2 * place} 0) scale(-1 1)"
    parents = {child: parent for parent in graph.iter() for child in parent}
    for text in graph.iter("text"):
        around = parents[parents[text]].attrib.get("class", "")
        if "value start" in text.attrib.get("class", "") or "legend" in around:
            text.attrib["style"] = "text-anchor:end"
        elif around.startswith("axis y"):
            text.attrib["style"] = "text-anchor:start"


def _isolated(text: str) -> str:
    """A text whose own direction counts, whatever is beside it."""
    return f"\u2068{text}\u2069"


def _line(text: str, locale: str) -> str:
    """A line in the direction of its language."""
    return f"\u2067{text}\u2069" if direction(locale) == "rtl" else text


def _text(
    parent: ElementTree.Element, tag: str, text: str, names: dict[str, str] | None = None, **more: str
) -> None:
    ElementTree.SubElement(parent, tag, (names or {}) | more).text = text
