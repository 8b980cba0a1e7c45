"""Lint that is told less, and files that may declare more: which guards a change lowers, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest import guards, widened
from entra_config.manifest.lint_policy import Ignore, LintPolicy, RuleOptions
from entra_config.manifest.policy import Policy
from tests.unit.plan.estates import manifest

HERE, THERE = Position("manifests/a.yaml", 3, 1), Position("manifests/a.yaml", 9, 1)
AT = Position("root.yaml", 2, 1)
BASE = manifest()
COMMENT = Ignore(HERE, 3, ("one", "two"), date(2027, 1, 1), "it is so")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [COMMENT], ["one, two in a.yaml until 1 Jan 2027 because it is so"]),
        ([COMMENT], [COMMENT], []),
        ([COMMENT], [replace(COMMENT, position=THERE, line=9)], []),
        ([COMMENT], [COMMENT, COMMENT], ["one, two in a.yaml until 1 Jan 2027 because it is so"]),
        ([COMMENT, COMMENT], [COMMENT], []),
        ([COMMENT], [replace(COMMENT, until=None)], ["one, two in a.yaml because it is so"]),
        ([COMMENT], [Ignore(Position("x/b.yaml", 3, 1), 3)],
         ["nothing that it knows in x/b.yaml, and nobody says why"]),
    ],
)  # fmt: skip
def test_a_comment_silences_a_rule(old: list[Ignore], new: list[Ignore], expected: list[str]) -> None:
    """The same words in the same file are one comment that moved, as often as they stand there."""
    before, after = replace(BASE, ignores=tuple(old)), replace(BASE, ignores=tuple(new))
    found = [(str(each.text), each.position) for each in guards.lowered(before, after)]
    assert found == [(f"lint is silent of {text}", new[-1].position) for text in expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"domains": tuple("gfedcba")},
         [f"hosts below {each} count as the project's own" for each in "abcdefg"]),
        ({"domains": ("a.example",)}, {}, []),
        ({"locked": frozenset("abcdefg")}, {}, [f"comments may silence {each}" for each in "abcdefg"]),
        ({}, {"locked": frozenset("a")}, []),
        ({}, {"rules": {"r": RuleOptions("off")}}, ["r as ever → severity off"]),
        ({"rules": {"r": RuleOptions(days=0, because="")}}, {}, ["r days 0 → as ever"]),
        ({"rules": {"r": RuleOptions(most=3)}},
         {"rules": {"r": RuleOptions("error", ("a", "b"), until=date(2027, 1, 1), because="so"), "q": RuleOptions("off")}},
         ["q as ever → severity off", "r most 3 → severity error, applications a, b, until 1 Jan 2027, because so"]),
        ({"rules": {"r": RuleOptions(most=3)}}, {"rules": {"r": RuleOptions(most=3, position=AT)}}, []),
        ({}, {"rules": {"r": RuleOptions()}}, []),
    ],
)  # fmt: skip
def test_the_policy_of_lint(old: Any, new: Any, expected: list[str]) -> None:
    """In the order of their names, whatever order they have in the file."""
    before, after = (
        replace(BASE, policy=Policy(lint=LintPolicy(**each, position=AT))) for each in (old, new)
    )
    found = [(str(each.text), each.position) for each in guards.lowered(before, after)]
    assert found == [(f"`policy.lint`: {text}", AT) for text in expected]


def test_a_rule_is_told_something_else_where_it_stands() -> None:
    """At its own line, if it has one."""
    after = replace(BASE, policy=Policy(lint=LintPolicy(rules={"r": RuleOptions("off", position=HERE)})))
    assert [each.position for each in guards.lowered(BASE, after)] == [HERE]


NARROW, WIDE = ("applications/a-*",), ("applications/a-*", "applications/b-*")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, (), ["f is new, and may declare everything"]),
        ((NARROW,), (), ["f is no longer restricted: it may declare everything"]),
        ((), (), []),
        ((), (NARROW,), []),
        (None, (WIDE,), ["f may declare applications/a-*, applications/b-*"]),
        ((NARROW,), (WIDE,), ["f may declare applications/b-*"]),
        ((WIDE,), (NARROW,), []),
        ((NARROW,), (NARROW, WIDE), []),
        ((NARROW,), (NARROW,), []),
        ((NARROW, WIDE), (NARROW,), []),
        ((NARROW, WIDE), (WIDE,), ["f is no longer held to applications/a-*"]),
        ((NARROW, ("applications/*-x",)), (NARROW,), ["f is no longer held to applications/*-x"]),
        ((("applications/*",),), (NARROW,), []),
        ((NARROW,), (("applications/*", "settings"),), ["f may declare applications/*, settings"]),
    ],
)
def test_a_file_that_may_declare_more(old: Any, new: Any, expected: list[str]) -> None:
    """A key has to be in each of its restrictions; what is as narrow as before is no more."""
    assert list(widened.files_widened({} if old is None else {"f": old}, {"f": new})) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"t": ()}, []),
        ({"a": ()}, {"a": (), "t": ()}, []),
        ({"a": (NARROW,)}, {"a": (NARROW,), "t": ()}, ["t is new, and may declare everything"]),
        ({"a": (NARROW,)}, {"a": (NARROW,), "t": (WIDE,)}, []),
        ({"a": (NARROW,), "b": ()}, {"a": (NARROW,), "b": (), "t": ()}, []),
        ({"a": (NARROW,)}, {"a": (WIDE,)}, ["a may declare applications/b-*"]),
    ],
)
def test_a_file_of_access_tests(old: Any, new: Any, expected: list[str]) -> None:
    """A new one lowers no guard, unless each one was restricted and it is not."""
    before, after = (replace(BASE, root="root.yaml", test_restrictions=each) for each in (old, new))
    assert list(widened.widened(before, after)) == expected


def test_files_are_called_as_below_their_root() -> None:
    """The two sides stand in two places; files are told in the order of their names."""
    before = replace(
        BASE, root="/old/manifests/root.yaml", path_restrictions={"/old/manifests/f.yaml": (NARROW,)}
    )
    after = replace(
        BASE,
        root="/new/manifests/root.yaml",
        path_restrictions={"/new/manifests/f.yaml": (WIDE,), "/new/manifests/a.yaml": ()},
    )
    assert list(widened.widened(before, after)) == [
        "a.yaml is new, and may declare everything",
        "f.yaml may declare applications/b-*",
    ]
