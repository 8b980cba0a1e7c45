"""A finding of a drift report's document in; the elements of the directory that it is about, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.oracle.evidence.elements import Element

CREDENTIALS = ("passwordCredentials", "keyCredentials")
ENTRIES = {"api.oauth2PermissionScopes": "scope", "appRoles": "role"}


# What happened to an object that a manifest names, and what of it that is.
EVENTS = {
    "user-deleted": "user",
    "group-deleted": "group",
    "application-deleted": "principal",
    "user-renamed": "name",
    "group-renamed": "name",
    "application-renamed": "name",
}
UNTOLD = frozenset({"cannot-be-identified", "plan-refuses", "plan-withholds"})


class UnreadError(Exception):
    """A finding says nothing that this judge understands."""


def elements(finding: Mapping[str, Any]) -> list[Element]:
    """Return what a finding is about; of an entry that changed, each field of it that differs. What cannot be
    identified, and what a plan refuses or withholds, is about nothing that could be looked up.
    """
    if finding["rule"] in UNTOLD:
        return []
    if finding["rule"] in EVENTS and "object" not in finding["ids"]:
        return []
    if finding["rule"] in EVENTS:
        return [(EVENTS[finding["rule"]], finding["ids"]["object"])]
    ids, path, entry = finding["ids"], finding["path"], finding["element"]
    kind, _, key = finding["address"].partition(".")
    object_ = ids.get("object", "")
    match kind, path:
        case ("appRoleAssignment", _) | ("application", "appRoleAssignments" | "appRoleAssignedTo"):
            return [("assigned", ids["resource"], ids["role"], ids["principal"])]
        case "permissionGrant", _:
            return [("consent", ids["client"], ids["resource"], entry)]
        case "application", "oauth2PermissionGrants":
            return [("consent", ids["client"], ids["resource"], ids["scope"])]
        case ("owner", _) | ("application", "owners"):
            return [("owner", object_, ids["owner"])]
        case "authorizedClient", "":
            return [("client", object_, ids["clientApp"])]
        case "authorizedClient", _:
            return [("clientScope", object_, ids["clientApp"], entry)]
        case "federatedCredential", "":
            return [("federated", object_, key.partition("/")[2])]
        case "federatedCredential", _:
            return [("federatedField", object_, key.partition("/")[2], path)]
        case "application", "":
            return [("application", object_)]
        case "enterpriseApplication", "":
            return [("principal", object_)]
        case "application", _:
            return _of_application(finding, object_, path, entry)
        case "enterpriseApplication", "tags":
            return [_tag(finding, object_)]
        case "enterpriseApplication", _:
            return [("value", object_, path)]
        case _:
            raise UnreadError(f"{finding['address']} {path}: {finding['sentence']}")


def _of_application(finding: Mapping[str, Any], app: str, path: str, entry: Any) -> list[Element]:
    if path == "tags":
        return [_tag(finding, app)]
    if path.endswith("redirectUris"):
        return [("redirect", app, path, entry)]
    if path in ENTRIES:
        (id_,) = entry
        if finding["sign"] == "changed":
            return [(f"{ENTRIES[path]}Field", app, id_, field) for field in finding["live"]]
        return [(ENTRIES[path], app, id_)]
    match path:
        case "identifierUris":
            return [("identifier", app, entry)]
        case "requiredResourceAccess":
            return [("requested", app, *entry)]
        case "api.knownClientApplications":
            return [("known", app, entry)]
        case "federatedIdentityCredentials":
            return [("federated", app, entry)]
        case _ if path in CREDENTIALS:
            # Whose it is, the registration's or its service principal's, the key id tells.
            return [
                (path, object_, entry)
                for object_ in (app, finding["ids"].get("principalObject", ""))
                if object_
            ]
        case _:
            return [("value", app, path)]


def _tag(finding: Mapping[str, Any], object_: str) -> Element:
    if finding["rule"] == "ownership-tags-changed":
        return ("ownership", object_)
    return ("tag", object_, finding["element"])
