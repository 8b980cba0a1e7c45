"""What was applied last in; where a part of the directory is declared, or that it is nowhere, out."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from entra_config.emulator.applied import AppliedManifest
from entra_config.emulator.portal.marks import Mark, mark_of, of_principal
from entra_config.emulator.portal.objects import NamedObject, named
from entra_config.emulator.portal.visit import Visit

Row = Mapping[str, Any]
NOWHERE = "Nowhere"
_ROTATED = re.compile(r"entra-config:([A-Za-z][A-Za-z0-9-]{0,63}):[0-9a-f]{16}\.[0-9a-f]{20}")


@dataclass(frozen=True)
class DeclaredAt:
    """A file with its line, `Nowhere`, or "" where nobody can tell; and what there is to say besides."""

    place: str
    more: str = ""


UNKNOWN = DeclaredAt("")


def applied_of(visit: Visit, mark: Mark) -> AppliedManifest | None:
    """Return what was told of the manifest of a mark."""
    return visit.held.emulator.applied.of(visit.tenant.tenant_id, mark.owner) if mark else None


def of_application(visit: Visit, mark: Mark) -> str:
    """Return where the registration of a mark is declared; nothing where none such was applied here."""
    return of_part(visit, mark, "application")


def of_part(visit: Visit, mark: Mark, kind: str, *parts: str) -> str:
    """Return where a part of what bears a mark is declared: `appRole` and its value, for one."""
    applied = applied_of(visit, mark)
    return applied.parts.get((kind, mark.key, *parts), NOWHERE) if applied else ""


def of_uri(visit: Visit, app: Row, noun: str, uri: str) -> str:
    """Return where a URI is declared, as it is written there: with the application's own id or without."""
    mark, own = mark_of(app), f"${{application.{mark_of(app).key}.appId}}"
    written = of_part(visit, mark, "application", noun, uri.replace(str(app["appId"]), own))
    return of_part(visit, mark, "application", noun, uri) if written == NOWHERE else written


def of_credential(visit: Visit, app: Row, ids: Iterable[str], name: str) -> DeclaredAt:
    """Return where a secret or certificate is declared: known by its ids, else by the name alone."""
    mark = mark_of(app)
    for each in ids:
        if (place := of_part(visit, mark, "application", "credential", each.lower())) not in (NOWHERE, ""):
            return DeclaredAt(place)
    label = _ROTATED.fullmatch(name)
    place = of_part(visit, mark, "application", "secret", label[1] if label else "")
    return DeclaredAt(place, "by its name alone" if place not in (NOWHERE, "") else "")


def of_assignment(visit: Visit, resource: Row, role: str, principal_id: str) -> str:
    """Return where an assignment is declared, or that it is nowhere; nothing where nobody can tell."""
    return assignments_of(visit, resource)(role, principal_id)


def assignments_of(visit: Visit, resource: Row) -> Callable[[str, str], str]:
    """Return what tells where an assignment of a role to a principal is declared, or that it is nowhere;
    nothing where nobody can tell. What an application is called is looked up once for all of them.
    """
    tenant = visit.tenant
    mark, apis = of_principal(tenant, resource), cache(partial(_apis, visit, resource))
    known = _known(visit, {mark})

    def place(role: str, principal_id: str) -> str:
        principal = tenant.service_principals.get(principal_id)
        known_here = _known(visit, {mark, of_principal(tenant, principal)}) if principal else known
        names = partial(_holders, visit, principal_id)
        return _of_link("appRoleAssignment", known_here, role, apis=apis, names=names) if known_here else ""

    return place


def of_scopes(
    visit: Visit, kind: str, ends: tuple[Row | None, Row | None], scopes: Iterable[str]
) -> DeclaredAt:
    """Return where a consent (`permissionGrant`) or an authorized client is declared, scope by scope; its
    ends are the client and the API, and what is said besides are the scopes that no manifest declares.
    """
    client, api = ends
    if client is None or api is None:
        return DeclaredAt("")
    names, apis = partial(_ids, visit, client), partial(_apis, visit, api)
    known = _known(visit, {of_principal(visit.tenant, end) for end in (api, client)})
    found = {scope: _of_link(kind, known, scope, apis=apis, names=names) for scope in scopes}
    places = [place for place in found.values() if place not in (NOWHERE, "")]
    undeclared = [scope for scope, place in found.items() if place == NOWHERE]
    if not places:
        return DeclaredAt(NOWHERE if undeclared else "")
    return DeclaredAt(", ".join(dict.fromkeys(places)), " ".join(undeclared))


