"""Who could gain access: what Graph answers of owners and directory roles in, who could do what out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pytest

from entra_config.actual import potential
from entra_config.actual.access import Possible, Potential
from entra_config.graph.request import Request, Response
from entra_config.kinds import microsoft_graph
from entra_config.kinds.details import ObjectOwner
from tests.unit.graph.doors import Door, error, graph

API = potential.Application("api", "reg", "sp", (), (), ("api/Reader",), ("hr/Read",))
ROLES = "/roleManagement/directory/"
GRAPH = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignedTo"


def user(name: str) -> dict[str, Any]:
    """Return a person as Graph shows one."""
    return {"@odata.type": "#microsoft.graph.user", "id": name, "userPrincipalName": f"{name}@x"}


ADMINS = {"@odata.type": "#microsoft.graph.group", "id": "admins", "displayName": "Admins"}
TENANT: dict[str, Any] = {
    "/groups/g": {"id": "g", "displayName": "Sales", "isAssignableToRole": False},
    "/groups/g/owners": {"value": [user("olga")]},
    "/groups/admins/members": {"value": [user("mia")]},
    "/groups/admins/owners": {"value": [user("otto")]},
    f"{ROLES}roleAssignments": {"value": []},
    f"{ROLES}roleDefinitions": {"value": []},
    GRAPH: {"value": []},
}


def role(*actions: str, condition: str | None = None, name: str = "Custom") -> dict[str, Any]:
    """Return a role's definition."""
    allowed = [f"microsoft.directory/{action}" for action in actions]
    permission = {"allowedResourceActions": allowed, "condition": condition}
    return {"id": name, "displayName": name, "rolePermissions": [permission]}


def held(definition: Mapping[str, Any], scope: str = "/", who: Mapping[str, Any] | None = None) -> Any:
    """Return what Graph answers if one principal has one role in a scope."""
    principal = who or user("ann")
    row = {
        "id": "1",
        "principalId": principal["id"],
        "roleDefinitionId": definition["id"],
        "directoryScopeId": scope,
        "principal": principal,
    }
    return {f"{ROLES}roleAssignments": {"value": [row]}, f"{ROLES}roleDefinitions": {"value": [definition]}}


def read(
    answers: Mapping[str, Any], *, refused: str = "", application: potential.Application = API
) -> Potential:
    """Return who could gain access to one application and through one group."""
    tenant = {**TENANT, **answers}

    def respond(request: Request) -> Response:
        path = unquote(str(request.path)).partition("?")[0]
        return error(403) if path == refused or path not in tenant else Response(200, tenant[path])

    return asyncio.run(potential.read(graph(Door(respond)), [application], {"g": ["api/Reader"]}))


def told(found: Potential) -> set[tuple[str, str, str]]:
    """Return who can do what to which target, without the owner of the group."""
    rows = {(each.name, each.power, target) for each in found.possible for target in each.targets}
    return rows - {("olga@x", "addMembers", "Sales")}


@pytest.mark.parametrize(
    ("actions", "scope", "expected"),
    [
        (["servicePrincipals/appRoleAssignedTo/update"], "/", {("assign", "api")}),
        (["servicePrincipals/appRoleAssignedTo/update"], "/sp", {("assign", "api")}),
        (["servicePrincipals/appRoleAssignedTo/update"], "/reg", set()),
        (["servicePrincipals/appRoleAssignedTo/read"], "/", set()),
        (["servicePrincipals/owners/update"], "/sp", {("assign", "api"), ("actAs", "api")}),
        (["applications/credentials/update"], "/reg", {("actAs", "api")}),
        (["applications.myOrganization/credentials/update"], "/", {("actAs", "api")}),
        (["applications/allProperties/allTasks"], "/another", set()),
        (["groups.security/members/update"], "/", {("addMembers", "Sales")}),
        (["groups.unified/members/update"], "/", set()),
        (["groups/owners/update"], "/g", {("addMembers", "Sales")}),
        (["groups/members/update"], "/reg", set()),
        (["groupsAssignableToRoles/allProperties/update"], "/", set()),
        (
            ["roleAssignments/allProperties/allTasks"],
            "/",
            {("assign", "api"), ("actAs", "api"), ("addMembers", "Sales")},
        ),
        (["roleAssignments/allProperties/allTasks"], "/reg", set()),
    ],
)
def test_the_actions_of_a_role_decide_in_its_scope(
    actions: list[str], scope: str, expected: set[tuple[str, str]]
) -> None:
    """A custom role too; the scope of a registration is not that of its service principal."""
    found = read(held(role(*actions), scope))
    assert told(found) == {("ann@x", *each) for each in expected}
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        ("Application.ReadWrite.All", {("actAs", "api")}),
        ("AppRoleAssignment.ReadWrite.All", {("assign", "api")}),
        ("Directory.ReadWrite.All", {("actAs", "api"), ("addMembers", "Sales")}),
        ("GroupMember.ReadWrite.All", {("addMembers", "Sales")}),
        ("Group.ReadWrite.All", {("addMembers", "Sales")}),
        (
            "RoleManagement.ReadWrite.Directory",
            {("assign", "api"), ("actAs", "api"), ("addMembers", "Sales")},
        ),
        ("Application.Read.All", set()),
        ("Application.ReadWrite.OwnedBy", set()),
    ],
)
def test_permissions_of_graph_let_an_application_do_it(
    permission: str, expected: set[tuple[str, str]]
) -> None:
    """Whoever deploys is among them."""
    row = {
        "id": "1",
        "principalId": "bot",
        "principalType": "ServicePrincipal",
        "resourceId": "graph",
        "resourceDisplayName": "Microsoft Graph",
        "principalDisplayName": "Bot",
        "appRoleId": microsoft_graph.roles()[permission],
    }
    found = read({GRAPH: {"value": [row]}})
    assert told(found) == {("Bot", *each) for each in expected}
    assert {each.through for each in found.possible if each.id == "bot"} <= {
        f"{permission} of Microsoft Graph"
    }


