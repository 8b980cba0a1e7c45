"""A directory in, a snapshot file that others may have out; and back, trusting nothing in it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_emulator.clock import Clock, fine_stamp, is_stamp
from entra_emulator.directory import Tenants
from entra_emulator.snapshots import bounds, tenants
from entra_emulator.snapshots.bounds import SnapshotFileError
from entra_emulator.state import state_files

KIND = "entra-emulator snapshot"
# Earlier versions wrote the second.
_KINDS = (KIND, "entra-config emulator snapshot")
VERSION = 1
_PARTS = {"kind", "version", "taken", "directory", "keys"}


@dataclass(frozen=True)
class SnapshotFile:
    """What a file holds: a directory and, where it was written with them, the keys that sign tokens."""

    directory: Tenants = field(repr=False)
    taken: str
    # As `SignIn.secrets` writes them.
    keys: str | None = field(default=None, repr=False)


def write(path: Path, directory: Tenants, keys: str | None = None) -> None:
    """Write a directory, readable by its owner only; `keys` are those of `SignIn.secrets`."""
    with state_files.private_file(path) as file:
        file.writelines(piece.encode() for piece in _pieces(directory, keys))


def read_snapshot(path: Path, clock: Clock | None = None) -> SnapshotFile:
    """Read a file; SnapshotFileError says where and what is wrong with it."""
    return _checked(bounds.load(path), str(path), clock)


def read_bytes(data: bytes, name: str, clock: Clock | None = None) -> SnapshotFile:
    """Read what a file holds that somebody sent as `name`; SnapshotFileError as `read_snapshot` has it."""
    return _checked(bounds.parse(data, name), name, clock)


def text(directory: Tenants) -> str:
    """Return what a file of a directory holds, without keys."""
    return "".join(_pieces(directory, None))


def _checked(data: Any, name: str, clock: Clock | None) -> SnapshotFile:
    if not isinstance(data, dict) or data.get("kind") not in _KINDS:
        raise SnapshotFileError(name, f"is no snapshot: its kind is not {KIND!r}")
    if strange := sorted(set(data) - _PARTS):
        raise SnapshotFileError(name, f"has {strange[0][:80]!r}, which is no part of a snapshot")
    if data.get("version") != VERSION:
        raise SnapshotFileError("version", f"is {str(data.get('version'))[:40]!r}, expected {VERSION}")
    taken = data.get("taken")
    if not isinstance(taken, str) or not is_stamp(taken):
        raise SnapshotFileError("taken", "is no time")
    if "directory" not in data:
        raise SnapshotFileError(name, "lacks directory")
    keys = _keys(data["keys"]) if data.get("keys") is not None else None
    return SnapshotFile(tenants.directory(data["directory"], clock), taken, keys)


def _pieces(directory: Tenants, keys: str | None) -> Iterator[str]:
    head: dict[str, Any] = {"kind": KIND, "version": VERSION, "taken": fine_stamp(directory.clock.now())}
    if keys is not None:
        head["keys"] = json.loads(keys)
    yield json.dumps(head)[:-1] + ', "directory": '
    yield from directory.pieces()
    yield "}\n"


def _keys(data: Any) -> str:
    """Hold keys to what an emulator writes, by reading them as it does."""
    from entra_emulator.clock import SystemClock
    from entra_emulator.login.keys import KeyRing

    try:
        ring = KeyRing.load(data["keys"], SystemClock().now)
        sealed = bytes.fromhex(data["seal"])
        sound = set(data) == {"keys", "seal"} and len(sealed) == 32 and ring.sound()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise SnapshotFileError("keys", f"are none of an emulator's ({type(error).__name__})") from error
    if not sound:
        raise SnapshotFileError("keys", "are none of an emulator's")
    return json.dumps(data)
