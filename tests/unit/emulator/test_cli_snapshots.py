"""What a snapshot's commands say: of each difference, of a file, and of an emulator that does not run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from entra_emulator import background
from entra_emulator.cli import running, snapshots
from entra_emulator.snapshots import compare, files, folder
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


def test_differences_stand_below_their_tenant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    """Exit code 2 where there is one; what the emulator handed over is away afterwards."""
    calls: list[Any] = []
    rows = [DirectoryDifference(tenant, "users", "1", "added", name)
            for tenant, name in (("t1", "Ann"), ("t1", "Bob"), ("t2", "Eve"))]  # fmt: skip

    def differences(old: object, new: object) -> list[DirectoryDifference]:
        calls.append((old, new))
        return rows

    monkeypatch.setattr(compare, "differences", differences)
    code, out, err = ended(capsys, lambda: snapshots.diff("before", state=state))
    assert (code, err, calls) == (2, "", [(OLD, NEW)])
    assert out.splitlines() == [
        "New t1 (t1)", "  + users: Ann", "  + users: Bob", "New t2 (t2)", "  + users: Eve"
    ]  # fmt: skip
    assert not (state / state_files.HANDED_FILE).exists()
    rows.clear()
    assert ended(capsys, lambda: snapshots.diff("now", "before", state)) == (
        0,
        "",
        "Nothing differs.\n",
    )
    assert calls[1] == (NEW, OLD)


def test_a_file_is_one_that_is_there_or_is_called_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    """Any other word is the name of a snapshot that the emulator keeps."""
    monkeypatch.chdir(state)
    (state / "kept").write_text("now")
    (state / "x.json").write_text("now")
    assert snapshots._either("kept", state) is NEW
    assert snapshots._either("x.json", state) is NEW
    assert snapshots._either("other", state) is OLD
    for text, said in (("bad", "error: x.json: no JSON\n"), ("worse", "error: x.json: tenants[0]: no map\n")):
        (state / "x.json").write_text(text)
        assert ended(capsys, lambda: snapshots._either("x.json", state)) == (1, "", said)
    with pytest.raises(FileNotFoundError):
        snapshots._either("gone.json", state)
    with pytest.raises(FileNotFoundError):
        snapshots._either("./gone", state)
    code, _, err = ended(capsys, lambda: snapshots._either("gone", state))
    assert (code, err) == (1, "error: no such snapshot\n")


def test_what_is_saved_is_read_where_none_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Of now alone: what `take` kept went with the emulator."""
    saved: Any = OLD
    monkeypatch.setattr(runs, "find_run", lambda _: None)
    monkeypatch.setattr(folder, "saved", lambda where: saved if where == tmp_path else None)
    assert snapshots._kept("now", tmp_path) is OLD
    code, _, err = ended(capsys, lambda: snapshots._kept("before", tmp_path))
    command = f"entra-emulator start --state {tmp_path}"
    assert (code, err) == (1, f"error: no emulator runs on {tmp_path}. Start one:\n{command}\n")

    def broken(_: Path) -> None:
        raise SnapshotFileError("state", "is broken")

    monkeypatch.setattr(folder, "saved", broken)
    assert ended(capsys, lambda: snapshots._kept("now", tmp_path)) == (
        1,
        "",
        "error: state: is broken\n",
    )


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_snapshot_has_keys_where_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: Path, *, with_keys: bool
) -> None:
    """What cannot be written is an error; a folder is no file."""
    written: list[Any] = []
    monkeypatch.setattr(folder, "keys", lambda where: f"keys of {where.name}")
    monkeypatch.setattr(files, "write", lambda *given: written.append(given))
    file = state / "x.json"

    def command() -> None:
        snapshots.snapshot(file, state, "before", with_keys=with_keys)

    more = ", with the keys that sign tokens" if with_keys else ""
    assert ended(capsys, command) == (0, "", f"Wrote {file}{more}.\n")
    assert written == [(file, OLD, f"keys of {state.name}" if with_keys else None)]

    def full(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(files, "write", full)
    assert ended(capsys, command) == (1, "", f"error: {file}: No space left\n")
    file.mkdir()
    assert ended(capsys, command) == (1, "", f"error: {file} is a folder: name a file in it\n")


def test_taking_and_going_back_is_asked_of_the_emulator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """By name; what is next is said."""
    calls: list[Any] = []
    monkeypatch.setattr(runs, "find_run", lambda _: RUNS)
    monkeypatch.setattr(background, "control", lambda *given: calls.append(given))
    said = "`entra-emulator back a` goes back to now.\n"
    assert ended(capsys, lambda: snapshots.take("a", tmp_path)) == (0, "", said)
    assert ended(capsys, lambda: snapshots.back("a", tmp_path)) == (
        0,
        "",
        "The tenants are as at a.\n",
    )
    path = "/_emulator/snapshots"
    assert calls == [(RUNS, tmp_path, path, {"take": "a"}), (RUNS, tmp_path, path, {"back": "a"})]
    assert running.running_on(tmp_path) == RUNS


def test_a_folder_in_use_is_not_begun_with(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    """Nor with a file that is no snapshot."""
    begun: list[Any] = []
    monkeypatch.setattr(folder, "begin_with", lambda *given: begun.append(given))
    file = state / "x.json"
    file.write_text("bad")
    code, _, err = ended(capsys, lambda: snapshots.begin_with(state, file))
    words = "`entra-emulator stop` first, or give another --state"
    assert (code, err) == (1, f"error: an emulator runs on {state}: {words}\n")
    monkeypatch.setattr(runs, "find_run", lambda _: None)
    assert ended(capsys, lambda: snapshots.begin_with(state, file)) == (
        1,
        "",
        f"error: {file}: no JSON\n",
    )
    assert begun == []
    file.write_text("now")
    assert ended(capsys, lambda: snapshots.begin_with(state, file))[0] == 0
    assert begun == [(state, SimpleNamespace(directory=NEW))]
