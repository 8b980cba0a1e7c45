"""`test` as it is typed: which tests run, in which environments, how they are shown, and with which code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import wiring
from entra_config.cli.main import main
from entra_config.drift import edits
from entra_config.report.lines import line
from entra_config.testing import github, json, junit, markdown, runs, text
from tests.unit.cli.ran import without_variables

NOW = datetime(2026, 11, 25, tzinfo=UTC)
GOOD: Any = SimpleNamespace(results=(1,), failed=())


NONE: Any = SimpleNamespace(results=(), failed=())


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Run nothing; collect what would be, and say what each format is of."""
    without_variables(monkeypatch)
    calls: list[Any] = []

    @contextmanager
    def at(_: Path, base: str, placed: Any) -> Iterator[str]:
        yield f"at {base}"

    async def run(path: Path, environment: str | None, *, wanted: Any, **more: Any) -> Any:
        names = [each for each in ("Ann reads", "Bob writes") if wanted(SimpleNamespace(name=each))]
        calls.append((path, environment, names, more))
        return calls[0]

    monkeypatch.setattr(wiring, "now", lambda: NOW)
    monkeypatch.setattr(
        wiring, "shard", lambda common: f"shard of {common.tenant}" if common.tenant else None
    )
    monkeypatch.setattr(wiring, "environment", lambda common: common.environment or "of the fleet")
    monkeypatch.setattr(edits, "at", at)
    monkeypatch.setattr(runs, "run", run)
    for module in (github, json, junit, markdown):
        monkeypatch.setattr(module, "render", lambda _, name=module.__name__: f"{name.rpartition('.')[2]}\n")
    monkeypatch.setattr(text, "render", lambda _, *, verbose: [line(f"text {verbose}")])
    return calls


@pytest.mark.parametrize(
    ("words", "environment", "names", "base", "shard"),
    [
        ("", None, ["Ann reads", "Bob writes"], None, None),
        ("-k ANN", None, ["Ann reads"], None, None),
        ("-k ann -k WRITES", None, ["Ann reads", "Bob writes"], None, None),
        ("-e dev --base v1", "dev", ["Ann reads", "Bob writes"], "v1", None),
        ("--tenant t", "of the fleet", ["Ann reads", "Bob writes"], None, "shard of t"),
    ],
)
def test_which_tests_run(  # noqa: PLR0917  # the columns of a table
    ran: list[Any], words: str, environment: str | None, names: list[str], base: str | None, shard: str | None
) -> None:
    """Those whose names hold a word, in whatever case; in all environments unless one is meant."""
    ran.append(GOOD)
    assert main(["test", *words.split()]) == 0
    assert ran[1:] == [
        (Path("manifests"), environment, names, {"now": NOW, "base": base and f"at {base}", "shard": shard})
    ]  # fmt: skip


def test_a_word_that_no_test_has_is_an_error(ran: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """It would prove nothing."""
    ran.append(NONE)
    assert main(["test", "-k", "a", "-k", "b"]) == 1
    assert capsys.readouterr() == ("", "error: no access test is called like `a` or `b`\n")
