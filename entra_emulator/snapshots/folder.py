"""A state folder and a snapshot file in; the folder begins with what the file holds, or the file has what
the folder holds.
"""

import datetime as dt
from pathlib import Path

from entra_emulator import tls
from entra_emulator.directory import Tenants
from entra_emulator.program import program_name
from entra_emulator.snapshots import files
from entra_emulator.snapshots.bounds import SnapshotFileError
from entra_emulator.state import records, state_files
from entra_emulator.state.state_files import BEGINNING_FILE, DIRECTORY_FILE, SECRETS_FILE


def begin_with(state: Path, snapshot: files.SnapshotFile) -> None:
    """Let the emulator of a folder start from a snapshot, and a reset go back to it.

    Where the file holds no keys the folder's own sign, as before.
    """
    tls.ensure(state, dt.datetime.now(dt.UTC))
    for name in (DIRECTORY_FILE, BEGINNING_FILE):
        with state_files.private_file(state / name) as file:
            file.writelines(piece.encode() for piece in snapshot.directory.pieces())
    if snapshot.keys is not None:
        records.write_made(state, {SECRETS_FILE: snapshot.keys.encode()})


def saved(state: Path) -> Tenants:
    """Return the directory that a folder holds, of an emulator that does not run."""
    path = state / DIRECTORY_FILE
    if not path.is_file():
        raise SnapshotFileError(
            str(state), f"holds no emulator's directory; `{program_name()} start` makes one"
        )
    return Tenants.load(path)


def keys(state: Path) -> str:
    """Return the keys that sign in a folder."""
    return (state / SECRETS_FILE).read_text(encoding="utf-8")
