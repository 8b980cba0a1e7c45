"""`appRoleAssignments` and `grants`: who holds which role, and all that is noted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.model import Given, Named, RoleAssignees
from entra_config.manifest.sections import assignments, grants
from entra_config.manifest.until import Until
from tests.unit.manifest.declared import GALLERY, STAFF, read
from tests.unit.manifest.one_value import node


def at(column: int, name: str, id_: str | None = None, **more: Any) -> Named:
    """Return a name at a column."""
    return Named(name, id_, Position("f", 1, column), **more)


def held(application: str, role: str, column: int, **more: Any) -> dict[tuple[str, str], RoleAssignees]:
    """Return who holds a role."""
    return {(application, role): RoleAssignees(application, role, position=Position("f", 1, column), **more)}


OURS = "is of this project: its `apiPermissions` say what it holds"


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", ({}, (), ()), []),
        ("{ api: {}, gallery: {} }", ({}, ("api", "gallery"), ()), []),
        ("{ api: unmanaged, partner: {} }", ({}, ("partner",), ("api",)), []),
        ("{ api: managed }", ({}, ("api",), ()), ['f:1:11: `api`: expected a map, found "managed"']),
        (
            "{ api: null }",
            ({}, (), ()),
            ["f:1:6: `api:` says nothing: write `api: {}` for nobody, or `api: unmanaged` to leave it alone"],
        ),
        (
            "{ apj: {} }",
            ({}, ("apj",), ()),
            [
                "f:1:6: `apj` is neither an application nor an enterprise application here. Did you mean `api`?"
            ],
        ),
        (
            "{ none: {} }",
            ({}, ("none",), ()),
            [
                "f:1:6: `none` has no enterprise application (`enterpriseApplication: null`), so nobody can be assigned"
            ],
        ),
        (
            "{ api: { Person: { users: [a@b.example], groups: [Staff] } } }",
            (
                held("api", "Person", 13, users=(at(31, "a@b.example"),), groups=(at(54, "Staff", STAFF),)),
                ("api",),
                (),
            ),
            [],
        ),
        ("{ api: { Person: null } }", (held("api", "Person", 13), ("api",), ()), []),
        ("{ api: { Person: {} } }", (held("api", "Person", 13), ("api",), ()), []),
        (
            "{ api: { Job: {} } }",
            (held("api", "Job", 13), ("api",), ()),
            ["f:1:13: role `Job` of `api` is for applications only: add `User` to its `allowedMemberTypes`"],
        ),
        (
            "{ api: { Job: { servicePrincipals: [HR] } } }",
            (held("api", "Job", 13, service_principals=(at(40, "HR"),)), ("api",), ()),
            [],
        ),
        (
            "{ api: { Job: { servicePrincipals: [] } } }",
            (held("api", "Job", 13, service_principals=()), ("api",), ()),
            [],
        ),
        (
            "{ api: { Job: { servicePrincipals: null, groups: [G] } } }",
            (held("api", "Job", 13, groups=(at(54, "G"),)), ("api",), ()),
            ["f:1:13: role `Job` of `api` is for applications only: add `User` to its `allowedMemberTypes`"],
        ),
        (
            "{ api: { Job: { servicePrincipals: [], users: [a@b.example] } } }",
            (held("api", "Job", 13, service_principals=(), users=(at(51, "a@b.example"),)), ("api",), ()),
            ["f:1:13: role `Job` of `api` is for applications only: add `User` to its `allowedMemberTypes`"],
        ),
        (
            "{ api: { Job: { servicePrincipals: [], groups: [G] } } }",
            (held("api", "Job", 13, service_principals=(), groups=(at(52, "G"),)), ("api",), ()),
            ["f:1:13: role `Job` of `api` is for applications only: add `User` to its `allowedMemberTypes`"],
        ),
        (
            "{ api: { Person: { servicePrincipals: [HR] } } }",
            (held("api", "Person", 13, service_principals=(at(43, "HR"),)), ("api",), ()),
            [
                "f:1:13: role `Person` of `api` is for users only: add `Application` to its `allowedMemberTypes`"
            ],
        ),
        (
            "{ api: { Both: { users: [{ name: a@b.example, until: 2027-01-31 }], servicePrincipals: [team/prod/x] } } }",
            (
                held(
                    "api",
                    "Both",
                    13,
                    users=(at(29, "a@b.example", until=date(2027, 1, 31)),),
                    service_principals=(at(92, "team/prod/x", by_marks=True),),
                ),
                ("api",),
                (),
            ),
            [],
        ),
        (
            "{ api: { default: {}, Persn: {} } }",
            ({**held("api", "default", 13), **held("api", "Persn", 26)}, ("api",), ()),
            [
                "f:1:13: `default` is for applications without roles; `api` has some",
                "f:1:26: `Persn` is not a role of `api`. Did you mean `Person`?",
            ],
        ),
        ("{ client: { default: {} } }", (held("client", "default", 16), ("client",), ()), []),
        (
            "{ client: { any: {} } }",
            (held("client", "any", 16), ("client",), ()),
            ["f:1:16: `any` is not a role of `client`. Known: `default`."],
        ),
        (
            "{ gallery: { Any: { additive: true, groups: [G] } } }",
            (held("gallery", "Any", 17, additive=True, groups=(at(49, "G"),)), ("gallery",), ()),
            [],
        ),
        (
            "{ api: { Person: { additive: true, user: [] } } }",
            (held("api", "Person", 13, additive=True), ("api",), ()),
            [
                "f:1:39: `user` is not a key of who holds `Person`. Did you mean `users`?",
                "f:1:23: `additive` is for applications of others: who holds a role of `api` is said here, and nowhere else",
            ],
        ),
        ("{ api: { Person: { additive: false } } }", (held("api", "Person", 13), ("api",), ()), []),
        (
            "{ gallery: { Any: { servicePrincipals: [HR] } } }",
            (held("gallery", "Any", 17, service_principals=(at(44, "HR"),)), ("gallery",), ()),
            [
                "f:1:24: `servicePrincipals` is for roles of this project's applications, and `gallery` is others': its owner says who holds them"
            ],
        ),
        (
            "{ api: { Job: { servicePrincipals: [OUR client, API, MyApp/dev/x, other/dev/api] } } }",
            (
                held(
                    "api",
                    "Job",
                    13,
                    service_principals=(
                        at(40, "OUR client"),
                        at(52, "API"),
                        at(57, "MyApp/dev/x", by_marks=True),
                        at(70, "other/dev/api", by_marks=True),
                    ),
                ),
                ("api",),
                (),
            ),
            [
                f"f:1:40: `servicePrincipals`: `OUR client` {OURS}",
                f"f:1:52: `servicePrincipals`: `API` {OURS}",
                f"f:1:57: `servicePrincipals`: `MyApp/dev/x` {OURS}",
            ],
        ),
    ],
)
def test_who_holds_a_role(text: str, expected: tuple[Any, Any, Any], noted: list[str]) -> None:
    """By application and role, of which applications that is all, and which are left alone."""
    value, problems = read(
        lambda directory, names, it: assignments.read(it, directory, names, "myapp"), node(text)
    )

    found, listed, unmanaged = expected
    assert (value, problems) == (assignments.Read(found, frozenset(listed), frozenset(unmanaged)), noted)


def given(name: str, resource: str, column: int, *roles: str, **more: Any) -> Given:
    """Return what a holder is given at an API; the holder stands at the first place."""
    marks = more.pop("by_marks", False)
    return Given(at(6, name, by_marks=marks), resource, roles, position=Position("f", 1, column), **more)


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", (), []),
        ("{ HR: { gallery: { application: [a, b] } } }", (given("HR", "gallery", 12, "a", "b"),), []),
        (
            "{ team/prod/x: { Partner API: { absent: [a] } } }",
            (given("team/prod/x", "partner", 21, absent=("a",), by_marks=True),),
            [],
        ),
        (
            f"{{ HR: {{ {GALLERY}: {{ application: [{{ name: a, until: 2027-01-31 }}] }} }} }}",
            (
                given(
                    "HR",
                    GALLERY,
                    12,
                    "a",
                    until={"a": Until(date(2027, 1, 31), Position("f", 1, 66))},
                ),
            ),
            [],
        ),
        (
            "{ HR: { gallery: {} } }",
            (given("HR", "gallery", 12),),
            [
                "f:1:12: `gallery` says nothing: name roles under `application`, or under `absent` those that go"
            ],
        ),
        (
            "{ HR: { gallery: { application: [b, a, c], absent: [a, b], roles: [x] } } }",
            (given("HR", "gallery", 12, "b", "a", "c", absent=("a", "b")),),
            [
                "f:1:63: `roles` is not a key of what is given at an API of others. Known: `absent` and `application`.",
                "f:1:47: `a` stands under `application` too: it is given or it goes",
                "f:1:47: `b` stands under `application` too: it is given or it goes",
            ],
        ),
        (
            "{ HR: { api: { application: [a] }, galery: { application: [a] }, gallery: { absent: [c] } } }",
            (given("HR", "gallery", 69, absent=("c",)),),
            [
                "f:1:12: `api` is of this project: `appRoleAssignments` says by `servicePrincipals` who holds its roles",
                "f:1:39: `galery` is not an application here, an enterprise application or an API of Microsoft. Did you mean `gallery`?",
            ],
        ),
        (
            "{ Client: { gallery: { application: [a] } } }",
            (given("Client", "gallery", 16, "a"),),
            [f"f:1:6: `grants`: `Client` {OURS}"],
        ),
        (
            "{ ' ': { gallery: { application: [a] } }, HR: 7 }",
            (),
            [
                "f:1:6: `grants` is empty: write null, or leave the key out",
                "f:1:50: `HR`: expected a map, found the number 7",
            ],
        ),
    ],
)
def test_what_is_granted_to_others(text: str, expected: tuple[Given, ...], noted: list[str]) -> None:
    """Roles of others' APIs alone, to who is not ours: given or taken."""
    assert read(lambda directory, names, it: grants.read(it, directory, names, "myapp"), node(text)) == (
        expected,
        noted,
    )
