"""Charts as PNG, for programs that show no SVG, as most for e-mail.

The fonts come with the packages, so that every server draws the same.
"""

from collections.abc import Sequence
from functools import cache
from xml.etree import ElementTree

from graph.export.chart import WIDTH, drawing
from graph.export.formats import Heading, Row

_FAMILIES = ("Noto Sans", "Noto Sans Arabic")
_PIXELS = 2.0
"""How many pixels a unit of the chart has, so that it is sharp on any screen."""
_MOST_PIXELS = 16_000_000


def picture(heading: Heading, rows: Sequence[Row]) -> bytes:
    """The chart of a report's rows, which is light unless its theme is dark."""
    import resvg_py

    root = drawing(heading, rows)
    drawn: bytes = resvg_py.svg_to_bytes(
        svg_string=ElementTree.tostring(root, encoding="unicode"),
        zoom=min(_PIXELS, (_MOST_PIXELS / (WIDTH * int(root.attrib["height"]))) ** 0.5),
        skip_system_fonts=True,
        font_files=_files(),
        font_family=_FAMILIES[0],
        sans_serif_family=_FAMILIES[0],
    )
    return drawn


@cache
def _files() -> list[str]:
    import fontpkg

    return [str(fontpkg.path(family)) for family in _FAMILIES]
