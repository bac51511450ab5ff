"""The page that links in e-mails lead to, in the language of its reader."""

from functools import cache
from html import escape
from string import Formatter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from authz.catalog import LOCALES
from graph.http.graphiql import OWN, shown
from graph.http.handler import language
from graph.http.link_messages import WORDS


async def _link(request: Request) -> Response:
    named = request.query_params.get("in")
    locale = named if named in LOCALES else language(request.headers.get("accept-language", ""))
    return shown(_page(locale), vary="Accept-Language")


@cache
def _page(locale: str) -> str:
    """The page in a language; each placeholder in a sentence becomes an element that the script fills in."""
    at = LOCALES.index(locale)
    sentences = {key: _sentence(texts[at]) for key, texts in WORDS.items()}
    direction = "rtl" if locale == "ar" else "ltr"
    return (OWN / "link.html").read_text().format(locale=locale, direction=direction, **sentences)


def _sentence(text: str) -> str:
    return "".join(
        escape(literal) + (f'<bdi data-told="{name}"></bdi>' if name else "")
        for literal, name, _, _ in Formatter().parse(text)
    )


LINK = Route("/link", _link)
