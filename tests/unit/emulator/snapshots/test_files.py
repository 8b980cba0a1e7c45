"""Snapshot files as bytes: what they hold, what they are written as, and which keys they may have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.login.keys import KeyRing, _generate
from entra_emulator.snapshots import files, folder
from entra_emulator.snapshots.bounds import SnapshotFileError

CLOCK = ManualClock()
DIRECTORY = seed.contoso(seed="files", clock=CLOCK)
RING = KeyRing.generate(CLOCK.now)
WEAK = _generate(CLOCK.now(), 1024)
SEAL = "00" * 32
KEYS = {"keys": RING.dump(), "seal": SEAL}


def whole(**changes: Any) -> bytes:
    """Return a file with changes; what is None is not in it."""
    data = {**json.loads(files.text(DIRECTORY)), **changes}
    return json.dumps({name: value for name, value in data.items() if value is not None}).encode()


def test_a_file_is_what_was_written() -> None:
    """The directory and the moment, and no keys."""
    text = files.text(DIRECTORY)
    assert json.loads(text) == {
        "kind": "entra-emulator snapshot",
        "version": 1,
        "taken": "2026-01-01T00:00:00Z",
        "directory": DIRECTORY.dump(),
    }
    found = files.read_bytes(text.encode(), "f", CLOCK)
    assert (found.taken, found.keys) == ("2026-01-01T00:00:00Z", None)
    assert found.directory.dump() == DIRECTORY.dump()
    assert found.directory.clock is CLOCK


def test_a_file_of_an_earlier_version() -> None:
    """Its kind has the former name, and it is read alike."""
    found = files.read_bytes(whole(kind="entra-config emulator snapshot"), "f", CLOCK)
    assert found.directory.dump() == DIRECTORY.dump()


def test_a_file_with_keys(tmp_path: Path) -> None:
    """Is read with them, and a folder begins with both; without keys the folder's own stay."""
    path, state = tmp_path / "f", tmp_path / "state"
    state.mkdir()
    files.write(path, DIRECTORY, json.dumps(KEYS))
    found = files.read_snapshot(path, CLOCK)
    assert found.keys is not None
    assert json.loads(found.keys) == KEYS
    assert "PRIVATE" not in repr(found)
    folder.begin_with(state, found)
    assert json.loads(folder.keys(state)) == KEYS
    assert folder.saved(state).dump() == DIRECTORY.dump()
    assert (state / "beginning.json").read_text() == (state / "directory.json").read_text()
    folder.begin_with(state, files.read_bytes(whole(), "f"))
    assert json.loads(folder.keys(state)) == KEYS
    with pytest.raises(SnapshotFileError, match="holds no emulator's directory"):
        folder.saved(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": None}, "f: is no snapshot: its kind is not 'entra-emulator snapshot'"),
        ({"kind": "x"}, "f: is no snapshot: "),
        ({"version": None}, "version: is 'None', expected 1"),
        ({"version": 2}, "version: is '2', expected 1"),
        ({"taken": None}, "taken: is no time"),
        ({"taken": 5}, "taken: is no time"),
        ({"taken": "soon"}, "taken: is no time"),
        ({"directory": None}, "f: lacks directory"),
        ({"directory": []}, "directory: is no object"),
        ({"b": 1, "c": 1, "a": 1, "d": 1}, "f: has 'a', which is no part of a snapshot"),
        ({"x" * 90: 1}, f"f: has '{'x' * 80}', which is no part"),
        ({"keys": []}, "keys: are none of an emulator's (TypeError)"),
        ({"keys": {}}, "keys: are none of an emulator's (KeyError)"),
        ({"keys": {**KEYS, "keys": "{"}}, "keys: are none of an emulator's (JSONDecodeError)"),
        ({"keys": {**KEYS, "seal": "x"}}, "keys: are none of an emulator's (ValueError)"),
        ({"keys": {**KEYS, "seal": SEAL[2:]}}, "keys: are none of an emulator's"),
        ({"keys": {**KEYS, "seal": SEAL + "00"}}, "keys: are none of an emulator's"),
        ({"keys": {**KEYS, "more": 1}}, "keys: are none of an emulator's"),
        (
            {"keys": {**KEYS, "keys": KeyRing([RING.current, WEAK], 0, CLOCK.now).dump()}},
            "keys: are none of an emulator's",
        ),
    ],
)
def test_what_is_no_file(changes: dict[str, Any], message: str) -> None:
    """Of several strange parts the first one is named."""
    with pytest.raises(SnapshotFileError) as refused:
        files.read_bytes(whole(**changes), "f")
    assert str(refused.value).startswith(message)


def test_what_is_no_object() -> None:
    """Is no snapshot either."""
    with pytest.raises(SnapshotFileError, match="f: is no snapshot"):
        files.read_bytes(b"[]", "f")
