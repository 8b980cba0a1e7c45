"""Small values in, opaque text that only this emulator reads out: codes, refresh tokens, sessions."""

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

# Real codes and refresh tokens begin with a version and a family, then are opaque.
PREFIX = "1.A"


class Seal:
    """One symmetric key; what it sealed for one purpose does not open for another."""

    def __init__(self, key: bytes) -> None:
        """Use 32 bytes as the key."""
        self.key = key
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, purpose: str, value: dict[str, Any]) -> str:
        """Seal `value` for `purpose`."""
        plain = json.dumps([purpose, value], separators=(",", ":")).encode()
        return PREFIX + self._fernet.encrypt(plain).decode().rstrip("=")

    def open(self, purpose: str, text: str) -> dict[str, Any] | None:
        """Return what was sealed for `purpose`, or None if the text is anything else."""
        body = text.removeprefix(PREFIX)
        try:
            plain = self._fernet.decrypt((body + "=" * (-len(body) % 4)).encode())
        except (InvalidToken, ValueError):
            return None
        found, value = json.loads(plain)
        return dict(value) if found == purpose else None
