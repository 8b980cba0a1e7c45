"""The portal's extension: found by name, loaded when a page needs it, and no page fails for it."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import pytest

from entra_emulator import extension
from entra_emulator.extension import Change, Declaration, Rating, RefusedSignIn, Remedy
from tests.unit.emulator.portal.browsing import Browser, text_of

CHANGES = [Change("applications", "id", "added")]
NOTHING: Any = None


class Good:
    """An extension that answers."""

    def rate(self, changes: Any, moments: Any) -> list[Rating]:
        """Rate all high."""
        return [Rating(number, "high") for number, _ in enumerate(changes)]

    def declare(self, changes: Any, moments: Any) -> list[Declaration]:
        """Declare all alike."""
        return [Declaration("lines: <b>", "file.yaml") for _ in changes]

    def explain(self, refused: RefusedSignIn) -> Remedy:
        """Name a command."""
        return Remedy({"Set at": "somewhere"}, f"mend {refused.code}")


class Raising:
    """An extension whose every method raises."""

    def __getattr__(self, name: str) -> Any:
        raise LookupError(f"no\n{name}")


class Short(Good):
    """An extension that answers too little, and with a level that does not exist."""

    def rate(self, changes: Any, moments: Any) -> list[Rating]:
        """Return a level without a sign."""
        return [Rating(0, "worst")]  # type: ignore[arg-type]  # what a careless package does

    def declare(self, changes: Any, moments: Any) -> list[Declaration]:
        """Return nothing."""
        return []


class Unmade:
    """An extension that cannot be made."""

    def __init__(self) -> None:
        raise OSError("no disk")


@pytest.fixture(autouse=True)
def unloaded() -> Iterator[None]:
    """Forget what was loaded and logged, before and after."""
    extension.load.cache_clear()
    extension._warn_once.cache_clear()
    yield
    extension.load.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, *values: str) -> None:
    """Have entry points of these values."""
    points = [metadata.EntryPoint(f"n{at}", value, extension.GROUP) for at, value in enumerate(values)]
    monkeypatch.setattr(metadata, "entry_points", lambda group: points if group == extension.GROUP else [])


@pytest.mark.parametrize(
    ("values", "logged"),
    [
        ((), "no extension of the portal is installed (entry point entra_emulator.portal)"),
        (("no.such.package:Portal",), "cannot be loaded: ModuleNotFoundError: No module named 'no'"),
        ((f"{__name__}:Nothing",), "cannot be loaded: AttributeError"),
        ((f"{__name__}:Unmade",), "cannot be loaded: OSError: no disk"),
    ],
)
def test_without_an_extension_there_is_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, values: tuple[str, ...], logged: str
) -> None:
    """One for the process; each answer is empty."""
    install(monkeypatch, *values)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert extension.rate(CHANGES, NOTHING) == ()
            assert extension.declare(CHANGES, NOTHING) == ()
            assert extension.explain(RefusedSignIn(50105, {})) == Remedy()
    (record,) = caplog.records
    assert logged in record.getMessage()
    assert "\n" not in record.getMessage()


@pytest.mark.parametrize(("name", "lines"), [("Raising", 3), ("Short", 2)])
def test_an_extension_that_fails_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, lines: int
) -> None:
    """Each reason has one line in the log, however often a page asks."""
    install(monkeypatch, f"{__name__}:{name}")
    with caplog.at_level(logging.WARNING):
        assert extension.rate(CHANGES, NOTHING) == ()
        assert extension.declare(CHANGES, NOTHING) == ()
        for _ in range(2):
            extension.explain(RefusedSignIn(50105, {}))
    assert len(caplog.records) == lines
    assert all("\n" not in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(("name", "rated"), [("Good", True), ("Raising", False), ("Short", False)])
def test_the_page_of_changes_shows_changes_with_or_without(
    monkeypatch: pytest.MonkeyPatch, name: str, rated: bool
) -> None:
    """Risk and lines are what an extension adds; its text is no markup."""
    install(monkeypatch, f"{__name__}:{name}")
    browser = Browser()
    browser.emulator.snapshots.save("before")
    browser.world.set("api", displayName="changed")
    page = browser.get("changes?since=before")
    assert page.status_code == 200
    text = text_of(page.text)
    assert "displayName was" in text
    assert ("High" in text) is rated
    assert ("lines: <b>" in text) is rated
    assert "<b>" not in page.text
    assert browser.get("").status_code == 200


def test_no_start_loads_an_extension() -> None:
    """Nor does a server, until a page needs it."""
    code = (
        "import sys, entra_emulator.server, entra_emulator.site\n"
        "from entra_emulator import extension\n"
        "print(extension.load.cache_info().currsize, 'importlib.metadata' in sys.modules, "
        "any(name.startswith('entra_config.emulator_labels') for name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split()[::2] == ["0", "False"]
