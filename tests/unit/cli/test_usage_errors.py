"""What is said of a line that was typed wrong, or of a manifest that is: words, places, and code 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.ran import Run


@pytest.mark.parametrize(
    "arguments",
    [("plam",), ("plan", "--nope"), ("plan", "--cloud", "mars"), ("apply", "a", "b"), ("app-role", "x")],
)
def test_usage_errors_are_1(run: Run, arguments: tuple[str, ...]) -> None:
    """Click's 2 would read as `changes pending`."""
    ran = run(*arguments)

    assert ran.code == 1
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err


def test_manifest_errors_come_all_at_once_with_their_places(run: Run, folder: Path) -> None:
    """Each problem has file, line and column; no traceback, exit code 1."""
    path = folder / "manifests/access.yaml"
    path.write_text(path.read_text().replace("Admin:", "Admim:").replace("Reader:", "Raeder:"))
    ran = run("validate")

    assert ran.code == 1
    assert "manifests/access.yaml:4:5" in ran.err
    assert "manifests/access.yaml:6:5" in ran.err
    assert "Traceback" not in ran.err


def test_without_an_environment_all_are_named(run: Run) -> None:
    """Several environments and no -e is an error that lists them."""
    ran = run("plan")

    assert ran.code == 1
    assert "dev" in ran.err
    assert "prod" in ran.err


@pytest.mark.parametrize("name", ["ENTRA_CONFIG_ENVIRONMENT", "-e"])
def test_options_come_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Each common option has a variable."""
    if name == "-e":
        assert run("plan", "-e", "dev").code == 0
        return
    monkeypatch.setenv(name, "dev")
    assert run("plan").code == 0


def test_a_word_that_is_no_choice_is_told_with_the_choices(run: Run) -> None:
    """In plain words, of an option and of an argument; nothing of the library that compared it."""
    ran = run("completion", "tcsh")
    assert ran.code == 1
    assert "Invalid value for 'shell': 'tcsh' is not one of 'bash', 'zsh', 'fish', 'powershell'." in ran.err
    ran = run("access", "--format", "cvs")
    assert "Invalid value for '--format': 'cvs' is not one of 'text', 'json', 'csv', 'html'." in ran.err


@pytest.mark.parametrize("command", ["init -f {}/manifests", "emulator start --port 0 --state {}/emulator"])
def test_where_nothing_can_be_written_is_no_bug(command: str, run: Run, tmp_path: Path) -> None:
    """What the system says of the file is said; a file stands where a folder would be made."""
    (tmp_path / "file").touch()
    ran = run(*command.format(tmp_path / "file").split())
    assert ran.code == 1
    assert f"{tmp_path}/file" in ran.err
    assert "Not a directory" in ran.err
    assert "bug" not in ran.err


def test_a_problem_is_one_line_whatever_it_quotes(folder: Path, run: Run) -> None:
    """A key of the manifest begins no line of its own, and so neither an error nor a command of the
    runner.
    """
    root = folder / "manifests/entra-config.yaml"
    root.write_text(root.read_text() + '\n"x\\n::error::y\\nmanifests/a.yaml:1:1: fine": 1\n')

    lines = run("validate").err.splitlines()

    assert len(lines) == 1
    assert "`x\\u{a}::error::y\\u{a}manifests/a.yaml:1:1: fine`" in lines[0]
