"""`test` as it is typed: which tests run, in which environments, how they are shown, and with which code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import formats, wiring
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.drift import edits
from entra_config.report import github as plan_github
from entra_config.report import html as plan_html
from entra_config.report import json as plan_json
from entra_config.report import markdown as plan_markdown
from entra_config.report.lines import line
from entra_config.testing import github, json, junit, markdown, runs, text
from tests.unit.cli.ran import without_variables

NOW = datetime(2026, 11, 25, tzinfo=UTC)
GOOD: Any = SimpleNamespace(results=(1,), failed=())
BAD: Any = SimpleNamespace(results=(1,), failed=(1,))
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


@pytest.mark.parametrize(
    ("form", "out", "err"),
    [
        ("text", "text False\n", ""),
        ("json", "json\n", ""),
        ("junit", "junit\n", ""),
        ("markdown", "markdown\n", ""),
        ("github", "github\n", "text False\n"),
    ],
)
@pytest.mark.parametrize(("found", "code"), [(GOOD, 0), (BAD, 1), (NONE, 0)])
def test_each_format_has_its_own(  # noqa: PLR0917  # the columns of a table
    ran: list[Any], capsys: pytest.CaptureFixture[str], form: str, out: str, err: str, found: Any, code: int
) -> None:
    """Annotations are short: the log has the whole beside them. One that fails is code 1."""
    ran.append(found)
    assert main(["test", "--format", form]) == code
    assert capsys.readouterr() == (out, err)
    assert main(["test", "--format", form, "-v"]) == code
    assert capsys.readouterr() == (out.replace("False", "True"), err.replace("False", "True"))


def test_a_word_that_no_test_has_is_an_error(ran: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """It would prove nothing."""
    ran.append(NONE)
    assert main(["test", "-k", "a", "-k", "b"]) == 1
    assert capsys.readouterr() == ("", "error: no access test is called like `a` or `b`\n")


def test_results_are_a_part_of_a_plan(ran: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """In each of its formats; below its text there is a line between."""
    monkeypatch.setattr(json, "document", lambda found: ("document", found))
    monkeypatch.setattr(markdown, "headline", lambda _: "headline")
    monkeypatch.setattr(markdown, "details", lambda _: iter(["one", "two"]))
    monkeypatch.setattr(plan_json, "render", lambda _, *, show_requests, tests: f"{show_requests} {tests}")
    monkeypatch.setattr(plan_markdown, "render", lambda _, *, names, tested, tests: [names, tested, *tests])
    monkeypatch.setattr(plan_html, "render", lambda _, *, tests, **__: tests)
    monkeypatch.setattr(plan_github, "plan", lambda _, *, names: f"{names} ")
    plan: Any = "plan"
    report = formats.PlanReport(Common(), plan, tests=GOOD)
    assert formats.PLAN["json"](report) == f"False {('document', GOOD)}"
    assert formats.PLAN["markdown"](report) == [False, "headline", "one", "two"]
    assert formats.PLAN["github"](report) == "False github\n"
    assert formats.PLAN["html"](report) == ["text False"]
    assert list(formats.below(Common(), GOOD)) == [line(), line("text False")]
    without = replace(report, tests=None)
    assert formats.PLAN["json"](without) == "False None"
    assert formats.PLAN["markdown"](without) == [False, ""]
    assert formats.PLAN["github"](without) == "False "
    assert formats.PLAN["html"](without) == []
    assert list(formats.below(Common(), None)) == []
