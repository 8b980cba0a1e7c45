"""The commands of snapshots on an emulator that runs, and on its folder."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from entra_emulator import background, seed
from entra_emulator.cli.main import app
from entra_emulator.server_options import ServerOptions
from entra_emulator.snapshots import files, folder
from entra_emulator.state import state_files
from entra_emulator.state.records import Run

RUNNER = CliRunner()
ALICE = seed.fixed_id(seed.CONTOSO, "user", "alice@contoso.com")


def run(state: Path, *words: str) -> Result:
    """Run a command on a state folder."""
    return RUNNER.invoke(app, [*words, "--state", str(state)])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Run]:
    """Give an emulator on `tmp_path/state`."""
    state = tmp_path / "state"
    yield background.start(ServerOptions(state, port=0, seed="x"))
    background.end(state)


def disable_alice(found: Run, state: Path) -> None:
    """Write something that is not in a snapshot of before."""
    token = run(state, "token", "--app-id", seed.ADMIN_APP_ID)
    response = httpx.patch(
        f"{found.origin}/v1.0/users/{ALICE}",
        json={"jobTitle": "Gone"},
        headers={"Authorization": f"Bearer {token.stdout.strip()}"},
        verify=background.trust_of(state),
    )
    assert response.status_code == 204, response.text


def test_a_snapshot_goes_round(tmp_path: Path, running: Run) -> None:
    """Written, compared, gone back to by name, and begun with elsewhere: the same tenants, other keys."""
    state, file = tmp_path / "state", tmp_path / "before.json"
    written = run(state, "snapshot", "export", str(file))
    assert (written.exit_code, written.stderr) == (0, f"Wrote {file}.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "PRIVATE" not in file.read_text()
    assert not (state / state_files.HANDED_FILE).exists()
    assert run(state, "snapshot", "save", "before").exit_code == 0
    same = run(state, "diff", str(file))
    assert (same.exit_code, same.stdout, same.stderr) == (0, "", "Nothing differs.\n")

    disable_alice(running, state)
    for since in (str(file), "before", "beginning"):
        reported = run(state, "diff", since)
        assert reported.exit_code == 2
        assert reported.stdout == (
            f"Contoso ({seed.CONTOSO})\n  ~ users: Alice Archer: jobTitle None → 'Gone'\n"
        )
    assert run(state, "diff", "before", str(file)).exit_code == 0
    assert run(state, "snapshot", "restore", "before").exit_code == 0
    assert run(state, "diff", "before").exit_code == 0

    disable_alice(running, state)
    other = tmp_path / "other"
    assert run(other, "start", "--port", "0", "--snapshot", str(file)).exit_code == 0
    try:
        assert run(other, "diff", str(file)).exit_code == 0
        assert run(other, "diff", "beginning").exit_code == 0
        assert folder.keys(other) != folder.keys(state)
    finally:
        background.end(other)


def test_keys_go_along_when_told(tmp_path: Path, running: Run) -> None:
    """A token of the one is one of the other; an emulator that stands is asked by its folder alone."""
    state, file, other = tmp_path / "state", tmp_path / "keys.json", tmp_path / "other"
    assert run(state, "snapshot", "export", str(file), "--with-keys").stderr.endswith(
        "with the keys that sign tokens.\n"
    )
    background.end(state)
    folder.begin_with(other, files.read_snapshot(file))
    assert json.loads((other / state_files.SECRETS_FILE).read_text()) == json.loads(folder.keys(state))
    assert run(state, "snapshot", "export", str(tmp_path / "still.json")).exit_code == 0
    assert run(state, "diff", str(file), str(tmp_path / "still.json")).exit_code == 0


def test_what_is_refused(tmp_path: Path, running: Run) -> None:
    """Each refusal says what to do, and changes nothing."""
    state, broken = tmp_path / "state", tmp_path / "broken.json"
    broken.write_text("{}")
    for words, reported in (
        (("snapshot", "export", str(tmp_path)), "is a folder"),
        (("snapshot", "export", str(tmp_path / "x"), "--name", "nope"), "there is no snapshot 'nope'"),
        (("diff", "nope"), "there is no snapshot 'nope'"),
        (("diff", str(broken)), f"{broken}: is no snapshot"),
        (("diff", "no/such.json"), "no/such.json: No such file or directory"),
        (("snapshot", "save", "../x"), "a snapshot cannot be called '../x'"),
        (("start", "--snapshot", str(broken)), "`entra-emulator stop` first"),
    ):
        refused = run(state, *words)
        assert refused.exit_code == 1, words
        assert refused.stderr.startswith("error: ")
        assert reported in refused.stderr
    assert not (tmp_path / "x").exists()
    fresh = tmp_path / "fresh"
    refused = run(fresh, "start", "--port", "0", "--snapshot", str(broken))
    assert refused.exit_code == 1
    assert not fresh.exists()
    assert "holds no emulator's directory" in run(fresh, "snapshot", "export", str(tmp_path / "x")).stderr
    assert "no emulator runs on" in run(fresh, "snapshot", "save", "x").stderr


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (("take", "x"), "`entra-emulator take` is now called `entra-emulator snapshot save`"),
        (("back", "x"), "`entra-emulator back` is now called `entra-emulator snapshot restore`"),
        (("snapshot", "x.json"), "run `entra-emulator snapshot export x.json`"),
    ],
)
def test_an_old_command_names_the_new_one(tmp_path: Path, words: tuple[str, ...], reported: str) -> None:
    """It does nothing."""
    refused = run(tmp_path / "state", *words)

    assert refused.exit_code != 0
    assert reported in " ".join(refused.stderr.split())
    assert not (tmp_path / "state").exists()
