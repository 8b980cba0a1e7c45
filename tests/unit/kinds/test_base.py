"""Addresses, marks and what a manifest says of an application that is gone or ignored in part."""

from __future__ import annotations

import pytest

from entra_config.kinds import base
from entra_config.kinds.base import CREATED_TAG, KEY_TAG, LOOKED_TAG, OWNER_TAG
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.resource import Resource
from tests.unit.plan.estates import API, manifest

OWN = [f"{OWNER_TAG}myapp/prod", f"{KEY_TAG}api"]
THEIRS = [f"{OWNER_TAG}theirs/dev", f"{KEY_TAG}old"]
ALL = [*THEIRS, "mine", f"{CREATED_TAG}1", f"{LOOKED_TAG}2"]


@pytest.mark.parametrize(
    ("live", "unsaid", "expected"),
    [
        ({}, frozenset(), OWN),
        ({"api": Live(Subject("api"))}, frozenset(), OWN),
        ({"api": Live(Subject("api", {"id": "1", "tags": ALL}))}, frozenset({"2"}), OWN),
        ({"api": Live(Subject("api", {"id": "1", "tags": ALL}))}, frozenset({"1"}), THEIRS),
        ({"api": Live(Subject("api", {"id": "1", "tags": None}))}, frozenset({"1"}), []),
    ],
)
def test_the_marks_that_it_gets(live: dict[str, Live], unsaid: frozenset[str], expected: list[str]) -> None:
    """Its own; while the lock file does not say so, those that it bears."""
    directory = Directory("https://graph", live=live, unsaid=unsaid)
    assert base.marks_of(manifest(), directory, "api") == expected


def test_what_a_kind_inherits_that_gives_nothing() -> None:
    """Its values come back as they were sent, and nothing of it can be refused."""
    own, kind = Resource(API, {"notes": "x"}), base.GrantsNothing()
    assert kind.normal(own.values) is own.values
    assert list(kind.grants(own)) == []
    assert kind.without(own, {base.Grant("a", "b", "delegated", "c")}) is own
