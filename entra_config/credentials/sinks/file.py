"""A file that its owner alone reads: written whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from entra_config.credentials.sinks.base import EMPTY, Content
from entra_config.errors import SinkError
from entra_config.hidden import Hidden

_LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class FileKeeper:
    """Keeps the secret as all that a file holds; the file is replaced, so that no reader finds half of
    one.
    """

    path: Path

    async def prove(self) -> None:
        """Make and remove the file that takes the other's place for a moment; one that a kill left there
        goes too.
        """
        with self._telling("cannot be written"):
            if self.path.is_symlink() or (self.path.exists() and not self.path.is_file()):
                raise SinkError(f"{self.path} is no file: a secret is not written through a link")
            with suppress(FileNotFoundError):
                self._draft.unlink()
            os.close(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._draft.unlink()

    async def content(self) -> Content:
        """Return what the file holds."""
        with self._telling("cannot be read"):
            try:
                number = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            except FileNotFoundError:
                return EMPTY
            with os.fdopen(number, "rb") as file:
                if stat.S_IMODE(os.fstat(number).st_mode) & 0o077 and os.name == "posix":
                    raise SinkError(f"{self.path} can be read by others than its owner: chmod 600")
                found = file.read(_LARGEST)
        text = found.decode("utf-8", errors="replace").rstrip("\r\n")
        return Content.of(text) if text else EMPTY

    async def keep(self, value: Hidden, key_id: str) -> None:  # noqa: ARG002  # the protocol's
        """Write the secret beside the file, and put it in its place."""
        with self._telling("cannot be written"):
            with suppress(FileNotFoundError):
                self._draft.unlink()
            number = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(value.reveal().encode())
                file.flush()
                os.fsync(number)
            self._draft.replace(self.path)

    @property
    def _draft(self) -> Path:
        return self.path.with_name(f".{self.path.name}.next")

    def _telling(self, what: str) -> _Telling:
        return _Telling(self.path, what)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Says of an error of the system what file it is about."""

    path: Path
    what: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, OSError):
            raise SinkError(f"{self.path} {self.what}: {error.strerror}") from None