def missing(visit: Visit, resource: Row, held: set[tuple[str, str]]) -> list[tuple[str, NamedObject, str]]:
    """Return what is declared and not there: the role, who should have it, and the place."""
    mark = of_principal(visit.tenant, resource)
    applied = applied_of(visit, mark)
    found = []
    for parts, place in applied.parts.items() if applied else ():
        if parts[0] != "appRoleAssignment" or len(parts) != 4 or parts[1] != mark.key:
            continue
        who = _holder(visit, mark.owner, parts[3])
        if who and (parts[2], who) not in held:
            found.append((parts[2], named(visit, who), place))
    return sorted(found, key=lambda each: (each[0], each[1].name))


def missing_parts(visit: Visit, mark: Mark, noun: str, live: Iterable[str]) -> list[tuple[str, str]]:
    """Return what of a noun an application should have and has not, each with its place."""
    applied, there = applied_of(visit, mark), set(live)
    return [
        (parts[3], place)
        for parts, place in (applied.parts.items() if applied else ())
        if parts[:3] == ("application", mark.key, noun) and parts[3] not in there and "${" not in parts[3]
    ]


def _known(visit: Visit, marks: Iterable[Mark]) -> list[AppliedManifest]:
    """Return what was told of the manifests of some marks."""
    return [applied for mark in sorted(marks, key=str) if (applied := applied_of(visit, mark)) is not None]


def _of_link(
    kind: str,
    known: Iterable[AppliedManifest],
    value: str,
    *,
    apis: Callable[[str], Iterable[str]],
    names: Callable[[str], Iterable[str]],
) -> str:
    """Look for a link in the manifests of either end; `apis` and `names` are what one of an owner calls the
    API and its holder.
    """
    for applied in known:
        for api in apis(applied.owner):
            for name in names(applied.owner):
                key = (api, value, name) if kind == "appRoleAssignment" else (name, api, value)
                if place := applied.parts.get((kind, *key)):
                    return place
    return NOWHERE if known else ""


def _ids(visit: Visit, principal: Row, owner: str) -> list[str]:
    """Return what a manifest calls an application: its key where it is of the same owner, and its ids."""
    mark = of_principal(visit.tenant, principal)
    found = [mark.key] if mark.owner == owner else []
    return [*found, str(principal["appId"]), str(principal["id"])]


def _apis(visit: Visit, principal: Row, owner: str) -> list[str]:
    # Anybody can give an application of this tenant the name of another: only of others' it says anything.
    others = principal.get("appOwnerOrganizationId") != visit.tenant.tenant_id
    return [*_ids(visit, principal, owner), *([str(principal.get("displayName"))] if others else [])]


def _holders(visit: Visit, principal_id: str, owner: str) -> list[str]:
    tenant = visit.tenant
    if (user := tenant.users.get(principal_id)) is not None:
        return [f"user:{principal_id}", f"user:{user.get('userPrincipalName')}"]
    if (group := tenant.groups.get(principal_id)) is not None:
        name = str(group.get("displayName"))
        alone = len(tenant.groups.find("displayName", name.casefold())) == 1
        return [f"group:{principal_id}", *([f"group:{name}"] if alone else [])]
    principal = tenant.service_principals.get(principal_id)
    names = _ids(visit, principal, owner) if principal is not None else [principal_id]
    return [f"servicePrincipal:{name}" for name in names]


def _holder(visit: Visit, owner: str, text: str) -> str:
    """Return the id of whom an address names, nothing where there is nobody such."""
    tenant, (type_, _, name) = visit.tenant, text.partition(":")
    if type_ == "servicePrincipal":
        rows = (row for row in tenant.applications if mark_of(row) == Mark(owner, name))
        principals = (tenant.service_principal_by_app_id(str(row["appId"])) for row in rows)
        return next((str(row["id"]) for row in principals if row is not None), "")
    table = tenant.users if type_ == "user" else tenant.groups
    row = table.get(name) or (tenant.user_by_name(name) if type_ == "user" else None)
    if row is None and type_ == "group":
        called = tenant.groups.find("displayName", name.casefold())
        row = called[0] if len(called) == 1 else None
    return str(row["id"]) if row is not None else ""
