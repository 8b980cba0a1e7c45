"""What ties registrations to each other and to people: permissions, consents, authorized clients, who
holds which role.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from entra_config.characters import invisible
from entra_config.importing.application import Entry, Labels
from entra_config.importing.names import spell_out
from entra_config.importing.tenant import Export, Json, Registration
from entra_config.importing.yaml_writer import Word
from entra_config.kinds.application import KNOWN_CLIENTS
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.graph_values import at
from entra_config.manifest.sections import microsoft

UNMANAGED = Word("unmanaged")
TYPES = {"Scope": "delegated", "Role": "application"}


@dataclass(frozen=True)
class KnownNames:
    """What the manifest calls things: registrations and others' APIs by appId, labels by appId."""

    export: Export
    own: Mapping[str, str]
    labels: Mapping[str, Labels]
    external: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def app_ids(self) -> dict[str, str]:
        """Return the appIds of resources by service principal."""
        ours = [each.principal for each in self.export.registrations if each.principal is not None]
        return {each["id"]: each["appId"] for each in (*self.export.apis.values(), *ours)}

    @cached_property
    def _applications(self) -> dict[str, Json]:
        return {each.application["appId"]: each.application for each in self.export.registrations}

    def api(self, app_id: str) -> str | None:
        """Return the name of an API, None where the tenant does not have it."""
        return self.own.get(app_id) or _microsoft(app_id) or self.external.get(app_id)

    def permission(self, app_id: str, type_: str, id_: str) -> str | None:
        """Return the name of a permission by its id, None where its API does not offer it."""
        if app_id in self.own:
            known = self.labels[app_id]
            return (known.scopes if type_ == "delegated" else known.roles).get(id_)
        api = self.export.apis.get(app_id) or {}
        entries = api.get("oauth2PermissionScopes" if type_ == "delegated" else "appRoles") or ()
        return next((entry["value"] for entry in entries if entry["id"] == id_ and entry.get("value")), None)

    def granted(self, app_id: str, type_: str, granted: str) -> str | None:
        """Return the name of a scope by its value or of a role by its id, None where an application cannot
        have it.
        """
        application = self._applications[app_id] if app_id in self.own else None
        if type_ == "delegated":
            if application is None or granted in microsoft.OPENID_SCOPES:
                return granted
            scopes = at(application, "api.oauth2PermissionScopes") or ()
            id_ = next((scope["id"] for scope in scopes if scope.get("value") == granted), "")
            return self.permission(app_id, type_, id_)
        if application is not None and "Application" not in _allowed(application).get(granted, ()):
            return None
        return self.permission(app_id, type_, granted)


def _allowed(application: Json) -> dict[str, list[str]]:
    """Return by the id of each role what may hold it."""
    return {role["id"]: role["allowedMemberTypes"] for role in application.get("appRoles") or ()}


def names(
    export: Export, own: Mapping[str, str], labels: Mapping[str, Labels]
) -> tuple[KnownNames, dict[str, Entry]]:
    """Return the names, and the entries of `enterpriseApplications` for APIs that have no name yet."""
    others = [
        api for app_id, api in sorted(export.apis.items()) if app_id not in own and _microsoft(app_id) is None
    ]
    chosen = spell_out((str(api["displayName"]) for api in others), own.values())
    mine = _own_names(export, own)
    entries: dict[str, Entry] = {}
    for key, api in zip(chosen, others, strict=True):
        name = str(api["displayName"])
        # An external namesake of an own application has no name that means it alone.
        telling = readable(name) and name.casefold() not in mine
        entries[key] = {"displayName": name, "appId": api["appId"]} if telling else {"appId": api["appId"]}
    external = {str(entry["appId"]): key for key, entry in entries.items()}
    return KnownNames(export, own, labels, external), entries


def _microsoft(app_id: str) -> str | None:
    return next((name for name, known in microsoft.APIS.items() if known == app_id), None)


def connect(entry: Entry, registration: Registration, known: KnownNames) -> list[str]:
    """Add permissions, authorized and known clients; return what no name can express: left to whoever made
    it.
    """
    app = registration.application
    left: dict[str, list[str]] = {}
    permissions, unnamed = _permissions(registration, known)
    if permissions:
        entry["apiPermissions"] = permissions
    if unnamed:
        left["apiPermissions"] = unnamed
    clients = _clients(app, known)
    if clients is None:
        left["authorizedClients"] = ["a client that is authorized for a scope that is gone"]
    elif clients:
        entry["authorizedClients"] = clients
    related = [known.own.get(each) for each in at(app, KNOWN_CLIENTS) or ()]
    if related and all(related):
        entry["knownClientApplications"] = sorted(filter(None, related))
    if left:
        entry["ignoreChanges"] = [Word(key) for key in left]
    return [f"`ignoreChanges: [{key}]`, for {', '.join(why)}" for key, why in left.items()]


def not_carried(app: Json, own: Mapping[str, str]) -> dict[str, str]:
    """Return by property what names an application that has no name in the manifest, with the reason."""
    unknown = not own.keys() >= {*(at(app, KNOWN_CLIENTS) or ())}
    return {KNOWN_CLIENTS: "it names applications that are not imported"} if unknown else {}


