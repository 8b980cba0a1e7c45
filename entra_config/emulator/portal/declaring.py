"""One thing that changed in; the manifest's lines that would declare it, or why none do, out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.emulator.portal import declared, permission_lines
from entra_config.emulator.portal.called import api_of, holder_of, label_of
from entra_config.emulator.portal.marks import Mark, mark_of
from entra_config.emulator.portal.pieces import PLATFORMS, ChangedPiece
from entra_config.emulator.portal.visit import Visit
from entra_config.emulator.portal.yaml_lines import yaml_of

Row = Mapping[str, Any]
# Graph's property of a registration, and the manifest's key for it.
_KEYS = {
    "displayName": "displayName", "notes": "notes", "signInAudience": "signInAudience",
    "groupMembershipClaims": "groupMembershipClaims", "isFallbackPublicClient": "allowPublicClientFlows",
    "web.logoutUrl": "logoutUrl", "web.homePageUrl": "homePageUrl",
    "api.requestedAccessTokenVersion": "accessTokenVersion",
}  # fmt: skip
_PLATFORM = {"web": "web", "spa": "spa", "publicClient": "mobileAndDesktop"}
_TYPES = {"users": "users", "groups": "groups", "servicePrincipals": "servicePrincipals"}
_OF_APPLICATIONS = {"applications", "servicePrincipals", "owners", "federatedIdentityCredentials"}
_WHOLE = {"applications": "application", "servicePrincipals": "enterpriseApplication"}
# Why no manifest has it.
_NEVER = {
    "members": "Members of groups are declared in no manifest.",
    "users": "People are declared in no manifest.",
    "groups": "Groups are declared in no manifest: their roles are.",
    "directoryRoles": "Directory roles are declared in no manifest.",
    "choices": "What the tenant’s administrators allow is declared in no manifest.",
    "organization": "The organization is declared in no manifest.",
}
_ROTATED = (
    "No manifest holds a secret: declare one under credentials.secrets, and `entra-config credentials "
    "rotate` makes it."
)


@dataclass(frozen=True)
class WayToDeclare:
    """Lines to merge into a manifest, and the file where their neighbours stand; or why there are none."""

    lines: str = ""
    beside: str = ""
    reason: str = ""


def way_to_declare(visit: Visit, piece: ChangedPiece) -> WayToDeclare:
    """Return the lines that declare what is so now; of what is gone, where it was declared."""
    if reason := _NEVER.get(piece.place):
        return WayToDeclare(reason=reason)
    if piece.place == "appRoleAssignments":
        return _assignment(visit, piece)
    if piece.place == "oauth2PermissionGrants":
        return _consent(visit, piece)
    if piece.place not in _OF_APPLICATIONS:
        return WayToDeclare(reason="It is declared in no manifest.")
    row = visit.tenant.applications.get(piece.on) or visit.tenant.service_principals.get(piece.on)
    app = visit.tenant.application_by_app_id(str((row or {}).get("appId")))
    gone = piece.before if piece.place in _WHOLE and piece.kind == "removed" and not piece.path else None
    mark = mark_of(app or gone)
    if not mark:
        return WayToDeclare(
            reason="It bears no mark of a project: `entra-config import` writes its manifest."
        )
    if app is None or gone is not None:
        return WayToDeclare(reason=_gone(visit, mark, _WHOLE[piece.place]))
    said = _of_application(visit, piece, app, mark)
    if isinstance(said, str):
        return WayToDeclare(reason=said)
    return _lines(visit, mark, {"applications": {mark.key: said}}, ("application", mark.key))


def _assignment(visit: Visit, piece: ChangedPiece) -> WayToDeclare:
    row: Row = visit.tenant.app_role_assignments.get(piece.id) or piece.before or {}
    resource = visit.tenant.service_principals.get(str(row.get("resourceId")))
    if resource is None:
        return WayToDeclare(reason="Its application is gone.")
    mark = mark_of(visit.tenant.application_by_app_id(str(resource.get("appId"))))
    if not mark:
        return WayToDeclare(reason="The application bears no mark of a project.")
    value = _role_value(resource, str(row["appRoleId"]))
    place = declared.of_assignment(visit, resource, value, str(row["principalId"]))
    if place not in ("", declared.NOWHERE):
        return WayToDeclare(
            reason=f"It is declared at {place}: "
            + ("take it out there." if piece.kind == "removed" else "nothing is missing.")
        )
    if piece.kind == "removed":
        return WayToDeclare(reason="It was declared nowhere, and is not there: nothing to declare.")
    role = label_of(visit, mark, "appRole", value) if value != "Default access" else "default"
    found = holder_of(visit, mark, str(row["principalId"]))
    if found is None:
        return WayToDeclare(reason="Whoever has it is gone.")
    kind, name = found
    said: dict[str, Any]
    if kind == "applications":
        said = {name: {"apiPermissions": {mark.key: {"application": [role], "adminConsent": True}}}}
        return _lines(visit, mark, {"applications": said}, ("application", name))
    said = {mark.key: {role: {kind: [name]}}}
    near = ("appRoleAssignment", mark.key, value)
    return _lines(visit, mark, {"appRoleAssignments": said}, near)


def _consent(visit: Visit, piece: ChangedPiece) -> WayToDeclare:
    tenant = visit.tenant
    row: Row = tenant.oauth2_permission_grants.get(piece.id) or piece.before or {}
    if row.get("consentType") != "AllPrincipals":
        return WayToDeclare(reason="What one person consented to is declared in no manifest.")
    client, api = (tenant.service_principals.get(str(row.get(name))) for name in ("clientId", "resourceId"))
    if client is None or api is None:
        return WayToDeclare(reason="Its client or its API is gone.")
    mark = mark_of(tenant.application_by_app_id(str(client.get("appId"))))
    if not mark:
        return WayToDeclare(reason="The client bears no mark of a project.")
    scopes = str(row.get("scope") or "").split()
    found = declared.of_scopes(visit, "permissionGrant", (client, api), scopes)
    if piece.kind == "removed":
        where = (
            f"declared at {found.place}: take it out there"
            if found.place not in ("", declared.NOWHERE)
            else "declared nowhere"
        )
        return WayToDeclare(reason=f"It was {where}.")
    name, ours = api_of(visit, mark, api)
    values = [label_of(visit, ours, "scope", each) if ours else each for each in scopes]
    # What a list consents to need not be asked for; roles that it holds stay consented to.
    consents: dict[str, Any] = {"delegated": values}
    if any(
        row["resourceId"] == api["id"]
        for row in tenant.app_role_assignments.find("principalId", str(client["id"]))
    ):
        consents["application"] = True
    said = {name: {"adminConsent": consents}}
    return _lines(
        visit, mark, {"applications": {mark.key: {"apiPermissions": said}}}, ("application", mark.key)
    )


def _of_application(visit: Visit, piece: ChangedPiece, app: Row, mark: Mark) -> dict[str, Any] | str:
    """Return what stands below the application's key, or why nothing does."""
    if piece.place == "federatedIdentityCredentials":
        return (
            _gone(visit, mark, "federatedCredential", str((piece.before or {}).get("name")))
            if piece.kind == "removed"
            else _federated(visit, piece)
        )
    if piece.place == "servicePrincipals" and piece.path == "appRoleAssignmentRequired":
        return {"enterpriseApplication": {"assignmentRequired": piece.after}}
    if piece.place == "owners":
        found = holder_of(visit, mark, piece.id.partition("/")[2])
        if found is None or piece.kind == "removed":
            return "An owner that is gone is taken out where it is declared, under owners."
        return {"owners": [found[1]]}
    if piece.place != "applications" or not piece.path:
        return "`entra-config import` writes the manifest of what is not declared yet."
    if piece.path == "passwordCredentials":
        return _ROTATED
    if piece.path == "keyCredentials":
        return "Graph shows no public key: declare the certificate’s file under certificates."
    if piece.path in ("requiredResourceAccess", "api.preAuthorizedApplications"):
        return permission_lines.lines_of(visit, piece, app, mark)
    if piece.kind == "removed":
        noun = {
            "appRoles": "appRole",
            "api.oauth2PermissionScopes": "scope",
            "identifierUris": "identifierUri",
        }
        value = str(piece.before.get("value")) if isinstance(piece.before, Mapping) else piece.element
        return _gone(visit, mark, "application", noun.get(piece.path, "redirectUri"), value)
    return _property(visit, piece, app, mark)


