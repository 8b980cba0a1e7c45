"""Random manifests with `each`, and an expander of its own that writes what they make as plain entries.

The expander works on plain data and shares nothing with the one that it checks.
"""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Mapping
from random import Random
from typing import Any

from entra_config.errors import Position

TENANT = "11111111-1111-1111-1111-111111111111"
ENVIRONMENTS = ("dev", "prod")
SECTIONS = ("applications", "enterpriseApplications", "appRoleAssignments", "grants")
ITEMS = ("alpha", "beta", "gamma", "delta")

Tree = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Drawn:
    """The files of a random manifest, the root file first."""

    files: Mapping[str, Tree]


def draw(seed: int) -> Drawn:
    """Return a random manifest with `each`."""
    random = Random(seed)
    items: Tree = {}
    for name in random.sample(ITEMS, random.randint(0, 4)):
        items[name] = {
            "owner": f"{name}-{random.randint(0, 9)}@contoso.com",
            "host": f"{name}.example.com",
            "number": random.randint(1, 99),
        }
        if random.random() < 0.3:
            items[name]["only"] = [random.choice(ENVIRONMENTS)]
        if random.random() < 0.2:
            items[name]["previously"] = f"old-{name}"
    first = dict(random.sample(sorted(items.items()), len(items) // 2))
    second = {name: item for name, item in items.items() if name not in first}
    split = next(iter(first), None)
    if split is not None:
        # One item in two files.
        second[split] = {"extra": f"more {split}"}
    source: Any = "services"
    applications: Tree = {
        "${s}-api": {
            "each": {"s": source},
            "type": "api",
            "displayName": "${s} API ${s.number} in ${environment}",
            "owners": ["${s.owner}", "root@contoso.com"],
            "identifierUris": ["api://${appId}"],
            "scopes": {
                "read": {"displayName": "Read", "description": "Reads ${s}.", "whoCanConsent": "admins"}
            },
            "appRoles": {
                "Reader": {"description": "Reads ${s}.", "allowedMemberTypes": ["User", "Application"]},
                "${s}.Own": {"description": "Own.", "allowedMemberTypes": ["User"]},
            },
        },
        "${s}-web": {
            "each": {"s": source},
            "type": "web",
            "displayName": "${s}",
            "redirectUris": ["https://${s.host}/callback"],
            "notes": "Calls ${applications.${s}-api.appId}, not ${applications.shared.appId}, "
            "${applications.${s}-api.appId}.",
            "apiPermissions": {
                "${s}-api": {"delegated": ["read"], "adminConsent": random.random() < 0.7},
                "shared": {"application": ["Use"], "adminConsent": True},
            },
            "federatedCredentials": {
                "${s}-ci": {"github": {"repository": "example/${s}", "environment": "${environment}"}}
            },
        },
        "shared": {
            "type": "api",
            "displayName": "Shared",
            "identifierUris": ["api://${appId}"],
            "appRoles": {"Use": {"description": "Uses.", "allowedMemberTypes": ["Application"]}},
        },
    }
    explicit: Tree = {}
    overridden: Tree = {}
    for name in items:
        if random.random() < 0.3:
            explicit[f"{name}-api"] = {
                "notes": f"Notes of {name}.",
                "appRoles": {"Extra": {"description": "More.", "allowedMemberTypes": ["User"]}},
            }
        if random.random() < 0.3:
            overridden[f"{name}-web"] = {
                "displayName": f"{name} on top",
                "redirectUris": ["https://o.example.com/"],
            }
    lists_over: Tree = {}
    for name in items:
        if random.random() < 0.3:
            lists_over[name] = {"owner": f"over-{name}@contoso.com"}
    if random.random() < 0.2:
        lists_over["omega"] = {"owner": "omega@contoso.com", "host": "omega.example.com", "number": 1}
    root: Tree = {
        "project": "myapp",
        "files": ["one.yaml", "two.yaml"],
        "environments": {
            "dev": {"tenantId": TENANT},
            "prod": {
                "tenantId": TENANT,
                "overrides": {"lists": {"services": lists_over}, "applications": overridden},
            },
        },
        "grants": {
            "Robot ${s}": {"each": {"s": source}, "Microsoft Graph": {"application": ["User.Read.All"]}}
        },
    }
    one: Tree = {"lists": {"services": first}, "applications": applications}
    two: Tree = {
        "lists": {"services": second},
        "applications": explicit,
        "enterpriseApplications": {
            "${p}": {"each": {"p": ["hr", "crm"][: random.randint(0, 2)]}, "displayName": "Partner ${p}"}
        },
        "appRoleAssignments": {
            "${s}-api": {
                "each": {"s": source},
                "Reader": {"groups": ["${s} readers"], "users": ["${s.owner}"]},
                "${s}.Own": {"groups": ["owners"]},
            }
        },
    }
    return Drawn({"entra-config.yaml": root, "one.yaml": one, "two.yaml": two})


def expand(drawn: Drawn, environment: str) -> Tree:
    """Return one root file without `each` and `lists` that says the same of one environment."""
    merged: Tree = {}
    for tree in drawn.files.values():
        merged = _merge(merged, tree)
    over = copy.deepcopy(merged["environments"][environment].get("overrides", {}))
    lists = _overlay(merged.pop("lists", {}), over.pop("lists", {}))
    for section in SECTIONS:
        plain: Tree = {}
        for key, entry in merged.get(section, {}).items():
            made = _make(section, key, entry, lists, environment) if "each" in entry else {key: entry}
            plain = _merge(plain, made)
        merged[section] = plain
    environments = {name: {"tenantId": TENANT} for name in ENVIRONMENTS}
    if over:
        environments[environment]["overrides"] = over
    return {**{k: v for k, v in merged.items() if k != "files"}, "environments": environments}


def _make(section: str, key: str, entry: Tree, lists: Tree, environment: str) -> Tree:
    ((name, source),) = entry["each"].items()
    items = lists[source] if isinstance(source, str) else {each: {} for each in source}
    made: Tree = {}
    for item, fields in items.items():
        words = {name: item, **{f"{name}.{field}": value for field, value in fields.items()}}
        body = _fill({k: v for k, v in entry.items() if k != "each"}, words)
        only = fields.get("only")
        if section == "applications":
            if only:
                body["only"] = only
            if "previously" in fields:
                body["previously"] = key.replace(f"${{{name}}}", fields["previously"])
        elif only and environment not in only:
            continue
        made[_fill(key, words)] = body
    return made


def _fill(value: Any, words: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {_fill(key, words): _fill(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_fill(each, words) for each in value]
    if not isinstance(value, str):
        return value
    return re.sub(r"\$\{([^{}]*)\}", lambda m: str(words[m[1]]) if m[1] in words else m[0], value)


def _merge(base: Tree, other: Tree) -> Tree:
    both = copy.deepcopy(base)
    for key, value in other.items():
        if isinstance(both.get(key), dict) and isinstance(value, dict):
            both[key] = _merge(both[key], value)
        else:
            assert key not in both, key
            both[key] = copy.deepcopy(value)
    return both


def _overlay(base: Tree, top: Tree) -> Tree:
    both = copy.deepcopy(base)
    for key, value in top.items():
        below = both.get(key)
        both[key] = _overlay(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return both


def without_places(value: Any) -> Any:
    """Return a loaded value as plain data, without its places and without the order of maps."""
    match value:
        case Position():
            return None
        case Mapping():
            return {
                str(key): without_places(each)
                for key, each in value.items()
                if not isinstance(each, Position)
            }
        case tuple() | list():
            return [without_places(each) for each in value]
        case _ if dataclasses.is_dataclass(value):
            return {
                field.name: without_places(getattr(value, field.name))
                for field in dataclasses.fields(value)
                if field.name not in {"root", "empty_lists", "path_restrictions"}
            }
        case _:
            return value
