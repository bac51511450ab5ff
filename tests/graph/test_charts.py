"""Charts of reports: accessible, with a gap for what is not known, and safe to open."""

from typing import Any
from xml.etree import ElementTree

from strawberry.utils.str_converters import to_camel_case

from graph.export.chart import chart
from graph.export.formats import Heading
from graph.export.page import page
from graph.export.picture import picture
from graph.export.words import is_translated
from reports.declarations import REPORTS

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script>" onload="x'


def heading(name: str = "revenueByProduct", locale: str = "en", **more: Any) -> Heading:
    return Heading(REPORTS[name], locale, "Aurora & Co", "2026-05-01", "2026-07-01", **more)


def row(
    gross: str | None, product: str = "Course", month: str = "05", currency: str = "BRL"
) -> dict[str, Any]:
    day = f"2026-{month}-01"
    known = {"gross.amount": gross, "share": None if gross is None else "0.5"}
    return {
        "from": day,
        "product.id": product,
        "product.name": product,
        "currency": currency,
        "others": False,
    } | known


def drawn(rows: list[dict[str, Any]], **more: Any) -> ElementTree.Element:
    return ElementTree.fromstring(chart(heading(**more), rows))


def shapes(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in root.iter() if name in each.attrib.get("class", "").split()]


def test_a_chart_has_a_title_a_role_and_its_figures_in_words() -> None:
    root = drawn([row("1234.50"), row("20.00", currency="EUR")])

    assert root.attrib["role"] == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"  # type: ignore[union-attr]
    assert title.text == "Revenue by product, Aurora & Co · \u20662026-05-01\u2069 to \u20662026-06-30\u2069"  # type: ignore[union-attr]
    assert description.text == "Gross (BRL). Course: 1,234.50. Gross (EUR). Course: 20.00."  # type: ignore[union-attr]


def test_each_currency_has_axes_of_its_own() -> None:
    root = drawn([row("1234.50"), row("20.00", currency="EUR"), row("3.00", "Book", currency="EUR")])

    assert [len(shapes(panel, "rect")) for panel in root.findall(f"{SVG}svg")] == [1, 2]


def test_what_is_not_known_is_a_gap_and_zero_is_none() -> None:
    months = ("03", "04", "05", "06")
    values = ("0.5000", None, "0.0000", "0.7500")
    rows = [row(None, month=month) | {"share": value} for month, value in zip(months, values, strict=True)]
    root = drawn(rows + [each | {"product.id": "B", "share": "0.2"} for each in rows], measure="share")

    first, second = (each for each in shapes(root, "series") if shapes(each, "dot"))
    assert {len(shapes(first, "dot")), len(shapes(second, "dot"))} == {3, 4}
    lines = [len(each.attrib["d"].split()) // 2 for each in shapes(root, "nofill")]
    assert sorted(lines) == [2, 4]  # of the first, a point stands alone


def test_a_character_that_xml_does_not_have_spoils_no_chart() -> None:
    root = drawn([row("1.00", "Course\x0b\u202e"), row("2.00", "Book")])

    assert "Course: 1.00" in str(root.find(f"{SVG}desc").text)  # type: ignore[union-attr]


def test_text_of_buyers_and_sellers_is_text() -> None:
    for text in (chart(heading(), [row("1.00", HOSTILE)]).decode(), page(heading(), [row("1.00", HOSTILE)])):
        assert "<script" not in text
        assert "&lt;script&gt;" in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert not [name for each in ElementTree.fromstring(
            text.replace("<!doctype html>", "").replace('<meta charset="utf-8">', "")
        ).iter() for name in each.attrib if name.startswith("on")]  # fmt: skip


def test_arabic_is_drawn_from_right_to_left_and_dark_where_preferred() -> None:
    plain, arabic = drawn([row("1.00")]), drawn([row("1.00")], locale="ar")

    mirrored = [each for each in arabic.iter(f"{SVG}g") if "scale(-1 1)" in each.attrib.get("transform", "")]
    texts = list(mirrored[0].iter(f"{SVG}text"))
    assert not [each for each in plain.iter() if "scale(-1" in each.attrib.get("transform", "")]
    assert all(each.attrib["transform"].endswith("scale(-1 1)") for each in texts)
    assert "prefers-color-scheme:dark" in str(plain.find(f"{SVG}style").text)  # type: ignore[union-attr]
    assert "prefers" not in str(drawn([row("1.00")], theme="light").find(f"{SVG}style").text)  # type: ignore[union-attr]


def test_keys_of_one_name_stay_apart() -> None:
    same = row("2.00") | {"product.id": "another"}

    assert len(shapes(drawn([row("1.00"), same]), "rect")) == 2


def test_every_report_column_and_key_has_a_name_in_five_languages() -> None:
    parts = [each for report in REPORTS.values() for each in (*report.columns, *report.keys)]
    names = {*REPORTS, *(to_camel_case(each.name) for each in parts)}

    assert {name for name in names if not is_translated(name)} == set()


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_a_picture_has_the_letters_of_each_language_and_a_size_that_is_bounded() -> None:
    pictures = {
        name: picture(heading(locale="ar", theme=theme), [row("1.00", name)])
        for name, theme in (("كتاب", "light"), ("قلمي", "light"), ("Ação", "auto"))
    }
    many = picture(heading(), [row("1.00", currency=f"X{place:02}") for place in range(99)])

    assert len(set(pictures.values())) == 3  # what a font lacks is the same box for every letter
    assert len({size(png) for png in pictures.values()}) == 1
    assert next(iter(map(size, pictures.values())))[0] == 1600
    width, height = size(many)
    assert 300 < width < 1600
    assert width * height < 16_100_000
