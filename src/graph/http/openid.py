"""A client for an OpenID Connect provider: discovery, keys, and verified claims."""

import ssl
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from actions.identity.users.provider import Visit

SCOPE = "openid email profile"
_ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
_CACHE_SECONDS = 3_600
_LEEWAY_SECONDS = 60


class ProviderError(Exception):
    """The provider did not answer, or its answer cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and this server's credentials there, from the settings."""

    name: str
    issuer: str
    client_id: str
    client_secret: str | None = None


class _Metadata(msgspec.Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    id_token_signing_alg_values_supported: list[str] = msgspec.field(default_factory=lambda: ["RS256"])
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(
        default_factory=lambda: ["client_secret_basic"]
    )


class _TokenResponse(msgspec.Struct):
    id_token: str
    access_token: str = ""


class OpenID:
    """Talks to one provider; caches its metadata and keys for an hour."""

    def __init__(self, provider: Provider, redirect_uri: str) -> None:
        self.provider = provider
        self.redirect_uri = redirect_uri
        self._metadata: tuple[float, _Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def authorization_url(self, visit: Visit) -> str:
        """The URL that a sign-in starts at."""
        metadata = await self._discover()
        parameters = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": challenge(visit.verifier),
            "code_challenge_method": "S256",
        }
        separator = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
        return f"{metadata.authorization_endpoint}{separator}{urlencode(parameters)}"

    async def claims(self, code: str, visit: Visit) -> dict[str, Any]:
        """The verified claims of the ID token that a code stands for, with the e-mail address."""
        metadata = await self._discover()
        tokens = await self._exchange_code(metadata, code, visit)
        claims = await self._verified_claims(metadata, tokens.id_token, visit.nonce)
        if "email" not in claims and metadata.userinfo_endpoint and tokens.access_token:
            headers = {"authorization": f"Bearer {tokens.access_token}"}
            more = msgspec.json.decode(await _fetch("GET", metadata.userinfo_endpoint, headers=headers))
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise ProviderError("The user information is about another subject.")
            claims = {**more, **claims}
        return claims

    async def _discover(self) -> _Metadata:
        if self._metadata is None or self._metadata[0] < time.monotonic():
            url = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata: _Metadata = _decoded(await _fetch("GET", url), _Metadata)
            if metadata.issuer != self.provider.issuer:
                raise ProviderError("The provider's metadata names another issuer.")
            self._metadata = (time.monotonic() + _CACHE_SECONDS, metadata)
        return self._metadata[1]

    async def _exchange_code(self, metadata: _Metadata, code: str, visit: Visit) -> _TokenResponse:
        provider = self.provider
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "client_id": provider.client_id,
            "code_verifier": visit.verifier,
        }
        basic: tuple[str, str] | None = None
        if provider.client_secret:
            if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
                basic = (provider.client_id, provider.client_secret)
            else:
                form["client_secret"] = provider.client_secret
        content = await _fetch("POST", metadata.token_endpoint, data=form, auth=basic)
        tokens: _TokenResponse = _decoded(content, _TokenResponse)
        return tokens

    async def _verified_claims(self, metadata: _Metadata, id_token: str, nonce: str) -> dict[str, Any]:
        algorithms = sorted(_ALGORITHMS & set(metadata.id_token_signing_alg_values_supported))
        try:
            token = jwt.decode(id_token, await self._signing_keys(metadata), algorithms=algorithms)
        except (InvalidKeyIdError, JoseError, ValueError):
            # its keys may have been rotated since they were read
            self._keys = None
            try:
                token = jwt.decode(id_token, await self._signing_keys(metadata), algorithms=algorithms)
            except (JoseError, ValueError) as bad:
                raise ProviderError("The ID token is not signed by the provider.") from bad
        claims = dict(token.claims)
        registry = JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": metadata.issuer},
            aud={"essential": True, "value": self.provider.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as bad:
            raise ProviderError("The ID token is not for this visit.") from bad
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.provider.client_id) != self.provider.client_id:
            raise ProviderError("The ID token is for another client.")
        if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
            raise ProviderError("The ID token names no subject.")
        return claims

    async def _signing_keys(self, metadata: _Metadata) -> KeySet:
        if self._keys is None or self._keys[0] < time.monotonic():
            try:
                keys = KeySet.import_key_set(msgspec.json.decode(await _fetch("GET", metadata.jwks_uri)))
            except (JoseError, ValueError, TypeError, KeyError) as bad:
                raise ProviderError("The provider's keys cannot be read.") from bad
            self._keys = (time.monotonic() + _CACHE_SECONDS, keys)
        return self._keys[1]


def challenge(verifier: str) -> str:
    """The S256 code challenge of a PKCE verifier."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@cache
def _tls() -> ssl.SSLContext:
    """The certificates that are trusted. Reading them takes as long as the rest of a request."""
    return httpx.create_ssl_context(trust_env=False)


async def _fetch(method: str, url: str, **options: Any) -> bytes:
    """The body that a URL returns. Redirects are not followed: a provider has none at these URLs."""
    try:
        async with httpx.AsyncClient(
            verify=_tls(), timeout=10, trust_env=False, follow_redirects=False
        ) as http:
            response = await http.request(method, url, headers=options.pop("headers", None), **options)
    except httpx.HTTPError as error:
        raise ProviderError("The provider does not answer.") from error
    if response.status_code != 200:
        raise ProviderError(f"The provider answers with {response.status_code}.")
    return response.content


def _decoded(content: bytes, type_: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.MsgspecError as bad:
        raise ProviderError("The provider's answer cannot be read.") from bad
