"""`plan` and `drift` as they are typed: what the reading gets, what is written, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import drift, formats, making, wiring
from entra_config.cli import plan as planning
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.cli.plan_options import PlanOptions
from entra_config.drift.model import Drift
from entra_config.plan import file as files
from entra_config.plan.model import HeldBack, Plan, Refusal, TenantInfo
from entra_config.report import drift_json, drift_text, html, lines, text
from entra_config.report import json as plan_json
from entra_config.report.made import HowMade
from tests.unit.cli.ran import without_variables
from tests.unit.report.drifts import sample
from tests.unit.report.plans import TENANT, worked_example

PLAN, DRIFT = worked_example(), sample()
NOTHING = Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), (), ())
BLOCKED = replace(PLAN, refusals=(Refusal("many", "too many"),))
HELD = replace(NOTHING, held_back=(HeldBack("a grant waits", "apply again"),))
MADE = HowMade("tool", datetime(2026, 11, 25, tzinfo=UTC), "abc", ("plan",))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, with nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    monkeypatch.setattr(making, "made", lambda *_: MADE)


def planned(monkeypatch: pytest.MonkeyPatch, plan: Plan) -> list[Any]:
    """Plan this; collect how."""
    calls: list[Any] = []

    async def make(_: Common, *given: Any, **more: Any) -> Plan:
        calls.append((*given, more))
        return plan

    monkeypatch.setattr(planning, "make", make)
    return calls


NO_BASE = {"base": None, "at": None}


@pytest.mark.parametrize(
    ("words", "options", "more"),
    [
        ("", PlanOptions(), NO_BASE),
        ("--base v1 --at 2026-11-20", PlanOptions(), {"base": "v1", "at": "2026-11-20"}),
        ("--allow many,last", PlanOptions(frozenset({"many", "last"})), NO_BASE),
        ("--target a.b --target c.d", PlanOptions(targets=("a.b", "c.d")), NO_BASE),
        ("--purge-deleted", PlanOptions(purge_deleted=True), NO_BASE),
        ("--strict", PlanOptions(strict=True), NO_BASE),
        ("--expired", PlanOptions(expired=True), NO_BASE),
    ],
)
def test_what_of_a_plan_is_wanted(
    monkeypatch: pytest.MonkeyPatch, words: str, options: PlanOptions, more: Any
) -> None:
    """Each option in its place."""
    calls = planned(monkeypatch, NOTHING)
    assert main(["plan", *words.split()]) == 0
    assert calls == [(options, more)]


@pytest.mark.parametrize(
    ("plan", "words", "code", "following"),
    [
        (PLAN, "", 0, "apply -e prod"),
        (PLAN, "--detailed-exitcode", 2, "apply -e prod"),
        (PLAN, "--out saved.json", 0, "apply -e prod saved.json"),
        (PLAN, "--strict", 0, "apply -e prod --strict"),
        (NOTHING, "--detailed-exitcode", 0, ""),
        (HELD, "--detailed-exitcode", 2, ""),
        (BLOCKED, "", 3, ""),
    ],
    ids=["changes", "told by its code", "saved", "strict", "nothing", "held back", "refused"],
)
def test_a_plan_ends_with_what_carries_it_out(  # noqa: PLR0917  # the columns of a table
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    plan: Plan,
    words: str,
    code: int,
    following: str,
) -> None:
    """Unless there is nothing to carry out, or it is refused; a saved one is that very plan."""
    planned(monkeypatch, plan)
    assert main(["plan", "--no-color", *words.split()]) == code
    out, err = capsys.readouterr()
    shown = lines.format_lines(text.lines(plan, whole=False))
    assert out == shown + (f"Next: entra-config {following}\n" if following else "")
    assert err == ("saved: saved.json\n" if "--out" in words else "")
    assert Path("saved.json").exists() is ("--out" in words)
    if "--out" in words:
        assert files.read(Path("saved.json").read_bytes(), "x").digest == files.digest(plan)


def test_a_plan_for_a_program_has_no_word_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON is the document, HTML the page, with how it was made and what carries it out."""
    planned(monkeypatch, PLAN)
    assert main(["plan", "--format", "json"]) == 0
    assert capsys.readouterr() == (plan_json.render(PLAN, show_requests=False), "")
    assert main(["plan", "--format", "html", "--strict"]) == 0
    how = replace(MADE, options=("--strict",))
    assert capsys.readouterr().out == html.render(PLAN, tests=[], how=how, saved="")
    assert main(["plan", "--format", "html", "--out", "saved.json"]) == 0
    assert capsys.readouterr().out == html.render(PLAN, tests=[], how=MADE, saved="saved.json")


