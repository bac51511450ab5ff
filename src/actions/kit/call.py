"""One call of a mutation: who makes it, from where, and its idempotency key."""

import hmac
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from authz.viewer import SIGNED_OUT, Viewer


class Call(msgspec.Struct, frozen=True):
    """The caller, as the log names them, and what identifies a repeated call."""

    viewer: Viewer
    request_id: str
    address: str | None = None
    chain_key: bytes = b""
    key: str | None = None  # the client's idempotency key
    input_digest: str = ""  # of the whole input but the key; empty without a key
    earlier_digests: tuple[str, ...] = ()  # the same under the server's previous keys

    @property
    def signed_out(self) -> "Call":
        """The same call, signed out: for mutations that identify the caller themselves."""
        return replace(self, viewer=SIGNED_OUT)

    @property
    def outside(self) -> "Call":
        """The same person outside any central: for what people do to themselves, which no account logs."""
        return replace(self, viewer=replace(self.viewer, central=None, role=None))


def digest_of(secret: bytes, values: object) -> str:
    """A digest under the server's key, to compare values. Nobody can use it to guess a secret."""
    return hmac.new(secret, msgspec.json.encode(values, order="deterministic"), sha256).hexdigest()
