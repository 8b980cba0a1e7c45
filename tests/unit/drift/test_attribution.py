"""Records of one log against one finding: the whole attribution, grade, actor, time and reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.drift.audit import Event
from entra_config.drift.model import Attribution, Reason
from tests.unit.drift.records import (
    ADDED,
    AGAIN,
    ALICE,
    BOB,
    DAN,
    EVE,
    LATER,
    MADE,
    OURS,
    PIPELINE,
    PORTAL,
    REMOVED,
    STUB,
    STUB_44,
    TOOL,
    exact,
    found,
    possible,
    rec,
)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param((MADE,), exact(MADE), id="one record"),
        pytest.param((AGAIN, MADE), exact(MADE), id="an earlier one as well"),
        pytest.param((OURS,), exact(OURS, ours=True), id="of our deployer"),
        pytest.param((rec("add", ALICE, 30),), exact(rec("add", ALICE, 30)), id="as old as the whole log"),
        pytest.param(
            (rec("add", ALICE, 29),), possible(rec("add", ALICE, 29)), id="younger"
        ),
        pytest.param((MADE, rec("keep", BOB, 50)), exact(MADE), id="kept since"),
        pytest.param((MADE, rec("other", BOB, 50)), exact(MADE), id="something else since"),
        pytest.param((MADE, STUB), possible(STUB), id="touched since by the same"),
        pytest.param((MADE, LATER), possible(LATER, ALICE, suspects=2), id="touched since by another"),
        pytest.param((MADE, TOOL), possible(TOOL), id="one person at two tools"),
        pytest.param((OURS, rec("stub", PIPELINE, 40)), Attribution("none", reason="deployer_only"),
                     id="ours, touched"),
        pytest.param((rec("name", ALICE, 60),), possible(rec("name", ALICE, 60)), id="named only"),
        pytest.param((rec("name", ALICE, 60), STUB), possible(STUB), id="vague"),
        pytest.param((rec("stub", ALICE, 60), TOOL), possible(TOOL), id="way"),
        pytest.param((rec("stub", ALICE, 60), STUB), possible(STUB), id="nothing but touched"),
        pytest.param((rec("stub", PIPELINE, 60),), Attribution("none", reason="deployer_only"),
                     id="nothing but touched by ours"),
        pytest.param((OURS, LATER), possible(LATER), id="ours is not the newest"),
        pytest.param(
            (rec("name", PORTAL, 41), rec("name", EVE, 42), rec("stub", DAN, 43), STUB_44, LATER),
            possible(LATER, PORTAL, EVE, suspects=4), id="each once, three named, by the newest tool",
        ),
        pytest.param((AGAIN, rec("remove", EVE, 70), STUB), possible(STUB), id="removed, touched"),
        pytest.param((AGAIN, rec("remove", EVE, 70), TOOL), possible(TOOL), id="removed, named"),
    ],
)  # fmt: skip
def test_records_of_a_property(events: tuple[Event, ...], expected: Attribution) -> None:
    """The last record that shows it counts, and what may have touched it since makes it less sure."""
    assert found(ADDED, *events) == expected


SECONDS_BEFORE = 60 + 4 / 60
FIVE_BEFORE = 60 + 5 / 60


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (("remove", SECONDS_BEFORE, None), possible(MADE)),
        (("remove", FIVE_BEFORE, None), exact(MADE)),
        (("remove", SECONDS_BEFORE, "add-60"), exact(MADE)),
        (("name", SECONDS_BEFORE, None), possible(MADE)),
        (("keep", SECONDS_BEFORE, None), exact(MADE)),
        (("add", SECONDS_BEFORE, None), exact(MADE)),
    ],
)
def test_what_lies_seconds_before_may_be_the_later(
    events: tuple[str, float, str | None], expected: Attribution
) -> None:
    """Of two calls nearer than five seconds nobody knows the order; one call has one."""
    says, minutes, call = events
    assert found(ADDED, MADE, rec(says, BOB, minutes, call)) == expected


@pytest.mark.parametrize(
    ("minutes", "call", "since", "expected"),
    [
        (SECONDS_BEFORE, None, (), "possible"),
        (FIVE_BEFORE, None, (), Attribution("none", reason="too_recent")),
        (SECONDS_BEFORE, "remove-60", (), Attribution("none", reason="too_recent")),
        (SECONDS_BEFORE, None, (rec("name", ALICE, 50),), "possible"),
    ],
)
def test_what_was_taken_away_seconds_later_may_be_there(
    minutes: float, call: str | None, since: tuple[Event, ...], expected: Attribution | str
) -> None:
    """The addition that is dated just before the removal may be what is there."""
    made = rec("add", ALICE, minutes, call)
    whole = possible((*since, made)[0]) if isinstance(expected, str) else expected
    assert found(ADDED, made, REMOVED, *since) == whole


def test_only_the_record_just_before_is_looked_at_for_the_order() -> None:
    """An addition some records before is found, one of long before is not."""
    kept, added = rec("keep", EVE, 60 + 1 / 60), rec("add", ALICE, 60 + 2 / 60)
    assert found(ADDED, REMOVED, kept, added) == possible(added)


@pytest.mark.parametrize(
    ("call", "other", "on", "explained"),
    [
        pytest.param("c", "other", "sp-1", True, id="the object of the stub"),
        pytest.param("c", "other", "app-1", True, id="the registration"),
        pytest.param("c", "other", "sp-2", False, id="another object"),
        pytest.param("c", "stub", "app-1", False, id="a stub explains none"),
        pytest.param("", "other", "sp-1", False, id="of no call"),
    ],
)
def test_a_stub_is_explained_by_its_call(call: str, other: str, on: str, *, explained: bool) -> None:
    """A stub touches nothing where its call says elsewhere what it did to the object."""
    stub, beside = rec("stub", BOB, 40, call, "sp-1"), rec(other, BOB, 41, call, on)
    expected = exact(MADE) if explained else possible(stub, ALICE, suspects=2)
    assert found(ADDED, MADE, beside, stub) == expected
    assert found(replace(ADDED, ends={"registration": "app-1", "principalObject": "sp-1"}), beside, stub) == (
        Attribution("none", reason="not_recorded") if explained else possible(stub)
    )


@pytest.mark.parametrize(
    ("shown", "call", "counts"),
    [("keep", "c", False), ("remove", "c", False), ("other", "c", True), ("keep", "", True)],
)
def test_the_record_with_values_speaks_for_its_call(shown: str, call: str, *, counts: bool) -> None:
    """A record without values says nothing where another of its call shows the property."""
    named, beside = rec("name", BOB, 40, call), rec(shown, BOB, 41, call)
    nothing: Reason = "too_recent" if shown == "remove" else "not_recorded"
    expected = possible(named) if counts else Attribution("none", reason=nothing)
    assert found(ADDED, beside, named) == expected


def test_a_record_that_names_no_object_is_about_nothing() -> None:
    """A record of a call without objects explains nothing, and makes nothing."""
    assert found(ADDED, MADE, replace(rec("other", BOB, 41), targets=())) == exact(MADE)


def test_a_record_that_names_two_objects_counts_once_and_the_newest_is_first() -> None:
    """Records of both objects are in one order: by time, then by id, both from the end."""
    both = replace(rec("stub", ALICE, 40), targets=("app-1", "sp-1"))
    mirrored = rec("stub", BOB, 35, on="sp-1")
    twin = replace(rec("stub", EVE, 40), id="aaa", targets=("sp-1",))
    assert found(ADDED, twin, both, mirrored) == possible(mirrored, ALICE, EVE, suspects=3)
    assert found(replace(ADDED, subjects=("app-1",)), both, mirrored) == possible(both)
