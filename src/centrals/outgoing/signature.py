"""Signatures as Standard Webhooks defines them: HMAC-SHA256 over the id, the time and the body."""

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha256

from actions.developers.webhooks.secret import PREFIX


def signed_headers(message_id: str, seconds: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The headers of a message, with one signature for each secret."""
    content = f"{message_id}.{seconds}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key, content, sha256)).decode()}"
