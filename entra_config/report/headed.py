"""A remark and whom it is about in; the remark as a line that says so once, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entra_config.resource import Address


def head(address: Address | None, message: str) -> str:
    """Return the key that stands before a message; "" where there is none, or the message begins with it."""
    return "" if address is None or message.startswith(f"{address.key} ") else address.key


def headed(address: Address | None, message: str) -> str:
    """Return a message behind its key."""
    key = head(address, message)
    return f"{key}: {message}" if key else message
