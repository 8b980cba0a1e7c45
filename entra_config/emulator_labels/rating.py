"""Rate a change of an emulator's tenant by the table of risk, as drift rates what somebody changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.drift import risks
from entra_config.drift.model import Finding
from entra_config.kinds import redirect_hosts
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.properties import REDIRECT_URIS
from entra_config.resource import Address
from entra_config.risk import CLASSES, RANK, RiskClass, highest, of_property
from entra_emulator.api import Change, Moments, Rating

# The kind of resource that each collection of Graph has.
_KINDS = {
    "applications": "application",
    "servicePrincipals": "enterpriseApplication",
    "appRoleAssignments": "appRoleAssignment",
    "oauth2PermissionGrants": "permissionGrant",
    "owners": "owner",
    **{each.path: each.kind for each in SIGN_IN_LISTS},
}
_OBJECTS = ("application", "enterpriseApplication")
# What a service principal repeats of its application, for people to read.
_REPEATED = ("appDisplayName", "appDescription")


def rate(change: Change, moments: Moments) -> Rating:
    """Return the level of a change and its rank: highest risk first."""
    found = _class_of(change, moments)
    return Rating(RANK[found.name], found.risk)


def _class_of(change: Change, moments: Moments) -> RiskClass:
    if change.restored:
        return CLASSES["restore" if change.kind == "added" else "created"]
    if change.element:
        return highest(_element(change, moments), "text")
    if change.path:
        return highest(_property(change.path, change.before, change.after), "text")
    return _complete(change, moments)


def _complete(change: Change, moments: Moments) -> RiskClass:
    """Return the class of a complete object or link."""
    kind = _KINDS.get(change.place)
    if change.kind == "changed":
        return highest(_changed(change), "text")
    if kind is None:
        return _elsewhere(change, moments)
    gives = ""
    if change.kind == "added" and kind in _OBJECTS:
        row = change.after or {}
        with_keys = row.get("passwordCredentials") or row.get("keyCredentials")
        gives = "credential" if with_keys else "created"
    return risks.class_of(Finding(Address(kind, change.id), change.kind, "", "", gives=gives))


def _elsewhere(change: Change, moments: Moments) -> RiskClass:
    """Return the class of what a manifest does not declare: people, groups, members, directory roles."""
    if change.kind == "removed":
        return CLASSES["destroyed" if change.place == "tenants" else "lost"]
    if change.place == "directoryRoles":
        return CLASSES["role"]
    if change.place == "members":
        # A new member has at once what is assigned to the group.
        group = change.id.partition("/")[0]
        return CLASSES["gain" if moments.after.app_role_assignments.ids("principalId", group) else "setting"]
    return CLASSES["credential" if change.place == "secrets" else "created"]


def _changed(change: Change) -> Iterator[str]:
    """Yield the classes of the properties of a link or object that changed."""
    before, after = change.before or {}, change.after or {}
    for name in after.keys() | before.keys():
        if change.place == "oauth2PermissionGrants" and name == "scope":
            more = set(str(after.get(name) or "").split()) - set(str(before.get(name) or "").split())
            yield "consent" if more else "lost"
            continue
        for found in _property(name, before.get(name), after.get(name)):
            unknown = found == "setting" and change.place in _KINDS
            yield _complete_class(change) if unknown else found


def _complete_class(change: Change) -> str:
    """Return the class that a new link of the same kind has."""
    return risks.class_of(Finding(Address(_KINDS[change.place], change.id), "added", "", "")).name


def _property(path: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        was, now = (value if isinstance(value, Mapping) else {} for value in (before, after))
        for name in was.keys() | now.keys():
            if was.get(name) != now.get(name):
                yield from _property(f"{path}.{name}", was.get(name), now.get(name))
    elif isinstance(before, list) or isinstance(after, list):
        more = [one for one in after or [] if one not in (before or [])]
        yield of_property(path).name if more or of_property(path).name == "text" else "lost"
    else:
        yield "text" if path in _REPEATED else of_property(path, after).name


def _element(change: Change, moments: Moments) -> Iterator[str]:
    """Yield the classes of what changed of one element of a list."""
    path, before, after = change.path, change.before, change.after
    if change.kind == "removed":
        yield "text" if of_property(path).name == "text" else "lost"
    elif change.kind == "added" and path in REDIRECT_URIS:
        row = moments.before.tables[change.place].get(change.id) or {}
        platforms = {
            each: (row.get(each.partition(".")[0]) or {}).get("redirectUris") for each in REDIRECT_URIS
        }
        yield redirect_hosts.risk_class(change.element, platforms)
    elif change.kind == "added":
        yield of_property(path).name
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in before.keys() | after.keys():
            was, now = before.get(name), after.get(name)
            if was == now:
                continue
            if isinstance(was, list) and isinstance(now, list):
                found = of_property(name).name
                given = of_property(path).name
                yield "lost" if all(one in was for one in now) else given if found == "setting" else found
            else:
                yield of_property(name, now).name
