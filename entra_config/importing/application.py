"""One registration in, its entry of the manifest out: what differs from the type's defaults, and nothing
else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entra_config.importing import federated, mcp
from entra_config.importing.differences import differences, is_set
from entra_config.importing.tenant import Json, Registration
from entra_config.importing.yaml_writer import Label, Placeholder, Word, escape_placeholders
from entra_config.kinds.application import LOCK, SEVERAL_TENANTS
from entra_config.kinds.base import ownership
from entra_config.kinds.graph_values import at, nest
from entra_config.manifest.fields.application import APPLICATION
from entra_config.manifest.fields.enterprise import ENTERPRISE
from entra_config.manifest.fields.field import IMPLICIT_GRANT, OWN_PLATFORM, PLATFORMS
from entra_config.manifest.fields.properties import Entity, key_of
from entra_config.manifest.model import ApplicationType
from entra_config.properties import row_of, rows_of

Entry = dict[str, Any]

_SAFE = re.compile(r"[^0-9A-Za-z._-]+")
PRINCIPAL = "enterpriseApplication"
# Keys of which each part is optional: a part that is absent is not compared.
OF_OPTIONAL_PARTS = {"properties", PRINCIPAL}
_OFFERED = tuple(row.path for row in rows_of("application") if row.offered)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one application's scopes and roles, by id."""

    scopes: Mapping[str, str]
    roles: Mapping[str, str]


def type_of(registration: Registration) -> ApplicationType:
    """Return the type that takes everything that the registration has."""
    app = registration.application
    platforms = [name for name, path in PLATFORMS.items() if at(app, path)]
    offers = any(at(app, path) for path in _OFFERED)
    implicit = any(at(app, path) for path in IMPLICIT_GRANT)
    candidates: list[ApplicationType] = []
    if platforms == ["spa"] and not offers:
        candidates = ["spa"]
    elif platforms == ["mobileAndDesktop"] and not offers:
        candidates = ["publicClient"]
    elif platforms == ["web"] or (not platforms and implicit):
        candidates = ["web"]
    elif not platforms and offers:
        candidates = ["api"]
    elif not platforms and _acts_alone(registration):
        candidates = ["daemon"]
    return next((kind for kind in candidates if _takes(kind, app)), "application")


def _acts_alone(registration: Registration) -> bool:
    app = registration.application
    wanted = _requested_types(app)
    keys = app.get("passwordCredentials") or app.get("keyCredentials") or registration.credentials
    return bool(wanted or keys) and "Scope" not in wanted


def _requested_types(app: Json) -> set[str]:
    """Return `Scope`, `Role` or both, as the application requests permissions."""
    return {
        access["type"] for api in app.get("requiredResourceAccess") or () for access in api["resourceAccess"]
    }


def _takes(kind: ApplicationType, app: Json) -> bool:
    """Tell whether a type refuses nothing that the registration has."""
    if kind in {"spa", "publicClient"} and "Role" in _requested_types(app):
        return False
    if kind != "web" and any(at(app, path) for path in IMPLICIT_GRANT):
        return False
    held = (field for field in APPLICATION if kind in field.refused and field.graph and at(app, field.graph))
    return not any(at(app, field.graph) != field.default(kind) for field in held)


def entry(
    registration: Registration,
    kind: ApplicationType,
    labels: Labels,
    tenant_id: str,
    *,
    unknown: Collection[str] = (),
) -> Entry:
    """Return the registration's own fields; what refers to others is added by `links`.

    Forms of federated credentials that are `unknown` in the tenant's cloud are written out.
    """
    app = registration.application
    made: Entry = {"type": Word(kind), "displayName": app["displayName"]}
    made |= _simple_fields(app, kind)
    made |= _restrictions(app, tenant_id)
    made |= _platforms(app, kind)
    if scopes := at(app, "api.oauth2PermissionScopes"):
        made["scopes"] = {
            labels.scopes[scope["id"]]: _scope(scope, labels.scopes[scope["id"]]) for scope in scopes
        }
    if roles := app.get("appRoles"):
        made["appRoles"] = {labels.roles[role["id"]]: _role(role, labels.roles[role["id"]]) for role in roles}
    mcp.recognized(made, at(app, "api.oauth2PermissionScopes") or (), labels.scopes)
    if claims := app.get("optionalClaims"):
        made["optionalClaims"] = _claims(claims)
    if registration.credentials:
        made["federatedCredentials"] = federated.entries(registration.credentials, tenant_id, unknown)
    properties = _properties(app, "application", app)
    if app.get("signInAudience") in SEVERAL_TENANTS:
        # Null declares that there is none: this tool creates an application of several tenants with one.
        properties.setdefault(LOCK, None)
    if properties:
        made["properties"] = properties
    principal = _enterprise(registration.principal, app)
    if principal != {}:
        made[PRINCIPAL] = principal
    return made


def not_carried(registration: Registration) -> dict[str, str]:
    """Return by property what the registration has and no entry of a manifest can have, with the reason."""
    app, principal = registration.application, registration.principal
    found = {each.path: each.reason for each in differences(app, "application") if each.reason}
    found |= {
        field.graph: f"import does not write `{field.key}`; the lock file accepts those that exist"
        for field in APPLICATION
        if field.cls == "watched" and is_set(at(app, field.graph))
    }
    if principal is None:
        return found
    found |= {
        f"{PRINCIPAL}.{each.path}": each.reason
        for each in differences(principal, "servicePrincipal")
        if each.reason
    }
    if principal.get("displayName", app["displayName"]) != app["displayName"]:
        found[f"{PRINCIPAL}.displayName"] = "Graph copies it from the application"
    return found