def _property(visit: Visit, piece: ChangedPiece, app: Row, mark: Mark) -> dict[str, Any] | str:
    now: Any = piece.after
    if piece.path in _KEYS:
        return (
            {_KEYS[piece.path]: now}
            if now is not None
            else f"Take {_KEYS[piece.path]} out where it is declared."
        )
    if piece.path == "appRoles":
        fields = {name: now.get(name) for name in ("displayName", "description", "allowedMemberTypes")}
        return {
            "appRoles": {
                label_of(visit, mark, "appRole", str(now.get("value") or now.get("displayName"))): _enabled(
                    fields, now
                )
            }
        }
    if piece.path == "api.oauth2PermissionScopes":
        fields = {
            "displayName": now.get("adminConsentDisplayName"),
            "description": now.get("adminConsentDescription"),
            "whoCanConsent": "admins" if now.get("type") == "Admin" else "adminsAndUsers",
        }  # fmt: skip
        return {
            "scopes": {
                label_of(visit, mark, "scope", str(now.get("value") or now.get("displayName"))): _enabled(
                    fields, now
                )
            }
        }
    if piece.path == "identifierUris":
        return {"identifierUris": [piece.element.replace(str(app["appId"]), "${appId}")]}
    if piece.path == "tags":
        return {"tags": [piece.element]}
    if piece.path in {f"{each}.redirectUris" for each in PLATFORMS}:
        return _redirect(visit, piece, app)
    return f"{piece.path} is declared by hand, under the key that docs/manifest.md names."


