"""The page where the links of e-mails lead."""

import re
from html import unescape
from pathlib import Path
from string import Formatter

import pytest

import graph
from authz.catalog import LOCALES
from client import Client
from graph.http.graphiql import POLICY
from graph.http.link_messages import WORDS
from graph.schema import full_schema

HERE = Path(graph.__file__).parent / "http" / "graphiql_static"


async def test_it_is_served_whole_from_here_under_the_strict_policy(client: Client) -> None:
    page = await client.http.get("/link")
    parts = re.findall(r'(?:src|href)="(/graphiql/[^"]+)"', page.text)

    assert page.status_code == 200
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["referrer-policy"] == "no-referrer"
    assert {"/graphiql/link.js", "/graphiql/link.css"} <= set(parts)
    assert [(await client.http.get(part)).status_code for part in parts] == [200] * len(parts)
    assert "style=" not in page.text
    assert re.findall(r"<script[^>]*>([^<]*)", page.text) == [""]
    assert (await client.http.post("/link")).status_code == 405


@pytest.mark.parametrize("name", ["link.html", "index.html"])
async def test_no_page_is_served_without_the_policy(client: Client, name: str) -> None:
    assert (HERE / name).exists()
    assert (await client.http.get(f"/graphiql/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("path", "header", "locale"),
    [
        *(("/link", f"{locale}-XX,en;q=0.5", locale) for locale in LOCALES),
        *((f"/link?in={locale}", "en", locale) for locale in LOCALES),
        ("/link", "de, fr;q=0.8", "fr"),
        ("/link", "de", "en"),
        ("/link?in=xx", "pt", "pt"),
        ('/link?in="><script>', "", "en"),
    ],
)
async def test_it_speaks_the_language_that_is_asked_for(
    client: Client, path: str, header: str, locale: str
) -> None:
    page = await client.http.get(path, headers={"accept-language": header})

    direction = "rtl" if locale == "ar" else "ltr"
    assert f'<html lang="{locale}" dir="{direction}">' in page.text
    assert page.headers["vary"] == "Accept-Language"
    read = unescape(re.sub(r"<bdi [^>]*></bdi>", "{}", page.text))
    for texts in WORDS.values():
        own = texts[LOCALES.index(locale)]
        assert re.sub(r"{\w+}", "{}", own) in read
        assert not {other for other in texts if len(other) > 20 and other != own and other in read}


@pytest.mark.parametrize("key", WORDS)
def test_each_text_is_there_in_each_language_and_leaves_the_same_open(key: str) -> None:
    texts = WORDS[key]

    left_open = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts]
    assert len(texts) == len(LOCALES)
    assert all(texts)
    assert left_open == [left_open[0]] * len(LOCALES)


def test_what_it_asks_is_in_the_schema() -> None:
    from graphql import parse, validate

    script = (HERE / "link.js").read_text()
    request = re.findall(r'"((?:query|mutation) .*)";', script)

    assert len(request) == len(set(re.findall(r"ask\(([A-Z_]+)", script))) == 13
    assert [error for item in request for error in validate(full_schema()._schema, parse(item))] == []
