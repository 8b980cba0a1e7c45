"""What is run on Debian to trust the emulator's CA, command by command, and what is said of it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from entra_emulator import trust, trust_commands

NAME = "entra-emulator"
KEYCHAIN = "~/Library/Keychains/login.keychain-db"


class Machine:
    """A Debian whose programs are written down instead of run."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, programs: Sequence[str]) -> None:
        """Have these programs."""
        self.home, self.system, self.ca = folder / "home", folder / "system", folder / "ca.pem"
        self.update = folder / "update-ca-certificates"
        self.ran: list[tuple[str, ...]] = []
        self.system.mkdir()
        self.update.touch()
        self.ca.write_bytes(b"the CA")
        known = {"update-ca-certificates": str(self.update), "certutil": "/bin/certutil"}
        monkeypatch.setattr("shutil.which", lambda name: known[name] if name in programs else None)
        monkeypatch.setattr("subprocess.run", self._run)

    def _run(self, command: tuple[str, ...], **_: Any) -> subprocess.CompletedProcess[str]:
        self.ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    def apply(self, **options: Any) -> list[str]:
        """Give or take the trust; return what is said."""
        return list(trust.apply(self.ca, folder=self.system, home=self.home, platform="linux", **options))

    @property
    def installed(self) -> Path:
        """Return where the system has the CA."""
        return self.system / "entra-emulator.crt"


BOTH = ("update-ca-certificates", "certutil")


def test_the_system_and_a_new_database_of_browsers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is made; what was there of an earlier emulator goes first."""
    machine = Machine(tmp_path, monkeypatch, BOTH)
    database = machine.home / ".pki/nssdb"
    where = ("-d", f"sql:{database}", "-n", NAME)
    assert machine.apply() == [
        f"Added to the system's store ({machine.installed}).",
        f"Trusted by browsers that use {database}.",
    ]
    assert machine.ran == [
        (str(machine.update),),
        ("/bin/certutil", "-N", "-d", f"sql:{database}", "--empty-password"),
        ("/bin/certutil", "-D", *where),
        ("/bin/certutil", "-A", *where, "-t", "C,,", "-i", str(machine.ca)),
    ]
    assert machine.installed.read_bytes() == b"the CA"
    assert machine.installed.stat().st_mode & 0o777 == 0o644
    assert database.is_dir()


def test_a_database_that_is_there_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is the CA copied a second time where only browsers are meant."""
    machine = Machine(tmp_path, monkeypatch, BOTH)
    database = machine.home / ".pki/nssdb"
    database.mkdir(parents=True)
    (database / "cert9.db").touch()
    assert machine.apply(root=False) == [f"Trusted by browsers that use {database}."]
    assert [command[1] for command in machine.ran] == ["-D", "-A"]
    assert not machine.installed.exists()


def test_what_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has it; a database is not made for that."""
    machine = Machine(tmp_path, monkeypatch, BOTH)
    database = machine.home / ".pki/nssdb"
    gone = ("/bin/certutil", "-D", "-d", f"sql:{database}", "-n", NAME)
    assert machine.apply(remove=True) == [f"No longer trusted by browsers that use {database}."]
    machine.installed.touch()
    assert machine.apply(remove=True) == [
        f"Removed from the system's store ({machine.installed}).",
        f"No longer trusted by browsers that use {database}.",
    ]
    assert machine.ran == [gone, (str(machine.update), "--fresh"), gone]
    assert not machine.installed.exists()
    assert not database.exists()


LACKING = "certutil is missing (apt-get install libnss3-tools)"


def test_without_certutil_browsers_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is said; where nothing else is to be done, it is an error."""
    machine = Machine(tmp_path, monkeypatch, BOTH[:1])
    assert machine.apply() == [
        f"Added to the system's store ({machine.installed}).",
        f"Browsers were left alone: {LACKING}.",
    ]
    assert machine.apply(remove=True, root=False) == [f"Browsers were left alone: {LACKING}."]
    with pytest.raises(trust.TrustError) as caught:
        machine.apply(root=False)
    assert str(caught.value) == LACKING


