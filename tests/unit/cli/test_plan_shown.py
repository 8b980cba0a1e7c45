"""A plan in each format, the command that comes next, and the code that it ends with."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.checks import lasting
from entra_config.cli import apply as applying
from entra_config.cli import formats
from entra_config.cli import plan as planning
from entra_config.cli.apply import Approved
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.cli.plan_options import PlanOptions
from entra_config.plan import file as files
from entra_config.plan import instant
from entra_config.plan.model import HeldBack, Plan, Refusal, TenantInfo
from entra_config.report import github, lines, markdown, text
from tests.unit.report.plans import TENANT, worked_example

PLAN = worked_example()
NOTHING = Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), (), ())
OUTPUT = Output(no_color=True)
REFUSED = Refusal("", "never", blocks=False)
HELD = HeldBack("a grant waits", "apply again")
PASSED: Any = SimpleNamespace(failed=())
FAILED: Any = SimpleNamespace(failed=(1,))


@pytest.mark.parametrize(
    ("plan", "detailed", "tests", "code"),
    [
        (NOTHING, False, None, 0),
        (NOTHING, True, None, 0),
        (PLAN, False, None, 0),
        (PLAN, True, None, 2),
        (replace(NOTHING, held_back=(HELD,)), True, None, 2),
        (PLAN, True, PASSED, 2),
        (PLAN, False, PASSED, 0),
        (PLAN, True, FAILED, 1),
        (NOTHING, False, FAILED, 1),
        (replace(NOTHING, refusals=(REFUSED,)), False, FAILED, 3),
    ],
)
def test_which_code_wins(plan: Plan, tests: Any, code: int, *, detailed: bool) -> None:
    """A refusal before a test that fails, before changes that somebody asked to be told of."""
    assert planning.exit_code(plan, detailed=detailed, tests=tests) == code


def shown(
    capsys: pytest.CaptureFixture[str], form: Any, output: Output = OUTPUT, **how: Any
) -> tuple[str, str]:
    """Return what a plan writes."""
    talk = how.pop("talk", False)
    report = formats.PlanReport(Common(output=output), PLAN, **how)
    formats.write(output, formats.PLAN, form, report, talk=talk)
    out, err = capsys.readouterr()
    return out, err


def test_text_is_the_report_with_requests_where_they_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr where stdout is for a program; whole with -v."""
    plain = lines.format_lines(text.lines(PLAN, whole=False))
    assert shown(capsys, "text") == (plain, "")
    assert shown(capsys, "text", talk=True) == ("", plain)
    out, _ = shown(capsys, "text", Output(no_color=True, verbose=True))
    assert out == lines.format_lines(text.lines(PLAN, whole=True))
    out, _ = shown(capsys, "text", show_requests=True)
    assert out.endswith(plain)
    assert "PATCH /applications/x" in out.removesuffix(plain)
    report = formats.PlanReport(Common(output=OUTPUT), NOTHING, show_requests=True)
    formats.write(OUTPUT, formats.PLAN, "text", report)
    assert capsys.readouterr().out == lines.format_lines(text.lines(NOTHING, whole=False))


def test_json_has_requests_where_they_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """And no part for tests that did not run."""
    without, whole = (
        json.loads(shown(capsys, "json")[0]),
        json.loads(shown(capsys, "json", show_requests=True)[0]),
    )
    assert without["kind"] == "plan"
    assert whole != without
    assert "PATCH" in json.dumps(whole)
    assert "PATCH" not in json.dumps(without)


@pytest.mark.parametrize("names", [True, False])
def test_people_are_named_where_that_is_wanted(capsys: pytest.CaptureFixture[str], *, names: bool) -> None:
    """In Markdown and in annotations."""
    assert shown(capsys, "markdown", names=names) == (markdown.render(PLAN, names=names), "")
    assert shown(capsys, "github", names=names) == (github.plan(PLAN, names=names), "")
    assert markdown.render(PLAN, names=True) != markdown.render(PLAN, names=False)


def test_a_plan_that_was_seen_is_told_in_short(capsys: pytest.CaptureFixture[str]) -> None:
    """Whose it is, what is refused, and the counts; no change."""
    plan = replace(PLAN, refusals=(REFUSED,), held_back=(HELD,))
    rows = [*text.remarks(plan.warnings, plan.refusals), *text.held_back(plan), *text.summary(plan)]
    expected = f"{text.header(plan)}\n{lines.format_lines(rows)}"
    planning.show_approved(Common(output=OUTPUT), plan)
    assert capsys.readouterr() == (expected, "")
    planning.show_approved(Common(output=OUTPUT), plan, talk=True)
    assert capsys.readouterr() == ("", expected)


