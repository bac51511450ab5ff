"""Providers to sign in with: a real one in a process of its own, and one that tells what it is told to."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from doorstep import free_port


@contextlib.asynccontextmanager
async def provider(*people: dict[str, Any]) -> AsyncIterator[str]:
    """The address of a provider that knows some people, by their claims; ended with the block."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    for claims in people:
        command += ["--user-claims", json.dumps(claims)]
    process = _started(command)
    address = f"http://127.0.0.1:{port}"
    try:
        await _answers(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _started(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def _answers(address: str) -> None:
    deadline = time.monotonic() + 30
    async with httpx.AsyncClient(verify=False) as http:
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get(f"{address}/.well-known/openid-configuration")).status_code == 200:
                    return
    raise AssertionError("The provider does not answer.")


@cache
def a_key(kid: str) -> RSAKey:
    """A key of that id, made once: it takes a while."""
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class Teller:
    """A provider whose ID tokens say what a test wants; `requests` is what came to its token endpoint."""

    key: RSAKey = field(default_factory=lambda: a_key("one"))
    published: RSAKey | None = None
    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    token: str | None = None
    issuer: str | None = None
    userinfo: dict[str, Any] | None = None
    challenge: str | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, path: str, form: dict[str, str], authorization: str | None) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            names = {"authorization": "/authorize", "token": "/token", "userinfo": "/userinfo"}
            endpoints = {f"{name}_endpoint": self.address + place for name, place in names.items()}
            return 200, {
                "issuer": self.issuer or self.address,
                "jwks_uri": f"{self.address}/keys",
                **endpoints,
            }
        if path == "/keys":
            return 200, KeySet([self.published or self.key]).as_dict(private=False)
        if path == "/userinfo":
            return (200, self.userinfo) if self.userinfo is not None else (500, {})
        if path == "/token":
            self.requests.append({**form, "authorization": authorization})
            spoken = sha256(form.get("code_verifier", "").encode()).digest()
            if self.challenge != urlsafe_b64encode(spoken).rstrip(b"=").decode():
                return 400, {"error": "invalid_grant"}
            signed = self.token or jwt.encode(
                self.header, self.claims, self.key, algorithms=["RS256", "HS256"]
            )
            return 200, {"id_token": signed, "access_token": "access", "token_type": "Bearer"}
        return 404, {}


@contextlib.contextmanager
def telling() -> Iterator[Teller]:
    """A provider that tells what it is told to, listening for as long as the block runs."""
    teller = Teller()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._tell({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._tell({name: values[0] for name, values in parse_qs(body).items()})

        def _tell(self, form: dict[str, str]) -> None:
            status, content_json = teller.answer(self.path, form, self.headers.get("authorization"))
            content = json.dumps(content_json).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        teller.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield teller
        finally:
            server.shutdown()
            thread.join()
