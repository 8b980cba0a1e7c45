"""How a plan is carried out: refused, asked for, noted, followed up, and with which code it ends."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config import reconcile
from entra_config.apply.events import Event, Observer, Outcome, StepStarted
from entra_config.cli import carrying
from entra_config.cli.carrying import Carrying, carry_out
from entra_config.cli.output import Output
from entra_config.errors import GraphError, RefusedError
from entra_config.plan import file
from entra_config.plan.model import Plan, Refusal, TenantInfo, Withheld
from tests.unit.report.plans import API, TENANT, steps, worked_example

NOTHING = Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), (), ())
PLAN = worked_example()
STARTED = StepStarted(PLAN.steps[0])
OUTPUT = Output(no_color=True)
REST = "Everything else is done. The plan shows how to resolve each.\n"
LEFT = Refusal("", "left out", blocks=False)
HELD = Withheld("a grant waits", "apply again")
ALL = Outcome(done=PLAN.steps)
PART = Outcome(not_attempted=((PLAN.steps[0], "stopped"),))
FAILED = Outcome(failed=((PLAN.steps[0], GraphError("no")),))

# A Graph that was not read yet.
GRAPH: Any = SimpleNamespace(ahead=None)


class Applies:
    """Stands in for what applies: what came of each plan, which plans it was given, and how."""

    def __init__(self, *came: Outcome) -> None:
        self.came, self.plans, self.how = list(came), list[Plan](), list[dict[str, Any]]()

    async def __call__(self, plan: Plan, graph: object, *, observe: Observer, **how: Any) -> Outcome:
        """Begin one step, and say what came of all."""
        assert graph is GRAPH
        self.plans.append(plan)
        self.how.append(how)
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


def test_a_plan_that_is_refused_is_not_begun(applies: Applies) -> None:
    """Each limit once, with what lifts it, and each reason with its place."""
    plan = replace(
        PLAN,
        refusals=(
            Refusal("many", "too many", API),
            Refusal("last", "the last one"),
            Refusal("many", "too many again", API),
            Refusal("", "never"),
            LEFT,
        ),
    )
    with pytest.raises(RefusedError) as refused:
        carried(plan, Carrying(confirm=True))
    assert str(refused.value) == (
        "the plan is refused, and nothing was changed; if it is meant so: --allow last --allow many\n"
        "  api: too many\n  -: the last one\n  api: too many again\n  -: never"
    )
    assert applies.plans == []
    reason = "the plan is refused, and nothing was changed\n  -: never"
    assert carrying.refused(replace(PLAN, refusals=(Refusal("", "never"),))) == reason


@pytest.mark.parametrize(
    ("plan", "code", "said"),
    [
        (NOTHING, 0, ""),
        (replace(NOTHING, protected=True), 0, ""),
        (replace(NOTHING, refusals=(LEFT,)), 3, ""),
        (
            replace(NOTHING, withheld=(HELD,)),
            0,
            "Withheld: 1. Everything else is done. The plan shows how to resolve each.\n",
        ),
        (
            replace(NOTHING, withheld=(HELD, HELD), protected=True),
            3,
            f"Withheld: 2. {REST}",
        ),
    ],
    ids=["done", "protected", "left out", "withheld", "withheld where it is protected"],
)
def test_what_needs_a_person_is_code_3(
    capsys: pytest.CaptureFixture[str], plan: Plan, code: int, said: str
) -> None:
    """What a policy leaves out, or a protected environment holds back."""
    assert carried(plan) == code
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("came", [PART, FAILED])
def test_what_is_not_done_whole_is_code_1(applies: Applies, came: Outcome) -> None:
    """Nothing follows it."""
    applies.came = [came]
    assert carried(replace(PLAN, following=PLAN.changes), again=never) == 1


async def never() -> Plan:
    """Fail where a plan is made again."""
    raise AssertionError


def journaled(path: Path) -> list[dict[str, Any]]:
    """Return what a journal says of plans, without when."""
    every = [json.loads(line) for line in path.read_text().splitlines()]
    return [{name: value for name, value in each.items() if name != "at"} for each in every]


@pytest.mark.parametrize(
    ("came", "kept", "digest", "left"),
    [
        (ALL, True, "", True), (ALL, False, "", False), (PART, False, "", True), (PART, True, "d", True),
    ],
)  # fmt: skip
def test_the_journal_stays_where_something_is_left(  # noqa: PLR0917  # the columns of a table
    applies: Applies, tmp_path: Path, came: Outcome, kept: bool, digest: str, left: bool
) -> None:
    """Or somebody asked for it; it names the plan, and whether all of it was done."""
    applies.came = [came]
    path = tmp_path / "j"
    code = carried(PLAN, Carrying(journal=path, kept=kept, digest=digest))
    assert (code, path.exists()) == (int(came is PART), left)
    if left:
        name = digest or file.digest(PLAN)
        assert journaled(path) == [
            {"plan": name, "steps": len(PLAN.steps)}, {"plan": name, "complete": came is ALL}
        ]  # fmt: skip


def test_an_apply_is_told_all_of_how(applies: Applies, tmp_path: Path) -> None:
    """Whether it waits, where it is noted, what stops it; notes come before what is shown."""
    events: list[Event] = []
    carried(PLAN, Carrying(wait=False, journal=tmp_path / "j", notes=events.append))
    carried(PLAN, Carrying(wait=True))
    assert events == [STARTED]
    shown: list[Event] = []
    carrying._both(shown.append, events.append)(STARTED)
    assert (shown, events) == ([STARTED], [STARTED, STARTED])
    first, second = applies.how
    assert (first["wait"], second["wait"]) == (False, True)
    assert (first["journal"] is None, second["journal"]) == (False, None)
    assert not first["stop"].is_set()


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