OPTIONS = PlanOptions(frozenset({"many", "last"}), ("application.api",), True, True, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (PlanOptions(), ()),
        (
            OPTIONS,
            (
                "--allow", "last", "--allow", "many", "--target", "application.api", "--purge-deleted",
                "--strict", "--expired",
            ),
        ),
        (PlanOptions(strict=True), ("--strict",)),
    ],
)  # fmt: skip
def test_options_are_said_again_as_they_were_typed(options: PlanOptions, words: tuple[str, ...]) -> None:
    """The next command does the same."""
    assert options.words() == words


@pytest.mark.parametrize(("out", "words"), [(None, "--strict"), (Path("my plan.json"), "'my plan.json'")])
def test_what_comes_next_is_this_very_plan(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, out: Path | None, words: str
) -> None:
    """A saved one has its options in it."""
    monkeypatch.delenv("ENTRA_CONFIG_CLOUD", raising=False)
    planning._next(Common(output=OUTPUT, cloud="usgov"), PLAN, PlanOptions(strict=True), out)
    assert capsys.readouterr() == (f"Next: entra-config apply -e prod {words} --cloud usgov\n", "")


AT, NOW = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("saved", "expected", "crossed"),
    [
        (None, NOW, False),
        (SimpleNamespace(at=None), NOW, False),
        (SimpleNamespace(at=AT, path="p"), AT, True),
    ],
)
def test_a_saved_plan_is_of_its_own_instant(
    monkeypatch: pytest.MonkeyPatch, saved: Any, expected: datetime, *, crossed: bool
) -> None:
    """Unless something ended since; without one it is now."""
    calls: list[Any] = []
    monkeypatch.setattr(applying.wiring, "now", lambda: NOW)  # type: ignore[attr-defined]  # its own import
    monkeypatch.setattr(Approved, "saved", lambda _: saved)
    monkeypatch.setattr(lasting, "untils", lambda manifest: [manifest])
    monkeypatch.setattr(instant, "crossed", lambda *given: calls.append(given))
    manifest: Any = "manifest"
    assert Approved().at(manifest) == expected
    assert calls == ([(["manifest"], AT, NOW, "p")] if crossed else [])


def test_a_file_is_read_where_one_is_named(tmp_path: Path) -> None:
    """A digest alone names none."""
    path = tmp_path / "plan.json"
    path.write_text(files.text(replace(PLAN, at=AT)))
    found = Approved(path).saved()
    assert found is not None
    assert (found.digest, found.at, found.path) == (files.digest(replace(PLAN, at=AT)), AT, str(path))
    assert Approved(digest="d").saved() is None


@pytest.mark.parametrize(("made", "elsewhen"), [({"at": "2026-11-20"}, True), ({}, False)])
def test_a_plan_is_made_for_an_instant(
    monkeypatch: pytest.MonkeyPatch, made: dict[str, Any], *, elsewhen: bool
) -> None:
    """For now unless another is said; what is near its end is told then."""
    import asyncio
    from contextlib import asynccontextmanager, contextmanager

    calls: list[Any] = []

    @asynccontextmanager
    async def graph(_: Common, tenant_id: str) -> Any:
        yield f"graph of {tenant_id}"

    @contextmanager
    def reported(*given: Any) -> Any:
        calls.append(given[0])
        yield

    class Options(PlanOptions):
        async def plan(self, *given: Any, **more: Any) -> Any:
            """Plan nothing."""
            calls.append((given, more))
            return PLAN

    manifest = SimpleNamespace(tenant_id="t")
    wiring = planning.wiring  # type: ignore[attr-defined]  # its own import
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    monkeypatch.setattr(wiring, "manifest", lambda *_: manifest)
    monkeypatch.setattr(wiring, "graph", graph)
    monkeypatch.setattr(wiring, "reported", reported)
    monkeypatch.setattr(lasting, "with_notices", lambda plan, *, elsewhen: (plan, elsewhen))
    monkeypatch.setattr("entra_config.drift.edits.find_edits", lambda *given, alike: (given, alike))

    found: Any = asyncio.run(planning.make(Common(), Options(), **made))
    moment = datetime(2026, 11, 20, tzinfo=UTC) if elsewhen else NOW
    assert found == (PLAN, elsewhen)
    assert calls == ["graph of t", ((manifest, "graph of t", moment), {"edits": None})]
    asyncio.run(planning.make(Common(), Options(), base="v1", alike=True))
    asyncio.run(planning.make(Common(), Options(), base="v1"))
    since = (manifest, Common().manifest, "v1")
    assert [each[1] for each in calls[3::2]] == [
        {"edits": ((*since, None), True)}, {"edits": ((*since, None), False)}
    ]  # fmt: skip
