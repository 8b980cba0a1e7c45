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
        "ownership",
    }
)
OBJECTS = frozenset({"application", "principal", "user", "group"})
EXISTENCE = OBJECTS | {"name"}
# To whom the project's manifest gives a role, or what it names as an owner.
NAMED = frozenset(
    {
        "All Staff",
        "MyApp Writers",
        "MyApp Admins",
        "heidi@contoso.com",
        "ivan@contoso.com",
        "judy@contoso.com",
        "Emulator admin",
        "HR API",
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


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], own: Mapping[str, str], unnamed: str = ""
) -> set[Element]:
    """Return the elements of power at our objects, and at those that the manifest names, that differ between
    two dumps; `unnamed` is the object that the manifest knows by its appId, so that its name means nothing.
    """
    old, new = _all(before), _all(after)
    ours, named = _ours(before, own), _named(before)
    there = {key[1] for key in new if key[0] in OBJECTS}
    found = {
        key
        for key in old.keys() | new.keys()
        if old.get(key) != new.get(key)
        and key != ("name", unnamed)
        and (_counts(key, ours) or (key[0] in EXISTENCE and key[1] in named))
    }
    gone = {id_ for id_ in ours | named if id_ not in there}
    principals = {row["id"]: row["appId"] for row in before["tenants"][0]["servicePrincipals"]}
    unregistered = {app_id for id_, app_id in _app_ids(before).items() if id_ in gone}
    # The service principal is restored after its application, and is part of that finding.
    found -= {("principal", id_) for id_, app_id in principals.items() if app_id in unregistered}
    # With an object goes all that it was and held: one finding.
    found = {key for key in found if not gone & set(key[1:]) or key[0] in OBJECTS}
    # An entry for a client that is deleted for good lets nobody do anything.
    kept = {row["id"] for row in after["tenants"][0]["deletedItems"]}
    purged = {app_id for id_, app_id in _app_ids(before).items() if id_ in gone - kept}
    found = {key for key in found if not purged & set(key[1:])}
    wholes = {key for key in found if key[0] not in WHOLE}
    return {
        key
        for key in found
        if key[0] not in WHOLE or (WHOLE[key[0]][0], *key[1 : WHOLE[key[0]][1]]) not in wholes
    }


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
    for table in (*TABLES, "users", "groups"):
        for row in tenant[table]:
            found |= parts(table, row)
    live = {row["id"] for table in ("applications", "servicePrincipals") for row in tenant[table]}
    for source, targets in tenant["owners"].items():
        for target in targets if source in live or deleted else ():
            found |= parts("owners", {"source": source, "target": target})
    return found


def _names(dump: Mapping[str, Any], table: str) -> dict[str, str]:
    return {row["id"]: row["displayName"] for row in dump["tenants"][0][table]}


def _app_ids(dump: Mapping[str, Any]) -> dict[str, str]:
    return {row["id"]: row["appId"] for row in dump["tenants"][0]["applications"]}


def _ours(dump: Mapping[str, Any], own: Mapping[str, str]) -> set[str]:
    (tenant, *_) = dump["tenants"]
    app_ids = {row["appId"] for row in tenant["applications"] if row["id"] in own.values()}
    return {*own.values(), *(row["id"] for row in tenant["servicePrincipals"] if row["appId"] in app_ids)}


def _named(dump: Mapping[str, Any]) -> set[str]:
    """Return the users, groups and applications of others that the manifest gives a role to."""
    (tenant, *_) = dump["tenants"]
    rows = (*tenant["users"], *tenant["groups"], *tenant["servicePrincipals"])
    return {row["id"] for row in rows if {row.get("userPrincipalName"), row["displayName"]} & NAMED}