def test_a_group_that_can_have_directory_roles_is_changed_by_those_who_give_them() -> None:
    """An administrator of groups cannot."""
    group = {"/groups/g": {"id": "g", "displayName": "Sales", "isAssignableToRole": True}}
    assert told(read({**group, **held(role("groups/members/update"))})) == set()
    found = read({**group, **held(role("groupsAssignableToRoles/allProperties/update"))})
    assert told(found) == {("ann@x", "addMembers", "Sales")}


def test_whoever_is_in_a_group_that_has_a_directory_role_or_owns_it_is_listed() -> None:
    """Each with the group."""
    found = read(held(role("applications/owners/update", name="Helper"), who=ADMINS))
    assert {(each.name, each.through) for each in found.possible if each.power == "actAs"} == {
        ("mia@x", "Helper, member of group Admins"),
        ("otto@x", "Helper, owner of group Admins"),
    }


def test_owners_can_sign_in_as_the_application_and_those_of_the_principal_give_its_roles() -> None:
    """A disabled account is marked."""
    mine, theirs = ObjectOwner("ann", "user", "Ann", "ann@x"), ObjectOwner("bot", "servicePrincipal", "Bot")
    application = potential.Application("api", "reg", "sp", (mine,), (theirs,), ("api/Reader",), ())
    found = read({}, application=application)
    assert told(found) == {("ann@x", "actAs", "api"), ("Bot", "actAs", "api"), ("Bot", "assign", "api")}
    assert {each.type for each in found.possible if each.name == "Bot"} == {"application"}


REFUSED = "is not known: Graph refused to list it; it needs"
GROUPS = f"{REFUSED} GroupMember.Read.All (or Directory.Read.All)"
APPLICATIONS = f"{REFUSED} Application.Read.All (or Directory.Read.All)"
DIRECTORY = f"who has directory roles {REFUSED} RoleManagement.Read.Directory (or Directory.Read.All)"
THROUGH = held(role("groups/members/update"), who=ADMINS)
SYNCHRONIZED = {"/groups/g": {"id": "g", "displayName": "Sales", "onPremisesSyncEnabled": True}}
BARE = held({"id": "x", "displayName": "Bare", "rolePermissions": None})
UNIT = held(role("groups/members/update"), "/administrativeUnits/7")


@pytest.mark.parametrize(
    ("refused", "answers", "unknown"),
    [
        ("/groups/g/owners", {}, f"who owns group Sales {GROUPS}"),
        ("/groups/g", {}, f"who can change group g {GROUPS}"),
        (f"{ROLES}roleAssignments", {}, DIRECTORY),
        (f"{ROLES}roleDefinitions", {}, DIRECTORY),
        (
            GRAPH,
            {},
            f"which applications have permissions of Microsoft Graph {APPLICATIONS}",
        ),
        (
            "/groups/admins/members",
            THROUGH,
            f"who is in group Admins, which has directory role Custom, {GROUPS}",
        ),
        (
            "/groups/admins/owners",
            THROUGH,
            f"who owns group Admins, which has directory role Custom, {GROUPS}",
        ),
        ("", SYNCHRONIZED, "who can change group Sales is not known: it is synchronized"),
        ("", BARE, "what directory role Bare allows is not known: Graph does not say it"),
        (
            "",
            UNIT,
            "what Custom can change in administrativeUnits/7 is not known: its members are not read",
        ),
    ],
)
def test_a_source_that_is_not_read_is_said(refused: str, answers: Mapping[str, Any], unknown: str) -> None:
    """With the permission that would tell, if that is the reason; the other sources are there."""
    assert read(answers, refused=refused).unknown == (unknown,)


def test_what_a_role_allows_on_condition_is_no_power() -> None:
    """`$SubjectIsOwner` says what owners may, and those are read."""
    assert told(read(held(role("applications/owners/update", condition="$SubjectIsOwner")))) == set()


def test_many_targets_are_one_row() -> None:
    """Of a person, a role, a scope and a power, sorted."""
    found = read(held(role("roleAssignments/allProperties/allTasks", name="All")))
    assert Possible("user", "ann@x", "ann", "All", "assign", ("api",), ("api/Reader",)) in found.possible
    assert found.possible == tuple(
        sorted(found.possible, key=lambda each: (each.name, each.id, each.through, each.scope, each.power))
    )
