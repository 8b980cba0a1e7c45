"""`make dev` offers that browsers trust the emulator: once for each CA, and where somebody can answer."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from dev import trusting
from entra_emulator import tls, trust


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """Make an emulator's CA."""
    return tls.ensure(tmp_path / "state", dt.datetime.now(dt.UTC)).ca


def offered(ca: Path, responses: list[str]) -> tuple[list[str], list[Path]]:
    """Offer the trust to whoever gives these answers; return what was said, and what became trusted."""
    said: list[str] = []
    trusted: list[Path] = []

    def give(file: Path) -> list[str]:
        trusted.append(file)
        return ["Trusted by all."]

    def ask(_: str) -> str:
        if not responses:
            raise EOFError
        return responses.pop(0)

    trusting.offer(ca, said.append, ask=ask, give=give)
    return said, trusted


def test_a_yes_is_done_and_not_asked_for_again(ca: Path) -> None:
    """What was done is said; the next start asks nothing, and one with another CA asks again."""
    assert offered(ca, ["y"]) == (["  Trusted by all."], [ca.absolute()])
    assert offered(ca, ["y"]) == ([], [])
    ca.write_text("another", encoding="ascii")
    assert offered(ca, ["yes"]) == (["  Trusted by all."], [ca.absolute()])


@pytest.mark.parametrize("response", ["", "n", "no", "what"])
def test_anything_else_is_no(ca: Path, response: str) -> None:
    """Nothing is trusted, and nobody is asked at each start."""
    assert offered(ca, [response]) == ([], [])
    assert offered(ca, ["y"]) == ([], [])


def test_who_ends_the_input_is_asked_next_time(ca: Path) -> None:
    """An end of the input is no answer."""
    assert offered(ca, []) == ([], [])
    assert offered(ca, ["y"])[1] == [ca.absolute()]


def test_what_could_not_be_done_is_said_and_offered_again(ca: Path) -> None:
    """The error is told, everything starts all the same, and the next start asks."""
    said: list[str] = []

    def give(_: Path) -> list[str]:
        raise trust.TrustError("certutil is missing")

    trusting.offer(ca, said.append, ask=lambda _: "y", give=give)
    assert said == ["  Not done: certutil is missing"]
    assert offered(ca, ["y"])[1] == [ca.absolute()]


def test_a_user_without_root_gives_and_takes_the_browsers_trust(ca: Path, tmp_path: Path) -> None:
    """The user's own database gets the CA and loses it again; the system's folder is not touched."""
    folder = tmp_path / "no such folder"
    list(trust.apply(ca, root=False, folder=folder, home=tmp_path, platform="linux"))
    listed = ["certutil", "-L", "-d", f"sql:{tmp_path}/.pki/nssdb"]
    assert trust.NICKNAME in subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    list(trust.apply(ca, remove=True, folder=folder, home=tmp_path, platform="linux"))
    assert trust.NICKNAME not in subprocess.run(listed, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("terminal", "environ", "attended"), [(True, {}, True), (True, {"CI": "true"}, False), (False, {}, False)]
)
def test_nobody_is_asked_where_nobody_sits(
    terminal: bool, environ: dict[str, str], attended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipeline has no terminal, or says that it is one."""
    monkeypatch.delenv("CI", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: terminal, raising=False)
    assert trusting.attended() is attended
