"""What a level of reading asks because of what the one before it found, and what that turned out to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.actual import later_questions, names
from entra_config.kinds.details import RoleHolding
from entra_config.kinds.directory import Principal
from entra_config.manifest.model import Given, Named, RoleAssignees
from tests.unit.plan.estates import manifest

GROUP, USER, ROBOT = (
    Principal(type_, f"{type_} x", type_) for type_ in ("group", "user", "servicePrincipal")
)
TEAM, PINNED = Named("Team"), Named("Team", "1")


@pytest.mark.parametrize(
    ("deployers", "found", "paths"),
    [
        ((TEAM,), {("group", "Team"): GROUP}, 2),
        ((PINNED,), {("group", "1"): GROUP}, 2),
        ((PINNED,), {("group", "Team"): GROUP}, 0),
        ((TEAM,), {("group", "Team"): USER}, 0),  # an id that is something else
        ((TEAM,), {("group", "Team"): ROBOT}, 0),
        ((TEAM,), {("user", "Team"): USER}, 0),
        ((TEAM,), {}, 0),
        (None, {("group", "Team"): GROUP}, 0),
    ],
)
def test_members_are_asked_of_the_groups_among_the_deployers(
    deployers: tuple[Named, ...] | None, found: dict[tuple[str, str], Principal], paths: int
) -> None:
    """Listed, and expanded for the service principals among them."""
    asks = later_questions._memberships(replace(manifest(), deployers=deployers), found)
    wanted = [
        "/groups/group/members?$select=id&$top=999",
        "/groups/group?$select=id&$expand=members($select=id)",
    ]
    assert [request.path for request in asks.values()] == wanted[:paths]


@pytest.mark.parametrize(
    ("found", "paths"),
    [
        (
            {("servicePrincipal", "1"): ROBOT},
            [f"/servicePrincipals/servicePrincipal/appRoleAssignments?{RoleHolding.SELECT}&$top=999"],
        ),
        ({("servicePrincipal", "Team"): ROBOT}, []),
        ({}, []),
    ],
)
def test_roles_are_asked_of_the_principals_of_grants(
    found: dict[tuple[str, str], Principal], paths: list[str]
) -> None:
    """By their ids where they are pinned."""
    own = replace(manifest(), grants=(Given(PINNED, "hr"),))
    assert [each.path for each in later_questions._holdings(own, found).values()] == paths


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (USER, "`Team` ('user x') is a user of this tenant, but is declared as a group"),
        (replace(USER, name="Team"), "`Team` is a user of this tenant, but is declared as a group"),
        (ROBOT, "`Team` ('servicePrincipal x') is an application of this tenant, but is declared as a group"),
        (
            replace(USER, type="device"),
            "`Team` ('user x') is a device of this tenant, but is declared as a group",
        ),
        (GROUP, None),
        (None, None),
    ],
)
def test_an_id_of_another_type_is_told(found: Principal | None, said: str | None) -> None:
    """Where it stands among holders of a role."""
    assignees = RoleAssignees("api", "Reader", groups=(PINNED,))
    own = replace(manifest(), assignments={("api", "Reader"): assignees})
    known = {("group", "1"): found} if found else {}
    assert [each.message for each in names.mistaken(own, known)] == ([said] if said else [])


def test_a_principal_of_grants_is_an_application() -> None:
    """A group that stands there is told."""
    own = replace(manifest(), grants=(Given(PINNED, "hr"),))
    (problem,) = names.mistaken(own, {("servicePrincipal", "1"): GROUP})
    assert (
        problem.message == "`Team` ('group x') is a group of this tenant, but is declared as an application"
    )
