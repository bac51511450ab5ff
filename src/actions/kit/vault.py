"""Secrets that the server must read again, encrypted at rest under a key of the server."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class DecryptionError(Exception):
    """None of the server's keys decrypts a secret for this owner."""


class Vault:
    """Encrypts secrets with AES-GCM, each for one owner. Decrypts with previous keys, too."""

    def __init__(self, key: bytes, previous: Sequence[bytes] = ()) -> None:
        self._current, *self._previous = (
            AESGCM(blake2b(secret, person=b"vault", digest_size=32).digest()) for secret in (key, *previous)
        )

    def seal(self, owner: str, secret: str) -> str:
        """The encrypted secret. It can be decrypted only for the same owner."""
        nonce = token_bytes(_NONCE_BYTES)
        content = nonce + self._current.encrypt(nonce, secret.encode(), owner.encode())
        return urlsafe_b64encode(content).decode()

    def open(self, owner: str, stored: str) -> str:
        """The decrypted secret.

        Raises `DecryptionError` if it belongs to another owner or was encrypted with an unknown key.
        """
        content = urlsafe_b64decode(stored)
        nonce, ciphertext = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        for key in (self._current, *self._previous):
            try:
                return key.decrypt(nonce, ciphertext, owner.encode()).decode()
            except InvalidTag:
                continue
        raise DecryptionError

    def is_current(self, owner: str, stored: str) -> bool:
        """Whether it was encrypted with the newest key."""
        content = urlsafe_b64decode(stored)
        try:
            self._current.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], owner.encode())
        except InvalidTag:
            return False
        return True


@lru_cache(maxsize=8)
def vault_of(key: bytes, previous: tuple[bytes, ...] = ()) -> Vault:
    """The vault of a server's keys."""
    return Vault(key, previous)
