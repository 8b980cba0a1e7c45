"""What holds something still that no manifest takes away: told to whoever took its line out, each by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from entra_config.checks.rules import undeclared
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Api, Directory, Live, Principal, Subject
from entra_config.manifest.model import Given, Manifest, Named, RoleAssignees
from entra_config.phrase import without_names
from tests.unit.checks import ruled
from tests.unit.plan.estates import manifest

ROLES = [
    {"id": "r", "value": "Read", "displayName": "Reads"},
    {"id": "w", "value": "Write", "displayName": "Writes"},
]
WHO = {"alice": "user", "bob": "user", "staff": "group", "mover": "servicePrincipal"}


def held(*rows: str) -> Directory:
    """Return a tenant in which somebody holds roles of HR: `r alice`."""
    holdings = tuple(
        RoleHolding("", role, who, WHO[who], who, "sp", "HR")
        for role, who in (row.split(" ") for row in rows)
    )
    subject = Subject("hr", None, {"id": "sp", "appRoles": ROLES}, others=True)
    return Directory(
        "https://graph",
        principals={(type_, name): Principal(name, name.title(), type_) for name, type_ in WHO.items()},
        apis={"hr": Api("hr", "sp", "hr-app", {"Read": "r", "Write": "w"}, {}, {}, shown="HR")},
        live={"hr": Live(subject, {HOLDERS: holdings})},
        holdings={"mover": holdings},
    )


def named(*names: str) -> tuple[Named, ...]:
    """Return entries by their names."""
    return tuple(map(Named, names))


def of(role: RoleAssignees | None) -> Manifest:
    """Return a manifest of one role."""
    return replace(manifest(), assignments={} if role is None else {("hr", role.role): role})


READ = RoleAssignees("hr", "Read", named("alice", "bob"), named("staff"), additive=True)


@pytest.mark.parametrize(
    ("before", "now", "rows", "said"),
    [
        (READ, None, ["r alice", "r staff", "w bob"], ["user alice", "group staff"]),
        (READ, replace(READ, users=named("ALICE")), ["r alice", "r bob", "r staff"], ["user bob"]),
        (READ, replace(READ, users=(), groups=()), ["r alice", "r staff"], ["user alice", "group staff"]),
        (READ, READ, ["r alice", "r bob"], []),
        (READ, None, [], []),
        (replace(READ, additive=False), None, ["r alice"], []),  # the plan takes it away
        (READ, replace(READ, users=(), additive=False), ["r alice"], []),
    ],
)
def test_who_was_taken_out_of_an_additive_role_and_holds_it_is_told(
    before: RoleAssignees, now: RoleAssignees | None, rows: list[str], said: list[str]
) -> None:
    """By the role's own id, and only where nothing takes it away."""
    told = list(undeclared.left(of(now), of(before), held(*rows)))

    assert [str(each.message) for each in told] == [
        f"{who} was taken out of hr/Read and holds it still: additive never takes away" for who in said
    ]
    for each in told:  # the name of a person is left out where others may read it, that of a group is not
        assert (without_names(each.message) == each.message) is ("staff" in each.message)
    nobody = replace(held(*rows), principals={})  # whoever is gone from the tenant holds nothing
    assert list(undeclared.left(of(now), of(before), nobody)) == []
    assert list(undeclared.left(of(now), of(before), Directory("https://graph"))) == []


@pytest.mark.parametrize(("fate", "said"), [("left", ["alice"]), ("taken", []), ("", [])])
def test_who_keeps_a_role_when_the_environment_is_destroyed_is_told(
    fate: Literal["", "taken", "left"], said: list[str]
) -> None:
    """What is taken away with it keeps nobody."""
    role = RoleAssignees("hr", "Read", named("alice", "bob"), fate=fate)

    assert [
        str(each.message) for each in ruled.of_tenant(undeclared.holder_stays, of(role), held("r alice"))
    ] == [f"user {who} keeps hr/Read: additive never takes away" for who in said]


GIVEN = Given(Named("mover"), "hr", ("Write", "Read"))


@pytest.mark.parametrize(
    ("now", "rows", "said"),
    [
        ((), ["w mover", "r mover"], ["Read, Write"]),
        ((), ["r mover"], ["Read"]),
        ((), [], []),
        ((replace(GIVEN, application=("Read",)),), ["w mover"], []),  # the plan takes it away
        ((replace(GIVEN, resource="other"),), ["r mover"], ["Read"]),
    ],
)
def test_who_left_grants_and_holds_roles_is_told(
    now: tuple[Given, ...], rows: list[str], said: list[str]
) -> None:
    """Of what it was given there: what it was forbidden is nothing that stays."""
    deployed = replace(manifest(), grants=(replace(GIVEN, absent=("Delete",)),))
    told = undeclared.ungranted(replace(manifest(), grants=now), deployed, held(*rows))

    assert [str(each.message) for each in told] == [
        f"'Mover' was taken out of `grants` and holds {names} of hr still: only `absent` takes away"
        for names in said
    ]


def test_what_was_forbidden_and_is_held_is_no_gift() -> None:
    """`absent` speaks of a role without giving it."""
    deployed = replace(manifest(), grants=(Given(Named("mover"), "hr", absent=("Read",)),))

    assert list(undeclared.ungranted(manifest(), deployed, held("r mover"))) == []


@pytest.mark.parametrize(
    ("row", "called"),
    [
        ("r", "Read of user alice"),
        ("b", "Bare of user alice"),
        ("gone", "gone of user alice"),
        ("00000000-0000-0000-0000-000000000000", "default of user alice"),
    ],
)
def test_a_role_that_somebody_holds_is_called_by_the_best_name_it_has(row: str, called: str) -> None:
    """Its value, else its name, else its id; access without a role is `default`."""
    roles = [*ROLES, {"id": "b", "value": None, "displayName": "Bare"}]
    own = Subject("api", {"id": "1", "appId": "2", "appRoles": roles}, {"id": "sp", "appRoles": roles})
    holding = RoleHolding("", row, "u", "User", "alice", "sp", "API")
    directory = Directory("https://graph", live={"api": Live(own, {HOLDERS: (holding,)})})
    told = [
        each.label
        for notice in ruled.of_tenant(undeclared.holders_undeclared, manifest(), directory)
        for each in notice.watched
    ]

    assert list(map(str, told)) == [called]
