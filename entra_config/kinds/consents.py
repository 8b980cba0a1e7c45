"""What a client of ours holds of an API in; what becomes of it out. The tenant is the memory of what was
requested.

managed   the manifest says what is consented       → exactly that
requested requested, and consent is not managed     → stays as it is
revoked   requested in the tenant, no longer in the → goes: the consent first, the request after it,
and only then
              manifest; or neither, at an API of our own
watched       neither, at an API of others                   → a warning in plan, a finding in drift
left          at an API of our own, a word or role that no   → stays, where `ignoreChanges` names the requests
              scope or role bears, so that no manifest names it

Where `ignoreChanges` names the requests, what the tenant requests counts as requested. While an API or a
permission that the manifest requests is missing, all requests stay as they are: at an API of our own they
count as requested, at an external API what the manifest does not request is watched. Scopes of OpenID that
nobody requested, and what single users consented to, are nobody's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from entra_config.graph.odata import literal
from entra_config.kinds.application_steps import REQUIRED
from entra_config.kinds.base import ignored, is_removed
from entra_config.kinds.details import CONSENTS, HOLDINGS, DelegatedConsent, RoleHolding
from entra_config.kinds.directory import Api, Directory, Live
from entra_config.kinds.entitlements import ROLES, SCOPES, ids
from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.sections.microsoft import OPENID_SCOPES

PermissionType = Literal["delegated", "application"]
Verdict = Literal["managed", "requested", "revoked", "watched", "left"]
TENANT_WIDE = "AllPrincipals"
# The filter of the grants for the whole tenant.
IS_TENANT_WIDE = f"consentType%20eq%20{literal(TENANT_WIDE)}"
APPLICATION = "Application"
_TYPES: Mapping[PermissionType, str] = {"delegated": "Scope", "application": "Role"}


@dataclass(frozen=True, slots=True)
class Requests:
    """What a client requests of one API in one type, in the manifest and in the tenant: scopes by value,
    roles by id.
    """

    managed: bool = False
    own: bool = False
    now: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()  # what stays requested in the tenant until a missing API exists
    named: frozenset[str] | None = None  # what a manifest can name, where it leaves alone what it cannot
    said: frozenset[str] | None = (
        None  # what the manifest itself requests, where others' requests are left alone
    )

    def unsaid(self, permission: str) -> bool:
        """Tell whether only `ignoreChanges` lets a permission stay."""
        stays = self.said is not None and self.verdict(permission) in {"requested", "left"}
        return stays and permission not in (self.said or ()) and permission not in OPENID_SCOPES

    def verdict(self, permission: str) -> Verdict:
        """Return what becomes of a permission that the client holds."""
        if self.named is not None and permission not in self.named:
            return "left"
        if self.managed:
            return "managed"
        if permission in self.now or (self.own and permission in self.kept):
            return "requested"
        if permission in self.kept:
            return "requested" if permission in OPENID_SCOPES else "watched"
        if self.own or permission in self.before:
            return "revoked"
        return "requested" if permission in OPENID_SCOPES else "watched"


@dataclass(frozen=True, slots=True)
class Held:
    """One permission that a client of ours holds tenant-wide, and the answer that says so.

    `unsaid`: only `ignoreChanges` lets it stay, and no manifest asks for it.
    """

    api: str
    type: PermissionType
    permission: str
    verdict: Verdict
    entry: DelegatedConsent | RoleHolding
    unsaid: bool = False


def requests(
    manifest: Manifest, directory: Directory, live: Live, resource_id: str, type_: PermissionType
) -> Requests:
    """Return what a client requests of the API behind a service principal."""
    client = manifest.applications.get(live.subject.key)
    if client is None:
        return Requests(managed=is_removed(manifest, live.subject.key))
    api = directory.by_id.get(resource_id)
    permission = _permission(client, api)
    managed = permission is not None and (
        (permission.delegated_consent if type_ == "delegated" else permission.application_consent) is not None
    )
    now = (
        frozenset(_requested(permission, api, type_))
        if api is not None and permission is not None
        else frozenset()
    )
    app_id = directory.app_ids.get(resource_id) or (str(api.app_id) if api else "")
    before = frozenset(_required(live, directory, app_id, type_))
    said = now if ignored(client, REQUIRED) else None
    if said is not None:
        now |= before
    kept = frozenset() if _complete(client, directory) else before
    if api is None or api.name not in manifest.applications:
        return Requests(managed, own=False, now=now, before=before, kept=kept, said=said)
    named = _named(manifest, directory, api.name, type_) if said is not None else None
    return Requests(managed, own=True, now=now, before=before, kept=kept, named=named, said=said)


def _named(manifest: Manifest, directory: Directory, key: str, type_: PermissionType) -> frozenset[str]:
    """Return what can be consented to at an API of ours by name: of the manifest, and of the tenant while
    it is there.
    """
    application, live = manifest.applications[key], directory.live.get(key)
    body = live.subject.application if live is not None else None
    if type_ == "delegated":
        scopes = {scope.value for scope in application.scopes.values()}
        return frozenset(scopes | OPENID_SCOPES | {str(scope["value"]) for scope in at(body, SCOPES) or ()})
    declared = ids(manifest, application, body).roles
    roles = {
        declared[role.label]
        for role in application.app_roles.values()
        if APPLICATION in role.allowed_member_types
    }
    return frozenset(
        roles | {role["id"] for role in at(body, ROLES) or () if APPLICATION in role["allowedMemberTypes"]}
    )


def held(manifest: Manifest, directory: Directory, live: Live) -> Iterator[Held]:
    """Yield what a client holds tenant-wide: scopes of its grants, roles at the APIs of others."""
    own = directory.own_principals
    for entry in live.rows(CONSENTS):
        if entry.everybody:
            requested = requests(manifest, directory, live, entry.resource, "delegated")
            name = directory.resource_name(entry.resource)
            for scope in sorted(entry.scopes):
                yield Held(name, "delegated", scope, requested.verdict(scope), entry, requested.unsaid(scope))
    for row in live.rows(HOLDINGS):
        if row.resource not in own:
            requested = requests(manifest, directory, live, row.resource, "application")
            name = directory.resource_name(row.resource, row.resource_name)
            yield Held(
                name,
                "application",
                role_value(directory, row),
                requested.verdict(row.role),
                row,
                requested.unsaid(row.role),
            )


def unsaid(manifest: Manifest, directory: Directory, live: Live) -> Iterator[Held]:
    """Yield what a client holds that only `ignoreChanges` lets stay: at the APIs of others, and roles at
    our own.
    """
    yield from (each for each in held(manifest, directory, live) if each.unsaid)
    for row in live.rows(HOLDINGS):
        if row.resource in directory.own_principals:
            requested = requests(manifest, directory, live, row.resource, "application")
            if requested.unsaid(row.role):
                name, value = directory.resource_name(row.resource), role_value(directory, row)
                yield Held(name, "application", value, requested.verdict(row.role), row, unsaid=True)


def role_value(directory: Directory, entry: RoleHolding) -> str:
    """Return what people call the role of an assignment at an API of others."""
    api = directory.by_id.get(entry.resource)
    values = {id_: value for value, id_ in (api.roles if api else {}).items()}
    return str(values.get(entry.role) or directory.names.get(entry.role, entry.role))


def _permission(client: Application, api: Api | None) -> ApiPermission | None:
    return next(
        (each for each in client.api_permissions.values() if api is not None and each.resource == api.name),
        None,
    )


def _requested(permission: ApiPermission, api: Api, type_: PermissionType) -> Iterator[str]:
    if type_ == "delegated":
        yield from (api.scope_values.get(name, name) for name in permission.delegated)
    else:
        yield from (api.roles[name] for name in permission.application if name in api.roles)


def _required(live: Live, directory: Directory, app_id: str, type_: PermissionType) -> Iterator[str]:
    for resource in at(live.subject.application, REQUIRED) or ():
        for access in resource["resourceAccess"] if resource["resourceAppId"] == app_id else ():
            if access["type"] == _TYPES[type_]:
                yield access["id"] if type_ == "application" else scope_value(directory, app_id, access["id"])


def scope_value(directory: Directory, app_id: str, id_: str) -> str:
    """Return what grants call a scope of an API: its live value, whatever label the manifest has for it."""
    if app_id not in directory.own_app_ids:
        return directory.names.get(id_, id_)
    application = directory.live[directory.own_app_ids[app_id]].subject.application
    return next((str(scope["value"]) for scope in at(application, SCOPES) or () if scope["id"] == id_), id_)


def _complete(client: Application, directory: Directory) -> bool:
    """Tell whether all that the manifest requests is known; else the request stays as it is."""
    for permission in client.api_permissions.values():
        api = directory.apis.get(permission.resource)
        if api is None or not (
            {*permission.delegated} <= api.scopes.keys() and {*permission.application} <= api.roles.keys()
        ):
            return False
    return True
