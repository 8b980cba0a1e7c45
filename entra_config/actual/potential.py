"""The applications and groups of an access report in; who could gain or give the access that it lists,
without the manifest, out.

source                   who could                                          read
owners of an application sign in as it: an owner adds a secret              by the report itself
owners of a principal    sign in as it, and assign its roles                by the report itself
owners of a group        add members to a group that holds roles            /groups/ID/owners
directory roles          what the role's actions allow, in their scope      /roleManagement/directory
permissions of Graph     what they let an application change                /appRoleAssignedTo of Graph

`NEVER_READ` are the sources that this tool does not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entra_config.actual.access import Possible, Potential, Power
from entra_config.actual.fetch import Questions, Responses, TenantReader, fetch
from entra_config.actual.question import DirectoryRoles, GroupFacts, GroupMembers, GroupOwners, HeldAt
from entra_config.graph import privileges
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds import microsoft_graph
from entra_config.kinds.details import ObjectOwner

Json = Mapping[str, Any]

NEVER_READ = (
    "eligible members of directory roles and groups (PIM)",
    "access packages",
    "who can reset the password of somebody who is listed",
)
_WHOLE_TENANT = "/"
_ASSIGNMENTS, _DEFINITIONS = DirectoryRoles("roleAssignments"), DirectoryRoles("roleDefinitions")
_HOLDERS = HeldAt(microsoft_graph.APP_ID)
_REQUESTS: Questions = {
    _HOLDERS: Request(
        "GET", f"{by_key('servicePrincipals', 'appId', microsoft_graph.APP_ID)}/appRoleAssignedTo?$top=999"
    ),
    _ASSIGNMENTS: Request("GET", "/roleManagement/directory/roleAssignments?$expand=principal"),
    _DEFINITIONS: Request(
        "GET", "/roleManagement/directory/roleDefinitions?$select=id,displayName,rolePermissions"
    ),
}
_PERSON = "$select=id,displayName,userPrincipalName,accountEnabled"
# Actions are `microsoft.directory/ENTITY/PROPERTY/VERB`; an entity may have a subtype (`groups.security`).
# Built-in roles and their actions: MicrosoftDocs/entra-docs, role-based-access-control/includes, 2026-01.
_GIVES: Mapping[tuple[str, str], frozenset[Power]] = {
    ("servicePrincipals", "appRoleAssignedTo"): frozenset({"assign"}),
    ("servicePrincipals", "owners"): frozenset({"assign", "actAs"}),
    ("servicePrincipals", "credentials"): frozenset({"actAs"}),
    ("servicePrincipals", "allProperties"): frozenset({"assign", "actAs"}),
    ("applications", "owners"): frozenset({"actAs"}),
    ("applications", "credentials"): frozenset({"actAs"}),
    ("applications", "allProperties"): frozenset({"actAs"}),
}
_GROUPS = frozenset(
    ("groups", name) for name in ("members", "owners", "dynamicMembershipRule", "allProperties")
)
_ROLE_GROUPS = frozenset(
    {("groupsAssignableToRoles", "allProperties"), ("groupsAssignableToRoles", "members")}
)
_VERBS = {"update", "allTasks"}
# Whoever gives directory roles can give himself one that does all of it.
_EVERYTHING = frozenset({("roleAssignments", "allProperties")})
# Application permissions, as the parts of the directory that they let an application change (permissions
# reference of Graph). What `Application.ReadWrite.OwnedBy` reaches is read from the owners.
_PERMISSIONS: Mapping[str, frozenset[tuple[str, str]]] = {
    "Application.ReadWrite.All": frozenset(
        {("applications", "allProperties"), ("servicePrincipals", "credentials")}
    ),
    "AppRoleAssignment.ReadWrite.All": frozenset({("servicePrincipals", "appRoleAssignedTo")}),
    "Directory.ReadWrite.All": frozenset({("applications", "allProperties"), ("groups", "members")}),
    "Group.ReadWrite.All": frozenset({("groups", "members")}),
    "GroupMember.ReadWrite.All": frozenset({("groups", "members")}),
    "RoleManagement.ReadWrite.Directory": _EVERYTHING,
}


@dataclass(frozen=True, slots=True)
class Application:
    """An application as far as access counts: its objects and owners, the roles that it offers, and what it
    holds itself.
    """

    key: str
    id: str
    service_principal_id: str
    owners: tuple[ObjectOwner, ...]
    enterprise_owners: tuple[ObjectOwner, ...]
    offers: tuple[str, ...]
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    id: str
    name: str
    roles: tuple[str, ...]
    role_assignable: bool


@dataclass(frozen=True, slots=True)
class _Who:
    type: str
    name: str
    id: str
    disabled: bool = False


@dataclass(slots=True)
class _Found:
    """What is found so far: targets and roles, by who, through what, in which scope, and by which power."""

    rows: defaultdict[tuple[_Who, str, str, Power], dict[str, tuple[str, ...]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    unknown: dict[str, None] = field(default_factory=dict)

    def add(
        self, who: _Who, through: str, power: Power, target: str, roles: Iterable[str], *, scope: str = ""
    ) -> None:
        """Add what somebody could do to one target."""
        self.rows[who, through, scope, power][target] = tuple(roles)

    def not_read(self, what: str, request: Request) -> None:
        """Note a source that Graph refused, and the permission that it needs."""
        needed = privileges.reported(request)
        self.unknown[f"{what} is not known: Graph refused to list it; it needs {needed}"] = None

    def potential(self) -> Potential:
        """Return all of it, by name."""
        found = [
            Possible(
                who.type,
                who.name,
                who.id,
                through,
                power,
                tuple(sorted(targets)),
                tuple(sorted({role for roles in targets.values() for role in roles})),
                scope,
                who.disabled,
            )
            for (who, through, scope, power), targets in self.rows.items()
        ]
        return Potential(
            tuple(sorted(found, key=lambda each: (each.name, each.id, each.through, each.scope, each.power))),
            tuple(self.unknown),
        )


async def read(
    graph: TenantReader,
    applications: Sequence[Application],
    groups: Mapping[str, Iterable[str]],
    disabled: Container[str] = (),
) -> Potential:
    """Return who could gain access; `groups` are the roles that each group holds, by its id, and `disabled`
    the ids of accounts that cannot sign in.
    """
    questions: Questions = {
        **_REQUESTS,
        **{GroupFacts(id_): _read_group(id_) for id_ in groups},
        **{GroupOwners(id_): _list(id_, "owners") for id_ in groups},
    }
    # Each source may be refused by itself.
    responses = await fetch(graph, questions, optional=frozenset(questions))
    found = _Found()
    _add_owners(found, applications, disabled)
    changeable = []
    for id_, roles in sorted(groups.items()):
        item = responses.first(GroupFacts(id_))
        if item is None:
            found.not_read(f"who can change group {id_}", questions[GroupFacts(id_)])
        elif item.get("onPremisesSyncEnabled") is True:
            found.unknown[f"who can change group {_name(item)} is not known: it is synchronized"] = None
        else:
            group = _Group(id_, _name(item), tuple(sorted(roles)), item.get("isAssignableToRole") is True)
            changeable.append(group)
            _add_group_owners(found, group, responses, questions[GroupOwners(id_)])
    _add_permissions(found, responses, applications, changeable)
    await _add_administrators(graph, found, responses, applications, changeable)
    return found.potential()


def _read_group(id_: str) -> Request:
    return Request("GET", f"/groups/{id_}?$select=id,displayName,isAssignableToRole,onPremisesSyncEnabled")


def _list(id_: str, name: str) -> Request:
    return Request("GET", f"/groups/{id_}/{name}?{_PERSON}&$top=999")


def _add_owners(found: _Found, applications: Iterable[Application], disabled: Container[str]) -> None:
    for each in applications:
        for owner in each.owners:
            found.add(_owner(owner, disabled), "owner of the application", "actAs", each.key, each.holds)
        for owner in each.enterprise_owners:
            who, through = _owner(owner, disabled), "owner of the service principal"
            found.add(who, through, "actAs", each.key, each.holds)
            if each.offers:
                found.add(who, through, "assign", each.key, each.offers)


def _owner(owner: ObjectOwner, disabled: Container[str]) -> _Who:
    type_ = "application" if owner.type == "servicePrincipal" else "user"
    return _Who(type_, owner.called, owner.id, owner.id in disabled)


def _add_group_owners(found: _Found, group: _Group, responses: Responses, request: Request) -> None:
    if GroupOwners(group.id) not in responses:
        found.not_read(f"who owns group {group.name}", request)
    for item in responses[GroupOwners(group.id)]:
        found.add(_who(item), "owner of the group", "addMembers", group.name, group.roles)


def _add_permissions(
    found: _Found, responses: Responses, applications: Sequence[Application], groups: Sequence[_Group]
) -> None:
    if _HOLDERS not in responses:
        found.not_read("which applications have permissions of Microsoft Graph", _REQUESTS[_HOLDERS])
    names = {id_: name for name, id_ in microsoft_graph.roles().items()}
    for item in responses[_HOLDERS]:
        name = names.get(item["appRoleId"], "")
        who = _Who(
            "application", str(item.get("principalDisplayName") or item["principalId"]), item["principalId"]
        )
        for power, target, roles in _could(
            _PERMISSIONS.get(name, frozenset()), _WHOLE_TENANT, applications, groups
        ):
            found.add(who, f"{name} of Microsoft Graph", power, target, roles)


async def _add_administrators(
    graph: TenantReader,
    found: _Found,
    responses: Responses,
    applications: Sequence[Application],
    groups: Sequence[_Group],
) -> None:
    if _ASSIGNMENTS not in responses or _DEFINITIONS not in responses:
        found.not_read("who has directory roles", _REQUESTS[_ASSIGNMENTS])
        return
    definitions = {item["id"]: item for item in responses[_DEFINITIONS]}
    able: list[tuple[Json, str, list[tuple[Power, str, tuple[str, ...]]]]] = []
    for item in responses[_ASSIGNMENTS]:
        definition = definitions.get(item["roleDefinitionId"], {})
        name = str(definition.get("displayName") or item["roleDefinitionId"])
        scope = str(item.get("directoryScopeId") or _WHOLE_TENANT)
        if not definition.get("rolePermissions"):
            found.unknown[f"what directory role {name} allows is not known: Graph does not say it"] = None
            continue
        parts = frozenset(_parts(definition))
        if scope.count("/") > 1:
            if any(_could(parts, _WHOLE_TENANT, applications, groups)):
                area = scope.strip("/")
                found.unknown[f"what {name} can change in {area} is not known: its members are not read"] = (
                    None
                )
        elif could := list(_could(parts, scope, applications, groups)):
            able.append((item, name, could))
    holders = await _holders(graph, found, [(item, name) for item, name, _ in able])
    for item, name, could in able:
        whole = (item.get("directoryScopeId") or _WHOLE_TENANT) == _WHOLE_TENANT
        for who, way in holders[item["id"]]:
            for power, target, roles in could:
                found.add(who, f"{name}{way}", power, target, roles, scope="" if whole else target)


def _parts(definition: Json) -> Iterator[tuple[str, str]]:
    """Yield the entities of the directory and their properties that a role may change."""
    for permission in definition["rolePermissions"]:
        if permission.get("condition"):
            continue  # such as $SubjectIsOwner: what one owns is read from the owners
        for action in permission.get("allowedResourceActions") or ():
            provider, _, path = str(action).partition("/")
            entity, _, rest = path.partition("/")
            name, _, verb = rest.partition("/")
            type_, _, subtype = entity.partition(".")
            # Microsoft 365 groups (`groups.unified`) are not the security groups that hold roles.
            if provider == "microsoft.directory" and verb in _VERBS and subtype != "unified":
                yield type_, name


def _could(
    parts: frozenset[tuple[str, str]],
    scope: str,
    applications: Iterable[Application],
    groups: Iterable[_Group],
) -> Iterator[tuple[Power, str, tuple[str, ...]]]:
    """Yield what a role lets its holders do in a scope, to which target, and the roles to gain by it."""
    whole, id_ = scope == _WHOLE_TENANT, scope.strip("/")
    everything = whole and bool(parts & _EVERYTHING)
    for each in applications:
        ids = {"applications": each.id, "servicePrincipals": each.service_principal_id}
        entities = {entity for entity, object_id in ids.items() if whole or object_id == id_}
        powers = {power for part in parts if part[0] in entities for power in _GIVES.get(part, ())}
        if each.offers and (everything or "assign" in powers):
            yield "assign", each.key, each.offers
        if everything or "actAs" in powers:
            yield "actAs", each.key, each.holds
    for group in groups:
        # Groups that can have directory roles are changed by those alone who give directory roles.
        joined = _ROLE_GROUPS if group.role_assignable else _GROUPS
        if everything or (parts & joined and (whole or group.id == id_)):
            yield "addMembers", group.name, group.roles


async def _holders(
    graph: TenantReader, found: _Found, assigned: Iterable[tuple[Json, str]]
) -> dict[str, list[tuple[_Who, str]]]:
    """Return who is behind each assignment of a directory role, by its id, and through which group."""
    assigned = list(assigned)
    groups = sorted({item["principalId"] for item, _ in assigned if _type(item.get("principal")) == "group"})
    questions: Questions = {
        **{GroupMembers(id_): _list(id_, "members") for id_ in groups},
        **{GroupOwners(id_): _list(id_, "owners") for id_ in groups},
    }
    responses = await fetch(graph, questions, optional=frozenset(questions)) if questions else Responses()
    holders: dict[str, list[tuple[_Who, str]]] = {}
    for item, name in assigned:
        principal = item.get("principal") or {"id": item["principalId"]}
        id_ = item["principalId"]
        if _type(principal) != "group":
            holders[item["id"]] = [(_who(principal), "")]
            continue
        called = _name(principal)
        inside = [
            (_who(each), f", {word} of group {called}")
            for word, question in (("member", GroupMembers(id_)), ("owner", GroupOwners(id_)))
            for each in responses[question]
        ]
        for word, question in (("is in", GroupMembers(id_)), ("owns", GroupOwners(id_))):
            if question not in responses:
                what = f"who {word} group {called}, which has directory role {name},"
                found.not_read(what, questions[question])
        holders[item["id"]] = inside
    return holders


def _type(item: Json | None) -> str:
    return str((item or {}).get("@odata.type", "")).rpartition(".")[2]


def _who(item: Json) -> _Who:
    type_ = {"servicePrincipal": "application", "group": "group"}.get(_type(item), "user")
    return _Who(type_, _name(item), str(item["id"]), item.get("accountEnabled") is False)


def _name(item: Json) -> str:
    return str(item.get("userPrincipalName") or item.get("displayName") or item["id"])
