"""Answered requests in; the newest of them, as many as it may keep, and the number of all, out."""

from collections import deque
from collections.abc import Iterator
from typing import Any

DEFAULT_SIZE = 2000
_MOST = 1_000_000


class RequestLog:
    """The last requests, newest last, and how many there were."""

    def __init__(self, size: int = DEFAULT_SIZE) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=_checked(size))
        self.total = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._kept)

    @property
    def size(self) -> int:
        """Give the number of requests that it keeps."""
        return self._kept.maxlen or 0

    def append(self, request: dict[str, Any]) -> None:
        """Add a request; the oldest makes room."""
        self.total += 1
        self._kept.append(request)

    def clear(self) -> None:
        """Forget all, and count from nothing."""
        self._kept.clear()
        self.total = 0

    def resize(self, size: int) -> None:
        """Keep so many from now on; of those that it has, the newest. ValueError for a size that cannot
        be.
        """
        self._kept = deque(self._kept, maxlen=_checked(size))


def _checked(size: int) -> int:
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= _MOST:
        message = f"the log keeps 0 to {_MOST} requests, not {size!r}"
        raise ValueError(message)
    return size
