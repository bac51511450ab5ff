"""GraphiQL under a strict content security policy: its page, and what the page is made of.

The folder `graphiql` of the repository has the sources of the page's scripts; `make graphiql` bundles them
with GraphiQL's packages into `graphiql_static/built`.

Scripts and workers come from files of this server, and nothing else runs. Styles are looser on GraphiQL's
page, since its editor (Monaco) places each line by a style attribute and writes its themes into style
elements: attributes are allowed, and the elements that have the response's nonce. Neither runs a script, and
with these policies a style can send nothing elsewhere.

The files are read and compressed once in a process, however often they are requested: the largest has 1.7 MB,
and compressing it takes longer than most operations.
"""

import asyncio
import re
import secrets
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from graph.http.compression import CODINGS, LEAST_BYTES, coding_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_EDITOR_STYLES = "style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; worker-src 'self'"
OWN = Path(str(files("graph.http").joinpath("graphiql_static")))
_MEDIA = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".ttf": b"font/ttf",
    ".txt": b"text/plain; charset=utf-8",
}
_HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+$")
_PART_BYTES = 64 * 1024  # the most that waits in memory for a client that does not read


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


class Asset:
    """A file: its content in each coding that was requested, and what its responses say of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._contents: dict[str, tuple[bytes, bytes]] = {}
        self._lock = asyncio.Lock()
        self._compressible = path.stat().st_size >= LEAST_BYTES
        # browsers revalidate before each use, so that no file is stale after an upgrade; a name with a hash
        # of the content makes that unnecessary
        lasting = _HASHED.search(path.name) is not None
        self.headers = [
            (b"content-type", _MEDIA[path.suffix]),
            (b"cache-control", b"public, max-age=31536000, immutable" if lasting else b"no-cache"),
            (b"vary", b"Accept-Encoding"),
            (b"x-content-type-options", b"nosniff"),
        ]

    def coding(self, accept: bytes) -> str:
        """The coding to send to a client with this Accept-Encoding header."""
        return (coding_of(accept) if self._compressible else None) or "identity"

    async def content(self, coding: str) -> tuple[bytes, bytes]:
        """The content in a coding, and its entity tag. Simultaneous first requests wait for one of them."""
        if coding not in self._contents:
            async with self._lock:
                if coding not in self._contents:
                    self._contents[coding] = await asyncio.to_thread(self._read, coding)
        return self._contents[coding]

    def _read(self, coding: str) -> tuple[bytes, bytes]:
        content = self._path.read_bytes()
        etag = f'"{blake2b(content, digest_size=12).hexdigest()}-{coding}"'.encode()
        return content if coding == "identity" else CODINGS[coding](content), etag


class Assets:
    """All files of a folder but its HTML pages, which are served by their own routes with their policies."""

    def __init__(self, folder: Path) -> None:
        self._assets = {
            path.relative_to(folder).as_posix(): Asset(path)
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".html"
        }

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the file with the name in the path, or say that the client's copy is current."""
        asset = self._assets.get(scope["path_params"]["name"])
        if asset is None:
            raise HTTPException(404)
        request_headers = dict(scope["headers"])
        coding = asset.coding(request_headers.get(b"accept-encoding", b""))
        content, etag = await asset.content(coding)
        headers = [*asset.headers, (b"etag", etag)]
        if coding != "identity":
            headers.append((b"content-encoding", coding.encode()))
        if _matches(request_headers.get(b"if-none-match", b""), etag):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        headers.append((b"content-length", b"%d" % len(content)))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        length = 0 if scope["method"] == "HEAD" else len(content)
        for start in range(0, length, _PART_BYTES):
            part = content[start : start + _PART_BYTES]
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _matches(condition: bytes, etag: bytes) -> bool:
    """Whether an If-None-Match header names the tag."""
    return any(tag.strip().removeprefix(b"W/") in (b"*", etag) for tag in condition.split(b","))


def assets() -> Route:
    """The route of the pages' scripts and styles."""
    return Route("/graphiql/{name:path}", Assets(OWN), methods=["GET", "HEAD"])