def _redirect(visit: Visit, piece: ChangedPiece, app: Row) -> dict[str, Any]:
    """Write a redirect URI where the declared ones of its platform stand."""
    platform = piece.path.partition(".")[0]
    standing = [(each, uri) for each in PLATFORMS for uri in app[each]["redirectUris"]]
    places = [(each, declared.of_uri(visit, app, "redirectUri", uri)) for each, uri in standing]
    said = {each for each, place in places if place not in ("", declared.NOWHERE)}
    if said == {platform}:
        return {"redirectUris": [piece.element]}
    return {"platforms": {_PLATFORM[platform]: [piece.element]}}


def _federated(visit: Visit, piece: ChangedPiece) -> dict[str, Any] | str:
    row = visit.tenant.tables["federatedIdentityCredentials"].get(piece.id)
    if row is None or row.get("claimsMatchingExpression"):
        return "One with an expression is declared by hand: docs/manifest.md, Workloads."
    fields = {"issuer": row["issuer"], "subject": row["subject"]}
    if row.get("audiences") not in (None, ["api://AzureADTokenExchange"]):
        fields["audience"] = row["audiences"][0]
    if row.get("description"):
        fields["description"] = row["description"]
    return {"federatedCredentials": {str(row["name"]): fields}}


def _gone(visit: Visit, mark: Mark, kind: str, *parts: str) -> str:
    place = declared.of_part(visit, mark, kind, *parts)
    if place in ("", declared.NOWHERE):
        return "It is not there, and declared nowhere: nothing to declare."
    return f"It is declared at {place}: take it out there, or the next apply brings it back."


def _enabled(fields: dict[str, Any], now: Row) -> dict[str, Any]:
    found = {name: value for name, value in fields.items() if value}
    return found if now.get("isEnabled") is not False else {**found, "isEnabled": False}


def _role_value(resource: Row, role_id: str) -> str:
    from entra_config.emulator.portal.holders import role_name

    return role_name(resource, role_id)


def _lines(visit: Visit, mark: Mark, said: Mapping[str, Any], near: tuple[str, ...]) -> WayToDeclare:
    """Write the lines; they stand beside what is declared nearest: of the same role, else of the same key."""
    applied = declared.applied_of(visit, mark)
    known = applied.parts if applied else {}
    for length in range(len(near), 1, -1):
        found = next((place for parts, place in known.items() if parts[:length] == near[:length]), "")
        if found:
            return WayToDeclare(yaml_of(said), beside=found.rpartition(":")[0])
    return WayToDeclare(yaml_of(said))
