"""GraphiQL under a strict content security policy: its page, and what the page is made of.

The folder `graphiql` of the repository has the sources of the page's scripts; `make graphiql` bundles them
with GraphiQL's packages into `graphiql_static/built`.

Scripts and workers come from files of this server, and nothing else runs. Styles are looser on GraphiQL's
page, since its editor (Monaco) places each line by a style attribute and writes its themes into style
elements: attributes are allowed, and the elements that have the response's nonce. Neither runs a script, and
with these policies a style can send nothing elsewhere.
"""

import secrets
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from graph.http.assets import asset_route

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_EDITOR_STYLES = "style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; worker-src 'self'"
OWN = Path(str(files("graph.http").joinpath("graphiql_static")))


def page() -> Response:
    """The page that browsers get at the API's URL."""
    nonce = secrets.token_urlsafe(16)
    html = _template().replace("{nonce}", nonce)
    policy = POLICY.replace("style-src 'self'", _EDITOR_STYLES.format(nonce=nonce))
    return shown(html, vary="Accept", policy=policy)


@cache
def _template() -> str:
    return (OWN / "index.html").read_text()


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


def assets() -> Route:
    """The route of the pages' scripts and styles."""
    return asset_route("/graphiql", OWN)
