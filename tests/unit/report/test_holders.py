"""Who holds a role, in words: how many, who is disabled, since when, and by hand or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.actual.access import Holding
from entra_config.errors import Position
from entra_config.report import holders

ANN = Holding("api", "Admin", "user", "ann", "1", "direct")
ROBOT = replace(ANN, type="application", id="a")
STAFF = replace(ANN, type="group", id="g")


@pytest.mark.parametrize(
    ("members", "counted"),
    [
        ([ANN], "1 person"),
        ([ANN, replace(ANN, through="group")], "1 person"),  # twice, by two ways
        ([ANN, replace(ANN, id="2")], "2 people"),
        ([ROBOT], "1 application"),
        ([ROBOT, replace(ROBOT, id="b"), ROBOT], "2 applications"),
        ([STAFF, STAFF], "1 group with unknown members"),
        ([STAFF, replace(STAFF, id="h")], "2 groups with unknown members"),
        (
            [ANN, replace(ROBOT, disabled=True), STAFF],
            "1 person, 1 application, 1 group with unknown members (1 disabled)",
        ),
        ([replace(ANN, disabled=True), replace(ANN, disabled=True)], "1 person (1 disabled)"),
    ],
)
def test_each_holder_counts_once(members: list[Holding], counted: str) -> None:
    """And of those that are disabled it is said how many."""
    assert holders.count(members) == counted


@pytest.mark.parametrize(
    ("held", "role"),
    [
        (ANN, "api/Admin"),
        (replace(ANN, label="Admin"), "api/Admin"),
        (replace(ANN, label="chief"), "api/Admin (chief)"),
        (replace(ANN, role="id", role_deleted=True), "api/id (gone: tokens carry nothing)"),
        (
            replace(ANN, role="id", label="chief", role_deleted=True),
            "api/chief, id id (gone: tokens carry nothing)",
        ),
    ],
)
def test_a_role_is_called_by_what_tokens_carry(held: Holding, role: str) -> None:
    """With the manifest's label where that is another."""
    assert holders.role_of(held) == role


@pytest.mark.parametrize(
    ("held", "since"),
    [
        (ANN, ""),
        (replace(ANN, since="2026-11-20T08:00:00Z"), ", since 2026-11-20"),
        (replace(ANN, member_since="2026-11-21T08:00:00Z", group="g"), ", in it since 2026-11-21"),
        (replace(ANN, member_since="2026-11-21T08:00:00Z"), ""),
        (replace(ANN, group="g"), ""),
        (replace(STAFF, member_since="2026-11-21T08:00:00Z", group="g"), ""),
        (
            replace(ANN, since="2026-11-20T08", member_since="2026-11-21T08", group="g"),
            ", since 2026-11-20, in it since 2026-11-21",
        ),
    ],
)
def test_each_step_of_the_path_has_its_day(held: Holding, since: str) -> None:
    """A person alone is in a group, and no day stands where none is known."""
    assert holders.steps(held) == since


@pytest.mark.parametrize(
    ("held", "by_hand"),
    [
        (ANN, True),
        (replace(ANN, position=Position("a.yaml", 1, 1)), False),
        (replace(STAFF, undeclared=True, position=Position("a.yaml", 1, 1)), False),
        (ROBOT, False),
        (replace(ROBOT, undeclared=True), True),
        (replace(ROBOT, undeclared=True, position=Position("a.yaml", 1, 1)), True),
    ],
)
def test_what_no_line_says_is_undeclared(held: Holding, by_hand: bool) -> None:
    """An application has its roles by other lines than people."""
    assert holders.is_undeclared(held) is by_hand


def test_roles_stand_by_name_and_applications_behind_people() -> None:
    """Whoever is called as one of ours is told by what people read."""
    reader = replace(ROBOT, role="Reader", called="'ann' (1)")
    grouped = holders.by_role([reader, ROBOT, STAFF, replace(ANN, role="Reader"), ANN])
    assert [(role, [each.type for each in members]) for role, members in grouped] == [
        ("api/Admin", ["group", "user", "application"]),
        ("api/Reader", ["user", "application"]),
    ]
    assert [holders.name(each) for each in (ANN, reader)] == ["ann", "'ann' (1)"]
