"""GraphiQL under a strict content security policy: its page, and what the page is made of.

The folder `graphiql` of the repository has the sources of the page's scripts; `make graphiql` bundles them
with GraphiQL's packages into `graphiql_static/built`.

Scripts and workers come from files of this server, and nothing else runs. Styles are looser on GraphiQL's
page, since its editor (Monaco) places each line by a style attribute and writes its themes into style
elements: attributes are allowed, and the elements that have the response's nonce. Neither runs a script, and
with these policies a style can send nothing elsewhere.
"""

import re
import secrets
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_EDITOR_STYLES = "style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; worker-src 'self'"
_HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+$")
OWN = Path(str(files("graph.http").joinpath("graphiql_static")))


def page() -> Response:
    """The page that browsers get at the API's URL."""
    nonce = secrets.token_urlsafe(16)
    html = (OWN / "index.html").read_text().replace("{nonce}", nonce)
    policy = POLICY.replace("style-src 'self'", _EDITOR_STYLES.format(nonce=nonce))
    return shown(html, vary="Accept", policy=policy)


def shown(html: str, *, vary: str, policy: str = POLICY) -> Response:
    """A response with one of this project's pages, under the policy."""
    headers = {
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache",
        "vary": vary,
    }
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


class _Assets(StaticFiles):
    """Static files that browsers revalidate before each use, so that none is stale after an upgrade.

    Those whose names have a hash of their content are kept without that.

    HTML pages are served only by their own routes, which set the policy.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.endswith(".html"):
            raise HTTPException(404)
        return await super().get_response(path, scope)

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        lasting = _HASHED.search(str(full_path))
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        response.headers["x-content-type-options"] = "nosniff"
        return response


def assets() -> list[Mount]:
    """The routes of the page's scripts and styles."""
    return [Mount("/graphiql", GZipMiddleware(_Assets(directory=OWN), minimum_size=1024, compresslevel=4))]
