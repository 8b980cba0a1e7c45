"""A file that its owner alone reads: written whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from entra_config.errors import SinkError
from entra_config.hidden import Hidden
from entra_config.manifest.fields.field import Record, row
from entra_config.manifest.sinks import EMPTY, Content, Session, Sink, is_absolute

_LARGEST = 10_000


@dataclass(frozen=True)
class FileSink(Sink):
    """A file of the machine that rotates."""

    kind: str = field(default="file", init=False)
    record = Record(
        "a sink of kind file",
        "A file that its owner alone reads.",
        (row("path", "string", "An absolute path outside the checkout.", "/run/secrets/web", required=True),),
        short="",
        name="path",
    )

    def find_problem(self, root: Path) -> tuple[str, str] | None:
        """Check that the path is absolute, and not in the repository of the manifest."""
        path = self.text("path")
        if not is_absolute(path) or ".." in PurePosixPath(path).parts:
            return "path", f"`{path}` is not an absolute path"
        # What stands beside the manifest is committed one day.
        checkout = _find_checkout(root.absolute().parent)
        if Path(path).resolve().is_relative_to(checkout):
            return "path", f"`{path}` lies in {checkout}: a secret is kept outside the checkout"
        return None

    @property
    def reference(self) -> str:
        """Return the path."""
        return self.text("path")

    @property
    def reported(self) -> str:
        """Return the path."""
        return f"file {self.reference}"

    @property
    def place(self) -> tuple[str, ...]:
        """Return the path that links lead to."""
        return self.kind, str(Path(self.text("path")).resolve())

    def open_keeper(self, session: Session) -> FileKeeper:
        """Return a keeper that replaces the file."""
        return FileKeeper(Path(self.text("path")))


def _find_checkout(folder: Path) -> Path:
    """Return the folder of the repository that a manifest is in, else the one above the manifest's."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder.parent)


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

    async def keep(self, value: Hidden, key_id: str) -> None:
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
