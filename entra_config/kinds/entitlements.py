"""Scopes and roles of one application: labels and live entries go in, ids and Graph-shaped entries come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Application, AppRole, Manifest, Scope
from entra_config.plan.diff import Collection

NAMESPACE = UUID("6f1a2f0e-5d5c-5b0e-9d2b-3c5f0f4c7a11")  # of this project; a new one would give every role another id
ROLES = "appRoles"
SCOPES = "api.oauth2PermissionScopes"
SCOPE_KEYS = (
    "id", "value", "type", "isEnabled", "adminConsentDisplayName", "adminConsentDescription",
    "userConsentDisplayName", "userConsentDescription",
)  # fmt: skip
ROLE_KEYS = ("id", "value", "displayName", "description", "allowedMemberTypes", "isEnabled")


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of an application's scopes and roles, by label."""

    scopes: Mapping[str, str]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rename:
    """A live value that the manifest changes without saying `breaking: true`."""

    label: str
    before: str | None
    after: str | None
    entry: Scope | AppRole


def ids(manifest: Manifest, application: Application, live: Mapping[str, Any] | None) -> Ids:
    """Return the id of each scope and role: the manifest's own, else the live one, else one derived from owner, key, label."""
    scopes_live: list[Mapping[str, Any]] = at(live, SCOPES) or []
    roles_live: list[Mapping[str, Any]] = at(live, ROLES) or []
    scopes = _match(manifest, application, "scope", application.scopes.values(), scopes_live)
    roles = _match(manifest, application, "role", application.app_roles.values(), roles_live)
    for role in application.app_roles.values():
        twin = next((scope for scope in application.scopes.values() if role.value and scope.value == role.value), None)
        if twin is not None:
            # A role and a scope of one value are one permission and share one id (azuread#610).
            shared = roles[role.label] if _is_live(roles[role.label], roles_live) else scopes[twin.label]
            roles[role.label] = scopes[twin.label] = shared
    return Ids(scopes, roles)


def _is_live(id_: str, live: Iterable[Mapping[str, Any]]) -> bool:
    return any(entry["id"] == id_ for entry in live)


def _match(
    manifest: Manifest,
    application: Application,
    sort: str,
    entries: Iterable[Scope | AppRole],
    live: Sequence[Mapping[str, Any]],
) -> dict[str, str]:
    declared = list(entries)
    free = {str(entry["id"]): entry for entry in live}
    found: dict[str, str] = {}
    for rule in (_by_id, _by_value, _by_former_value, _by_derived_id, _by_former_id, _by_display_name):
        for entry in declared:
            if entry.label not in found and (match := rule(manifest, application, sort, entry, free)):
                found[entry.label] = match
                free.pop(match, None)
    for entry in declared:
        found.setdefault(entry.label, derived_id(manifest, application.key, sort, entry.label))
    return found


def derived_id(manifest: Manifest, key: str, sort: str, label: str) -> str:
    """Return the id of a new scope or role: the same on every machine and in every run."""
    return str(uuid5(NAMESPACE, f"{manifest.owner}/{key}/{sort}/{label}"))


Free = Mapping[str, Mapping[str, Any]]


def _by_id(_m: Manifest, _a: Application, _s: str, entry: Scope | AppRole, _free: Free) -> str | None:
    return entry.id


def _by_value(_m: Manifest, _a: Application, _s: str, entry: Scope | AppRole, free: Free) -> str | None:
    return next((id_ for id_, live in free.items() if entry.value and live.get("value") == entry.value), None)


def _by_former_value(_m: Manifest, _a: Application, _s: str, entry: Scope | AppRole, free: Free) -> str | None:
    return next((id_ for id_, live in free.items() if entry.previously and live.get("value") == entry.previously), None)


def _by_derived_id(m: Manifest, a: Application, sort: str, entry: Scope | AppRole, free: Free) -> str | None:
    own = derived_id(m, a.key, sort, entry.label)
    former = derived_id(m, a.previously, sort, entry.label) if a.previously else own
    return next((id_ for id_ in (own, former) if id_ in free), None)


def _by_former_id(m: Manifest, a: Application, sort: str, entry: Scope | AppRole, free: Free) -> str | None:
    former = derived_id(m, a.key, sort, entry.previously) if entry.previously else ""
    return former if former in free else None


def _by_display_name(_m: Manifest, _a: Application, _s: str, entry: Scope | AppRole, free: Free) -> str | None:
    # A role without a value has nothing else that a person would know it by.
    if entry.value is not None or not isinstance(entry, AppRole):
        return None
    same = [id_ for id_, live in free.items() if not live.get("value") and live.get("displayName") == entry.display_name]
    return same[0] if len(same) == 1 else None


def scope_entries(application: Application, known: Ids) -> list[dict[str, Any]]:
    """Return the scopes as Graph holds them."""
    return [
        {
            "id": known.scopes[scope.label],
            "value": scope.value,
            "type": "Admin" if scope.who_can_consent == "admins" else "User",
            "isEnabled": scope.is_enabled,
            "adminConsentDisplayName": scope.admin_consent_display_name,
            "adminConsentDescription": scope.admin_consent_description,
            "userConsentDisplayName": scope.user_consent_display_name,
            "userConsentDescription": scope.user_consent_description,
        }
        for scope in application.scopes.values()
    ]


def role_entries(application: Application, known: Ids) -> list[dict[str, Any]]:
    """Return the roles as Graph holds them."""
    return [
        {
            "id": known.roles[role.label],
            "value": role.value,
            "displayName": role.display_name,
            "description": role.description,
            "allowedMemberTypes": list(role.allowed_member_types),
            "isEnabled": role.is_enabled,
        }
        for role in application.app_roles.values()
    ]


def renames(application: Application, known: Ids, live: Mapping[str, Any] | None) -> list[Rename]:
    """Return the live values that would change without `breaking: true`."""
    found: list[Rename] = []
    for entries, by_label, path in (
        (application.scopes.values(), known.scopes, SCOPES),
        (application.app_roles.values(), known.roles, ROLES),
    ):
        before = {entry["id"]: entry.get("value") for entry in at(live, path) or []}
        found.extend(
            Rename(entry.label, before[by_label[entry.label]], entry.value, entry)
            for entry in entries
            if by_label[entry.label] in before and (before[by_label[entry.label]] or None) != entry.value and not entry.breaking
        )
    return found


def writable(entries: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return live entries as they may be sent back (`origin` is read-only)."""
    wanted = tuple(keys)
    return [{key: entry[key] for key in wanted if key in entry} for entry in entries]


def _label(item: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return str(item.get("value") or item.get("displayName") or item.get("adminConsentDisplayName") or item["id"])


def _scope_summary(item: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    who = "admins" if item["type"] == "Admin" else "admins and users"
    return f"{item['adminConsentDisplayName']} ({who})"


def _role_summary(item: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return f"{item['displayName']} ({', '.join(item['allowedMemberTypes'])})"


SCOPE_COLLECTION = Collection(
    key=lambda item: item["id"],
    label=_label,
    summary=_scope_summary,
    removal="its clients and consents first, then disabled, then removed",
    loss=frozenset({"value"}),
)
ROLE_COLLECTION = Collection(
    key=lambda item: item["id"],
    label=_label,
    summary=_role_summary,
    removal="its assignments first, then disabled, then removed",
    loss=frozenset({"value"}),
)
