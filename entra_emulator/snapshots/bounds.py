"""A path in; the JSON of a file that may come from anybody, bounded in every way, or what is wrong, out."""

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

# 10,000 registrations with their service principals and assignments are 43 MB with 450,000 values that hold
# others.
MOST_BYTES = 100_000_000
MOST_CONTAINERS = 2_000_000
DEEPEST = 24
LONGEST_TEXT = 1_000_000


class SnapshotFileError(ValueError):
    """A file that is no snapshot, or none that can be trusted; the message says where and what."""

    def __init__(self, where: str, what: str) -> None:
        """Say where in the file, and what is wrong there."""
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


def load(path: Path) -> Any:
    """Read a file as JSON; SnapshotFileError where it is a link, no file, too large or no JSON."""
    return parse(_bytes(path), str(path))


def parse(data: bytes, name: str) -> Any:
    """Read the bytes of a file as JSON; SnapshotFileError, which calls it `name`, as `load` has it."""
    if len(data) > MOST_BYTES:
        raise SnapshotFileError(name, f"is larger than {MOST_BYTES / 1e6:.0f} MB")
    containers = data.count(b"{") + data.count(b"[")
    if containers > MOST_CONTAINERS:
        raise SnapshotFileError(name, f"has {containers:,} objects and lists, at most {MOST_CONTAINERS:,}")
    try:
        value = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise SnapshotFileError(name, f"is not UTF-8: {error}") from error
    except RecursionError as error:
        raise SnapshotFileError(name, f"is nested deeper than {DEEPEST}") from error
    except ValueError as error:
        # Whoever is told a number of 5,000 digits needs not all of them.
        raise SnapshotFileError(name, f"is no JSON: {str(error)[:200]}") from error
    _check(value, "", 0)
    return value


def _bytes(path: Path) -> bytes:
    try:
        # A link could name a file that is not meant; a pipe would keep everybody waiting.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        link = error.errno == errno.ELOOP
        raise SnapshotFileError(
            str(path), "is a link: name the file itself" if link else str(error.strerror)
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise SnapshotFileError(str(path), "is no file")
    with os.fdopen(handle, "rb") as file:
        return file.read(MOST_BYTES + 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"{twice[:80]!r} stands twice in one object"
        raise ValueError(message)
    return found


def _constant(text: str) -> Any:
    message = f"{text} is no number of JSON"
    raise ValueError(message)


def _check(value: Any, where: str, depth: int) -> None:
    """Refuse what is too deep or long, and text that no file can hold."""
    if depth > DEEPEST:
        raise SnapshotFileError(where or "the file", f"is nested deeper than {DEEPEST}")
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            _check(each, f"{where}[{number}]", depth + 1)
    elif isinstance(value, dict):
        for name, each in value.items():
            inside = f"{where}.{name[:80]}" if where else name[:80]
            _check_text(name, inside)
            _check(each, inside, depth + 1)


def _check_text(text: str, where: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise SnapshotFileError(where, f"is a text of {len(text):,} characters, at most {LONGEST_TEXT:,}")
    if text.isascii() and "\0" not in text:
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise SnapshotFileError(where, "holds half a character (a lone surrogate)") from error
    if "\0" in text:
        raise SnapshotFileError(where, "holds a character of number 0")
