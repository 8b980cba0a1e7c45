"""`entra-emulator`: what a failure prints, and the exit codes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import entra_emulator as package
from entra_emulator import background, connect
from entra_emulator.cli import commands, extra, main, output

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "No such command 'nothing'."),
        (["start", "--port", "-1"], "Invalid value for '--port'"),
        (["status", "--state", "/nowhere/at/all"], "entra-emulator start --state /nowhere/at/all"),
    ],
)
def test_an_error_is_exit_code_1(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    """A usage error too: 2 means that two snapshots differ."""
    assert main.main(arguments) == 1
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyboardInterrupt(), "error: interrupted\n"),
        (OSError(28, "No space left on device", "/s/ca.pem"), "error: /s/ca.pem: No space left on device\n"),
        (BrokenPipeError(), ""),
    ],
)
def test_what_goes_wrong_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: BaseException, message: str
) -> None:
    """No traceback; a reader who has enough is told nothing."""

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(background, "end", fail)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    assert main.main(["stop", "--state", "s"]) == 1
    assert capfd.readouterr().err == message


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system that names no file, and a module that no extra installs."""
    errors = iter((OSError(5, "Input/output error"), ModuleNotFoundError(name="sqlite3")))

    def fail(*_: Any) -> None:
        raise next(errors)

    monkeypatch.setattr(background, "end", fail)
    for kind in (OSError, ModuleNotFoundError):
        with pytest.raises(kind):
            main.main(["stop", "--state", "s"])


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        ("{}", extra.SOURCE),
        ('{"url": "file:///wheels/x.whl"}', "file:///wheels/x.whl"),
        (
            '{"url": "https://git.example/x", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}',
            "git+https://git.example/x@c0ffee",
        ),
    ],
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], origin: str, source: str
) -> None:
    """From the place that the program came from."""

    class Installed:
        def read_text(self, _: str) -> str:
            return origin

    monkeypatch.setattr(extra, "find_spec", lambda name: None if name == "starlette" else name)
    monkeypatch.setattr("importlib.metadata.distribution", lambda _: Installed())
    assert main.main(["start"]) == 1
    assert capsys.readouterr().err == (
        "error: this needs the extra `emulator`, which is not installed. Install it:\n"
        f"pip install '{extra.PACKAGE}[emulator] @ {source}'\n"
    )


def test_other_people_s_text_cannot_steer_a_terminal() -> None:
    """What nobody would see is an escape, and two texts that differ never print alike."""
    assert output.escape("Ann\x1b[2J\u200b\u202e\u3164 é\\") == "Ann\\u{1b}[2J\\u{200b}\\u{202e}\\u{3164} é\\"
    assert output.escape(r"C:\temp") == r"C:\temp"
    alike = ["\u200b", r"\u{200b}", "\\\u200b", r"\\u{200b}", "\\\\\u200b"]
    assert len({output.escape(text) for text in alike}) == len(alike)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_errors_are_red_where_colours_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    *,
    coloured: bool,
) -> None:
    """NO_COLOR wins; a file gets none."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    output.report_error("no\nroom")
    assert capsys.readouterr().err == ("\x1b[1;31merror:\x1b[0m" if coloured else "error:") + " no\nroom\n"


def test_it_starts_as_a_module(tmp_path: Path) -> None:
    """Also where the terminal cannot show every character."""
    command = [sys.executable, "-m", package.__name__, "stop", "--state", str(tmp_path)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "No emulator runs here.\n")


def test_differences_are_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command ends with is the program's."""
    monkeypatch.setattr(commands, "running_on", lambda _: (_ for _ in ()).throw(commands.typer.Exit(2)))
    assert main.main(["env", "--state", "s"]) == 2
    monkeypatch.setattr(commands, "running_on", lambda _: background)
    monkeypatch.setattr(background, "origin", "https://localhost:1", raising=False)
    monkeypatch.setattr(connect, "environment", lambda *_: "")
    assert main.main(["env", "--state", "s"]) == 0
