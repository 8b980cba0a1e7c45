"""What a snapshot's commands say: of each difference, of a file, and of an emulator that does not run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from entra_emulator import background
from entra_emulator.cli import snapshots
from entra_emulator.snapshots import files
from entra_emulator.snapshots.bounds import SnapshotFileError
from entra_emulator.snapshots.compare import DirectoryDifference, PropertyDifference
from entra_emulator.state import runs, state_files
from entra_emulator.state.records import Run

RUNS = Run(7, "then", "127.0.0.1", 9443, "secret", "t", "c", "s")
OLD: Any
NEW: Any
OLD, NEW = (
    SimpleNamespace(tenants={each: SimpleNamespace(tenant_id=each, display_name=f"{name} {each}")
                             for each in ("t1", "t2")})
    for name in ("Old", "New")
)  # fmt: skip


@pytest.mark.parametrize(
    ("difference", "line"),
    [
        (DirectoryDifference("t1", "users", "1", "added", "Ann"), "+ users: Ann"),
        (DirectoryDifference("t1", "users", "1", "removed", "Ann"), "- users: Ann"),
        (
            DirectoryDifference(
                "t1", "users", "1", "changed", "Ann",
                (PropertyDifference("jobTitle", None, "Boss"), PropertyDifference("x", [1], True)),
            ),
            "~ users: Ann: jobTitle None → 'Boss', x [1] → True",
        ),
    ],
)  # fmt: skip
def test_a_difference_is_a_line(difference: DirectoryDifference, line: str) -> None:
    """Its sign, where it stands, what it is called, and each property that differs."""
    assert snapshots._line(difference) == line


@pytest.mark.parametrize(
    ("length", "short"), [(58, f"'{'x' * 58}'"), (59, f"'{'x' * 58}…"), (300, f"'{'x' * 58}…")]
)
def test_a_long_value_is_cut(length: int, short: str) -> None:
    """At sixty characters, with the sign that says so."""
    assert snapshots._short("x" * length) == short
    assert len(short) == 60


def ended(capsys: pytest.CaptureFixture[str], command: Callable[[], object]) -> tuple[int, str, str]:
    """Return with which code a command ends, and what it says."""
    code = 0
    try:
        command()
    except typer.Exit as end:
        code = end.exit_code
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a folder on which an emulator runs that hands over what it keeps."""
    monkeypatch.setattr(runs, "find_run", lambda _: RUNS)

    def control(found: Run, where: Path, path: str, body: Any) -> dict[str, Any]:
        assert (found, where, path) == (RUNS, tmp_path, "/_emulator/save")
        if body == {"snapshot": "gone"}:
            raise background.ControlError("no such snapshot")
        (tmp_path / state_files.HANDED_FILE).write_text(body["snapshot"])
        return {}

    def read(path: Path) -> Any:
        text = path.read_text()
        if text == "bad":
            raise SnapshotFileError(str(path), "no JSON")
        if text == "worse":
            raise SnapshotFileError("tenants[0]", "no map")
        return SimpleNamespace(directory={"now": NEW}.get(text, OLD))

    monkeypatch.setattr(background, "control", control)
    monkeypatch.setattr(files, "read_snapshot", read)
    return tmp_path
