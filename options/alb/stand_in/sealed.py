"""What a load balancer keeps in a browser: a value sealed for it, in as many cookies as it needs."""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# A cookie of a browser has at most 4096 bytes with its name and attributes.
SHARD = 3900
MOST_SHARDS = 6


class Seal:
    """One load balancer's key; what it seals for one purpose opens for no other."""

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes."""
        self._cipher = AESGCM(key)

    def close(self, purpose: str, value: Any) -> str:
        """Return a value as text that nobody reads or makes."""
        nonce = os.urandom(12)
        plain = json.dumps(value).encode()
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, plain, purpose.encode())).decode()

    def open(self, purpose: str, text: str) -> Any:
        """Return the value; None where this load balancer did not seal it for this."""
        try:
            whole = base64.urlsafe_b64decode(text.encode())
            plain = self._cipher.decrypt(whole[:12], whole[12:], purpose.encode())
        except (binascii.Error, InvalidTag, ValueError):
            return None
        return json.loads(plain)


def shards(name: str, text: str, seconds: int) -> list[str]:
    """Return the Set-Cookie values: `NAME-0`, `NAME-1`, …; those that are no more needed are ended."""
    pieces = [text[at : at + SHARD] for at in range(0, len(text), SHARD)]
    kept = [cookie(f"{name}-{n}", piece, seconds) for n, piece in enumerate(pieces)]
    return kept + [cookie(f"{name}-{n}", "", 0) for n in range(len(pieces), MOST_SHARDS)]


def joined(name: str, cookies: Mapping[str, str]) -> str:
    """Return what the cookies of a browser hold together; empty where there is none."""
    found = ""
    for n in range(MOST_SHARDS):
        if not (piece := cookies.get(f"{name}-{n}", "")):
            break
        found += piece
    return found


def cookie(name: str, value: str, seconds: int) -> str:
    """Return one Set-Cookie value. It goes along with other sites' requests: the application must cope."""
    return f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=None"
