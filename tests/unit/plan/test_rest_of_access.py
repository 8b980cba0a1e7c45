"""Who holds a value once the rest of a plan is carried out, and what is kept to compare it by."""

from __future__ import annotations

import dataclasses

import pytest

from entra_config.plan.model import Afterwards, Create, Plan, Restore, Update
from tests.unit.plan import estates
from tests.unit.plan.rests import (
    GONE,
    access,
    beyond,
    change,
)


def ending(plan: Plan, **ends: Afterwards) -> Plan:
    """Return a plan after which these hold the value of a role of an application."""
    return dataclasses.replace(plan, afterwards={f"role {name}/A": end for name, end in ends.items()})


LI, BO, NOBODY = (Afterwards(frozenset(each)) for each in ({"u1"}, {"u2"}, ()))
SOME = Afterwards(None)
GAINED = access("api")
NEW = ["access role api/A gain: not everybody of these was in it"]


@pytest.mark.parametrize(
    ("approved", "now", "found"),
    [
        pytest.param(ending(GAINED, api=LI), ending(GAINED, api=LI), [], id="same end"),
        pytest.param(ending(GAINED, api=LI), ending(access("api", count=2), api=LI), [], id="fewer to come"),
        pytest.param(
            ending(access("api", "lose"), api=LI), ending(GAINED, api=LI), [], id="other sign, same end"
        ),
        pytest.param(ending(GAINED, api=LI), ending(GAINED, api=BO), NEW, id="another end"),
        pytest.param(ending(GAINED, api=LI), ending(GAINED, api=NOBODY), NEW, id="nobody in the end"),
        pytest.param(ending(GAINED, api=SOME), ending(GAINED, api=SOME), NEW, id="not all known"),
        pytest.param(ending(GAINED, api=LI), ending(GAINED, api=SOME), NEW, id="not all known now"),
        pytest.param(ending(GAINED, spa=LI), ending(GAINED, api=LI), NEW, id="end of another value"),
        pytest.param(GAINED, GAINED, NEW, id="end not known"),
        pytest.param(access("api", count=None), access("api", count=None), [], id="the same, uncounted"),
        pytest.param(access("api"), access("api", count=None), NEW, id="uncounted now"),
        pytest.param(access("api", "lose", None), access("api", count=None), NEW, id="uncounted, lost"),
        pytest.param(estates.plan(), ending(GAINED, api=LI), NEW, id="not in it"),
    ],
)
def test_who_holds_a_value_in_the_end_was_to_hold_it(approved: Plan, now: Plan, found: list[str]) -> None:
    """Those who hold a value afterwards are the approved ones, or the very same line was approved."""
    assert beyond(approved, now) == found


@pytest.mark.parametrize(
    ("approved", "kind", "allowed"),
    [
        (change(Create), "signIn", True),
        (change(Create), "authorized", True),
        (change(Restore), "authorized", True),
        (change(Update), "signIn", False),
        (change(Create), "role", False),
        (change(Create), "restored", False),
        (change(Create, GONE), "signIn", False),
        (estates.plan(), "signIn", False),
        (estates.plan(*change(Update, GONE).changes, *change(Create).changes), "signIn", True),
    ],
)
def test_who_may_use_what_came_into_being_comes_with_it(approved: Plan, kind: str, allowed: bool) -> None:
    """Who may sign in to what was approved to be made or brought back is not known before."""
    found = [f"access {kind} api/A gain: not everybody of these was in it"]
    assert beyond(approved, access("api", kind=kind)) == ([] if allowed else found)
