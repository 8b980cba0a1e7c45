"""Who holds roles in the tenant; which of it the manifest manages, and what goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from entra_config.kinds.assignment_resources import assigned
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Principal, Subject, called
from entra_config.kinds.facts import AssignmentFacts
from entra_config.kinds.live_assignments import held_at
from entra_config.manifest.model import Manifest, Named, RoleAssignees
from entra_config.manifest.policy import Removed
from entra_config.resource import Resource
from tests.unit.kinds.clients import DIRECTORY, JOB, OWN, client, manifest

BODY: dict[str, Any] = {
    "id": "id-api",
    "appId": "app-api",
    "appRoles": [
        {"id": "r3", "value": "run.role", "displayName": "Run"},
        {"id": "r5", "value": "read.role", "displayName": "Read"},
        {"id": "r9", "value": None, "displayName": "Nobody declares it"},
    ],
}
ANN, CREW, EXTERNAL, OURS = ("ann", "User"), ("crew", "Group"), ("ext", "ServicePrincipal"), (
    "sp-job",
    "ServicePrincipal",
)  # fmt: skip
CALLED = {
    "r3": ("Run", "run.role (Run)"),
    "r5": ("Read", "read.role (Read)"),
    "r9": ("Nobody declares it", "Nobody declares it"),
    "r0": ("r0", "r0"),
}


def row(role: str, who: tuple[str, str]) -> RoleHolding:
    """Return that somebody holds a role."""
    return RoleHolding(f"{role}-{who[0]}", role, *who, f"name of {who[0]}", "sp-api", "api")


def held(role: str, who: tuple[str, str]) -> Resource:
    """Return the same as a resource of a user, a group or an application of others."""
    id_, type_ = who[0], {"User": "user", "Group": "group", "ServicePrincipal": "servicePrincipal"}[who[1]]
    name, value = CALLED[role]
    facts = AssignmentFacts(
        f"{role}-{id_}",
        resource="api",
        resource_id="sp-api",
        app_role_id=role,
        principal_type=type_,
        principal_id=id_,
        sides=(f"api/{value}", called(type_, f"name of {id_}", id_)),
    )
    return assigned(f"api/{name}/{type_}:{id_}", facts, f"name of {id_}", "api")


def of_client(role: str, parent: str = JOB) -> Resource:
    """Return that our client holds it."""
    name, value = CALLED[role]
    facts = AssignmentFacts(
        f"{role}-sp-job",
        resource="api",
        resource_id="sp-api",
        app_role_id=role,
        principal_type="servicePrincipal",
        principal_id="sp-job",
        client=JOB,
        role=name,
        sides=(f"api/{value}", JOB),
    )
    return assigned(f"api/{name}/servicePrincipal:job", facts, JOB, parent)


ROLES = ("r3", "r5", "r9", "r0")
LISTED = frozenset({"api"})
REQUESTED = {"api": OWN}
MANAGED = {"api": replace(OWN, application_consent=frozenset())}


def assignees(role: str, **more: Any) -> tuple[tuple[str, str], RoleAssignees]:
    """Return who is declared to hold a role."""
    return ("api", role), RoleAssignees("api", role, **more)


def named(*ids: str) -> tuple[Named, ...]:
    """Return them by ids."""
    return tuple(Named(f"name of {id_}", id_) for id_ in ids)


def said(*entries: tuple[tuple[str, str], RoleAssignees], **more: Any) -> Manifest:
    """Return a manifest that says this of the roles of the API."""
    declared = {"api_permissions": more.pop("api_permissions", {})}
    return replace(manifest(**declared), assignments=dict(entries), **more)


ORPHANED = [held("r9", who) for who in (ANN, CREW, EXTERNAL)]
WITHOUT_API = {key: each for key, each in manifest().applications.items() if key != "api"}
WITHOUT_JOB = {key: each for key, each in manifest().applications.items() if key != JOB}
IGNORING = {
    **manifest().applications,
    "api": replace(manifest().applications["api"], ignore_changes=("appRoles",)),
}
JOB_GOES = {"removed": {JOB: Removed(JOB, destroy=False)}, "applications": WITHOUT_JOB}
FULL = assignees("Read", service_principals=())
CASES: dict[str, tuple[Manifest, list[Resource]]] = {
    "nothing is said: what its role goes with, goes": (said(), ORPHANED),
    "roles are ignored: none goes": (said(applications=IGNORING), []),
    "people are listed": (
        said(listed=LISTED),
        [*(held(role, who) for role in ("r3", "r5") for who in (ANN, CREW)), *ORPHANED,
         *(held("r0", who) for who in (ANN, CREW))],
    ),
    "applications of others are listed": (said(FULL), [held("r5", EXTERNAL), *ORPHANED]),
    "somebody is only added": (
        said(assignees("Read", users=named("ann"), additive=True), listed=LISTED),
        [held("r5", ANN)],
    ),
    "somebody is added, and others are listed in full": (
        said(
            assignees("Read", groups=named("crew"), additive=True), assignees("Run"), listed=LISTED
        ),
        [held("r3", ANN), held("r3", CREW), held("r5", CREW)],
    ),
    "whose time is over": (
        said(assignees("Read", ended=(("user", named("ann")[0]),), additive=True), listed=LISTED),
        [held("r5", ANN)],
    ),
    "what is taken in the end": (
        said(assignees("Read", users=named("ann"), fate="taken"), listed=LISTED), [held("r5", ANN)]
    ),
    "what is left in the end": (
        said(assignees("Read", users=named("ann"), fate="left", additive=True), listed=LISTED), []
    ),
    "a role that nobody knows": (
        said(assignees("Never", users=named("ann"), additive=True), listed=LISTED), []
    ),
}  # fmt: skip


def tenant(rows: Iterable[RoleHolding]) -> tuple[Directory, Live]:
    """Return what was read."""
    principal = {"id": "sp-api", "appRoles": BODY["appRoles"]}
    live = Live(Subject("api", BODY, principal), {HOLDERS: tuple(rows)})
    principals = {
        (type_, id_): Principal(id_, id_, type_) for type_, id_ in (("user", "ann"), ("group", "crew"))
    }
    directory = replace(DIRECTORY, live={"api": live, JOB: client(JOB)}, principals=principals)
    return directory, live


@pytest.mark.parametrize("case", CASES)
def test_what_others_hold(case: str) -> None:
    """Of an API of ours: what the manifest says in full or adds, and what its role takes along."""
    declared, expected = CASES[case]
    directory, live = tenant([row(role, who) for role in ROLES for who in (ANN, CREW, EXTERNAL)])
    assert list(held_at(declared, directory, "api", live)) == expected


OF_OURS: dict[str, tuple[Manifest, list[Resource]]] = {
    "nothing is requested": (said(), [of_client(role) for role in ROLES]),
    "a role is requested": (
        said(api_permissions=REQUESTED), [of_client(role) for role in ("r5", "r9", "r0")]
    ),
    "its consent is managed": (said(api_permissions=MANAGED), [of_client(role) for role in ROLES]),
    "the API goes": (
        said(removed={"api": Removed("api", destroy=True)}, applications=WITHOUT_API),
        [of_client(role, "api") for role in ROLES],
    ),
    "the client goes": (
        said(removed={JOB: Removed(JOB, destroy=True)}, applications=WITHOUT_JOB),
        [of_client(role) for role in ROLES],
    ),
    "others are listed in full": (said(FULL), [of_client(role) for role in ROLES]),
    "the client is released": (said(**JOB_GOES), [of_client("r9")]),
    "the client is released, and others are listed in full": (
        said(FULL, **JOB_GOES), [held("r5", OURS), of_client("r9")]
    ),
    "the API goes, the client is released, and others are listed in full": (
        said(
            assignees("read.role", service_principals=()),
            removed={"api": Removed("api", destroy=True), JOB: Removed(JOB, destroy=False)},
            applications={},
        ),
        [of_client(role, "api") for role in ROLES],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OF_OURS)
def test_what_a_client_of_ours_holds(case: str) -> None:
    """What is managed or requested no longer; what dies with its resource belongs to that."""
    declared, expected = OF_OURS[case]
    directory, live = tenant([row(role, OURS) for role in ROLES])
    known = {"r9": CALLED["r9"], "r0": CALLED["r0"]}
    if "api" not in declared.applications:
        known |= {"r3": ("run.role", "run.role"), "r5": ("read.role", "read.role")}
    assert [each.facts for each in held_at(declared, directory, "api", live)] == [
        renamed(each, known).facts for each in expected
    ]
    assert [each.parent for each in held_at(declared, directory, "api", live)] == [
        each.parent for each in expected
    ]


def renamed(resource: Resource, known: dict[str, tuple[str, str]]) -> Resource:
    """Return an assignment with its role by the name that it has without a manifest."""
    facts = AssignmentFacts.of(resource)
    if facts.app_role_id not in known or facts.client is None:
        return resource
    name, value = known[facts.app_role_id]
    return replace(resource, facts=replace(facts, role=name, sides=(f"api/{value}", JOB)))
