"""What Graph would refuse of new identifier URIs and roles: refused before the first write, in words of why,
and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.actual.found import Found
from entra_config.actual.uris import Claims
from entra_config.checks.changes import ChangesView
from entra_config.checks.rules import foreseen
from entra_config.errors import Position
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.plan.model import Change, Create, Delete, Refusal, Release, Restore, TenantInfo, Update
from entra_config.resource import Address, Ref, Resource, State, Text
from tests.unit.checks.ruled import NOW, of_changes
from tests.unit.plan.estates import manifest

API = Address("application", "api")
HOLDS = Address("appRoleAssignment", "api/Admin/user:u")
ANYBODY = "00000000-0000-0000-0000-000000000000"
CONTOSO = frozenset({"contoso.com", "contoso.de", "contoso.fr", "contoso.it"})


def role(id_: str, value: str | None, *types: str, enabled: bool = True) -> dict[str, Any]:
    """Return a role as Graph has it."""
    return {
        "id": id_,
        "value": value,
        "displayName": f"{id_} role",
        "allowedMemberTypes": list(types),
        "isEnabled": enabled,
    }


ROLES = [
    role("admin", "Admin", "User"),
    role("job", "Job", "Application"),
    role("old", "Old", "User", "Application", enabled=False),
    role("bare", None, "User", enabled=False),
]


def found(
    *, uris: tuple[str, ...] = (), roles: list[dict[str, Any]] | None = None, more: Mapping[str, Any]
) -> Found:
    """Return a tenant that has the API, and others where they are said."""
    api = Subject(
        "api", {"id": "api", "appId": "api-app", "displayName": "Api", "identifierUris": list(uris)}
    )
    if roles is not None:
        api = Subject("api", api.application, {"id": "sp", "appRoles": roles})
    live = {"api": Live(api)} | {each["displayName"]: _live(each) for each in more.get("ours", ())}
    return Found(
        TenantInfo("t", "Contoso"),
        Directory("https://graph", live=live),
        purges={API: tuple(more.get("purged", ()))},
        claims=Claims(more.get("holders", {}), more.get("domains", CONTOSO)),
        policies=more.get("policies"),
    )


def _live(application: dict[str, Any]) -> Live:
    return Live(Subject(application["displayName"], application))


def other(*uris: str, **more: Any) -> dict[str, Any]:
    """Return another application that holds identifier URIs."""
    return {"id": "other", "appId": "other-app", "displayName": "Other", "identifierUris": list(uris), **more}


def check(changes: Iterable[Change], tenant: Found, desired: State) -> list[Any]:
    """Return what is known to fail."""
    view = ChangesView(manifest(), tenant, desired, tuple(changes), (), NOW)
    return of_changes((foreseen.uri_unknown, foreseen.uri_refused, foreseen.role_refused), view)


WAITING = SimpleNamespace(unverified=frozenset({"fabrikam.com"}))


@pytest.mark.parametrize(
    ("uri", "held", "more", "said"),
    [
        ("https://contoso.com/a", (), {}, ""),
        ("https://shop.contoso.com/a", (), {}, ""),
        ("http://contoso.com", (), {}, ""),
        ("https://CONTOSO.com/a", (), {}, ""),
        ("api://a", (), {"domains": None}, ""),  # its host is no domain
        (
            "https:a",
            (),
            {},
            "' has no host: write https:// and a verified domain of this tenant (contoso.com, c",
        ),
        (
            "https://evilcontoso.com/a",
            (),
            {},
            "is no verified domain of this tenant (contoso.com, contoso.de, contoso.fr, contoso.it)",
        ),
        ("http://fabrikam.com/a", (), {}, "is of fabrikam.com, which is no verified domain"),
        ("https://fabrikam.com/a", (), {"policies": WAITING}, "that this tenant has and never verified"),
        ("https://a.fabrikam.com/a", (), {"policies": WAITING}, "that this tenant has and never verified"),
        ("https://ofabrikam.com/a", (), {"policies": WAITING}, "which is no verified domain"),
        ("https://contoso.com/a", (), {"domains": None}, "verified domains cannot be read"),
        ("https://fabrikam.com/a", ("https://FABRIKAM.com/a",), {}, ""),  # what it has already it may keep
        ("api://a", (), {"holders": {"api://a": None}}, "who else holds identifier URIs cannot be read"),
        ("api://a", (), {"holders": {"api://a": (other(),)}}, "is held by 'Other' (appId other-app)"),
        ("api://a", (), {"ours": [other("API://A")]}, "is held by 'Other' (appId other-app)"),
        ("api://a", (), {"ours": [other("api://b"), other(identifierUris=None)]}, ""),
        ("api://a", (), {"holders": {"api://a": (other(id="api"),)}}, ""),  # itself
        ("api://a", (), {"holders": {"api://a": (other(),)}, "purged": ["other"]}, ""),  # gone by then
        (
            "api://A",
            (),
            {"holders": {"api://a": (other(deletedDateTime="2026-11-01T00:00:00Z"),)}},
            "is still reserved by the deleted application 'Other' (appId other-app)",
        ),
    ],
)
def test_a_new_identifier_uri_is_of_a_verified_domain_and_nobody_holds_it(
    uri: str, held: tuple[str, ...], more: dict[str, Any], said: str
) -> None:
    """Each way to fail is told at the URI's own line; of what is not to be known one notice."""
    line, tenant = Position("a.yaml", 7, 1), found(uris=held, more=more)
    after = Resource(
        API,
        {"identifierUris": [Text(("api://", Ref(API, "appId"))), *held, uri]},
        ApplicationFacts(),
        position=Position("a.yaml", 1, 1),
        positions={f"identifierUris.{uri}": line},
    )
    silent = Resource(API, {}, ApplicationFacts())  # it says nothing of URIs
    changes: list[Change] = [Release(silent), Create(silent), *[Update(silent, after)] * 2]
    told = check(changes, tenant, State({}))

    assert [said in each.message for each in told] == [True] * bool(said)
    refused = [each for each in told if isinstance(each, Refusal)]
    assert [(each.address, each.position) for each in refused] == [(API, line)] * len(refused)
    assert bool(refused) is bool(said and "cannot be read" not in said)


