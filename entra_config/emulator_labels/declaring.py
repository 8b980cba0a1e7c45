"""Write the lines of a manifest that declare a change of an emulator's tenant, as import would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from entra_config import claimants
from entra_config.importing import application, federated, links, yaml_writer
from entra_config.importing.application import Labels
from entra_config.importing.links import KnownNames
from entra_config.importing.tenant import Export, Registration
from entra_config.kinds.base import OWNER_TAG, ownership
from entra_config.kinds.graph_values import at
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.manifest.fields.application import APPLICATION
from entra_config.manifest.fields.enterprise import ENTERPRISE
from entra_config.manifest.fields.field import PLATFORMS
from entra_emulator.api import Change, Declaration, Moments

Row = Mapping[str, Any]
_IMPORT = "`entra-config import` writes the manifest of what is not declared yet."
_NEVER = {
    "members": "Members of groups cannot be declared in a manifest.",
    "users": "People cannot be declared in a manifest.",
    "groups": "Groups cannot be declared in a manifest: their roles can.",
    "directoryRoles": "Directory roles cannot be declared in a manifest.",
    "choices": "Tenant-wide policies cannot be declared in a manifest.",
    "organization": "The organization cannot be declared in a manifest.",
}
_OF_APPLICATIONS = ("applications", "servicePrincipals", "owners")
_SIGN_INS = frozenset(each.path for each in SIGN_IN_LISTS)
_NO_LINES = {
    "": _IMPORT,
    "passwordCredentials": "A manifest contains no secret. Declare its name under credentials.secrets; "
    "`entra-config credentials rotate` creates it.",
    "keyCredentials": "Graph does not return a public key. Declare the file of the certificate under "
    "certificates.",
}


class _NotDeclarableError(Exception):
    """There are no lines for a change; the message is the reason."""


def declare(changes: Sequence[Change], moments: Moments) -> list[Declaration]:
    """Return the lines that declare each change, or the reason why there are none."""
    projects: dict[str, _Project] = {}
    return [_declare(change, moments, projects) for change in changes]


def _declare(change: Change, moments: Moments, projects: dict[str, _Project]) -> Declaration:
    try:
        app = _application_of(change, moments)
        _check_needed(change)
        project = _project_of(app, moments, projects)
        lines, file = project.declare(change, app)
    except _NotDeclarableError as error:
        return Declaration(reason=str(error))
    except KeyError as missing:
        # A snapshot file can hold what Graph would never keep.
        return Declaration(reason=f"It has no {missing.args[0]}, which a manifest must declare.")
    return Declaration(yaml_writer.dump(lines).rstrip("\n"), file)


def _check_needed(change: Change) -> None:
    """Raise the reason if a change needs no new lines."""
    if change.label and change.kind == "removed":
        raise _NotDeclarableError(
            f"It is declared at {change.label}: remove it there, or the next apply restores it."
        )
    if change.label and change.kind == "added" and change.place == "appRoleAssignments":
        raise _NotDeclarableError(f"It is declared at {change.label} already.")
    if change.kind == "removed":
        raise _NotDeclarableError("It does not exist and is not declared: there is nothing to declare.")
    key = {"requiredResourceAccess": "apiPermissions", "api.preAuthorizedApplications": "authorizedClients"}
    if change.path in key and _granted(change.before) - _granted(change.after):
        raise _NotDeclarableError(
            f"Something was removed: remove it where it is declared, under {key[change.path]}, or the next "
            "apply restores it."
        )


def _project_of(app: Row, moments: Moments, projects: dict[str, _Project]) -> _Project:
    owners = claimants.marks(app, OWNER_TAG)
    if len(owners) != 1 or not claimants.key_of(app):
        raise _NotDeclarableError(
            "Its application is not tagged as managed by a project: `entra-config import` writes its "
            "manifest."
        )
    return projects.setdefault(owners[0], _Project(owners[0], moments))


def _application_of(change: Change, moments: Moments) -> Row:
    """Return the registration whose manifest declares a change."""
    if reason := _NEVER.get(change.place):
        raise _NotDeclarableError(reason)
    tenant, row = moments.after, change.after or change.before or {}
    if change.place == "appRoleAssignments":
        row = tenant.app_role_assignments.get(change.id) or row
        principal = tenant.service_principals.get(str(row.get("resourceId")))
    elif change.place == "oauth2PermissionGrants":
        row = tenant.oauth2_permission_grants.get(change.id) or row
        if row.get("consentType") != "AllPrincipals":
            raise _NotDeclarableError("The consent of one person cannot be declared in a manifest.")
        principal = tenant.service_principals.get(str(row.get("clientId")))
    elif change.place in _SIGN_INS:
        row = tenant.tables[change.place].get(change.id) or row
        principal = tenant.applications.get(str(row.get("_application")))
    elif change.place in _OF_APPLICATIONS:
        id_ = change.id.partition("/")[0]
        principal = tenant.applications.get(id_) or tenant.service_principals.get(id_)
        if principal is None and not change.path and change.kind == "removed":
            principal = change.before
    else:
        raise _NotDeclarableError("It cannot be declared in a manifest.")
    if principal is None:
        raise _NotDeclarableError("Its application does not exist any more.")
    found: Row = tenant.application_by_app_id(str(principal.get("appId"))) or principal
    return found


class _Project:
    """The applications of one project in a tenant, with the names that its manifest has for everything."""

    def __init__(self, owner: str, moments: Moments) -> None:
        self.owner = owner
        self.tenant, self.labels = moments.after, moments.labels

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Return the manifest's keys by appId."""
        apps = (app for app in self.tenant.applications if claimants.is_ours(app, self.owner))
        return {str(app["appId"]): claimants.key_of(app) for app in apps}

    def declare(self, change: Change, app: Row) -> tuple[dict[str, Any], str]:
        """Return the lines that declare a change as a document, and the file that they belong in."""
        key = claimants.key_of(app)
        if change.place == "appRoleAssignments":
            return self._assignment(change, app)
        if change.place == "oauth2PermissionGrants":
            grant = self.tenant.oauth2_permission_grants.get(change.id) or change.after or {}
            entry = {"apiPermissions": self._permissions(app, str(grant["resourceId"]), [], grants=[grant])}
        else:
            entry = self._entry(change, app)
        return {"applications": {key: entry}}, self._file(app)

    def _assignment(self, change: Change, app: Row) -> tuple[dict[str, Any], str]:
        row = self.tenant.app_role_assignments.get(change.id) or change.after or change.before or {}
        holder = self.tenant.service_principals.get(str(row["principalId"]))
        if holder is not None and str(holder["appId"]) in self.keys:
            client = self.tenant.application_by_app_id(str(holder["appId"])) or {}
            entry = {"apiPermissions": self._permissions(client, str(row["resourceId"]), [], holds=[row])}
            return {"applications": {self.keys[str(holder["appId"])]: entry}}, self._file(client)
        found = links.assignments(self._registration(app, assigned=[row]), self._known(row))
        if found == links.UNMANAGED:
            raise _NotDeclarableError("Its holder does not exist any more.")
        if not found:
            raise _NotDeclarableError("An application that no list can name has it: see `acknowledged`.")
        if holder is not None:
            # Import writes a name and pins it. Lines alone pin nothing, and a name can be taken.
            found = {role: {"servicePrincipals": [str(holder["id"])]} for role in found}
        principal = self.tenant.service_principals.get(str(row["resourceId"])) or {}
        targets = (str(principal.get("id")), str(principal.get("appId")))
        role = next(
            (str(each.get("value")) for each in app["appRoles"] if each["id"] == row["appRoleId"]), ""
        )
        listed = list(self.labels.sources_of("appRoleAssignments", targets))
        near = [label.text for _, value, label in listed if value == role] or [
            each[2].text for each in listed
        ]
        file = _file_of(near[0]) if near else self._file(app)
        return {"appRoleAssignments": {claimants.key_of(app): found}}, file

    def _permissions(self, app: Row, api_id: str, requested: Sequence[Row], **more: Any) -> Any:
        """Return what a client requests from one API, with all that is consented to there."""
        principal = self.tenant.service_principal_by_app_id(str(app["appId"])) or {}
        id_ = str(principal.get("id"))
        grants = self.tenant.oauth2_permission_grants.find("clientId", id_)
        holds = self.tenant.app_role_assignments.find("principalId", id_)
        consents = [each for each in grants if each["consentType"] == "AllPrincipals"]
        links_there: dict[str, Any] = {
            "grants": [each for each in consents if each["resourceId"] == api_id],
            "holds": [each for each in holds if each["resourceId"] == api_id],
        }
        made: dict[str, Any] = {}
        registration = self._registration({**app, "requiredResourceAccess": requested}, **links_there | more)
        left = links.connect(made, registration, self._known())
        if "apiPermissions" not in made or any("apiPermissions" in each for each in left):
            raise _NotDeclarableError("The API does not offer it, or it has no name that a manifest can use.")
        return made["apiPermissions"]

    def _entry(self, change: Change, app: Row) -> dict[str, Any]:
        """Return the lines below the key of an application."""
        match change.place, change.path:
            case place, _ if place in _SIGN_INS:
                row = self.tenant.tables[place].get(change.id) or change.after or {}
                return {"federatedCredentials": federated.entries([row], self.tenant.tenant_id, ())}
            case "owners", _:
                return {"owners": [self._name_of(change.id.partition("/")[2])]}
            case "servicePrincipals", path if not change.element:
                return {"enterpriseApplication": _setting(ENTERPRISE, path, change.after)}
            case "servicePrincipals", _:
                raise _NotDeclarableError(_IMPORT)
            case _, path if path in _NO_LINES:
                raise _NotDeclarableError(_NO_LINES[path])
            case _, path if not change.element:
                return _setting(APPLICATION, path, change.after)
        return self._element(change, app)

    def _element(self, change: Change, app: Row) -> dict[str, Any]:
        """Return the lines for one element of a list of an application, as import writes that list."""
        if change.path in PLATFORMS.values():
            return self._redirect_uri(change, app)
        if change.path == "requiredResourceAccess":
            api = self.tenant.service_principal_by_app_id(str(change.after["resourceAppId"]))
            if api is None:
                raise _NotDeclarableError("The API does not exist in this tenant: no manifest can name it.")
            return {"apiPermissions": self._permissions(app, str(api["id"]), [change.after])}
        if change.path == "tags":
            if ownership({"tags": [change.element]}):
                raise _NotDeclarableError("Apply writes the ownership tags.")
            return {"tags": [change.element]}
        head, _, tail = change.path.partition(".")
        alone = {**app, head: {**app[head], tail: [change.after]} if tail else [change.after]}
        labels = self._labels(app)
        registration = self._registration(app)
        kind = application.type_of(registration)
        entry = application.entry(
            replace(registration, application=alone), kind, labels, self.tenant.tenant_id
        )
        if change.path == "api.preAuthorizedApplications":
            left = links.connect(entry, replace(registration, application=alone), self._known())
            if "authorizedClients" not in entry or left:
                raise _NotDeclarableError(
                    "The client is authorized for a scope that does not exist any more."
                )
        for name in ("appRoles", "scopes", "identifierUris", "authorizedClients"):
            if name in entry and change.path.rpartition(".")[2] in _LISTS[name]:
                return {name: entry[name]}
        raise _NotDeclarableError(f"Declare {change.path} by hand, under the key that docs/manifest/ names.")

    def _redirect_uri(self, change: Change, app: Row) -> dict[str, Any]:
        """Return the line of a redirect URI, where the declared ones of its platform are."""
        declared = {
            path
            for path in PLATFORMS.values()
            for uri in at(app, path) or ()
            if self.labels.find_part(str(app["id"]), "redirectUris", uri)
        }
        if declared == {change.path}:
            return {"redirectUris": [change.element]}
        name = next(name for name, path in PLATFORMS.items() if path == change.path)
        return {"platforms": {name: [change.element]}}

    def _registration(self, app: Row, **more: Any) -> Registration:
        principal = self.tenant.service_principal_by_app_id(str(app.get("appId")))
        return Registration(app, principal, **more)

    def _labels(self, app: Row) -> Labels:
        """Return the manifest's names of an application's scopes and roles: those of its labels first."""
        found = application.labels(app)
        named: list[dict[str, str]] = []
        for part, entries, made in (
            ("oauth2PermissionScopes", at(app, "api.oauth2PermissionScopes"), found.scopes),
            ("appRoles", app.get("appRoles"), found.roles),
        ):
            names = dict(made)
            for entry in entries or ():
                values = (str(entry.get("value")), str(entry["id"]))
                label = self.labels.find_part(str(app["id"]), part, *values)
                if label is not None and label.name:
                    names[entry["id"]] = label.name
            named.append(names)
        return Labels(*named)

    def _known(self, assigned: Row | None = None) -> KnownNames:
        """Return the names of all applications, and of the holder of an assignment."""
        tenant = self.tenant
        own = [tenant.application_by_app_id(app_id) for app_id in self.keys]
        apps = [app for app in own if app is not None]
        apis = {str(row["appId"]): row for row in tenant.service_principals if row["appId"] not in self.keys}
        people: dict[str, Row] = {}
        clients: dict[str, Row] = {}
        if assigned is not None:
            holder = str(assigned["principalId"])
            user, group = tenant.users.get(holder), tenant.groups.get(holder)
            if (client := tenant.service_principals.get(holder)) is not None:
                clients[holder] = client
            if group is not None:
                # All of the same name: import names a group by its id then.
                same = tenant.groups.find("displayName", str(group.get("displayName")).casefold())
                people |= {str(each["id"]): each for each in same}
            if user is not None:
                people[holder] = user
        export = Export(tuple(self._registration(app) for app in apps), apis, people, clients)
        labels = {str(app["appId"]): self._labels(app) for app in apps}
        return KnownNames(
            export, self.keys, labels, {app_id: self._external(row) for app_id, row in apis.items()}
        )

    def _external(self, row: Row) -> str:
        """Return the name of another's API: its key if it has a label of this project, else a name that no
        application of this tenant can take.
        """
        label = self.labels.find_object(str(row["id"]))
        if label is not None and label.name and label.source == self.owner:
            return label.name
        external = row.get("appOwnerOrganizationId") != self.tenant.tenant_id
        return str(row["displayName"] if external else row["appId"])

    def _name_of(self, principal_id: str) -> str:
        user = self.tenant.users.get(principal_id)
        if user is not None:
            return str(user["userPrincipalName"])
        if principal_id not in self.tenant.service_principals:
            raise _NotDeclarableError("The owner does not exist any more.")
        return principal_id

    def _file(self, app: Row) -> str:
        label = self.labels.find_object(str(app["id"]))
        return _file_of(label.text) if label is not None else ""


# Graph's lists, by the manifest's key that has their elements.
_LISTS = {
    "appRoles": ("appRoles",),
    "scopes": ("oauth2PermissionScopes",),
    "identifierUris": ("identifierUris",),
    "authorizedClients": ("preAuthorizedApplications",),
}


def _setting(fields: Sequence[Any], path: str, value: Any) -> dict[str, Any]:
    """Return the line of one property."""
    key = next((field.key for field in fields if field.plain and field.graph == path), None)
    if key is None:
        raise _NotDeclarableError(f"Declare {path} by hand, under the key that docs/manifest/ names.")
    if value is None:
        raise _NotDeclarableError(f"Remove {key} where it is declared.")
    return {key: value}


def _granted(entry: Row | None) -> set[str]:
    """Return the ids of the permissions of a requested API, or of the scopes of an authorized client."""
    given = entry or {}
    requested = (str(each["id"]) for each in given.get("resourceAccess") or ())
    return {*requested, *map(str, given.get("delegatedPermissionIds") or ())}


def _file_of(text: str) -> str:
    return text.rpartition(":")[0]
