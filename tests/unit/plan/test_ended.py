"""What of a manifest is over and in the tenant still, and both sides of a comparison about that alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.plan import ended
from entra_config.plan.diff import Collection, Shape
from entra_config.resource import WHOLE, Address, Ends, Resource, State
from tests.unit.plan import estates

API, SPA = Address("application", "api"), Address("application", "spa")
ROLES = Collection(key=lambda item: item["id"], label=lambda item, _: item["id"])
SHAPES = {"application": Shape({"appRoles": ROLES})}
ONE, TWO = date(2027, 1, 31), date(2027, 2, 28)
A, B, C = ({"id": id_} for id_ in "abc")


def res(
    values: Mapping[str, Any] | None = None, ends: Ends | None = None, address: Address = API, **more: Any
) -> Resource:
    """Make a resource, with what of it ends."""
    return Resource(address, values or {}, ends=ends or {}, **more)


ROLE_A, URI_X = ("appRoles", "a"), ("uris", "x")
BOTH: Ends = {ROLE_A: ONE, URI_X: TWO}
LIVE = {"appRoles": [A, B], "uris": ["x", "y"]}


@pytest.mark.parametrize(
    ("written", "wanted", "actual", "left"),
    [
        pytest.param([res({}, {WHOLE: ONE})], [], [res()], {API: {WHOLE: ONE}}, id="all of it"),
        pytest.param([res({}, {WHOLE: ONE})], [res()], [res()], {}, id="wanted still"),
        pytest.param([res({}, {WHOLE: ONE})], [], [], {}, id="not there"),
        pytest.param([res()], [], [res()], {}, id="it has no end"),
        pytest.param(
            [res(LIVE, BOTH)], [res({"appRoles": [B], "uris": ["y"]})], [res(LIVE)], {API: BOTH}, id="entries"
        ),
        pytest.param(
            [res(LIVE, BOTH)],
            [res({"appRoles": [A, B], "uris": ["y"]})],
            [res(LIVE)],
            {API: {URI_X: TWO}},
            id="one wanted",
        ),
        pytest.param(
            [res(LIVE, BOTH)],
            [res({"appRoles": [B]})],
            [res({"appRoles": [A], "uris": None})],
            {API: {ROLE_A: ONE}},
            id="one not there",
        ),
        pytest.param([res(LIVE, BOTH)], [], [res(LIVE)], {API: BOTH}, id="entries of what is wanted no more"),
    ],
)
def test_what_is_over_and_there_still(
    written: list[Resource], wanted: list[Resource], actual: list[Resource], left: Mapping[Address, Ends]
) -> None:
    """What is written, wanted no longer, and in the tenant still: what is there carries just that."""
    found = ended.marked(estates.state(*actual), estates.state(*written), estates.state(*wanted), SHAPES)
    assert {each.address: each.ended.ends for each in found if each.ended} == left
    assert [each.ended.values for each in found if each.ended] == [
        each.values for each in written if each.address in left
    ]
    assert [replace(each, ended=None) for each in found] == actual


HERE, THERE = Position("a.yaml", 1), Position("b.yaml", 2)


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        (None, res(LIVE, position=THERE)),
        (res({}, {WHOLE: ONE}), None),
        (res({}, {WHOLE: ONE, ROLE_A: ONE}), None),
        (
            res({}, {ROLE_A: ONE}, position=HERE, positions={"appRoles": HERE}),
            res({"appRoles": [B], "uris": ["x", "y"]}, position=HERE, positions={"appRoles": HERE}),
        ),
        (res({}, BOTH), res({"appRoles": [B], "uris": ["y"]})),
        (
            res({}, {ROLE_A: ONE, ("appRoles", "b"): ONE}),
            res({"appRoles": [], "uris": ["x", "y"]}),
        ),
        (
            res(
                {},
                {("appRoles", "a"): ONE, ("appRoles", "b"): ONE, ("uris", "x"): ONE, ("uris", "y"): ONE},
            ),
            None,
        ),
    ],
)
def test_what_is_over_is_not_there(gone: Resource | None, kept: Resource | None) -> None:
    """Whole resources and entries go; a resource of which nothing is left goes too; others stay."""
    other = res(LIVE, address=SPA, position=THERE)
    found = ended.without(estates.state(res(LIVE, position=THERE, ended=gone), other), SHAPES)
    assert [replace(each, ended=None) for each in found] == [*([kept] if kept else []), other]


def test_what_is_over_is_wanted_where_it_is_there() -> None:
    """Whole resources are added as they are written, entries beside what is wanted; nothing else is."""
    whole = res({"a": 1}, {WHOLE: ONE}, SPA)
    part = res(
        {"appRoles": [A, B, C], "uris": None, "more": 1}, {ROLE_A: ONE, ("appRoles", "c"): TWO, URI_X: ONE}
    )
    other = res({"b": 2}, address=Address("application", "other"))
    wanted, live = res({"appRoles": [B], "name": "n"}, position=HERE), res(LIVE, ended=part)
    actual = estates.state(live, res({"a": 2}, address=SPA, ended=whole))

    found = ended.overlooked(estates.state(wanted, other), actual, SHAPES)
    both = res({"appRoles": [B, A, C], "uris": [], "name": "n"}, position=HERE)
    assert found == estates.state(both, other, whole)

    alone = ended.overlooked(State({}), estates.state(live), SHAPES)
    assert alone == estates.state(res({"appRoles": [A, C], "uris": []}, part.ends))

    assert ended.overlooked(estates.state(other), estates.state(res(LIVE)), SHAPES) == estates.state(other)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({WHOLE: ONE}, {WHOLE: TWO}, {WHOLE: TWO}),
        ({WHOLE: TWO}, {WHOLE: ONE}, {WHOLE: TWO}),
        ({WHOLE: ONE}, {}, {}),
        ({}, {WHOLE: ONE}, {}),
        ({ROLE_A: ONE, URI_X: ONE}, {URI_X: TWO, WHOLE: ONE}, {URI_X: TWO}),
    ],
)
def test_what_stands_twice_ends_where_both_say_so(one: Ends, other: Ends, both: Ends) -> None:
    """At the later of both days."""
    assert ended.merged(one, other) == both
