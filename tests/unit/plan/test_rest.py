"""What of a new plan was not in the approved one: by object, field, value and holder."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds.facts import ApplicationFacts
from entra_config.plan.model import (
    Delete,
    FieldChange,
    Refusal,
    Update,
    Withheld,
)
from entra_config.plan.steps import Holds, Listed, Phase, Probe, Step
from entra_config.resource import Ref, Resource, Text, Value
from tests.unit.plan import estates
from tests.unit.plan.rests import (
    API,
    CLIENT,
    GONE,
    MADE,
    ONE,
    STRANGER,
    THERE,
    TWO,
    access,
    beyond,
    create,
    update,
    with_ids,
)

NOT_LEFT = ["application.api: notes is not what was there, nor what a step of it leaves"]
ELSE = ["application.api: notes becomes something else"]


@pytest.mark.parametrize(
    ("approved", "now", "found"),
    [
        pytest.param(["a", "b"], (["a", "b"], ["b", "c"]), [], id="as it was"),
        pytest.param(["a", "b"], (["b"], ["b", "c"]), [], id="what goes is gone already"),
        pytest.param(["a", "b"], (["a", "b", "c"], ["c", "b"]), [], id="what comes is there already"),
        pytest.param(["a", "b"], (["c", "b"], ["b", "c"]), [], id="as it becomes"),
        pytest.param(["a", "b"], (["a", "c"], ["b", "c"]), NOT_LEFT, id="what stays went"),
        pytest.param(["a", "b"], (["b", "d"], ["b", "c"]), NOT_LEFT, id="something came"),
        pytest.param(["a", "b"], (None, ["b", "c"]), NOT_LEFT, id="nothing where something stays"),
        pytest.param(["a"], (None, ["b"]), [], id="nothing where nothing stays"),
        pytest.param(["a", "b"], ("b", ["b", "c"]), NOT_LEFT, id="no list"),
        pytest.param("b", (["b"], ["b"]), [], id="a list that is there already, of a text"),
        pytest.param("b", (["c"], ["b", "c"]), NOT_LEFT, id="no list before"),
        pytest.param("a", ("a", "b"), [], id="text as it was"),
        pytest.param("a", ("b", "b"), [], id="text as it becomes"),
        pytest.param("a", ("c", "b"), NOT_LEFT, id="another text"),
        pytest.param("a", (None, "b"), NOT_LEFT, id="no text"),
        pytest.param({"x": ["a", "b"]}, ({"x": ["b", "a"]}, {"x": []}), [], id="order in objects"),
        pytest.param([{"x": ["b", "a"]}], ([{"x": ["a", "b"]}], []), [], id="order in entries"),
    ],
)
def test_a_value_is_what_was_there_or_on_the_way(
    approved: Value, now: tuple[Value, Value], found: list[str]
) -> None:
    """A value is the approved one, or of a list one between the approved and the new one."""
    assert beyond(update(approved, now[1]), update(*now)) == found


@pytest.mark.parametrize(
    ("live", "found"),
    [(None, []), ("", []), ([], []), ({}, []), ("a", []), ("b", NOT_LEFT), (0, NOT_LEFT)],
)
def test_what_was_made_may_lack_what_it_was_to_get(live: Value, found: list[str]) -> None:
    """A new object has nothing of a property yet, or what it was made with."""
    approved = create("a")
    assert beyond(approved, update(live, "a")) == found


def test_what_was_to_follow_may_be_a_change_now() -> None:
    """What is wanted of a restored application is a change once it is back; the other way it is new."""
    alone = update("a", "b")
    later = dataclasses.replace(estates.plan(), following=alone.changes)
    another = dataclasses.replace(estates.plan(), following=update("a", "c").changes)

    assert beyond(later, alone) == []
    assert beyond(later, update("c", "b")) == NOT_LEFT
    assert beyond(later, later) == []
    assert beyond(alone, later) == ["following application.api: was not in it"]
    assert beyond(later, another) == ["following application.api: was not in it"]


@pytest.mark.parametrize(
    ("approved", "now", "found"),
    [
        ({"refusals": (Refusal("", "x"),)}, {"refusals": (Refusal("", "y"),)}, []),
        ({"refusals": (Refusal("a", "x"),)}, {"refusals": (Refusal("b", "x"),)}, []),
        (
            {"refusals": (Refusal("", "x", API),)},
            {"refusals": (Refusal("", "x"),)},
            ["refusal - -: was not in it"],
        ),
        (
            {"refusals": (Refusal("a", "x", API),)},
            {"refusals": (Refusal("a", "x", API, blocks=False),)},
            ["refusal a application.api: was not in it"],
        ),
        ({"withheld": (Withheld("x", ""),)}, {"withheld": (Withheld("x", "z"),)}, []),
        (
            {"withheld": (Withheld("x", ""),)},
            {"withheld": (Withheld("y", ""),)},
            [],
        ),
        ({}, {"steps": (Step("application.api/extend", (API,), Phase.EXTEND, Request("GET", "/")),)}, []),
    ],
)
def test_what_is_refused_was_so(
    approved: Mapping[str, Any], now: Mapping[str, Any], found: list[str]
) -> None:
    """Refusals are the approved ones. Steps and what is withheld do nothing that was not approved."""
    empty = estates.plan()
    assert beyond(dataclasses.replace(empty, **approved), dataclasses.replace(empty, **now)) == found


def patch(body: Value, **more: Any) -> Step:
    """Make a step of the API that sends this body."""
    return Step("application.api/edit", (API,), Phase.EDIT, Request("PATCH", "/", body), **more)


URIS = "web.redirectUris"
GUARD = Probe(Request("GET", "/"), Holds({URIS: ["s"], "x": 1}))


@pytest.mark.parametrize(
    ("step", "left"),
    [
        pytest.param(patch({"web": {"redirectUris": ["s"]}}), True, id="sent"),
        pytest.param(patch({"web": {"redirectUris": ["t"]}}), False, id="something else sent"),
        pytest.param(patch({"web": ["s"]}), False, id="no object on the way"),
        pytest.param(patch({"web.redirectUris": ["s"]}), False, id="no nested path"),
        pytest.param(patch(None), False, id="no body"),
        pytest.param(
            patch({}, fallback=(Request("PATCH", "/", {"web": {"redirectUris": ["s"]}}),)),
            True,
            id="fallback",
        ),
        pytest.param(patch({}, guard=GUARD), True, id="expected"),
        pytest.param(
            patch({}, guard=Probe(GUARD.request, Holds({"x": ["s"]}))), False, id="another is expected"
        ),
        pytest.param(patch({}, guard=Probe(GUARD.request, Listed({URIS: ["s"]}))), False, id="of a list"),
        pytest.param(
            dataclasses.replace(patch({"web": {"redirectUris": ["s"]}}), id="application.apis/edit"),
            False,
            id="of another object",
        ),
    ],
)
def test_a_step_of_it_may_have_left_a_value(step: Step, left: bool) -> None:
    """A value that an approved step sends, or expects before it, may be there."""
    approved = dataclasses.replace(update(["a"], ["b"], URIS), steps=(step,))
    wrong = f"application.api: {URIS} is not what was there, nor what a step of it leaves"
    assert beyond(approved, update(["s"], ["b"], URIS)) == ([] if left else [wrong])


@pytest.mark.parametrize(
    ("approved", "now", "found"),
    [
        pytest.param(Ref(API, "appId"), TWO, [], id="reference"),
        pytest.param(Ref(API, "appId"), ONE, ELSE, id="another id of ours"),
        pytest.param(Text(("api://", Ref(API, "appId"), "/x")), f"api://{TWO}/x", [], id="text"),
        pytest.param(Text(("api://", Ref(API, "appId"))), f"api://{ONE}", ELSE, id="text of another id"),
        pytest.param([Ref(API, "appId"), "3", "~"], ["3", TWO, "~"], [], id="list"),
        pytest.param({"a": Ref(API, "id")}, {"a": ONE}, [], id="object"),
        pytest.param({"$ref": "a", "x": 1}, {"$ref": "a", "x": 1}, [], id="object with such a key"),
        pytest.param(
            {"$ref": "a", "x": 1}, {"$ref": "a", "x": 2}, ELSE, id="object with such a key and more"
        ),
        pytest.param({"$text": [], "x": 1}, {"$text": [], "x": 2}, ELSE, id="object of parts and more"),
        pytest.param(STRANGER, STRANGER, [], id="unknown id"),
        pytest.param(STRANGER, CLIENT, ELSE, id="another unknown id"),
    ],
)
def test_a_reference_is_the_id_that_the_tenant_has_given(
    approved: Value, now: Value, found: list[str]
) -> None:
    """A reference of the approved plan and the id in the new one are alike, anywhere in a value."""
    assert beyond(create(approved), with_ids(update("", now), MADE)) == found
    assert beyond(with_ids(create(now), MADE), create(approved)) == (found)


def reads(key: str) -> Resource:
    """Make an enterprise application whose ids name another object."""
    return Resource(API, {}, ApplicationFacts(key))


def test_each_thing_that_is_new_has_its_line_in_order() -> None:
    """Every object and field is compared, whatever the ones before it are."""
    fields = tuple(FieldChange(path, "a", "b") for path in ("z", "m", "b"))
    approved = estates.plan(Update(THERE, THERE, (FieldChange("m", "a", "c"),)))
    now = dataclasses.replace(
        estates.plan(Update(THERE, THERE, fields), Delete(GONE)),
        steps=(patch({}),),
        access=access("api").access,
        refusals=(Refusal("", "x"),),
    )
    assert beyond(approved, now) == [
        "access role api/A gain: not everybody of these was in it",
        "application.api: b was not in it",
        "application.api: m becomes something else",
        "application.api: z was not in it",
        "application.spa: was not in it",
        "refusal - -: was not in it",
    ]
