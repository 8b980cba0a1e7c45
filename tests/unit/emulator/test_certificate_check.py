"""What a CA must look like before anybody is advised to trust it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from entra_emulator import certificates, tls
from entra_emulator.state import certificate_check, processes, records
from entra_emulator.state.state_files import StateError
from tests.unit.emulator import planted

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("two", [False, True])
@pytest.mark.parametrize("shape", planted.SHAPES)
def test_a_ca_that_could_vouch_for_more_is_refused(shape: str, two: bool, tmp_path: Path) -> None:
    """Even if the record has it: an earlier version of the emulator could have made it wider."""
    ca = planted.make_ca(shape, two=two).ca
    records.write_made(tmp_path, {"ca.pem": ca})
    if shape == "as ours" and not two:
        assert certificate_check.read_ca(tmp_path).read_bytes() == ca
    else:
        with pytest.raises(StateError, match="cannot be trusted"):
            certificate_check.read_ca(tmp_path)


def test_the_server_s_certificate_is_signed_by_the_ca_and_its_key_fits() -> None:
    """What the emulator makes passes, and no mixture of two of them."""
    one, other = certificates.make(NOW), certificates.make(NOW)
    certificate_check.check_pair(*one)
    for mixed in ((other[0], one[1], one[2]), (one[0], one[1], other[2]), (one[0], one[0], one[2])):
        with pytest.raises(StateError):
            certificate_check.check_pair(*mixed)


def test_a_record_that_others_can_open_or_that_is_damaged_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names it and the way out."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    state = tmp_path / "state"
    tls.ensure(state, dt.datetime.now(dt.UTC))
    folder = tmp_path / "home/entra-emulator"
    (file,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    folder.chmod(0o755)
    with pytest.raises(StateError, match="chmod 700"):
        records.find_ca(state)
    folder.chmod(0o700)
    for text in ("", "[]", "{}", json.dumps({"folder": str(state), "made": 1, "run": None})):
        file.write_text(text)
        with pytest.raises(StateError, match="is damaged"):
            records.find_ca(state)


def test_records_of_deleted_folders_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next record that is written takes them away."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    for name in ("one", "other"):
        tls.ensure(tmp_path / name, dt.datetime.now(dt.UTC))
    for file in (tmp_path / "one").iterdir():
        file.unlink()
    (tmp_path / "one").rmdir()
    tls.ensure(tmp_path / "third", dt.datetime.now(dt.UTC))
    folders = [
        json.loads(file.read_text())["folder"] for file in (tmp_path / "home/entra-emulator").iterdir()
    ]
    assert sorted(folders) == [str(tmp_path / "other"), str(tmp_path / "third")]


def test_no_process_id_below_two_is_that_of_a_process() -> None:
    """Of 0 and -1 the system makes every process of the user."""
    assert [processes.find(pid) for pid in (-2, -1, 0, 1)] == [None] * 4


def test_root_under_sudo_finds_the_emulator_of_the_user_who_called_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sudo entra-config emulator trust --yes` writes to the system's store as root."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_UID", "1")
    monkeypatch.setattr("pwd.getpwuid", lambda uid: type("Row", (), {"pw_dir": str(tmp_path / str(uid))}))
    assert [(user.uid, user.home) for user in records.users()][1:] == [(1, tmp_path / "1")]
    monkeypatch.setenv("SUDO_UID", "x")
    assert len(records.users()) == 1
