"""Each try of each request in, one JSON line out: enough to tell what happened, nothing that must stay
secret.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

from entra_config.graph.client import ResponseReceived


class Journal:
    """Writes to a file that only its owner reads. Bodies and headers are left out: they may hold what
    others must not see.
    """

    def __init__(self, file: IO[str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._file, self._now = file, now

    @classmethod
    def open(cls, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Self:
        """Append to the file at `path`, made for its owner only."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"),
            now,
        )

    def responded(self, event: ResponseReceived, step: str) -> None:
        """Write one try of one request."""
        line = {
            "at": self._now().isoformat(),
            "step": step,
            "method": event.request.method,
            "path": event.request.endpoint + str(event.request.path),
            "status": event.response.status,
            "code": event.response.code,
            "requestId": event.response.request_id,
            "seconds": round(event.seconds, 3),
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        # A killed process leaves every line that it has come to.
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
