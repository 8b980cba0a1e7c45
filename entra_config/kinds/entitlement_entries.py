"""Scopes and roles as Graph holds them, and how their collections are compared and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.kinds.entitlements import Ids
from entra_config.manifest.model import Application
from entra_config.plan.diff import Collection

SCOPE_KEYS = (
    "id", "value", "type", "isEnabled", "adminConsentDisplayName", "adminConsentDescription",
    "userConsentDisplayName", "userConsentDescription",
)  # fmt: skip
ROLE_KEYS = ("id", "value", "displayName", "description", "allowedMemberTypes", "isEnabled")


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


def writable(entries: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return live entries as they may be sent back (`origin` is read-only)."""
    wanted = tuple(keys)
    return [{key: entry[key] for key in wanted if key in entry} for entry in entries]


def _label(item: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return str(
        item.get("value") or item.get("displayName") or item.get("adminConsentDisplayName") or item["id"]
    )


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
