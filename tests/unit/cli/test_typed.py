"""What is typed, as the part of a command that does the work gets it: each option, and each default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import apply as applying
from entra_config.cli import (
    credentials,
    destroy,
    disable,
)
from entra_config.cli.apply import Approved, Pinning
from entra_config.cli.carrying import Carrying
from entra_config.cli.main import main
from entra_config.cli.options import Common, Session
from entra_config.credentials import rotating
from entra_config.credentials.pins import Notes
from entra_config.plan.options import NO_OPTIONS, Options
from tests.unit.cli.collected_calls import collected
from tests.unit.cli.ran import without_variables

SESSION: Any = Session(None, None)  # type: ignore[arg-type]  # nobody signs in


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Sit at a terminal, in an empty folder, with nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)


ASKED, SURE = Carrying(confirm=True), Carrying(confirm=False)
NOBODY, PINNED, UNPINNED = Approved(), Pinning(lock=True), Pinning(lock=False)


@pytest.mark.parametrize(
    ("words", "session", "expected"),
    [
        ("", None, (ASKED, NOBODY, PINNED, NO_OPTIONS)),
        ("--auto-approve", None, (SURE, NOBODY, PINNED, NO_OPTIONS)),
        ("saved.json", None, (SURE, Approved(Path("saved.json")), PINNED, NO_OPTIONS)),
        ("--digest d1", None, (SURE, Approved(digest="d1"), PINNED, NO_OPTIONS)),
        ("--no-wait", None, (Carrying(confirm=True, wait=False), NOBODY, PINNED, NO_OPTIONS)),
        ("--events json", None, (Carrying(confirm=True, events="json"), NOBODY, PINNED, NO_OPTIONS)),
        (
            "--journal j --pins p",
            None,
            (
                Carrying(confirm=True, journal=Path("j")),
                NOBODY,
                Pinning(lock=False, file=Path("p")),
                NO_OPTIONS,
            ),
        ),
        ("--pins skip", None, (ASKED, NOBODY, UNPINNED, NO_OPTIONS)),
        ("--cloud emulator", None, (ASKED, NOBODY, UNPINNED, NO_OPTIONS)),
        ("--cloud emulator --pins write", None, (ASKED, NOBODY, PINNED, NO_OPTIONS)),
        ("", SESSION, (ASKED, NOBODY, UNPINNED, NO_OPTIONS)),
        ("--pins write", SESSION, (ASKED, NOBODY, PINNED, NO_OPTIONS)),
        (
            "--allow many,last --allow delete --target a.b --target c.d --purge-deleted --strict --expired",
            None,
            (
                ASKED,
                NOBODY,
                PINNED,
                Options(frozenset({"many", "last", "delete"}), ("a.b", "c.d"), True, True, True),
            ),
        ),
    ],
)
def test_apply(monkeypatch: pytest.MonkeyPatch, words: str, session: Any, expected: tuple[Any, ...]) -> None:
    """What was agreed to elsewhere is not asked again; an emulator that forgets is not pinned to."""
    calls = collected(monkeypatch, applying, "_apply")
    assert main(["apply", *words.split()], session) == 2
    ((common, *given),) = calls
    assert tuple(given) == expected
    assert isinstance(common, Common)


def test_apply_as_a_part_of_another_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was shown there is pinned, on an emulator too, and nobody is asked again."""
    calls = collected(monkeypatch, applying, "_apply")
    common = Common(cloud="emulator")
    assert applying.run(common, digest="d1", allow=frozenset({"many"})) == 2
    assert calls == [(common, SURE, Approved(digest="d1"), PINNED, Options(frozenset({"many"})))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", (ASKED, frozenset())),
        ("--auto-approve --no-wait", (Carrying(confirm=False, wait=False), frozenset())),
        (
            "--events json --journal j --allow delete",
            (Carrying(confirm=True, events="json", journal=Path("j")), {"delete"}),
        ),
    ],
)
def test_destroy(monkeypatch: pytest.MonkeyPatch, words: str, expected: tuple[Any, ...]) -> None:
    """It asks unless it is told not to."""
    calls = collected(monkeypatch, destroy, "_destroy")
    assert main(["destroy", *words.split()]) == 2
    assert [given[1:] for given in calls] == [expected]


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("apply", "apply needs a saved plan (FILE), --digest or --auto-approve"),
        ("apply saved.json", ""),
        ("apply --digest d", ""),
        ("apply --auto-approve", ""),
        ("destroy", "destroy needs --auto-approve"),
        ("destroy --auto-approve", ""),
    ],
)
def test_without_a_terminal_it_has_to_be_agreed_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, refused: str
) -> None:
    """Before, in words of the command line."""
    collected(monkeypatch, applying, "_apply")
    collected(monkeypatch, destroy, "_destroy")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert main(words.split()) == (1 if refused else 2)
    assert refused in capsys.readouterr().err


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("words", ["", "--auto-approve --format json"])
def test_what_stops_and_what_goes_on(monkeypatch: pytest.MonkeyPatch, words: str, *, enabled: bool) -> None:
    """Both ask, and both write text, unless they are told otherwise."""
    calls = collected(monkeypatch, disable, "run", later=False)
    assert main(["enable" if enabled else "disable", "web", *words.split()]) == 2
    form = "json" if words else "text"
    assert [given[1:] for given in calls] == [
        ("web", {"enabled": enabled, "confirm": not words, "form": form})
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "session", "key", "label", "lock", "file", "more"),
    [
        ("web", None, "web", "", True, None, {}),
        ("--due", None, "", "", True, None, {"only_due": True}),
        ("web --due --secret s", None, "web", "s", True, None, {"only_due": True}),
        ("web --pins skip", None, "web", "", False, None, {}),
        ("web --cloud emulator", None, "web", "", False, None, {}),
        ("web --cloud emulator --pins write", None, "web", "", True, None, {}),
        ("web", SESSION, "web", "", False, None, {}),
        ("web --pins write", SESSION, "web", "", True, None, {}),
        ("web --pins p --allow sink", None, "web", "", False, Path("p"), {"allow": frozenset({"sink"})}),
        ("web --format json", None, "web", "", True, None, {"form": "json"}),
    ],
)
def test_rotate(  # noqa: PLR0917  # the columns of a table
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    session: Any,
    key: str,
    label: str,
    lock: bool,
    file: Path | None,
    more: dict[str, Any],
) -> None:
    """One application, or all that is due; what lacks an extra is said before."""
    checked = collected(monkeypatch, rotating, "check_installed", later=False)
    monkeypatch.setattr(credentials, "_load", lambda given: given)
    calls = collected(monkeypatch, credentials, "_rotate")
    assert main(["credentials", "rotate", *words.split()], session) == 2
    ((common, *given),) = calls
    how = {"only_due": False, "allow": frozenset(), "form": "text"}
    assert given == [key, label, Notes(common.output.say, lock, file), {**how, **more}]
    assert checked == [(common, key)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "say whose secret: KEY, or --due for all that are due"),
        ("--secret s", "say whose secret: KEY, or --due for all that are due"),
        ("--due --secret s", "--secret is one of an application: say KEY too"),
    ],
)
def test_rotating_what_nobody_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    """Nothing is read."""
    calls = collected(monkeypatch, credentials, "_rotate")
    assert main(["credentials", "rotate", *words.split()]) == 1
    assert (calls, capsys.readouterr().err) == ([], f"error: {said}\n")


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("", "_listed", ("text", None, {"read_sinks": False})),
        ("--sinks", "_listed", ("text", None, {"read_sinks": True})),
        ("list --ending 0 --format json", "_listed", ("json", 0, {"read_sinks": False})),
        ("remove web K1", "_remove", ("web", "k1", {"auto_approve": False})),
        ("remove web k1 --auto-approve", "_remove", ("web", "k1", {"auto_approve": True})),
        ("adopt web K1", "_adopt", ("web", "k1", "")),
        ("adopt web k1 --secret s", "_adopt", ("web", "k1", "s")),
    ],
)
def test_credentials(
    monkeypatch: pytest.MonkeyPatch, words: str, name: str, expected: tuple[Any, ...]
) -> None:
    """Without a command they are listed; a key id has no case."""
    calls = collected(monkeypatch, credentials, name)
    assert main(["credentials", *words.split()]) == 2
    assert [given[1:] for given in calls] == [expected]


@pytest.mark.parametrize("words", [["-h"], ["--help"]])
def test_help_of_credentials_is_of_all_of_them(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """Not of the list, which stands for none."""
    assert main(["credentials", *words]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in ("list", "rotate", "remove", "adopt"))


def test_notes_of_nothing_are_of_nobody() -> None:
    """They begin empty, and write no file that nobody named."""
    notes = Notes(print, lock=False)
    notes.begin(None)  # type: ignore[arg-type]  # it is not looked at
    assert notes == Notes(print, False, None)
