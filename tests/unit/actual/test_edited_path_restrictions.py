"""Each file that a change lets declare more, of applications or of access tests, is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.actual.edits import CONTOSO, ROOT, Files, guards

TESTS_FILE = "tests.yaml"
NO_TESTS: dict[str, Any] = {"tests": [], "people": {}}


def guarded_tests(*path_restrictions: tuple[str, ...] | None) -> tuple[Files, Files]:
    """Return what main has and a change of it, with a file of access tests behind two fences, None where
    it is absent.
    """
    sides = []
    for patterns in path_restrictions:
        side: Files = {ROOT: {"project": "shop", "environments": {"prod": {"tenantId": CONTOSO}}}}
        if patterns is not None:
            side[ROOT]["tests"] = [
                {"path": TESTS_FILE, "mayDeclare": list(patterns)} if patterns else TESTS_FILE
            ]
            side[TESTS_FILE] = NO_TESTS
        sides.append(side)
    return sides[0], sides[1]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("tests/Orders *",), ("tests/*",), ["tests.yaml may declare tests/*"]),
        (("tests/Orders *",), (), ["tests.yaml is no longer restricted: it may declare everything"]),
        (("tests/*", "people/*"), ("tests/*",), []),
        ((), ("tests/*",), []),
        (None, ("tests/*",), []),
        (None, (), []),
        (("tests/*",), None, []),
    ],
)
def test_a_file_of_access_tests_that_is_fenced_less(
    before: tuple[str, ...] | None, after: tuple[str, ...] | None, expected: list[str], tmp_path: Path
) -> None:
    """A fence that is wider or gone is a lowered guard; which tests come and go is told with the tests."""
    assert guards(*guarded_tests(before, after), tmp_path) == expected


@pytest.mark.parametrize(
    ("path_restriction", "expected"),
    [(["tests/*"], ["more.yaml is new, and may declare everything"]), ([], [])],
)
def test_a_new_file_of_access_tests_beside_fenced_ones(
    path_restriction: list[str], expected: list[str], tmp_path: Path
) -> None:
    """Where each file has a fence, one without is a way around them; where one has none already, it is a
    file like that.
    """
    before, after = guarded_tests(tuple(path_restriction), tuple(path_restriction))
    after[ROOT]["tests"] = [*after[ROOT]["tests"], "more.yaml"]
    after["more.yaml"] = NO_TESTS
    assert guards(before, after, tmp_path) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            [["applications/*"], ["applications/a-*"]],
            [["applications/*"]],
            ["t.yaml is no longer held to applications/a-*"],
        ),
        ([["applications/*"], ["applications/a-*"]], [["applications/a-*"]], []),
        ([["applications/*"]], [["applications/*"], ["applications/a-*", "removed"]], []),
        ([["applications/*"]], [["applications/a-*"]], []),
        ([[]], [["applications/*"]], []),
    ],
)
def test_of_several_fences_each_one_counts(
    before: list[list[str]], after: list[list[str]], expected: list[str], tmp_path: Path
) -> None:
    """A key must be in each fence of its file: one of two that goes is told; a fence where there was none
    lowers nothing.
    """
    team = {"applications": {"a-job": {"type": "daemon", "displayName": "Job"}}}
    sides: list[Files] = []
    for path_restrictions in (before, after):
        entries = [{"path": "t.yaml", "mayDeclare": each} if each else "t.yaml" for each in path_restrictions]
        root = {"project": "shop", "environments": {"prod": {"tenantId": CONTOSO}}, "files": entries}
        sides.append({ROOT: root, "t.yaml": team})
    assert guards(sides[0], sides[1], tmp_path) == expected
