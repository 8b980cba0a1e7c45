"""Object ids, secrets and derived ids: a seed and a counter in, the same sequence out."""

import base64
import hashlib
import os
import re
import uuid

_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)


class Identifiers:
    """A seeded sequence of ids; its counter is saved with the directory, so that no id comes twice."""

    def __init__(self, seed: str | None = None, counter: int = 0) -> None:
        self.seed = seed if seed is not None else os.urandom(16).hex()
        self.counter = counter

    def bytes(self) -> bytes:
        """Give the next 32 bytes of the sequence."""
        self.counter += 1
        return hashlib.sha256(f"{self.seed}:{self.counter}".encode()).digest()

    def guid(self) -> str:
        """Give the next version 4 GUID."""
        return str(uuid.UUID(bytes=self.bytes()[:16], version=4))

    def secret(self) -> str:
        """Give a client secret of 40 characters."""
        return base64.urlsafe_b64encode(self.bytes()).decode().rstrip("=")[:40].ljust(40, "~")


def is_guid(text: str) -> bool:
    """Say whether the text is a GUID in its hyphenated form."""
    return _GUID.fullmatch(text) is not None


def link_id(*guids: str) -> str:
    """Derive the id of a grant: base64url of the little-endian GUIDs, without padding (azure-cli
    recordings).
    """
    return base64.urlsafe_b64encode(b"".join(uuid.UUID(guid).bytes_le for guid in guids)).decode().rstrip("=")


def secret_digest(secret: str) -> str:
    """Hash a secret for the directory, which never holds it in clear."""
    return hashlib.sha256(secret.encode()).hexdigest()


def security_identifier(row_id: str) -> str:
    """Derive the SID of a group or a user from its object id: four little-endian numbers after S-1-12-1."""
    raw = bytes.fromhex(row_id.replace("-", ""))
    swapped = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
    numbers = (int.from_bytes(swapped[at : at + 4], "little") for at in range(0, 16, 4))
    return "S-1-12-1-" + "-".join(str(number) for number in numbers)
