"""Which names of a creation are asked for, and what was read of what could be ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.actual import identifying, questions
from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    OUR_APPLICATIONS,
    ApplicationByAppId,
    UniqueNameHolder,
)
from entra_config.graph.request import Request
from entra_config.identity import Identified
from entra_config.kinds.directory import Subject
from entra_config.manifest.model import Application
from entra_config.resource import Address
from tests.unit.plan import estates

MANIFEST = replace(
    estates.manifest(), applications={key: Application(key, "api", {}) for key in ("api", "spa")}
)
FIRST = "myapp.prod.api"
SPA = {"appId": "a2"}


def held(name: str = FIRST, *, deleted: str | None = None) -> Responses:
    """Make responses of who holds a name, live and deleted."""
    responses = Responses()
    responses.add(UniqueNameHolder(name), [{"id": "o9", "appId": "a9"}] if name else [])
    responses.add(DELETED_APPLICATIONS, [{"id": "o8", "uniqueName": deleted}])
    return responses


def others(key: str) -> list[str]:
    """Return the other names of a series."""
    return [f"myapp.prod.{key}.{number}" for number in range(2, 10)]


@pytest.mark.parametrize(
    ("responses", "deleted", "purge", "asked"),
    [
        pytest.param(held(), (), False, others("api"), id="live"),
        pytest.param(
            held("", deleted="MyApp.prod.API"), (), False, others("api"), id="deleted, in another case"
        ),
        pytest.param(held(""), (), False, [], id="free"),
        pytest.param(held("myapp.prod.spa"), (), False, [], id="it is no creation"),
        pytest.param(held("myapp.prod.spa"), ("spa",), False, [], id="restored"),
        pytest.param(held("myapp.prod.spa"), ("spa",), True, others("spa"), id="purged, and made anew"),
        pytest.param(held("myapp.prod.spa"), (), True, [], id="nothing of it is purged"),
    ],
)
def test_the_other_names_are_asked_for_where_the_first_is_held(
    responses: Responses, deleted: tuple[str, ...], asked: list[str], *, purge: bool
) -> None:
    """Of each creation, without keys, as they are many."""
    found = Identified({"spa": SPA}, deleted=frozenset(deleted))
    select = questions.application_select(MANIFEST, keys=False)
    assert identifying.series(MANIFEST, found, responses, purge_deleted=purge) == {
        UniqueNameHolder(name): Request("GET", f"/applications(uniqueName='{name}')?$select={select}")
        for name in asked
    }


def test_all_that_could_be_ours_is_what_was_read_of_it() -> None:
    """By mark, by appId, by name, and what is deleted."""
    responses = Responses()
    bodies = [{"id": each} for each in "abcde"]
    responses.add(OUR_APPLICATIONS, bodies[:2])
    responses.add(ApplicationByAppId("x"), bodies[2:3])
    responses.add(ApplicationByAppId("y"), [])
    responses.add(UniqueNameHolder("n"), bodies[3:4])
    responses.add(DELETED_APPLICATIONS, bodies[4:])
    assert identifying.everything(responses) == tuple(bodies)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({"id": "1"}, {"id": "1"}, True),
        ({"id": "1"}, {"id": "2"}, False),
        (None, {"id": "1"}, False),
        ({"id": "1"}, None, False),
        (None, None, True),
        ("none", None, True),
        ("none", {"id": "1"}, False),
        ({"id": "1"}, "none", False),
    ],
)
def test_details_were_asked_of_the_very_object(before: Any, after: Any, *, same: bool) -> None:
    """Or there was none, before and after."""
    sides = [{} if each == "none" else {"api": Subject("api", each)} for each in (before, after)]
    assert identifying.same("api", *sides) is same


def test_a_creation_takes_the_first_free_name() -> None:
    """What is purged frees its name, and what takes its place is a creation."""
    taken, notices = identifying.chosen(MANIFEST, Identified({"spa": SPA}, frozenset()), held(""), {})
    assert (list(taken), notices) == (["api"], [])
    found = Identified({"spa": SPA}, frozenset({"spa"}))
    assert list(identifying.chosen(MANIFEST, found, held(""), {})[0]) == ["api"]
    purges = {Address("application", "spa"): ("p2", "o8")}
    assert list(identifying.chosen(MANIFEST, found, held("", deleted="myapp.prod.spa"), purges)[0]) == [
        "api",
        "spa",
    ]
