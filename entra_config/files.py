"""Write a file completely or not at all, and tell a report from a file that is reviewed."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Names of what this process has open already. The shell may have made a file of it: the name leads to that
# file, and the rest of the output goes there, too.
_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_OPEN = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")


def write_output(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write a report where its user wants it: a link is followed, a device or a pipe is written to, and so is
    what is open already, as `/dev/stdout` is.

    OSError names the file.
    """
    if (number := _find_open(path)) is not None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        with name_errors(path), os.fdopen(os.dup(number), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        with name_errors(path), path.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        return
    _replace(Path(os.path.realpath(path)), text.encode(), mode)


def write_source(path: Path, content: str | bytes) -> None:
    """Write a manifest, a lock file or another file of a checkout; one that is there keeps its mode.

    OSError names the file.
    """
    check_source(path)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666
    _replace(path, content.encode() if isinstance(content, str) else content, mode)


def check_source(path: Path) -> None:
    """Refuse a link and all that is no file by an OSError: a checkout may be somebody else's."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "is a link, and this file is never written through one", str(path))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "is not a file", str(path))


def find_work_tree(folder: Path) -> Path | None:
    """Return the work tree of git that a folder is in, None if it is in none.

    Asked from inside of a folder, git would take one with HEAD, objects and refs in it for a repository, and
    run what its config says (`safe.bareRepository`): anybody may check such files in, but none by the name
    `.git`.
    """
    here = folder.resolve()
    return next((each for each in (here, *here.parents) if (each / ".git").exists()), None)


def _find_open(path: Path) -> int | None:
    """Return the number of the open file that a name stands for, None if it stands for none."""
    if match := _OPEN.fullmatch(str(path)):
        return int(match.group(1))
    return _STREAMS.get(str(path))


def _replace(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with name_errors(path):
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
def name_errors(path: Path) -> Iterator[None]:
    """Put the name of the file into an error of the system: that of a full disk has none."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
