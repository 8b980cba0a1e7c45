"""A difference between two moments of a tenant in; its class in the one table of risk, and its level, out.

The table is data (`risk.json`): it is read here as the file that it is. What a difference does is read from
what Graph keeps, as the emulator knows it; `test_risk_agrees.py` holds that the engine reads it alike.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from entra_config.emulator.snapshots.compare import DirectoryDifference
from entra_config.emulator.tenant import Tenant

# What comes with a new row of a collection, or with a new link.
_GIVES = {
    "appRoleAssignments": "role",
    "directoryRoles": "role",
    "oauth2PermissionGrants": "consent",
    "secrets": "credential",
    "federatedIdentityCredentials": "federated credential",
    "owners": "owner",
}
_OBJECTS = frozenset({"applications", "servicePrincipals", "tenants"})
# What a service principal says of its application, for people.
_SAID_AGAIN = frozenset({"appDisplayName", "appDescription"})
_PLATFORMS = ("web", "spa", "publicClient")
_CREDENTIALS = ("passwordCredentials", "keyCredentials")
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
# What Graph calls the entries of lists whose entries are objects.
_KEYS = ("id", "keyId", "appId", "resourceAppId")


@cache
def _table() -> Mapping[str, Any]:
    text = resources.files("entra_config").joinpath("risk.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


@cache
def levels() -> Mapping[str, str]:
    """Return the level of each class, in the table's order: the riskiest first."""
    return {each["name"]: each["risk"] for each in _table()["classes"]}


@cache
def order() -> tuple[str, ...]:
    """Return the levels, the highest first."""
    return tuple(each["name"] for each in _table()["levels"])


def class_of(tenant: Tenant, each: DirectoryDifference, restored: Collection[str] = ()) -> str:
    """Return the class of a difference: the first one of all that it does.

    `tenant` is what it is now, `restored` are ids of what was deleted before and is back.
    """
    if each.id in restored:
        return "restore" if each.kind == "added" else "created"
    ranks = list(levels())
    return min(_classes(tenant, each), key=ranks.index, default="text")


def redirect_class(uri: str, others: Iterable[str]) -> str:
    """Return `redirect host` where no other redirect URI leads, else `redirect URI`."""
    where = _place(uri)
    beside = where in _OWN_MACHINE or any(_place(other) == where for other in others if other != uri)
    return "redirect URI" if beside else "redirect host"


def _classes(tenant: Tenant, each: DirectoryDifference) -> Iterator[str]:
    if each.kind == "removed":
        yield "destroyed" if each.place in _OBJECTS else "lost"
    elif each.kind == "added":
        yield from _added(tenant, each)
    else:
        yield from _changed(tenant, each)


def _added(tenant: Tenant, each: DirectoryDifference) -> Iterator[str]:
    if each.place == "members":
        # Whoever comes into a group has at once what is assigned to it.
        group = each.id.partition("/")[0]
        yield "gain" if tenant.app_role_assignments.ids("principalId", group) else "setting"
        return
    yield _GIVES.get(each.place, "created")
    row = tenant.tables[each.place].get(each.id) if each.place in tenant.tables else None
    if any((row or {}).get(name) for name in _CREDENTIALS):
        yield "credential"


def _changed(tenant: Tenant, each: DirectoryDifference) -> Iterator[str]:
    given = _GIVES.get(each.place)
    for one in each.properties:
        if each.place == "oauth2PermissionGrants" and one.name == "scope":
            more = set(str(one.after or "").split()) - set(str(one.before or "").split())
            yield "consent" if more else "lost"
        elif given and of_property(one.name) == "setting":
            yield given
        elif one.name in _SAID_AGAIN:
            yield "text"
        else:
            yield from _property(tenant, each, one.name, one.before, one.after)


def _property(tenant: Tenant, each: DirectoryDifference, path: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        was, now = (value if isinstance(value, Mapping) else {} for value in (before, after))
        for name in {*was, *now}:
            if was.get(name) != now.get(name):
                yield from _property(tenant, each, f"{path}.{name}", was.get(name), now.get(name))
    elif isinstance(before, list) or isinstance(after, list):
        yield from _entries(tenant, each, path, before or [], after or [])
    else:
        yield of_property(path, after)


def _entries(
    tenant: Tenant, each: DirectoryDifference, path: str, before: list[Any], after: list[Any]
) -> Iterator[str]:
    was, now = ({_key(one): one for one in held} for held in (before, after))
    text = of_property(path) == "text"
    for key in now.keys() - was.keys():
        if path.endswith(".redirectUris"):
            yield redirect_class(key, _redirect_uris(tenant, each))
        else:
            yield _OWN_ENTRIES.get(path) or of_property(path)
    if was.keys() - now.keys():
        yield "text" if text else "lost"
    for key in was.keys() & now.keys():
        old, new = was[key], now[key]
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for name in (each for each in {*old, *new} if old.get(each) != new.get(each)):
                yield from _inside(path, name, old.get(name), new.get(name))


# Entries that give more than what their property is by itself.
_OWN_ENTRIES = {"api.preAuthorizedApplications": "authorized client"}


def _inside(path: str, name: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, list) and isinstance(after, list):
        more = [one for one in after if one not in before]
        yield (_OWN_ENTRIES.get(path) or _inside_list(path, name)) if more else "lost"
    else:
        yield of_property(name, after)


def _inside_list(path: str, name: str) -> str:
    found = of_property(name)
    return of_property(path) if found == "setting" else found


def _redirect_uris(tenant: Tenant, each: DirectoryDifference) -> list[str]:
    """Return where the application went before, on whatever platform."""
    row = tenant.tables[each.place].get(each.id) or {}
    were = {one.name: one.before for one in each.properties}
    platforms = (were.get(name, row.get(name)) or {} for name in _PLATFORMS)
    return [uri for platform in platforms for uri in platform.get("redirectUris") or ()]


def of_property(path: str, value: object = ...) -> str:
    """Return the class of a change of a property, to a value where one is given; `setting` of one that the
    table does not have.
    """
    for each in _table()["classes"]:
        if path in each.get("properties", ()):
            closed = each.get("closed", {})
            return "lost" if path in closed and (value or False) == closed[path] else str(each["name"])
    return of_property(path.rpartition(".")[0], value) if "." in path else "setting"


def _key(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    return next((str(entry[name]) for name in _KEYS if entry.get(name)), json.dumps(entry, sort_keys=True))


def _place(uri: str) -> str:
    try:
        parts = urlsplit(uri)
        return (parts.hostname or parts.scheme).casefold()
    except ValueError:  # no address at all: it leads where no other does
        return uri.casefold()