def test_where_the_system_s_store_cannot_be_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no Debian, or somebody else's folder."""
    machine = Machine(tmp_path, monkeypatch, BOTH)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(trust.TrustError, match="cannot be written to: run it as root"):
        machine.apply()
    machine.update.unlink()
    with pytest.raises(trust.TrustError, match="this is not Debian"):
        machine.apply()
    assert machine.ran == []


@pytest.mark.parametrize(("error", "output", "words"), [("no\n", "out", "x: no"), ("", " out ", "x: out")])
def test_a_program_that_fails(error: str, output: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told in its own words, unless it may fail."""
    failed = subprocess.CompletedProcess(("x",), 3, output, error)
    asked: list[Any] = []
    monkeypatch.setattr("subprocess.run", lambda *_, **options: (asked.append(options), failed)[1])
    with pytest.raises(trust.TrustError) as caught:
        trust._run("x")
    assert str(caught.value) == words
    trust._run("x", may_fail=True)
    assert asked == [{"capture_output": True, "text": True, "check": False}] * 2


def test_a_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is said, also where it may fail."""

    def missing(*_: Any, **__: Any) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("subprocess.run", missing)
    with pytest.raises(trust.TrustError, match=r"^x is not there$"):
        trust._run("x", may_fail=True)


@pytest.mark.parametrize(
    ("remove", "curl", "mac", "windows"),
    [
        (
            False,
            "curl        curl --cacert /x/ca.pem …     or: export CURL_CA_BUNDLE=/x/ca.pem",
            f"macOS       security add-trusted-cert -r trustRoot -p ssl -k {KEYCHAIN} /x/ca.pem",
            "Windows     certutil.exe -user -addstore Root /x/ca.pem",
        ),
        (
            True,
            "curl        unset CURL_CA_BUNDLE",
            f'macOS       security delete-certificate -c "{trust_commands.COMMON_NAME}" -t {KEYCHAIN}',
            f'Windows     certutil.exe -user -delstore Root "{trust_commands.COMMON_NAME}"',
        ),
    ],
)
def test_what_people_type(*, remove: bool, curl: str, mac: str, windows: str) -> None:
    """The commands of their system, as they are typed there."""
    lines = trust.explain(Path("/x/ca.pem"), remove=remove).splitlines()
    assert {curl, mac, windows} <= set(lines)


def test_what_may_fail_is_what_need_not_be_there() -> None:
    """To take away; to give may not. Firefox's profiles come in order."""
    systems: tuple[trust_commands.System, ...] = ("macOS", "Windows")
    for system in systems:
        gone, given = trust_commands.store(system, Path("/ca"), Path("/home"), remove=False)
        assert (gone.may_fail, gone.what, given.may_fail) == (True, "", False)
        (only,) = trust_commands.store(system, Path("/ca"), Path("/home"), remove=True)
        assert only.may_fail
        assert only.words == gone.words
    (only,) = trust_commands.nss(Path("/db"), Path("/ca"), "certutil", remove=True)
    gone, given = trust_commands.nss(Path("/db"), Path("/ca"), "certutil", remove=False)
    assert (only.may_fail, gone.may_fail, given.may_fail) == (True, True, False)
    assert trust_commands.store("Linux", Path("/ca"), Path("/home"), remove=False) == ()


def test_databases_of_browsers_come_in_order(tmp_path: Path) -> None:
    """Chromium's first, on Linux alone."""
    for name in ("snap/firefox/common/.mozilla/firefox/b", ".mozilla/firefox/z", ".mozilla/firefox/a"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "cert9.db").touch()
    names = [str(path.relative_to(tmp_path)) for path in trust_commands.databases("Linux", tmp_path)]
    assert names == [
        ".pki/nssdb",
        ".mozilla/firefox/a",
        ".mozilla/firefox/z",
        "snap/firefox/common/.mozilla/firefox/b",
    ]
    assert trust_commands.databases("macOS", tmp_path) == []
