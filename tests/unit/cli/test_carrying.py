"""What follows a restore: what the plan announced, and with which code it ends."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config import reconcile
from entra_config.apply.events import Observer, Outcome, StepStarted
from entra_config.cli.carrying import Carrying, carry_out
from entra_config.cli.output import Output
from entra_config.errors import RefusedError
from entra_config.plan.model import Plan, Refusal, TenantInfo
from tests.unit.report.plans import TENANT, steps, worked_example

NOTHING = Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), (), ())
PLAN = worked_example()
STARTED = StepStarted(PLAN.steps[0])
OUTPUT = Output(no_color=True)
LEFT = Refusal("", "left out", blocks=False)
ALL = Outcome(done=PLAN.steps)
PART = Outcome(not_attempted=((PLAN.steps[0], "stopped"),))
# A Graph that was not read yet.
GRAPH: Any = SimpleNamespace(ahead=None)


class Applies:
    """Stands in for what applies: what came of each plan, and which plans it was given."""

    def __init__(self, *came: Outcome) -> None:
        self.came, self.plans = list(came), list[Plan]()

    async def __call__(self, plan: Plan, graph: object, *, observe: Observer, **_: Any) -> Outcome:
        """Begin one step, and say what came of all."""
        assert graph is GRAPH
        self.plans.append(plan)
        observe(STARTED)
        return self.came.pop(0)


@pytest.fixture
def applies(monkeypatch: pytest.MonkeyPatch) -> Applies:
    """Let nothing be sent; all is done, each time."""
    found = Applies(ALL, ALL)
    monkeypatch.setattr(reconcile, "apply", found)
    return found


def carried(plan: Plan, how: Carrying = Carrying(), **more: Any) -> int:  # noqa: B008  # it is frozen
    """Carry a plan out."""
    return asyncio.run(carry_out(plan, GRAPH, how, OUTPUT, question="Sure?", phrase="yes", **more))


def journaled(path: Path) -> list[dict[str, Any]]:
    """Return what a journal says of plans, without when."""
    every = [json.loads(line) for line in path.read_text().splitlines()]
    return [{name: value for name, value in each.items() if name != "at"} for each in every]


LATER = replace(NOTHING, changes=PLAN.changes, steps=steps(2))
RESTORED = "restored and read; now what the plan announced to follow\n"
MORE = (
    "2 more to change came to light by the restore; it was not announced, so nothing of it was done: plan "
    "again"
)


@pytest.mark.parametrize(
    ("rest", "second", "code", "said"),
    [
        (LATER, ALL, 0, RESTORED),
        (LATER, PART, 1, RESTORED),
        (replace(NOTHING, changes=PLAN.changes), ALL, 0, ""),
        (replace(LATER, changes=PLAN.changes[:1]), ALL, 0, f"{RESTORED}{MORE}\n"),
    ],
    ids=["all", "part", "nothing is left", "more came to light"],
)
def test_what_was_announced_follows(  # noqa: PLR0917  # the columns of a table
    applies: Applies,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    rest: Plan,
    second: Outcome,
    code: int,
    said: str,
) -> None:
    """Once what was restored is read, and nothing else of what came to light."""
    applies.came = [replace(ALL, known={"a": "b"}), second]  # type: ignore[dict-item]  # only handed on
    first = replace(PLAN, following=PLAN.changes)
    monkeypatch.setattr(
        "entra_config.plan.selection.announced",
        lambda *given: rest if given == (first, LATER, {"a": "b"}) else None,
    )

    async def again() -> Plan:
        return LATER

    assert carried(first, Carrying(journal=tmp_path / "j"), again=again) == code
    assert applies.plans == [first, rest][: 1 + bool(rest.steps)]
    assert " ".join(capsys.readouterr().err.split()) == " ".join(said.split())
    assert journaled(tmp_path / "j")[-1]["complete"] is (code != 1)


def test_what_was_announced_may_be_refused(applies: Applies, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said that something is restored already; without a way to plan again nothing follows."""
    blocked = replace(LATER, refusals=(Refusal("", "never"),))
    monkeypatch.setattr("entra_config.plan.selection.announced", lambda *_: blocked)

    async def again() -> Plan:
        return LATER

    with pytest.raises(RefusedError, match=r"^restored; what was to follow did not: the plan is refused"):
        carried(replace(PLAN, following=PLAN.changes), again=again)
    assert carried(replace(PLAN, following=PLAN.changes)) == 0
    assert len(applies.plans) == 2


def test_what_the_first_plan_left_out_is_code_3(applies: Applies, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the second one left out."""
    monkeypatch.setattr("entra_config.plan.selection.announced", lambda *_: LATER)

    async def again() -> Plan:
        return LATER

    first = replace(PLAN, following=PLAN.changes, refusals=(LEFT,))
    assert carried(first, again=again) == 3
