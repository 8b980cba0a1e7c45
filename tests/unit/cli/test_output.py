"""Where a command's words go: data to stdout, talk to stderr, files whole or not at all."""

from __future__ import annotations

import io
import os
import sys

import pytest

from entra_config.cli.output import Output
from entra_config.report.lines import line

ROWS = [line("a", ("b", "bold")), line("c")]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing in the environment that decides on colours."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)


def test_data_is_on_stdout_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever silence was asked for."""
    Output(quiet=True).data("a\nb")
    assert capsys.readouterr() == ("a\nb", "")


@pytest.mark.parametrize(
    ("quiet", "talk", "expected"),
    [
        (False, False, ("ab\nc\n", "")),
        (False, True, ("", "ab\nc\n")),
        (True, False, ("ab\nc\n", "")),
        (True, True, ("", "")),
    ],
)
def test_lines_are_data_or_talk(
    capsys: pytest.CaptureFixture[str], *, quiet: bool, talk: bool, expected: tuple[str, str]
) -> None:
    """Silence is of talk alone; lines are data unless it is said."""
    Output(quiet=quiet).lines(ROWS, talk=talk)
    assert capsys.readouterr() == expected
    Output(quiet=quiet).lines(iter(ROWS))
    assert capsys.readouterr() == ("ab\nc\n", "")


@pytest.mark.parametrize(
    ("how", "said", "detailed"),
    [
        (Output(), True, False),
        (Output(quiet=True), False, False),
        (Output(verbose=True), True, True),
        (Output(quiet=True, verbose=True), False, True),
    ],
)
def test_talk_is_on_stderr_unless_silence_was_asked_for(
    capsys: pytest.CaptureFixture[str], how: Output, *, said: bool, detailed: bool
) -> None:
    """Details are for who asks for them; what went wrong is said always."""
    how.say("one\ntwo \x1b[2J")
    how.say("")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == (["one", f"two {shown.err.splitlines()[1][4:]}", ""] if said else [])
    assert "\x1b" not in shown.err
    how.detail("three\nfour")
    assert capsys.readouterr().err == ("three\nfour\n" if detailed else "")
    how.failed("five", "six \x1b[2J")
    wrong = capsys.readouterr()
    assert wrong.out == ""
    assert wrong.err.startswith("error: five\nsix ")
    assert "\x1b" not in wrong.err


class Terminal(io.StringIO):
    """Text that says it is a terminal's."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize("columns", [20, 30])
def test_a_terminal_breaks_words_and_a_file_does_not(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """At its width; places stand at the right, 104 columns wide where nobody knows."""
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, 24)))
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    text = "seven words that stand in one line"
    Output(no_color=True).lines([line(text)])
    rows = stream.getvalue().splitlines()
    assert len(rows) == 2
    assert all(len(row) <= columns and row == row.rstrip() for row in rows)
    assert " ".join(row.strip() for row in rows) == text
    file = io.StringIO()
    monkeypatch.setattr(sys, "stdout", file)
    Output(no_color=True).lines([line(text)])
    assert file.getvalue() == f"{text}\n"


def test_a_wide_terminal_is_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places stand at 120 columns at most."""
    from entra_config.errors import Position

    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((300, 24)))
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    Output(no_color=True).lines([line("a", right=Position("f.yaml", 3))])
    assert stream.getvalue() == f"a{'f.yaml:3':>119}\n"