def test_of_each_uri_the_nearest_line_is_told() -> None:
    """Where the URI has no line of its own it is that of the list, and else that of the application."""
    lines = [Position("a.yaml", number, 1) for number in (1, 2)]
    for positions, line in (({"identifierUris": lines[1]}, lines[1]), ({}, lines[0])):
        after = Resource(
            API,
            {"identifierUris": ["https://a.example"]},
            ApplicationFacts(),
            position=lines[0],
            positions=positions,
        )
        for change in (Create(after), Restore(after, after)):
            (told,) = check([change], found(more={}), State({}))
            assert isinstance(told, Refusal)
            assert told.position == line


def test_what_has_no_registration_yet_claims_uris_as_well() -> None:
    """Whether the tenant has nothing of it, a service principal alone, or a registration without URIs."""
    after = Resource(API, {"identifierUris": ["https://a.example"]}, ApplicationFacts())
    for subject in (Subject("api"), Subject("api", {"id": "api", "identifierUris": None})):
        tenant = replace(found(more={}), directory=Directory("https://graph", live={"api": Live(subject)}))
        assert len(check([Create(after)], tenant, State({}))) == 1
    nothing = replace(found(more={}), directory=Directory("https://graph"))
    assert len(check([Create(after)], nothing, State({}))) == 1
    assert check([Create(Resource(HOLDS, {}))], nothing, State({})) == []


def test_a_uri_that_another_application_lets_go_in_the_same_plan_is_free() -> None:
    """Whoever gives it away gives it to this one."""
    giver = other("api://a")
    tenant = found(more={"ours": [giver], "holders": {"api://a": (giver,)}})
    takes = Create(Resource(API, {"identifierUris": ["api://a"]}, ApplicationFacts()))
    goes = Delete(Resource(Address("application", "Other"), {}, ApplicationFacts()))

    assert check([takes], tenant, State({}))
    assert check([goes, takes], tenant, State({})) == []


@pytest.mark.parametrize(
    ("id_", "holder", "roles", "said"),
    [
        ("admin", "User", ROLES, ""),
        ("admin", "Group", ROLES, ""),
        ("admin", "servicePrincipal", ROLES, "role Admin of api is not for applications"),
        ("job", "servicePrincipal", ROLES, ""),
        ("job", "user", ROLES, "role Job of api is not for users and groups"),
        ("old", "user", ROLES, "role Old of api is disabled"),
        ("bare", "user", ROLES, "role bare role of api is disabled"),
        ("gone", "user", ROLES, ""),  # somebody else tells of it
        (ANYBODY, "user", ROLES, "and api has roles"),
        (ANYBODY, "user", ROLES[2:], ""),  # each is disabled
        (ANYBODY, "user", None, ""),
    ],
)
def test_a_role_is_given_to_whom_it_is_for_while_it_is_enabled(
    id_: str, holder: str, roles: list[dict[str, Any]] | None, said: str
) -> None:
    """A role is told by its value, and one without a value by its name; what the plan makes of the roles
    counts more than what they are.
    """
    after = Resource(
        HOLDS,
        {},
        AssignmentFacts(resource="api", app_role_id=id_, principal_type=holder),
        parent=API,
        position=Position("a.yaml", 3, 1),
    )
    tenant, planned = found(roles=roles, more={}), State({API: Resource(API, {"appRoles": roles or []})})
    silent = State({API: Resource(API, {})})  # it says nothing of roles
    for live, desired in ((tenant, State({})), (tenant, silent), (found(roles=[], more={}), planned)):
        told = check([Create(after)], live, desired)
        assert [said in each.message for each in told] == [True] * bool(said)
        assert all(isinstance(each, Refusal) and each.address == API for each in told)
    assert check([Update(after, after)], tenant, State({})) == []  # held already
