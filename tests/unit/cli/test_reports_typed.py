"""`plan` and `drift` as they are typed: what the reading gets, what is written, and how they end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import drift, making
from entra_config.cli import plan as planning
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.drift.model import Drift
from entra_config.plan.model import Plan, TenantInfo
from entra_config.plan.options import NO_OPTIONS, Options
from entra_config.report import drift_json
from entra_config.report.made import HowMade
from tests.unit.cli.ran import without_variables
from tests.unit.report.drifts import sample
from tests.unit.report.plans import TENANT, worked_example

PLAN, DRIFT = worked_example(), sample()
NOTHING = Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), (), ())


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
        ("", NO_OPTIONS, NO_BASE),
        ("--base v1 --at 2026-11-20", NO_OPTIONS, {"base": "v1", "at": "2026-11-20"}),
        ("--allow many,last", Options(frozenset({"many", "last"})), NO_BASE),
        ("--target a.b --target c.d", Options(targets=("a.b", "c.d")), NO_BASE),
        ("--purge-deleted", Options(purge_deleted=True), NO_BASE),
        ("--strict", Options(strict=True), NO_BASE),
        ("--expired", Options(expired=True), NO_BASE),
    ],
)
def test_what_of_a_plan_is_wanted(
    monkeypatch: pytest.MonkeyPatch, words: str, options: Options, more: Any
) -> None:
    """Each option in its place."""
    calls = planned(monkeypatch, NOTHING)
    assert main(["plan", *words.split()]) == 0
    assert calls == [(options, more)]


def checked(monkeypatch: pytest.MonkeyPatch, found: Drift) -> list[Any]:
    """Find this; collect how."""
    calls: list[Any] = []

    async def check(_: Common, **how: Any) -> Drift:
        calls.append(how)
        return found

    monkeypatch.setattr(drift, "check", check)
    return calls


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
