"""Who holds a value once the rest of a plan is carried out, and what is kept to compare it by."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

import pytest

from entra_config.plan import rest
from entra_config.plan.model import Afterwards, Create, Plan, Restore, Update
from entra_config.plan.rest import Remembered
from entra_config.resource import Ref
from tests.unit.plan import estates
from tests.unit.plan.rests import (
    GONE,
    MADE,
    ONE,
    SPA,
    STRANGER,
    TWO,
    access,
    beyond,
    change,
    with_ids,
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


NIGHTLY, THEIRS = (Afterwards(frozenset(), frozenset({each})) for each in ("api", STRANGER))


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        (NIGHTLY, NIGHTLY, []),
        (NIGHTLY, Afterwards(frozenset(), frozenset({TWO})), []),
        (NIGHTLY, Afterwards(frozenset(), frozenset({STRANGER})), NEW),
        (THEIRS, THEIRS, []),
        (THEIRS, NOBODY, NEW),
    ],
)
def test_an_application_holds_it_by_key_or_id(was: Afterwards, now: Afterwards, found: list[str]) -> None:
    """An application that was to come is known by its key before and its id after."""
    assert beyond(ending(GAINED, api=was), ending(with_ids(GAINED, MADE), api=now)) == found


def test_a_value_of_an_application_is_called_by_its_key() -> None:
    """The name of a value may hold an id of ours where the approved one has its key."""
    assert beyond(ending(GAINED, api=LI), with_ids(ending(access(TWO), **{TWO: LI}), MADE)) == []


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


def test_what_is_kept_is_of_the_plan_s_own_changes_and_is_read_as_written() -> None:
    """Ids of what changes, in order, and one digest of the people of a value, whatever their order."""
    plan = dataclasses.replace(
        ending(change(Update), api=Afterwards(frozenset("hgfedcba"), frozenset("zyxwvuts")), spa=SOME),
        ids={**MADE, Ref(SPA, "id"): STRANGER},
    )
    kept = rest.kept(plan)
    digest = hashlib.sha256(b'["a","b","c","d","e","f","g","h"]').hexdigest()
    assert rest.written(kept) == {
        "ids": [["application", "api", "appId", TWO], ["application", "api", "id", ONE]],
        "afterwards": {
            "role api/A": {"people": digest, "applications": [*"stuvwxyz"]},
            "role spa/A": {"people": None, "applications": []},
        },
    }
    assert rest.read(rest.written(kept)) == kept == Remembered(MADE, kept.afterwards)


@pytest.mark.parametrize("place", range(4))
def test_what_was_not_written_so_is_not_read(place: int) -> None:
    """An id is four strings, people one or nothing."""
    row: list[Any] = ["application", "api", "id", ONE]
    row[place] = 1
    with pytest.raises(TypeError):
        rest.read({"ids": [row], "afterwards": {}})
    with pytest.raises(TypeError):
        rest.read({"ids": [], "afterwards": {"role api/A": {"people": place, "applications": []}}})