def _permissions(registration: Registration, known: KnownNames) -> tuple[Entry, list[str]]:
    """Return what is requested and consented, and what of it has no name."""
    made: dict[str, dict[str, Any]] = {}
    unnamed: list[str] = []
    for api in registration.application.get("requiredResourceAccess") or ():
        app_id = api["resourceAppId"]
        name = known.api(app_id)
        for access in api["resourceAccess"]:
            type_ = TYPES[access["type"]]
            permission = known.permission(app_id, type_, access["id"])
            if name is None or permission is None:
                unnamed.append(f"the request of {access['id']} of {name or app_id}")
            else:
                made.setdefault(name, {}).setdefault(type_, []).append(permission)
    consents, without_name = _consents(registration, known)
    for name, granted in consents.items():
        made.setdefault(name, {})["adminConsent"] = _short(made.get(name, {}), granted)
    return made, unnamed + without_name


def _consents(
    registration: Registration, known: KnownNames
) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """Return what is granted to this client, by API and kind, and what of it has no name."""
    made: dict[str, dict[str, list[str]]] = {}
    unnamed: list[str] = []
    rows = [
        ("delegated", grant["resourceId"], word)
        for grant in registration.grants
        for word in dict.fromkeys((grant["scope"] or "").split())
    ]
    rows += [("application", held["resourceId"], held["appRoleId"]) for held in registration.holds]
    for type_, resource, granted in rows:
        app_id = known.app_ids.get(resource)
        name = known.api(app_id) if app_id else None
        permission = known.granted(app_id, type_, granted) if app_id else None
        if name is None or permission is None:
            what = "the consent to" if type_ == "delegated" else "the role"
            unnamed.append(f"{what} {granted} of {name or resource}")
        else:
            made.setdefault(name, {}).setdefault(type_, []).append(permission)
    return made, unnamed


def _short(requested: Mapping[str, list[str]], granted: Mapping[str, list[str]]) -> Any:
    """Return `true` where exactly what is asked for is granted, else what is granted, by kind."""
    sought, given = (
        {type_: sorted(names) for type_, names in types.items()} for types in (requested, granted)
    )
    if sought == given:
        return True
    return {type_: True if sought.get(type_) == names else names for type_, names in given.items()}


def _clients(app: Json, known: KnownNames) -> Entry | None:
    made: dict[str, list[str]] = {}
    own = known.labels[app["appId"]].scopes
    for client in at(app, "api.preAuthorizedApplications") or ():
        scopes = [own.get(id_) for id_ in client["delegatedPermissionIds"]]
        if not scopes or not all(scopes):
            # A scope that was removed while a client was authorized for it leaves an entry behind
            # (azure-docs#121168).
            return None
        name = known.own.get(client["appId"]) or next(
            (n for n, id_ in microsoft.CLIENTS.items() if id_ == client["appId"]), None
        )
        made[name or client["appId"]] = sorted(filter(None, scopes))
    return made


def assignments(registration: Registration, known: KnownNames) -> Entry | str:
    """Return who holds which role; users by principal name, groups by display name, with the id where the
    name is not enough.

    Where a holder or role is gone, no list can say so and leave it there: `unmanaged`. Applications of others
    stand at each role that they may hold by its own word; what else they hold is acknowledged.
    """
    app = registration.application
    roles = {DEFAULT_ACCESS: "default", **known.labels[app["appId"]].roles}
    doubled = doubled_names(known.export)
    made: dict[str, dict[str, list[Any]]] = {}
    for held in registration.assigned:
        role = roles.get(held["appRoleId"])
        shown: Any = None
        if held["principalType"] == "ServicePrincipal":
            if not listed(registration, held, known.export):
                continue
            type_ = "servicePrincipals"
            shown = named(known.export.clients[held["principalId"]], known.export, known.own)
        elif (who := known.export.people.get(held["principalId"])) is not None:
            type_ = "users" if held["principalType"] == "User" else "groups"
            name = str(who.get("userPrincipalName") if type_ == "users" else who["displayName"])
            shown = (
                {"name": name, "id": who["id"]} if name in doubled else name if readable(name) else who["id"]
            )
        if shown is None or role is None:
            return UNMANAGED
        made.setdefault(role, {}).setdefault(type_, []).append(shown)
    return {
        role: {type_: sorted(found, key=str) for type_, found in made[role].items()} for role in sorted(made)
    }


def listed(registration: Registration, held: Json, export: Export) -> bool:
    """Tell whether a role that an application of others holds can be said by `servicePrincipals`."""
    if held["principalType"] != "ServicePrincipal" or held["principalId"] not in export.clients:
        return False
    allowed = _allowed(registration.application) or {DEFAULT_ACCESS: ["Application"]}
    return "Application" in allowed.get(held["appRoleId"], ())


def named(client: Json, export: Export, own: Mapping[str, str]) -> str:
    """Return an application of others as a list names it: by its name where that means no other and can be
    read, else by id.
    """
    name = str(client["displayName"])
    every = [
        *(str(other["displayName"]).casefold() for other in export.clients.values()),
        *_own_names(export, own),
    ]
    plain = every.count(name.casefold()) == 1 and readable(name)
    return name if plain and "/" not in name else str(client["id"])


def readable(name: str) -> bool:
    """Tell whether a manifest can hold a name of the tenant's."""
    return bool(name.strip()) and not any(map(invisible, name))


def _own_names(export: Export, own: Mapping[str, str]) -> list[str]:
    """Return the display names and keys of the imported applications, in one case."""
    names = (str(registration.application["displayName"]) for registration in export.registrations)
    return [name.casefold() for name in (*names, *own.values())]


def doubled_names(export: Export) -> set[str]:
    """Return the names that several groups have."""
    seen = [str(who["displayName"]) for who in export.people.values() if "userPrincipalName" not in who]
    # The tenant finds a name whatever its case.
    counted = Counter(name.casefold() for name in seen)
    return {name for name in seen if counted[name.casefold()] > 1}
