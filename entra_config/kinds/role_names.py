"""A manifest and a tenant in; the ids of an application's roles by label, and one name for each id, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.kinds.directory import Directory
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.entitlements import ids
from entra_config.manifest.model import Manifest


def role_ids(manifest: Manifest, directory: Directory, key: str) -> dict[str, str]:
    """Return the ids of an application's roles by label; of others' enterprise applications by value, else
    display name.
    """
    live = directory.live.get(key)
    if key in manifest.applications:
        body = live.subject.application if live else None
        found = dict(ids(manifest, manifest.applications[key], body).roles)
    else:
        roles = (live.subject.service_principal or {}).get("appRoles", []) if live else []
        found = {role["displayName"]: role["id"] for role in roles} | {
            role["value"]: role["id"] for role in roles if role["value"]
        }
    return {"default": DEFAULT_ACCESS, **found}


def role_names(manifest: Manifest, directory: Directory, key: str) -> dict[str, str]:
    """Return what addresses call each role of an application, by id: no two roles share a name.

    The manifest's label where it has one; else the value or display name that people know, unless that is
    another role's name.
    """
    known = role_ids(manifest, directory, key)
    labels = set(manifest.applications[key].app_roles) if key in manifest.applications else set()
    labels |= manifest.assigned(key).keys()
    names = {known[label]: label for label in sorted(labels, reverse=True) if label in known} | {
        DEFAULT_ACCESS: "default"
    }
    taken = {*names.values(), *labels}
    for id_, role in live_roles(directory, key).items():
        name = str(role.get("value") or role.get("displayName") or id_)
        if id_ not in names:
            # A role that goes may leave its name to one of another id.
            names[id_] = next(each for each in (name, f"{name}@{id_[:8]}", id_) if each not in taken)
            taken.add(names[id_])
    return names


def live_roles(directory: Directory, key: str) -> dict[str, Mapping[str, Any]]:
    """Return the roles that the tenant has, by id."""
    live = directory.live.get(key)
    body = (live.subject.application or live.subject.service_principal or {}) if live else {}
    return {role["id"]: role for role in body.get("appRoles") or ()}


def reported(value: str | None, label: str) -> str:
    """Return what tokens carry, with the manifest's label where that is another."""
    return label if value in {None, "", label} else f"{value} ({label})"


def label_of(manifest: Manifest, directory: Directory, key: str, id_: str) -> str:
    """Return what the manifest calls a role of an id, be it live or not; empty where it has none of it."""
    known = role_ids(manifest, directory, key) if key in manifest.applications else {}
    return next((label for label, each in known.items() if each == id_), "")
