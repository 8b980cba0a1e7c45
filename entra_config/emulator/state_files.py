"""A state folder's files by name; bytes in, a file that only its owner reads out."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.pem", "server.pem", "server.key"


def write_private(path: Path, data: bytes) -> None:
    """Write `data` so that only its owner reads it and no reader sees half of it."""
    with private_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that takes the place of `path` at the end, and leaves nothing behind where it
    fails.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
