"""Find the label of an object, a part of it or a link, which says where it is declared."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from entra_emulator.extension import Change
from entra_emulator.labels import Key, Label, link_key, object_key, part_key
from entra_emulator.portal.objects import NamedObject, name_of, named
from entra_emulator.portal.visit import Visit

Row = Mapping[str, Any]


@dataclass(frozen=True)
class DeclaredAt:
    """Where something is declared, as its label says; `missing` where other things have labels and it has
    none. `more` is what else there is to say.
    """

    text: str = ""
    url: str = ""
    more: str = ""
    missing: bool = False


UNKNOWN = DeclaredAt()
NOT_DECLARED = DeclaredAt("not declared", missing=True)


@dataclass(frozen=True)
class DeclaredBy:
    """Which source declares an application, and the source's own name for it; `known` where the tenant has
    labels.
    """

    source: str = ""
    name: str = ""
    known: bool = False

    def __bool__(self) -> bool:
        """Return whether a source declares it."""
        return bool(self.source)


NOBODY = DeclaredBy()


def of_object(visit: Visit, row: Row | None) -> DeclaredAt:
    """Return where an object itself is declared."""
    return _found(visit, [object_key(str(row["id"]))] if row else [])


def of_part(visit: Visit, row: Row | None, part: str, *values: str) -> DeclaredAt:
    """Return where a part of an application is declared, by any of the values that identify the part."""
    ids = list(_halves(visit, row))
    return _found(visit, [part_key(each, part, value) for value in values if value for each in ids])


def of_link(visit: Visit, link: str, source: str, target: str, value: str = "") -> DeclaredAt:
    """Return where a link between two objects is declared, if it has a label."""
    label = visit.labels.find(_link_keys(link, names_of(visit, source), names_of(visit, target), (value,)))
    return DeclaredAt(label.text, label.url) if label else UNKNOWN


def declared_by(visit: Visit, row: Row | None) -> DeclaredBy:
    """Return which source declares an application, a registration or an enterprise application of it."""
    if not visit.labels.sent:
        return NOBODY
    label = visit.labels.find(object_key(each) for each in _halves(visit, row))
    if label is None:
        return DeclaredBy(known=True)
    return DeclaredBy(label.source, label.name or label.text, known=True)


def of_assignment(visit: Visit, resource: Row, role: tuple[str, ...], principal_id: str) -> DeclaredAt:
    """Return where an assignment is declared; the role is given by its value and its id."""
    return assignments_of(visit, resource)(role, principal_id)


def assignments_of(visit: Visit, resource: Row) -> Callable[[tuple[str, ...], str], DeclaredAt]:
    """Return a function that finds where an assignment of a role to a principal is declared; the names of the
    application are found once for all of them.
    """
    targets = names_of(visit, str(resource["id"]))

    def place(role: tuple[str, ...], principal_id: str) -> DeclaredAt:
        return _found(visit, _link_keys("appRoleAssignments", names_of(visit, principal_id), targets, role))

    return place


def of_scopes(
    visit: Visit, link: str, ends: tuple[Row | None, Row | None], scopes: Iterable[str]
) -> DeclaredAt:
    """Return where a consent (`oauth2PermissionGrants`) or an authorized client (`preAuthorizedApplications`)
    is declared, scope by scope; `more` are the scopes that are not declared.
    """
    client, api = ends
    if client is None or api is None:
        return UNKNOWN
    sources, targets = (
        [name for each in _halves(visit, end) for name in names_of(visit, each)] for end in ends
    )
    found = {scope: _found(visit, _link_keys(link, sources, targets, (scope,))) for scope in scopes}
    places = [place for place in found.values() if place.text and not place.missing]
    undeclared = [scope for scope, place in found.items() if place.missing]
    if not places:
        return NOT_DECLARED if undeclared else UNKNOWN
    texts = ", ".join(dict.fromkeys(place.text for place in places))
    return DeclaredAt(texts, places[0].url if len({*places}) == 1 else "", " ".join(undeclared))


def label_of(visit: Visit, change: Change) -> str:
    """Return the label of something that changed, "" if it has none."""
    found = _of_change(visit, change)
    return "" if found.missing else found.text


def _of_change(visit: Visit, change: Change) -> DeclaredAt:
    tenant, row = visit.tenant, change.after or change.before or {}
    match change.place:
        case "appRoleAssignments":
            row = tenant.app_role_assignments.get(change.id) or row
            resource = tenant.service_principals.get(str(row.get("resourceId")))
            if resource is None:
                return UNKNOWN
            role = str(row.get("appRoleId"))
            values = (*(str(each.get("value")) for each in resource["appRoles"] if each["id"] == role), role)
            return of_assignment(visit, resource, values, str(row.get("principalId")))
        case "oauth2PermissionGrants":
            grant = tenant.oauth2_permission_grants.get(change.id) or row
            ends = (str(grant.get("clientId")), str(grant.get("resourceId")))
            client, api = (tenant.service_principals.get(each) for each in ends)
            scopes = (
                str(grant.get("scope") or "").split() if grant.get("consentType") == "AllPrincipals" else ()
            )
            return of_scopes(visit, change.place, (client, api), scopes)
        case "owners" | "members":
            target, _, source = change.id.partition("/")
            return of_link(visit, change.place, source, target)
        case "federatedIdentityCredentials":
            found = tenant.federated_identity_credentials.get(change.id) or row
            app = tenant.applications.get(str(found.get("_application")))
            return of_part(visit, app, change.place, change.id, str(found.get("name") or ""))
        case "applications" | "servicePrincipals":
            return _of_application(visit, change)
    return UNKNOWN


# The parts of an application by the property of Graph that has them.
_PARTS = {
    "appRoles": "appRoles",
    "api.oauth2PermissionScopes": "oauth2PermissionScopes",
    "identifierUris": "identifierUris",
    "passwordCredentials": "credentials",
    "keyCredentials": "credentials",
    **{f"{platform}.redirectUris": "redirectUris" for platform in ("web", "spa", "publicClient")},
}


def _of_application(visit: Visit, change: Change) -> DeclaredAt:
    row = visit.tenant.tables[change.place].get(change.id) or {"id": change.id}
    if not change.path:
        return of_object(visit, row)
    if (part := _PARTS.get(change.path)) is None:
        return of_part(visit, row, "properties", change.path)
    entry = change.after or change.before
    value = str(entry.get("value") or "") if isinstance(entry, Mapping) else ""
    return of_part(visit, row, part, value, change.element)


def missing_holders(
    visit: Visit, resource: Row, held: set[tuple[str, str]]
) -> list[tuple[str, NamedObject, DeclaredAt]]:
    """Return the assignments that have a label and do not exist: the role, who should have it, the place."""
    found = []
    for name, role, label in visit.labels.sources_of(
        "appRoleAssignments", names_of(visit, str(resource["id"]))
    ):
        who = _id_of(visit, name)
        if who and (role, who) not in held:
            found.append((role, named(visit, who), DeclaredAt(label.text, label.url)))
    return sorted(found, key=lambda each: (each[0], each[1].name))


def missing_parts(visit: Visit, app: Row, part: str, live: Iterable[str]) -> list[tuple[str, DeclaredAt]]:
    """Return the parts of an application that have a label and do not exist, each with its place."""
    there = set(live)
    return [
        (value, DeclaredAt(label.text, label.url))
        for value, label in visit.labels.parts([str(app["id"])], part)
        if value not in there
    ]


def names_of(visit: Visit, object_id: str) -> list[str]:
    """Return all names that a label can have for an object: its id; an application's client id; a person's
    UPN; a group's display name if no other group has it.

    An application of another organization also has its display name. An application of this tenant has not:
    anybody who can register one could give it the name of another.
    """
    tenant = visit.tenant
    if (user := tenant.users.get(object_id)) is not None:
        return [object_id, str(user.get("userPrincipalName"))]
    if (group := tenant.groups.get(object_id)) is not None:
        name = str(group.get("displayName"))
        alone = len(tenant.groups.find("displayName", name.casefold())) == 1
        return [object_id, *([name] if alone else [])]
    row = tenant.service_principals.get(object_id) or tenant.applications.get(object_id)
    if row is None:
        return [object_id]
    external = row.get("appOwnerOrganizationId", tenant.tenant_id) != tenant.tenant_id
    return [object_id, str(row["appId"]), *([name_of(row)] if external else [])]


def _found(visit: Visit, keys: Iterable[Key]) -> DeclaredAt:
    labels = visit.labels
    label: Label | None = labels.find(keys)
    if label is not None:
        return DeclaredAt(label.text, label.url)
    return NOT_DECLARED if labels.sent else UNKNOWN


def _link_keys(link: str, sources: Iterable[str], targets: Iterable[str], values: Iterable[str]) -> list[Key]:
    targets = list(targets)
    made = partial(link_key, link)
    return [made(source, target, value) for source in sources for target in targets for value in values]


def _halves(visit: Visit, row: Row | None) -> Iterator[str]:
    """Yield the ids of an application's two halves, of the given one first."""
    if row is None:
        return
    own, app_id = str(row["id"]), str(row.get("appId") or "")
    yield own
    if app_id:
        for find in (visit.tenant.application_by_app_id, visit.tenant.service_principal_by_app_id):
            half = find(app_id)
            if half is not None and half["id"] != own:
                yield str(half["id"])


def _id_of(visit: Visit, name: str) -> str:
    """Return the id of the principal that a label names, "" if there is none."""
    tenant = visit.tenant
    for table in (tenant.users, tenant.groups, tenant.service_principals):
        if name in table:
            return name
    found = tenant.user_by_name(name) or tenant.service_principal_by_app_id(name)
    groups = tenant.groups.find("displayName", name)
    return str((found or groups[0])["id"]) if found or len(groups) == 1 else ""
