"""How a report was made, said again: the words that somebody chose, and what a manifest's moves become."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import making, move, version, wiring
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.manifest.editing import move as moves
from entra_config.report.made import HowMade
from tests.unit.cli.ran import without_variables

NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Context:
    """A command as it was called: each option with its value, and where that came from."""

    info_name = "plan"

    def __init__(self, *options: tuple[str, Any, str | None]) -> None:
        self.sources = {name.strip("-"): source for name, _, source in options}
        self.params = {name.strip("-"): value for name, value, _ in options if value is not ...}
        self.command = SimpleNamespace(
            params=[
                SimpleNamespace(
                    name=name.strip("-"),
                    opts=["-x", name],
                    param_type_name="option" if name.startswith("-") else "argument",
                )
                for name, _, _ in options
            ]
        )

    def get_parameter_source(self, name: str) -> Any:
        """Return where a value came from."""
        source = self.sources[name]
        return None if source is None else SimpleNamespace(name=source)


LINE, SHELL, DEFAULT = "COMMANDLINE", "ENVIRONMENT", "DEFAULT"


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--strict", True, LINE), ["--strict"]),
        (("--strict", False, LINE), []),
        (("--base", "v1", LINE), ["--base", "v1"]),
        (("--base", "v1", SHELL), ["--base", "v1"]),
        (("--base", "v1", DEFAULT), []),
        (("--base", "v1", None), []),
        (("--base", None, LINE), []),
        (("--base", ..., LINE), []),
        (("--out", Path("p"), LINE), ["--out", "p"]),
        (("--allow", ["a", "b"], LINE), ["--allow", "a", "--allow", "b"]),
        (("--allow", ("a",), LINE), ["--allow", "a"]),
        (("--allow", [], LINE), []),
        (("file", Path("p"), LINE), ["p"]),
        (("shards", ("a/b", "c/d"), LINE), ["a/b", "c/d"]),
    ],
)
def test_the_words_are_those_that_somebody_chose(
    option: tuple[str, Any, str | None], words: list[str]
) -> None:
    """On the line or in the environment, by their long names; no default is one."""
    context: Any = Context(option, ("--other", 1, DEFAULT))
    assert list(making._given(context)) == words


def test_how_a_report_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool, the commit of the manifest or of the fleet's file, and the command."""
    without_variables(monkeypatch)
    monkeypatch.setattr(version, "tool", lambda: "entra-config 1")
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    monkeypatch.setattr("entra_config.drift.base.head", lambda path: f"head of {path}")
    context: Any = Context(("--strict", True, LINE))
    common = Common(manifest=Path("m"), cloud="usgov", fleet=Path("f"), tenant="t")
    assert making.made(context, common, "dev") == HowMade(
        "entra-config 1",
        NOW,
        "head of m",
        ("plan", "-e", "dev", "--strict"),
        where=("-f", "m"),
        there=("--fleet", "f", "--tenant", "t", "--cloud", "usgov"),
    )
    words = ("fleet", "plan", "--strict")
    assert making.of_fleet(context, common) == HowMade("entra-config 1", NOW, "head of f", words)


class Moved:
    """The edits of a move: which files, which lock files, and what is next."""

    def __init__(self) -> None:
        one = SimpleNamespace(diff="-a\n+b\n", after={Path("b.yaml"): "", Path("a.yaml"): ""})
        two = SimpleNamespace(diff="+c\n", after={Path("c.yaml"): ""})
        self.edits = (one, two)
        self.locks = {(Path("old.lock.yaml"), "x"): None, (Path("new.lock.yaml"), "x"): object()}
        self.notes = ("apply it",)
        self.writes = 0

    def write(self) -> None:
        """Write them."""
        self.writes += 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_move_is_shown_and_written(capsys: pytest.CaptureFixture[str], *, dry_run: bool) -> None:
    """With the lock files that come and go, and what is next; a dry run writes nothing."""
    made: Any = Moved()
    assert move._finish(Common(output=Output(no_color=True)), made, dry_run=dry_run) == 0
    wrote = "" if dry_run else "written: a.yaml, b.yaml, c.yaml\n"
    assert capsys.readouterr() == (
        "-a\n+b\n+c\n", f"goes: old.lock.yaml\npins: new.lock.yaml\n{wrote}next: apply it\n"
    )  # fmt: skip
    assert made.writes == (0 if dry_run else 1)


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("project shop", "project", ("shop", {"unpinned": False})),
        ("project shop --unpinned", "project", ("shop", {"unpinned": True})),
        ("environment dev test", "environment", ("dev", "test", {"unpinned": False})),
        ("environment dev test --unpinned", "environment", ("dev", "test", {"unpinned": True})),
        ("key spa page", "key", ("spa", "page")),
        ("application spa --to other", "application", ("spa", Path("other"))),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_moved(
    monkeypatch: pytest.MonkeyPatch, words: str, name: str, expected: tuple[Any, ...], *, dry_run: bool
) -> None:
    """Each by its own edit of the manifest that is named."""
    without_variables(monkeypatch)
    calls, made = list[Any](), Moved()

    def edit(path: Path, *given: Any, **more: Any) -> Any:
        calls.append((path, *given, *([more] if more else [])))
        return made

    monkeypatch.setattr(moves, name, edit)
    assert main(["move", *words.split(), "-f", "m", *(["--dry-run"] if dry_run else [])]) == 0
    assert (calls, made.writes) == ([(Path("m"), *expected)], 0 if dry_run else 1)
