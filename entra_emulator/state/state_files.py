"""Name, check and write the files of the emulator's state folder."""

import contextlib
import os
import shlex
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

# Where `entra-config emulator` looks too; projects ignore the one folder .entra-config/ in Git.
DEFAULT_FOLDER = Path(".entra-config/emulator")
# The first one that is set counts; the second is its former name.
FOLDER_VARIABLES = ("ENTRA_EMULATOR_STATE", "ENTRA_CONFIG_EMULATOR_STATE")
CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.pem", "server.pem", "server.key"
# The keys that sign tokens.
SECRETS_FILE = "sign-in.json"
DIRECTORY_FILE = "directory.json"
# What a reset goes back to: the process that serves does not have what filled the directory at the start.
BEGINNING_FILE = "beginning.json"
# Where a running emulator writes a snapshot for a user who may read its folder.
HANDED_FILE = "snapshot.json"
CLOCK_FILE, LOG_FILE = "clock", "emulator.log"
_ALL = (
    CA_FILE,
    CERTIFICATE_FILE,
    KEY_FILE,
    SECRETS_FILE,
    DIRECTORY_FILE,
    BEGINNING_FILE,
    HANDED_FILE,
    CLOCK_FILE,
    LOG_FILE,
)
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class StateError(Exception):
    """The state folder cannot be used safely; the message names the file and the way out."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True)
class User:
    """The user whose emulator it is."""

    uid: int
    home: Path


def state_folder() -> Path:
    """Return the state folder that the environment names, else the one in the working directory."""
    return Path(next(filter(None, map(os.environ.get, FOLDER_VARIABLES)), DEFAULT_FOLDER))


def check_folder(state: Path, user: User) -> None:
    """Raise StateError unless the folder and its files belong to the user and nobody else can write them.

    A folder that does not exist is safe.
    """
    for path in _places_of_links(state):
        if path.is_symlink():
            raise StateError(
                f"{path} is a link, and the emulator follows none: a checkout could contain it. "
                "Delete the link, or choose another folder with --state"
            )
    try:
        found = state.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(found.st_mode):
        raise StateError(f"{state} is not a folder. Choose another one with --state")
    # A container's volume is root's folder, in which each user can replace only his own files.
    is_shared = found.st_uid == 0 and bool(found.st_mode & stat.S_ISVTX)
    if found.st_uid != user.uid and not is_shared:
        raise StateError(
            f"{state} belongs to another user (uid {found.st_uid}), who could replace the emulator's "
            "certificate. Choose another folder with --state"
        )
    if found.st_mode & _OTHERS_WRITE and not is_shared:
        raise StateError(
            f"Other users can write to {state}. Run: chmod go-w {shlex.quote(str(state))}\n"
            "If the file system has no such permissions, choose another folder with --state"
        )
    for name in _ALL:
        _check_file(state / name, user)


def read_own(path: Path, user: User) -> bytes | None:
    """Return what a file of the user contains, None if there is none; StateError if it is not safe."""
    _check_file(path, user)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read()


def write_private(path: Path, data: bytes) -> None:
    """Write `data` so that only its owner reads it and no reader sees half of it."""
    with private_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that takes the place of `path` at the end, and leaves nothing behind where it
    fails. OSError names it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        # The error of a full disk names no file.
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _check_file(path: Path, user: User) -> None:
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return
    if not stat.S_ISREG(found.st_mode):
        raise StateError(f"{path} is not a regular file: the emulator follows no link. Delete it")
    if found.st_uid != user.uid:
        raise StateError(f"{path} belongs to another user (uid {found.st_uid}). Delete it")
    if found.st_mode & _OTHERS_WRITE:
        raise StateError(
            f"Other users can write to {path}. Delete it, or run: chmod go-w {shlex.quote(str(path))}"
        )


def _places_of_links(state: Path) -> list[Path]:
    """Return the parts of a path that a checkout could contain: the folder, its parent, and all below the
    working directory.
    """
    path, here = Path(os.path.abspath(state)), Path.cwd()  # noqa: PTH100  # a link stays one
    below = [part for part in path.parents if part.is_relative_to(here) and part != here]
    # The system's own links, as /tmp of macOS, belong to root.
    is_system = path.parent.is_symlink() and path.parent.lstat().st_uid == 0
    return [path, *below] if is_system else [path, path.parent, *below]
