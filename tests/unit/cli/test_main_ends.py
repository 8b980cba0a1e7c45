"""How the program ends: with which code, in which words, and what it says of a mistake of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from entra_config.cli import main as program
from entra_config.errors import (
    GraphError,
    ManifestError,
    Position,
    Problem,
    RefusedError,
    UsageError,
)
from tests.unit.cli.ran import without_variables

BUG = "This is a bug in entra-config."
HINT = " Run it again with -v for the details that a report needs."


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing in the environment that says how to talk."""
    without_variables(monkeypatch)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def ends(monkeypatch: pytest.MonkeyPatch, how: object, *words: str, session: Any = None) -> int:
    """Run a command that ends so: by an exception, or with a code."""

    def main(arguments: list[str], **settings: Any) -> object:
        assert settings == {
            "prog_name": "entra-config", "complete_var": "_ENTRA_CONFIG_COMPLETE", "standalone_mode": False,
            "obj": session,
        }  # fmt: skip
        assert arguments == list(words)
        if isinstance(how, BaseException):
            raise how
        return how

    monkeypatch.setattr(program, "root", lambda: SimpleNamespace(main=main))
    return program.main(words, session)


PROBLEMS = [Problem(Position("a.yaml", 3, 5), "is wrong"), Problem(None, "is\nwrong too")]


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        (0, 0, ""),
        (None, 0, ""),
        (2, 2, ""),
        (3, 3, ""),
        (130, 1, "error: interrupted\n"),
        (131, 131, ""),
        (UsageError("say which"), 1, "error: say which\n"),
        (UsageError("one\ntwo"), 1, "error: one\ntwo\n"),
        (RefusedError("too many"), 3, "error: too many\n"),
        (ManifestError(PROBLEMS), 1, "error: is\\u{a}wrong too\na.yaml:3:5: is wrong\n"),
        (GraphError("no"), 1, "error: no\n"),
        (GraphError("no", advice="ask somebody"), 1, "error: no\nask somebody\n"),
        (
            GraphError("no", status=403, code="Denied", request_id="r1", advice="ask"),
            1,
            "error: no\nstatus 403, code Denied, request id r1\nask\n",
        ),
        (typer.Abort(), 1, "error: interrupted\n"),
        (FileNotFoundError(2, "No such file", "a.txt"), 1, "error: a.txt: No such file\n"),
        (OSError(28, "No room"), 1, f"error: unexpected OSError: [Errno 28] No room\n{BUG}{HINT}\n"),
        (ValueError("one\ntwo"), 1, f"error: unexpected ValueError: one\ntwo\n{BUG}{HINT}\n"),
        (
            ModuleNotFoundError("No module named 'x'", name="x"),
            1,
            f"error: unexpected ModuleNotFoundError: No module named 'x'\n{BUG}{HINT}\n",
        ),
        (
            ModuleNotFoundError("nameless"),
            1,
            f"error: unexpected ModuleNotFoundError: nameless\n{BUG}{HINT}\n",
        ),
    ],
)  # fmt: skip
def test_each_end_has_its_code_and_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: object, code: int, said: str
) -> None:
    """On stderr alone; what nobody expected is called a bug."""
    assert ends(monkeypatch, how, "plan") == code
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize(
    ("words", "environ", "traced"),
    [
        (("plan", "-v"), {}, True),
        (("plan", "--verbose"), {}, True),
        (("plan",), {"ENTRA_CONFIG_VERBOSE": "1"}, True),
        (("plan", "-vv"), {}, False),
        (("plan",), {"ENTRA_CONFIG_VERBOSE": ""}, False),
    ],
)
@pytest.mark.parametrize("error", [ValueError("odd"), FileNotFoundError(2, "No such file", "a.txt")])
def test_details_are_for_who_asks(  # noqa: PLR0917  # the columns of a table
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    environ: dict[str, str],
    error: Exception,
    traced: bool,
) -> None:
    """With them nobody is told to ask again."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert ends(monkeypatch, error, *words) == 1
    err = capsys.readouterr().err
    assert ("Traceback (most recent call last)" in err) is traced
    assert (HINT in err) is (not traced and isinstance(error, ValueError))
    assert (BUG in err) is isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("words", "environ", "coloured"),
    [
        (("plan",), {}, True),
        (("plan", "--no-color"), {}, False),
        (("plan",), {"ENTRA_CONFIG_NO_COLOR": "1"}, False),
        (("plan",), {"ENTRA_CONFIG_NO_COLOR": ""}, True),
    ],
)
def test_an_error_has_a_colour_unless_somebody_said_no(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    environ: dict[str, str],
    *,
    coloured: bool,
) -> None:
    """Where the command line could not be read, too."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert ends(monkeypatch, UsageError("no"), *words) == 1
    assert capsys.readouterr().err.startswith("\x1b[") is coloured


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (typer.BadParameter("Value error, no such day"), "Invalid value: no such day"),
        (typer.BadParameter("'x': Value error, no"), "Invalid value: 'x': no"),
    ],
)
def test_what_typer_refuses_is_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    """Two means that changes are pending; how pydantic begins is nobody's matter."""
    assert ends(monkeypatch, error) == 1
    assert said in " ".join(capsys.readouterr().err.split())


def test_who_has_read_enough_ends_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is still written goes nowhere, and nothing is said of it."""
    out = (tmp_path / "out").open("w")
    monkeypatch.setattr(sys, "stdout", out)
    assert ends(monkeypatch, BrokenPipeError()) == 1
    os.write(out.fileno(), b"more")
    out.close()
    assert (tmp_path / "out").read_text() == ""


def test_commands_are_listed_and_not_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with what it does; without a command the help is shown; a near miss is named."""
    assert program.main(["--help"]) == 0
    out = capsys.readouterr().out
    for name, (_, about) in program.COMMANDS.items():
        assert f"  {name} " in out
        assert about.split(".")[0].split()[0] in out
    assert "Exit codes: 0 done or nothing to do" in out
    assert "--install-completion" not in out
    assert program.main(["-h"]) == 0
    assert capsys.readouterr().out == out
    assert program.main([]) in {0, 1}
    assert "Exit codes" in "".join(capsys.readouterr())
    assert program.main(["pln"]) == 1
    assert "Did you mean" in capsys.readouterr().err.replace("\n", " ")