def problems(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    document: Mapping[str, Any],
    own: Mapping[str, str],
    unnamed: str = "",
) -> Iterator[str]:
    """Yield each power that differs without a finding, and each finding where nothing differs."""
    differing = differences(before, after, own, unnamed)
    told = (*document["findings"], *document.get("information", ()))
    about = {each["fingerprint"]: _elements(each, own, _principals(before, own)) for each in told}
    found = {element for elements in about.values() for element in elements}
    # A credential is the registration's or its service principal's: a finding names it by its key.
    by_key = {(key[0], key[2]) for key in found if key[0] in CREDENTIALS}
    gone = {key[1] for key in found if key[0] in OBJECTS}
    excused = _unidentified(before, document, own) | _candidates(after, document)
    # Without a record of its deletion, an API that was purged is told by the manifest's name alone.
    if any(each["rule"] == "application-deleted" and not each["ids"] for each in document["findings"]):
        excused.add(unnamed)
    # The service principal has its registration's tags.
    mirrors = {id_ for key, id_ in _principals(before, own).items() if ("ownership", own[key]) in found}
    for key in sorted(differing):
        if (
            key not in found
            and not (key[0] in CREDENTIALS and (key[0], key[2]) in by_key)
            and key[-1] not in gone
            and not excused & set(key[1:])
            and not (key[0] == "ownership" and key[1] in mirrors)
        ):
            yield f"power that differs and is told by nothing: {key}"
    # What a deleted registration would bring back is told as well.
    pairs = [(_all(before, deleted=deleted), _all(after, deleted=deleted)) for deleted in (True, False)]
    for finding in told:
        elements = about[finding["fingerprint"]]
        if elements and all(old.get(key) == new.get(key) for key in elements for old, new in pairs):
            yield f"a finding where nothing differs: {finding['sentence']} ({finding['rule']})"


def _elements(
    finding: Mapping[str, Any], own: Mapping[str, str], principals: Mapping[str, str]
) -> list[Element]:
    """Return the elements that a finding is about: of ours by its key, if no record has the id of what was
    deleted for good.
    """
    kind, _, key = finding["address"].partition(".")
    if "object" in finding["ids"] or finding["path"] or finding["rule"] in reading.UNTOLD:
        return reading.elements(finding)
    match kind:
        case "application":
            return [("application", own[key])]
        case "enterpriseApplication" if key in principals:
            return [("principal", principals[key])]
        case _:
            return reading.elements(finding)


def _principals(dump: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, str]:
    (tenant, *_) = dump["tenants"]
    app_ids = _app_ids(dump)
    keys = {app_ids[id_]: key for key, id_ in own.items() if id_ in app_ids}
    return {keys[row["appId"]]: row["id"] for row in tenant["servicePrincipals"] if row["appId"] in keys}


def _candidates(after: Mapping[str, Any], document: Mapping[str, Any]) -> set[str]:
    """Return the ids of what a report says could be what it cannot identify: their links are part of that."""
    (tenant, *_) = after["tenants"]
    said = " ".join(each["sentence"] for each in _unknown(document))
    rows = (*tenant["applications"], *tenant["servicePrincipals"])
    holders = {
        row["id"]
        for row in (*tenant["users"], *tenant["groups"], *tenant["servicePrincipals"])
        if f'"{row["displayName"]}" ({row["id"][:4]}' in said
    }
    return holders | {id_ for row in rows if row["appId"] in said for id_ in (row["id"], row["appId"])}


def _unidentified(before: Mapping[str, Any], document: Mapping[str, Any], own: Mapping[str, str]) -> set[str]:
    """Return the ids of what a report cannot identify: whatever else differs of it is part of that."""
    (tenant, *_) = before["tenants"]
    names = {row["userPrincipalName"]: row["id"] for row in tenant["users"]}
    names |= {row["displayName"]: row["id"] for row in (*tenant["groups"], *tenant["servicePrincipals"])}
    principals = _principals(before, own)
    app_ids = _app_ids(before)
    found: set[str] = set()
    for each in _unknown(document):
        kind, _, key = each["address"].partition(".")
        found |= {own[key], principals[key], app_ids[own[key]]} if kind == "application" else {names[key]}
    return found


def _unknown(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the findings about what a report cannot identify."""
    told = (*document["findings"], *document.get("information", ()))
    return [each for each in told if each["rule"] == "cannot-be-identified"]
