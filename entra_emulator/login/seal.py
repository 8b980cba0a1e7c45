"""Small values in, opaque text that only this emulator reads out: codes, refresh tokens, sessions."""

import base64
import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

# Real codes and refresh tokens begin with a version and a family, then are opaque.
PREFIX = "1.A"


class Seal:
    """One symmetric key; what it sealed for one purpose does not open for another."""

    def __init__(self, key: bytes) -> None:
        """Use 32 bytes as the key."""
        self.key = key

    @cached_property
    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self.key))

    def close(self, purpose: str, value: dict[str, Any]) -> str:
        """Seal `value` for `purpose`."""
        plain = json.dumps([purpose, value], separators=(",", ":")).encode()
        return PREFIX + self._fernet.encrypt(plain).decode().rstrip("=")

    def open(self, purpose: str, text: str) -> dict[str, Any] | None:
        """Return what was sealed for `purpose`, or None if the text is anything else."""
        from cryptography.fernet import InvalidToken

        body = text.removeprefix(PREFIX)
        try:
            plain = self._fernet.decrypt((body + "=" * (-len(body) % 4)).encode())
        except (InvalidToken, ValueError):
            return None
        found, value = json.loads(plain)
        return dict(value) if found == purpose else None
