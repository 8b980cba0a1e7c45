"""Write a file completely or not at all, and tell a report from a file that is reviewed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_output(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write a report where its user wants it: a link is followed, a device or a pipe is written to.

    OSError names the file.
    """
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        with _naming(path), path.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        return
    _replace(Path(os.path.realpath(path)), text.encode(), mode)


def write_source(path: Path, content: str | bytes) -> None:
    """Write a manifest, a lock file or another file of a checkout; one that is there keeps its mode.

    OSError names the file, and refuses a link and all that is no file: a checkout may be somebody else's.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "is a link, and this file is never written through one", str(path))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "is not a file", str(path))
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666
    _replace(path, content.encode() if isinstance(content, str) else content, mode)


def _replace(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with _naming(path):
        try:
            number = os.open(
                draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), mode
            )
            with os.fdopen(number, "wb") as file:
                file.write(content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name the file in an error of the system's: that of a full disk names none."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
