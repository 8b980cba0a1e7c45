"""Which kind of change what came of one tenant is: its risk, what stands in its way, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.credentials.listing import ListedKey
from entra_config.drift.model import Drift, Finding, Overdue
from entra_config.errors import Position
from entra_config.lint.model import LintFinding, Report
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Create, Delete, Effect, HeldBack, Plan, Refusal, TenantInfo, Update
from entra_config.resource import Address, Resource
from entra_fleet.groups.classes import PlanKind, TakenOut
from entra_fleet.groups.counting import Counted
from entra_fleet.groups.pinned import PinnedKind
from entra_fleet.report import kinds
from entra_fleet.report.document import FleetCountPart, FleetKindPart, TakenOutPart
from tests.unit.plan import estates

API = Address("application", "api")
OWN = Resource(API, {}, title="api")
HERE = Position("a.yaml", 3)
KIND = PlanKind("k-1", ("a", "b"), (TakenOut(HERE, "${x}", "y"),), (Counted("lose", "api/A", 3),))
TAKEN = [TakenOutPart(place=str(HERE), said="${x}", value="y")]
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def part(**more: Any) -> FleetKindPart:
    """Make what is expected of a kind."""
    whole = {
        "id": "k-1",
        "risk": "none",
        "obstacle": "",
        "after": "",
        "headline": ["a", "b"],
        "counts": [],
        "taken_out": [],
    }
    return FleetKindPart(**{**whole, **more})


REFUSED, LEFT = Refusal("x", ""), Refusal("x", "", blocks=False)
LOW, HIGH = Update(OWN, OWN), Delete(OWN)


@pytest.mark.parametrize(
    ("plan", "after", "risk", "obstacle"),
    [
        (estates.plan(), "", "none", ""),
        (estates.plan(LOW), "", "low", ""),
        (estates.plan(LOW, HIGH, Create(OWN)), "", "high", ""),
        (replace(estates.plan(LOW), following=(HIGH,)), "", "high", ""),
        (replace(estates.plan(LOW), effects=(Effect("guard", ""),)), "", "high", ""),
        (replace(estates.plan(), effects=(Effect("offer", ""),)), "", "medium", ""),
        (replace(estates.plan(), refusals=(LEFT,)), "", "none", "leftOut"),
        (replace(estates.plan(), refusals=(LEFT,), held_back=(HeldBack("", ""),)), "", "none", "heldBack"),
        (
            replace(estates.plan(), refusals=(LEFT, REFUSED), held_back=(HeldBack("", ""),)),
            "",
            "none",
            "refused",
        ),
        (replace(estates.plan(LOW), refusals=(REFUSED,)), "base", "low", "after"),
    ],
)
def test_a_plan_is_as_risky_as_its_riskiest_part(plan: Plan, after: str, risk: str, obstacle: str) -> None:
    """Its changes, what follows, and what it gives; a project before it stands in the way first."""
    counts = [FleetCountPart(verb="lose", what="api/A", people=3)]
    expected = part(risk=risk, obstacle=obstacle, after=after, counts=counts, taken_out=TAKEN)
    assert kinds.of_plan(plan, KIND, after) == expected


def test_changes_are_shown_without_names_of_people() -> None:
    """Each with its level, its lines and where they come from."""
    title = Phrase.of("api ← ", Person("'li@x'", "u1"))
    gone = Delete(replace(OWN, title=title, position=HERE))
    (first, second) = kinds.changes(replace(estates.plan(gone), following=(LOW,)))
    assert (first.risk, first.following, second.risk, second.following) == ("high", False, "low", True)
    (line,) = first.lines
    assert ("".join(words for words, _ in line.text), line.place) == (
        "  - application api ← a user (u1…)",
        "a.yaml:3",
    )


def drift(*findings: Finding, **more: Any) -> Drift:
    """Make a drift."""
    tenant = TenantInfo(estates.TENANT, "contoso")
    return Drift("myapp", "prod", tenant, "", NOW, None, findings, **more)


FOUND = Finding(API, "changed", "r", Phrase.of("by ", Person("'li@x'", "u1")), "notes", "a", "b")


def test_drift_is_told_without_people_by_its_riskiest_finding() -> None:
    """The same findings are of one kind, whoever made them and wherever they are."""
    one = kinds.of_drift(drift(FOUND))
    assert one == part(id=one.id, risk="low", headline=["by a user (u1…)"])
    assert kinds.of_drift(drift(FOUND, replace(FOUND, path="", sign="removed"))).risk == "high"
    assert kinds.of_drift(drift()).risk == "none"
    alike = (replace(FOUND, position=HERE), replace(FOUND, subjects=("x",), good_at=NOW))
    assert {kinds.of_drift(drift(each)).id for each in alike} == {one.id}
    over = Overdue(API, NOW.date(), "")
    others = [
        drift(replace(FOUND, live="c")),
        drift(replace(FOUND, element="e")),
        drift(replace(FOUND, rule="x")),
        drift(replace(FOUND, path="web")),
        drift(FOUND, overdue=(over,)),
        drift(FOUND, FOUND),
    ]
    assert len({one.id, *(kinds.of_drift(each).id for each in others)}) == len(others) + 1


def lint(*messages: str) -> Report:
    """Make a report of lint findings."""
    found = (
        LintFinding("rule", "E", "high", "regular", each, "", HERE, "api", "", ("prod",)) for each in messages
    )
    return Report("myapp", ("prod",), tuple(found))


def test_lint_and_tests_need_a_look_where_anything_is_found() -> None:
    """Each finding is told; their order makes no other kind."""
    assert kinds.of_lint(lint()) == part(id=kinds.of_lint(lint()).id, headline=[])
    one, other = kinds.of_lint(lint("b", "a")), kinds.of_lint(lint("a", "b"))
    assert one == part(id=other.id, risk="medium", headline=["rule: b", "rule: a"])
    assert kinds.of_lint(lint("a")).id != one.id
    failing = kinds.of_tests(["x", "y"])
    assert failing == part(id=failing.id, risk="medium", headline=["fails: x", "fails: y"])
    assert kinds.of_tests([]) == part(id=kinds.of_tests([]).id, headline=[])
    assert failing.id != kinds.of_tests(["x"]).id


KEY = ListedKey("api", "secret", "ci", "k1", "declared")


@pytest.mark.parametrize(
    ("key", "risk", "said"),
    [
        (KEY, "none", ""),
        (replace(KEY, standing="undeclared"), "high", "nobody declared it"),
        (replace(KEY, due="rotate"), "medium", "rotate"),
        (replace(KEY, end=NOW), "medium", "ended"),
        (replace(KEY, end=NOW + timedelta(seconds=1)), "medium", "ends within 30 days"),
        (replace(KEY, end=NOW + timedelta(days=30)), "medium", "ends within 30 days"),
        (replace(KEY, end=NOW + timedelta(days=30, seconds=1)), "none", ""),
        (replace(KEY, end=NOW, standing="rotated"), "none", ""),
        (
            replace(KEY, end=NOW, due="rotate", standing="undeclared"),
            "high",
            "nobody declared it, ended, rotate",
        ),
    ],
)
def test_a_key_needs_a_look_where_nobody_declared_it_or_it_ends(key: ListedKey, risk: str, said: str) -> None:
    """In words, with what else is due."""
    found = kinds.of_credentials([key], NOW)
    assert found == part(id=found.id, risk=risk, headline=[f"api: secret ci: {said}"] if said else [])


def test_keys_are_of_one_kind_whatever_their_ids_and_order() -> None:
    """But for those that nobody declared: each is another."""
    other = replace(KEY, name="other")

    def id_(*keys: ListedKey) -> str:
        return kinds.of_credentials(keys, NOW).id

    assert id_(KEY, other) == id_(other, KEY) == id_(replace(KEY, key_id="k2"), other)
    undeclared = replace(KEY, standing="undeclared")
    assert id_(undeclared) != id_(replace(undeclared, key_id="k2"))
    assert len({id_(), id_(KEY), id_(other), id_(replace(KEY, place="vault"))}) == 4


@pytest.mark.parametrize(
    ("young", "pins", "left", "risk", "obstacle"),
    [
        (False, 0, False, "none", ""),
        (False, 1, False, "medium", ""),
        (True, 1, False, "high", ""),
        (False, 1, True, "high", "leftOut"),
        (False, 0, True, "high", "refused"),
    ],
)
def test_pins_are_risky_where_something_is_young_or_left(  # the columns of a table
    young: bool, pins: int, left: bool, risk: str, obstacle: str
) -> None:
    """What is a person's to decide stands in the way."""
    found = kinds.of_lock(PinnedKind(KIND, young, pins), left=left)
    assert found == part(risk=risk, obstacle=obstacle, taken_out=TAKEN)
