"""GraphiQL, served whole from here under a strict policy: its page, our script, and the package's assets."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_OWN = Path(str(files("graph").joinpath("graphiql")))
_PACKAGE = Path(str(files("graphene_django_graphiql_static").joinpath("static")))


def page(name: str = "index.html") -> Response:
    """The page that browsers get at the API's address, or another of our own."""
    headers = {
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache",
        "vary": "Accept",
    }
    return Response((_OWN / name).read_bytes(), media_type="text/html; charset=utf-8", headers=headers)


class _Assets(StaticFiles):
    """Files that a browser asks after before each use, so that none outlives an upgrade."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        response = super().file_response(*given, **named)
        response.headers["cache-control"] = "no-cache"
        response.headers["x-content-type-options"] = "nosniff"
        return response


def assets() -> list[Mount]:
    """Where the page's scripts and styles are."""
    return [
        Mount("/graphiql/package", _Assets(directory=_PACKAGE / "graphene_django_graphiql_static")),
        Mount("/graphiql", _Assets(directory=_OWN)),
    ]


async def _link(_request: Request) -> Response:
    return page("link.html")


LINK = Route("/link", _link)  # where the links of e-mails lead
