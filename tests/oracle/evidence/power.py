"""The manifest's tenant, the tenant of now and a report in; power that differs and is told by nothing, and
the reverse, out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.cases.upgrade import TABLES
from tests.oracle.evidence import reading
from tests.oracle.evidence.elements import FLAGS, Element, Parts, parts

# What lets somebody do something; names and texts are none of it.
POWER = frozenset(
    {
        "redirect",
        "client",
        "clientScope",
        "federated",
        "federatedField",
        "owner",
        "assigned",
        "consent",
        "role",
        "scope",
    }
)
CREDENTIALS = frozenset({"passwordCredentials", "keyCredentials"})
VALUES = frozenset({"signInAudience", *(f"web.implicitGrantSettings.{flag}" for flag in FLAGS)})
FIELDS = frozenset({"isEnabled", "value", "allowedMemberTypes", "type"})
# What came or went whole is one finding; its parts are none of their own.
WHOLE = {
    "clientScope": ("client", 3),
    "federatedField": ("federated", 3),
    "roleField": ("role", 3),
    "scopeField": ("scope", 3),
}


def differences(before: Mapping[str, Any], after: Mapping[str, Any], owner: str) -> set[Element]:
    """Return the elements of power at our objects that differ between two dumps."""
    old, new = _all(before), _all(after)
    ours = _ours(before, owner) | _ours(after, owner)
    there = {key[1] for key in new if key[0] in {"application", "principal"}}
    found = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key) and _counts(key, ours)}
    gone = {id_ for id_ in ours if id_ not in there}
    gone |= {app_id for id_, app_id in _app_ids(before).items() if id_ in gone}
    # With an object goes all that it was and held: one finding.
    found = {key for key in found if not gone & set(key[1:]) or key[0] in {"application", "principal"}}
    wholes = {key for key in found if key[0] not in WHOLE}
    return {
        key
        for key in found
        if key[0] not in WHOLE or (WHOLE[key[0]][0], *key[1 : WHOLE[key[0]][1]]) not in wholes
    }


def reported(document: Mapping[str, Any]) -> set[Element]:
    """Return the elements that the findings of a report are about."""
    return {element for finding in document["findings"] for element in reading.elements(finding)}


def _counts(key: Element, ours: set[str]) -> bool:
    match key[0]:
        case "application" | "principal" | "owner":
            return key[1] in ours
        case "assigned":
            return bool({key[1], key[3]} & ours)
        case "consent":
            return bool({key[1], key[2]} & ours)
        case "value":
            return key[1] in ours and key[2] in VALUES
        case "roleField" | "scopeField":
            return key[1] in ours and key[3] in FIELDS
        case _:
            return key[1] in ours and key[0] in POWER | CREDENTIALS


def _all(dump: Mapping[str, Any], *, deleted: bool = False) -> Parts:
    (tenant, *_) = dump["tenants"]
    found: Parts = {}
    for row in tenant["deletedItems"] if deleted else ():
        table = {"application": "applications", "servicePrincipal": "servicePrincipals"}.get(row["_type"], "")
        found |= {
            key: value
            for key, value in parts(table, row).items()
            if key[0] not in {"application", "principal"}
        }
    for table in TABLES:
        for row in tenant[table]:
            found |= parts(table, row)
    for source, targets in tenant["owners"].items():
        for target in targets:
            found |= parts("owners", {"source": source, "target": target})
    return found


def _names(dump: Mapping[str, Any], table: str) -> dict[str, str]:
    return {row["id"]: row["displayName"] for row in dump["tenants"][0][table]}


def _app_ids(dump: Mapping[str, Any]) -> dict[str, str]:
    return {row["id"]: row["appId"] for row in dump["tenants"][0]["applications"]}


def _ours(dump: Mapping[str, Any], owner: str) -> set[str]:
    (tenant, *_) = dump["tenants"]
    apps = [row for row in tenant["applications"] if f"entra-config:owner={owner}" in row["tags"]]
    by_app = {row["appId"]: row["id"] for row in tenant["servicePrincipals"]}
    return {row["id"] for row in apps} | {by_app[row["appId"]] for row in apps if row["appId"] in by_app}


def problems(
    before: Mapping[str, Any], after: Mapping[str, Any], document: Mapping[str, Any], owner: str
) -> Iterator[str]:
    """Yield each power that differs without a finding, and each finding where nothing differs."""
    differing, found = differences(before, after, owner), reported(document)
    # A credential is the registration's or its service principal's: a finding names it by its key.
    by_key = {(key[0], key[2]) for key in found if key[0] in CREDENTIALS}
    gone = _names(before, "groups").items() - _names(after, "groups").items()
    # What a deleted group held is a warning that names the group.
    warned = {id_ for id_, name in gone if any(repr(name) in warning for warning in document["warnings"])}
    for key in sorted(differing):
        if (
            key not in found
            and not (key[0] in CREDENTIALS and (key[0], key[2]) in by_key)
            and key[-1] not in warned
        ):
            yield f"power that differs and is told by nothing: {key}"
    # What a deleted registration would bring back is told as well.
    old, new = _all(before, deleted=True), _all(after, deleted=True)
    for finding in document["findings"]:
        if all(old.get(key) == new.get(key) for key in reading.elements(finding)):
            yield f"a finding where nothing differs: {finding['sentence']} ({finding['rule']})"
