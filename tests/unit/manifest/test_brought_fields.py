"""Fields that kinds bring along: each shape is read as the table says it, and what is wrong has its place."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.manifest.fields import table
from entra_config.manifest.fields.field import Field, Labelled, Refused, row
from entra_config.manifest.sections import application
from tests.unit.manifest.conftest import Load, Problems

BADGES = Labelled(
    "a badge",
    (
        row("type", "choice", "What it holds.", choices=("Text", "Number"), defaults={"*": "Text"}),
        row("objects", "texts", "What bears it.", longest=20),
        row("title", "text", "Its title.", required=True, longest=5),
    ),
    most=2,
)
API = "applications: { api: { type: api, displayName: API, %s } }"


@pytest.fixture(autouse=True)
def brought(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring two fields along."""
    fields = (
        Field(
            "badges", "badges", "watched", BADGES, "Badges.", {}, refused={"spa": Refused("Pages wear none")}
        ),
        Field("slogan", "slogan", "watched", "text", "A slogan.", "x", longest=10),
    )
    for room in (table, application):
        monkeypatch.setattr(room, "added", lambda: {each.key: each for each in fields})


def read(load: Load, text: str) -> dict[str, Any]:
    """Return what is read of them."""
    made = load(API % text).applications["api"].added
    return {key: setting.value for key, setting in made.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("slogan: Hello", {"slogan": "Hello"}),
        ("slogan: null, badges: null", {}),
        ("badges: {}", {"badges": {}}),
        ("badges: { a: { title: T } }", {"badges": {"a": {"type": "Text", "objects": None, "title": "T"}}}),
        (
            "badges: { a: { title: T, type: Number, objects: [User] } }",
            {"badges": {"a": {"type": "Number", "objects": ["User"], "title": "T"}}},
        ),
    ],
)
def test_what_is_written_is_read_and_what_is_absent_has_its_default(
    load: Load, text: str, expected: dict[str, Any]
) -> None:
    """A field without a default is Graph's null; a whole field that is absent or null is not there."""
    assert read(load, text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("badges: { a: {} }", "`title` of `a` of `badges` is missing"),
        ("badges: { a: { title: T, colour: red } }", "`colour` is no key of a badge"),
        ("badges: { a: { title: T, type: Date } }", "`type`"),
        ("badges: { a: { title: Longer } }", "`title`"),
        (
            "badges: { a: { title: T }, b: { title: T }, c: { title: T } }",
            "3 entries of `badges`; Graph takes 2",
        ),
        ("slogan: [a]", "`slogan`"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(problems: Problems, text: str, said: str) -> None:
    """One problem each."""
    (problem,) = problems(API % text)
    assert said in problem


def test_a_type_that_does_not_take_it_says_why(problems: Problems, load: Load) -> None:
    """And as many as Graph takes are no problem."""
    (problem,) = problems((API % "badges: {}").replace("type: api", "type: spa"))
    assert "`badges` does not fit type `spa`: Pages wear none" in problem
    assert len(read(load, "badges: { a: { title: T }, b: { title: T } }")["badges"]) == 2
