"""GraphiQL under a strict content security policy: its page, script and assets."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
OWN = Path(str(files("graph.http").joinpath("graphiql_static")))
_PACKAGE = Path(str(files("graphene_django_graphiql_static").joinpath("static")))


def page() -> Response:
    """The page that browsers get at the API's URL."""
    return shown((OWN / "index.html").read_text(), vary="Accept")


def shown(html: str, *, vary: str) -> Response:
    """A response with one of this project's pages, under the policy."""
    headers = {
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache",
        "vary": vary,
    }
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


class _Assets(StaticFiles):
    """Static files that browsers revalidate before each use, so that none is stale after an upgrade.

    HTML pages are served only by their own routes, which set the policy.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.endswith(".html"):
            raise HTTPException(404)
        return await super().get_response(path, scope)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        response.headers["x-content-type-options"] = "nosniff"
        return response


def assets() -> list[Mount]:
    """The routes of the page's scripts and styles."""
    return [
        Mount("/graphiql/package", _Assets(directory=_PACKAGE / "graphene_django_graphiql_static")),
        Mount("/graphiql", _Assets(directory=OWN)),
    ]