@pytest.mark.parametrize(("failed", "code"), [((), 2), (("one",), 1)])
def test_access_tests_run_where_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failed: tuple[str, ...], code: int
) -> None:
    """Of the environment that is planned, beside the base that it is told against."""
    from entra_config.cli import testing

    calls: list[Any] = []
    results = SimpleNamespace(failed=failed)

    def run(common: Common, words: Sequence[str], base: str | None) -> Any:
        calls.append((common.environment, words, base))
        return results

    planned(monkeypatch, PLAN)
    monkeypatch.setattr(wiring, "environment", lambda _: "prod")
    monkeypatch.setattr(testing, "run", run)
    monkeypatch.setattr(formats, "below", lambda _, found: [lines.line(f"tests {found is results}")])
    assert main(["plan", "--no-color", "--detailed-exitcode", "--tests", "--base", "v1"]) == code
    assert capsys.readouterr().out.splitlines()[-2] == "tests True"
    assert main(["plan", "--no-color", "--detailed-exitcode"]) == 2
    assert capsys.readouterr().out.splitlines()[-2] == "tests False"
    assert calls == [("prod", [], "v1")]


def checked(monkeypatch: pytest.MonkeyPatch, found: Drift) -> list[Any]:
    """Find this; collect how."""
    calls: list[Any] = []

    async def check(_: Common, **how: Any) -> Drift:
        calls.append(how)
        return found

    monkeypatch.setattr(drift, "check", check)
    return calls


@pytest.mark.parametrize(("found", "code"), [(DRIFT, 2), (sample(findings=False), 0)])
def test_drift_is_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found: Drift, code: int
) -> None:
    """With what puts it right below it; without drift there is nothing to put right."""
    calls = checked(monkeypatch, found)
    assert main(["drift", "--no-color"]) == code
    out, err = capsys.readouterr()
    assert out.startswith(drift_text.render(found))
    rest = out.removeprefix(drift_text.render(found))
    assert rest == ("Next: entra-config plan -e dev  shows what would put it right\n" if code else "")
    assert (err, calls) == ("", [{"base": None, "since": None, "last": None, "unmanaged": False}])


def test_what_of_a_drift_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each option in its place; JSON is the document alone."""
    calls = checked(monkeypatch, DRIFT)
    words = "--base v1 --since 2026-11-20 --last l.json --unmanaged --format json"
    assert main(["drift", *words.split()]) == 2
    since = datetime(2026, 11, 20, tzinfo=UTC)
    assert calls == [{"base": "v1", "since": since, "last": Path("l.json"), "unmanaged": True}]
    assert capsys.readouterr() == (drift_json.render(DRIFT), "")


@pytest.mark.parametrize("names", [True, False])
def test_a_drift_is_written_in_all_formats(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, names: bool
) -> None:
    """Beside what stands on stdout, with the history that was read and how it was made."""
    checked(monkeypatch, DRIFT)
    rendered: list[Any] = []

    def noting(form: str) -> Callable[[formats.DriftReport], str]:
        def render(report: formats.DriftReport) -> str:
            how = {"names": report.names, "history": report.history, "how": report.how}
            rendered.append((report.drift, form, how))
            return f"{form}\n"

        return render

    monkeypatch.setattr(formats, "DRIFT", {form: noting(form) for form in formats.DRIFT})
    monkeypatch.setattr(drift, "_tallies", lambda path: [path.name])
    more = ["--names"] if names else []
    assert main(["drift", "--format", "markdown", "--write", "d", "--history", "h", *more]) == 2
    how = {"names": names, "history": ["h"], "how": MADE}
    forms = ["markdown", *drift.FILES.values()]
    assert rendered == [(DRIFT, form, how) for form in forms]
    assert capsys.readouterr().out == "markdown\n"
    assert {path.name: path.read_text() for path in Path("d").iterdir()} == {
        name: f"{form}\n" for name, form in drift.FILES.items()
    }
    rendered.clear()
    assert main(["drift", "--format", "html"]) == main(["drift", "--format", "sarif"]) == 2
    nothing = {"names": False, "history": []}
    assert rendered == [
        (DRIFT, "html", {**nothing, "how": MADE}), (DRIFT, "sarif", {**nothing, "how": None})
    ]  # fmt: skip


def test_a_problem_of_a_manifest_is_an_annotation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where GitHub reads stdout, and nowhere else."""
    from entra_config.errors import ManifestError, Position, Problem

    async def fails(*_: Any, **__: Any) -> Any:
        raise ManifestError([Problem(Position("a.yaml", 3, 5), "is wrong")])

    monkeypatch.setattr(drift, "check", fails)
    monkeypatch.setattr(planning, "make", fails)
    for command in ("drift", "plan"):
        assert main([command, "--format", "github"]) == 1
        out, err = capsys.readouterr()
        assert out.startswith("::error ")
        assert json.dumps(err) == json.dumps("error: a.yaml:3:5: is wrong\n")
        assert main([command]) == 1
        assert capsys.readouterr().out == ""
