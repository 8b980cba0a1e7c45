"""A record and its place in, what a store may see of it out; and back, by the current key or the last."""

import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NAME_BYTES = 4
_NONCE_BYTES = 12


class Seal:
    """AES-256-GCM, bound to the place: a record that is moved to another session's place does not open."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        """Take the keys, the one that seals first."""
        self._ciphers = {sha256(key).digest()[:_NAME_BYTES]: AESGCM(key) for key in keys}
        self._current = sha256(keys[0]).digest()[:_NAME_BYTES]

    def close(self, place: str, record: bytes) -> bytes:
        """Return the record sealed for a place."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, record, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes | None:
        """Return the record; None where none of the keys sealed it for this place."""
        name, rest = sealed[:_NAME_BYTES], sealed[_NAME_BYTES:]
        cipher = self._ciphers.get(name)
        if cipher is None or len(rest) <= _NONCE_BYTES:
            return None
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
        except InvalidTag:
            return None
