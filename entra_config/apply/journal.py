"""Each try of each request in, one JSON line out: enough to tell what happened, nothing that must stay
secret.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

from entra_config.files import name_errors
from entra_config.graph.client import ResponseReceived
from entra_config.moments import read_moment


class Journal:
    """Writes to a file that only its owner reads. Bodies and headers are left out: they may hold what
    others must not see.
    """

    def __init__(
        self,
        file: IO[str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        path: Path = Path("journal"),
    ) -> None:
        self._file, self._now, self._path = file, now, path

    @classmethod
    def open(cls, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Self:
        """Append to the file at `path`, made for its owner only."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"),
            now,
            path,
        )

    def began(self, digest: str, steps: int) -> None:
        """Write that a plan is begun: its digest, and how many steps it has."""
        self._write({"at": self._now().isoformat(), "plan": digest, "steps": steps})

    def ended(self, digest: str, *, complete: bool) -> None:
        """Write that it is over, and whether all of it was done."""
        self._write({"at": self._now().isoformat(), "plan": digest, "complete": complete})

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
        self._write(line)

    def _write(self, line: dict[str, Any]) -> None:
        with name_errors(self._path):
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            # A killed process leaves every line that it has come to.
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        with name_errors(self._path):
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# What the lines that tell how far it came have: of a plan that is begun, of one that is over, of a request.
_LINES = ({"at", "plan", "steps"}, {"at", "plan", "complete"}, {"step", "method", "status"})


@dataclass(frozen=True, slots=True)
class Died:
    """An apply that was begun and did not end with all of it done: when, of how many steps, and the ids of
    those that Graph confirmed.
    """

    at: str
    steps: int
    done: frozenset[str]

    @property
    def began(self) -> str:
        """Return when it began, to the minute."""
        moment = read_moment(self.at, None)
        return self.at if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def read_died(path: Path, digest: str) -> Died | None:
    """Return how an earlier apply of a plan ended without doing all of it; None if there is none."""
    try:
        return died(path.read_text(encoding="utf-8", errors="replace").splitlines(), digest)
    except OSError:
        return None


def died(lines: Iterable[str], digest: str) -> Died | None:
    """Return how an apply of a plan ended, unless all of it was done; None where none was begun. What is no
    line of a journal is passed over: the last one may be cut.
    """
    at, steps, done, open_, ours = "", 0, set[str](), False, False
    for line in _read(lines):
        if "plan" in line:
            ours = line["plan"] == digest
            if ours and "complete" in line:
                open_ = line["complete"] is not True
            elif ours:
                at, steps, open_ = at or str(line["at"]), steps or int(line["steps"]), True
        elif ours and line["method"] != "GET" and 200 <= int(line["status"]) < 300:
            done.add(str(line["step"]))
    return Died(at, steps, frozenset(done)) if open_ else None


def _read(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for text in lines:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and any(each <= line.keys() for each in _LINES):
            yield line
