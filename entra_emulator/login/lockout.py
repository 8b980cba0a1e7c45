"""The wrong passwords of one user: how many there were, and until when no other is looked at.

Source: Microsoft's page howto-password-smart-lockout. Whether the tenth wrong password or the next one is the
first to be answered as locked is not said; here it is the next one.
"""

import datetime as dt
from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256

_MOST = 10
_LOCKED = dt.timedelta(minutes=1)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
# One of the last three wrong passwords does not count again.
_REMEMBERED = 3


@dataclass
class WrongPasswords:
    """The wrong passwords of one user; each locks for as long, where Entra locks longer with each."""

    number: int = 0
    last: deque[bytes] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    locked_until: dt.datetime = _NEVER

    def count(self, password: str, now: dt.datetime) -> None:
        """Count a wrong password, and lock the account after ten, and then after each."""
        digest = sha256(password.encode()).digest()
        if digest in self.last:
            return
        self.last.append(digest)
        self.number += 1
        if self.number >= _MOST:
            self.locked_until = now + _LOCKED
