"""The conversation with an OpenID Connect provider: where it is, its keys, and what its tokens say."""

import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from actions.users.provider import Visit

SCOPE = "openid email profile"
_SIGNED_BY = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
_KEPT_SECONDS = 3_600
_LEEWAY_SECONDS = 60


class ProviderFault(Exception):
    """The provider did not answer, or what it answered cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and what this server is to it, as the settings say."""

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


class _Answer(msgspec.Struct):
    id_token: str
    access_token: str = ""


class OpenID:
    """Speaks with one provider; keeps what it publishes for an hour."""

    def __init__(self, provider: Provider, redirect_uri: str) -> None:
        self.provider = provider
        self.redirect_uri = redirect_uri
        self._metadata: tuple[float, _Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def address(self, visit: Visit) -> str:
        """Where to send the browser of someone who sets out."""
        metadata = await self._discovered()
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": challenge(visit.verifier),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
        return f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"

    async def claims(self, code: str, visit: Visit) -> dict[str, Any]:
        """What the provider says of whoever brought a code: its ID token's claims, and his e-mail."""
        metadata = await self._discovered()
        answer = await self._exchanged(metadata, code, visit)
        claims = await self._judged(metadata, answer.id_token, visit.nonce)
        if "email" not in claims and metadata.userinfo_endpoint and answer.access_token:
            headers = {"authorization": f"Bearer {answer.access_token}"}
            more = msgspec.json.decode(await _asked("GET", metadata.userinfo_endpoint, headers=headers))
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise ProviderFault("The user information is another's.")
            claims = {**more, **claims}
        return claims

    async def _discovered(self) -> _Metadata:
        if self._metadata is None or self._metadata[0] < time.monotonic():
            place = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata: _Metadata = _decoded(await _asked("GET", place), _Metadata)
            if metadata.issuer != self.provider.issuer:
                raise ProviderFault("The provider calls itself otherwise.")
            self._metadata = (time.monotonic() + _KEPT_SECONDS, metadata)
        return self._metadata[1]

    async def _exchanged(self, metadata: _Metadata, code: str, visit: Visit) -> _Answer:
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
        content = await _asked("POST", metadata.token_endpoint, data=form, auth=basic)
        answer: _Answer = _decoded(content, _Answer)
        return answer

    async def _judged(self, metadata: _Metadata, id_token: str, nonce: str) -> dict[str, Any]:
        algorithms = sorted(_SIGNED_BY & set(metadata.id_token_signing_alg_values_supported))
        try:
            token = jwt.decode(id_token, await self._signers(metadata), algorithms=algorithms)
        except (InvalidKeyIdError, JoseError, ValueError):
            # its keys may have turned since they were read
            self._keys = None
            try:
                token = jwt.decode(id_token, await self._signers(metadata), algorithms=algorithms)
            except (JoseError, ValueError) as bad:
                raise ProviderFault("The ID token is not signed by the provider.") from bad
        claims = dict(token.claims)
        judge = JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": metadata.issuer},
            aud={"essential": True, "value": self.provider.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            judge.validate(claims)
        except JoseError as bad:
            raise ProviderFault("The ID token is not for this visit.") from bad
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.provider.client_id) != self.provider.client_id:
            raise ProviderFault("The ID token is for another client.")
        if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
            raise ProviderFault("The ID token names no one.")
        return claims

    async def _signers(self, metadata: _Metadata) -> KeySet:
        if self._keys is None or self._keys[0] < time.monotonic():
            try:
                keys = KeySet.import_key_set(msgspec.json.decode(await _asked("GET", metadata.jwks_uri)))
            except (JoseError, ValueError, TypeError, KeyError) as bad:
                raise ProviderFault("The provider's keys cannot be read.") from bad
            self._keys = (time.monotonic() + _KEPT_SECONDS, keys)
        return self._keys[1]


def challenge(verifier: str) -> str:
    """What the provider is told of a verifier before it sees it: PKCE's S256."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def _asked(method: str, url: str, **sent: Any) -> bytes:
    """What an address answers; redirects are not followed: a provider has none at these addresses."""
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False, follow_redirects=False) as http:
            response = await http.request(method, url, headers=sent.pop("headers", None), **sent)
    except httpx.HTTPError as fault:
        raise ProviderFault("The provider does not answer.") from fault
    if response.status_code != 200:
        raise ProviderFault(f"The provider answers with {response.status_code}.")
    return response.content


def _decoded(content: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as bad:
        raise ProviderFault("The provider's answer cannot be read.") from bad
