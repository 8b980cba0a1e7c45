"""Addresses, marks and what a manifest says of an application that is gone or ignored in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entra_config.kinds import base
from entra_config.kinds.base import CREATED_TAG, KEY_TAG, LOOKED_TAG, OWNER_TAG
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.policy import Removed
from entra_config.manifest.until import Until
from entra_config.resource import WHOLE, Address, Ref, Resource, Text
from tests.unit.plan.estates import API, manifest

OWN = [f"{OWNER_TAG}myapp/prod", f"{KEY_TAG}api"]
THEIRS = [f"{OWNER_TAG}theirs/dev", f"{KEY_TAG}old"]
ALL = [*THEIRS, "mine", f"{CREATED_TAG}1", f"{LOOKED_TAG}2"]


def test_addresses_and_references() -> None:
    """Of an application, of its service principal, and of the marks that a run draws."""
    assert base.application_address("api") == API
    assert base.enterprise_address("api") == Address("enterpriseApplication", "api")
    assert [base.is_application(each) for each in (API, base.enterprise_address("api"))] == [True, False]
    assert (base.created_ref("api"), base.looked_ref("api")) == (Ref(API, "created"), Ref(API, "looked"))
    assert base.segment("a/b%2F") == "a%2Fb%252F"
    assert base.unique_name(manifest(), "api") == "myapp.prod.api"


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


def test_which_tags_are_marks() -> None:
    """All of this tool's, or some types of them; whose it is is one."""
    assert base.unmarked(ALL) == ["mine"]
    assert base.unmarked(ALL, CREATED_TAG) == [*THEIRS, "mine", f"{LOOKED_TAG}2"]
    bodies: list[dict[str, Any]] = [{"tags": ALL}, {"tags": ["mine", f"{KEY_TAG}x"]}, {"tags": None}, {}]
    assert [base.bears_owner(each) for each in bodies] == [True, False, False, False]


def removing(**removed: bool) -> Manifest:
    """Return a manifest with applications under `removed:`, to be destroyed or not."""
    listed = {key: Removed(key, destroy=destroy) for key, destroy in removed.items()}
    return replace(manifest(), removed=listed)


@pytest.mark.parametrize(
    ("key", "removed", "released"),
    [("old", True, False), ("free", False, True), ("api", False, False), ("new", False, False)],
)
def test_what_becomes_of_it(key: str, removed: bool, released: bool) -> None:
    """What is declared stays, whatever else is said."""
    declared = removing(old=True, free=False, api=True)
    assert (base.is_removed(declared, key), base.is_released(declared, key)) == (removed, released)
    kept = removing(api=False)
    assert not base.is_released(kept, "api")


@pytest.mark.parametrize(
    ("path", "rule", "expected"),
    [
        ("web.redirectUris", "web.redirectUris", True),
        ("web.redirectUris", "redirectUris", True),
        ("web.redirectUris", "web", True),
        ("web.redirectUris", "we", False),
        ("web.redirectUris", "spa.redirectUris", False),
        ("notes", "notes", True),
    ],
)
def test_what_is_ignored(path: str, rule: str, expected: bool) -> None:
    """A Graph path by its whole, its last part, or something above it."""
    assert base.ignored(Application("api", "api", {}, ignore_changes=("x", rule)), path) is expected


def test_what_a_kind_inherits_that_gives_nothing() -> None:
    """Its values come back as they were sent, and nothing of it can be refused."""
    own, kind = Resource(API, {"notes": "x"}), base.GrantsNothing()
    assert kind.normal(own.values) is own.values
    assert list(kind.grants(own)) == []
    assert kind.without(own, {base.Grant("a", "b", "delegated", "c")}) is own


def test_the_last_day_of_what_a_resource_stands_for() -> None:
    """Nothing where there is none."""
    own = Resource(API, {})
    assert base.ending(own, None) is own
    assert base.ending(own, Until(date(2027, 1, 1))).ends == {WHOLE: date(2027, 1, 1)}
    assert base.text("a", Ref(API)) == Text(("a", Ref(API)))