def _simple_fields(app: Json, kind: ApplicationType) -> Entry:
    made: Entry = {}
    for field in APPLICATION:
        if not field.plain or field.key == "displayName":
            continue
        live = at(app, field.graph)
        if field.cls == "kept":
            if live != field.default(kind):
                made[field.key] = _own(live, app)
        elif is_set(live):
            made[field.key] = _own(live, app) if field.references else live
    return made


def _own(value: Any, app: Json) -> Any:
    """Return a value with the application's own id as a placeholder."""
    match value:
        case str() if app["appId"] in value:
            return Placeholder(escape_placeholders(value).replace(app["appId"], "${appId}"))
        case list():
            return [_own(item, app) for item in value]
        case Mapping():
            return {key: _own(item, app) for key, item in value.items()}
        case _:
            return value


def _restrictions(app: Json, tenant_id: str) -> Entry:
    found = app.get("signInAudienceRestrictions") or {}
    ids = [str(id_).lower() for id_ in found.get("allowedTenantIds") or ()]
    others = [id_ for id_ in ids if id_ != tenant_id.lower()] or ids
    return {"signInAudienceRestrictions": {"allowedTenants": others}} if others else {}


def _platforms(app: Json, kind: ApplicationType) -> Entry:
    own = OWN_PLATFORM.get(kind)
    held = {name: list(uris) for name, path in PLATFORMS.items() if (uris := at(app, path))}
    made: Entry = {}
    if own is not None and own in held:
        made["redirectUris"] = held.pop(own)
    if held:
        made["platforms"] = held
    return made


def labels(app: Json) -> Labels:
    """Return a label for each scope and role: its value where it is one, else a short form of its name."""
    scopes = at(app, "api.oauth2PermissionScopes") or ()
    return Labels(
        _labelled(scopes, "adminConsentDisplayName"), _labelled(app.get("appRoles") or (), "displayName")
    )


def _labelled(items: Sequence[Json], name: str) -> dict[str, str]:
    made: dict[str, str] = {}
    taken: set[str] = {"default"}
    for item in sorted(items, key=lambda each: (not each.get("value"), str(each.get("value")), each["id"])):
        wish = str(item.get("value") or item.get(name) or item["id"])
        label = (
            wish
            if re.fullmatch(r"[^\s/$\x00-\x1f\x7f]+", wish)
            else _SAFE.sub("-", wish).strip("-") or item["id"]
        )
        number = 2
        while label in taken:
            label, number = f"{label}-{number}", number + 1
        taken.add(label)
        made[item["id"]] = Label(label)
    return made


def _scope(scope: Json, label: str) -> Entry:
    for_users = scope.get("type") == "User"
    made: Entry = {} if scope.get("value") == label else {"value": scope.get("value")}
    made["id"] = scope["id"]
    name, description = scope.get("adminConsentDisplayName"), scope.get("adminConsentDescription")
    # The portal writes "" where nobody wrote a text.
    user_name = scope.get("userConsentDisplayName") or None
    user_description = scope.get("userConsentDescription") or None
    made |= {"displayName": name, "description": description}
    if user_name != (name if for_users else None):
        made["userConsentDisplayName"] = user_name
    if user_description != (description if for_users else None):
        made["userConsentDescription"] = user_description
    made["whoCanConsent"] = Word("adminsAndUsers" if for_users else "admins")
    return made if scope.get("isEnabled", True) else {**made, "isEnabled": False}


def _role(role: Json, label: str) -> Entry:
    value = role.get("value") or None
    made: Entry = {} if value == label else {"value": value}
    made |= {
        "id": role["id"],
        "displayName": role["displayName"],
        "description": role["description"],
        "allowedMemberTypes": [Word(each) for each in sorted(role["allowedMemberTypes"], reverse=True)],
    }
    return made if role.get("isEnabled", True) else {**made, "isEnabled": False}


def _claims(claims: Json) -> Entry:
    made: Entry = {}
    for token, items in claims.items():
        if items and not token.startswith("@"):
            made[token] = [_claim(item) for item in items]
    return made


def _claim(item: Json) -> Any:
    kept = {key: value for key, value in item.items() if value not in (None, False, [])}
    return kept["name"] if set(kept) == {"name"} else kept


def _properties(body: Json, entity: Entity, app: Json) -> Entry:
    """Return what differs from a new object and has no key of its own."""
    return nest(
        {
            each.path: _own(each.value, app)
            for each in differences(body, entity)
            if not each.reason and key_of(each.path, entity) is None
        }
    )


def _enterprise(principal: Json | None, app: Json) -> Entry | None:
    if principal is None:
        return None
    # Graph writes the tags of an application on its service principal too.
    shared = {*(app.get("tags") or ()), *ownership(principal)}
    body = {**principal, "tags": [tag for tag in principal.get("tags") or () if tag not in shared]}
    made: Entry = {}
    for field in ENTERPRISE:
        live = body.get(field.graph) if field.simple else None
        if is_set(live) and live != row_of("servicePrincipal", field.graph).default:
            made[field.key] = live
    properties = _properties(body, "servicePrincipal", app)
    return {**made, "properties": properties} if properties else made
