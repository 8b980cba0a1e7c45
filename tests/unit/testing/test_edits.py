"""Which access tests a change takes away, changes and adds: what they say, and what decides about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.testing import edits
from entra_config.testing.model import (
    AccessTest,
    ExpectedClaim,
    ExpectedOutcome,
    Group,
    PlacedString,
    SignInRequest,
    SignInUser,
    Suite,
)

HERE, THERE = Position("a.yaml", 1, 1), Position("b.yaml", 9, 9)


def word(text: str, position: Position = HERE) -> PlacedString:
    """Return a text at its place."""
    return PlacedString(text, position)


ANN = SignInUser("ann", (word("Inner"),), position=HERE)
OUTCOME = ExpectedOutcome(None, {"token": (ExpectedClaim("roles", "is", ("A", "B"), HERE),)}, HERE)
TEST = AccessTest("t", HERE, SignInRequest(word("page"), (word("api/read"),)), OUTCOME, "code", ANN)
GROUPS = {"Inner": Group("Inner", (word("Outer"),)), "Outer": Group("Outer", (word("Top"),))}


def suites(*tests: AccessTest, groups: dict[str, Group] | None = None) -> list[Suite]:
    """Return a file of tests."""
    return [Suite("a.yaml", {}, GROUPS if groups is None else groups, tests)]


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ({}, False),
        ({"position": THERE}, False),
        ({"request": SignInRequest(word("page", THERE), (word("api/read", THERE),))}, False),
        ({"person": replace(ANN, position=THERE)}, False),
        ({"expected": replace(OUTCOME, position=THERE)}, False),
        ({"flow": "deviceCode"}, True),
        ({"person": None}, True),
        ({"person": replace(ANN, guest=True)}, True),
        ({"request": SignInRequest(word("page"), (word("api/write"),))}, True),
        ({"expected": ExpectedOutcome(50105)}, True),
        ({"expected": ExpectedOutcome(None, {"token": (ExpectedClaim("roles", "is", ("A",)),)})}, True),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, True),
        ({"only": ("dev",)}, True),
    ],
)
def test_a_test_is_another_where_it_says_something_else(after: dict[str, Any], changed: bool) -> None:
    """One that only moved is the same."""
    found = edits.between(suites(TEST), suites(replace(TEST, **after)))
    assert found == edits.TestEdits(changed=("t",) if changed else ())
    assert bool(found) is changed


@pytest.mark.parametrize(
    ("groups", "changed"),
    [
        (GROUPS, False),
        (GROUPS | {"Unused": Group("Unused", (word("x"),))}, False),
        (GROUPS | {"Inner": Group("Inner", (word("Outer", THERE),))}, False),
        (GROUPS | {"Inner": Group("Inner")}, True),
        (GROUPS | {"Outer": Group("Outer")}, True),  # behind the person's own
        (GROUPS | {"Top": Group("Top", (word("Inner"),))}, True),  # in a circle
        ({}, True),
    ],
)
def test_the_groups_around_a_person_are_part_of_it(groups: dict[str, Group], changed: bool) -> None:
    """However far outside; those of nobody in the test are not."""
    found = edits.between(suites(TEST), suites(TEST, groups=groups))
    assert found.changed == (("t",) if changed else ())
    alone = replace(TEST, person=None)
    assert not edits.between(suites(alone), suites(alone, groups=groups))


def test_the_order_of_groups_says_nothing() -> None:
    """A group may be inside several."""
    one, other = (
        GROUPS | {"Inner": Group("Inner", tuple(map(word, names)))} for names in (["A", "B"], ["B", "A"])
    )
    assert not edits.between(suites(TEST, groups=one), suites(TEST, groups=other))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (None, edits.TestEdits(removed=("gone", "dev-gone"), added=("new", "dev-new"))),
        ("dev", edits.TestEdits(removed=("gone", "dev-gone"), added=("new", "dev-new"))),
        ("prod", edits.TestEdits(removed=("gone",), added=("new",))),
    ],
)
def test_what_comes_and_goes_is_named(environment: str | None, expected: edits.TestEdits) -> None:
    """Of one environment, those that are for it alone."""
    dev = replace(TEST, only=("dev",))
    before = suites(TEST, replace(TEST, name="gone"), replace(dev, name="dev-gone"))
    after = suites(TEST, replace(TEST, name="new"), replace(dev, name="dev-new"))
    assert edits.between(before, after, environment) == expected


@pytest.mark.parametrize(
    ("found", "any_"),
    [
        (edits.TestEdits(), False),
        (edits.TestEdits(removed=("t",)), True),
        (edits.TestEdits(changed=("t",)), True),
        (edits.TestEdits(added=("t",)), True),
        (edits.TestEdits(read_error="why"), True),
    ],
)
def test_what_could_not_be_read_is_an_edit_too(found: edits.TestEdits, any_: bool) -> None:
    """Nothing is none."""
    assert bool(found) is any_
