"""The audit log in; which of its records tell an act whole, and which only say that something was touched,
out.

Written from the notes on the log alone: the names of properties are those of A1.6, the facts of links those
of A1.7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from entra_emulator.clock import read_stamp
from tests.oracle.evidence.elements import Element

Record = Mapping[str, Any]
# By element, then by path: what the log calls it.
PROPERTY: Mapping[str, str] = {
    "redirect": "AppAddress",
    "identifier": "AppIdentifierUri",
    "scope": "Entitlement",
    "role": "Entitlement",
    "scopeField": "Entitlement",
    "roleField": "Entitlement",
    "requested": "RequiredResourceAccess",
    "client": "PreAuthorizedApplications",
    "clientScope": "PreAuthorizedApplications",
    "known": "KnownClientApplications",
    "passwordCredentials": "KeyDescription",
    "keyCredentials": "KeyDescription",
    "federated": "FederatedIdentityCredentials",
    "federatedField": "FederatedIdentityCredentials",
    "ownership": "ApplicationTag",
    "tag": "ApplicationTag",
}
VALUES: Mapping[str, str] = {
    "displayName": "DisplayName",
    "signInAudience": "AvailableToOtherTenants",
    "web.logoutUrl": "AppAddress",
    "web.homePageUrl": "WwwHomepage",
    "web.implicitGrantSettings.enableAccessTokenIssuance": "OauthOidcResponsePolicyBitmap",
    "web.implicitGrantSettings.enableIdTokenIssuance": "OauthOidcResponsePolicyBitmap",
    "isFallbackPublicClient": "PublicClient",
    "api.requestedAccessTokenVersion": "AccessTokenAcceptedVersion",
    "api.acceptMappedClaims": "AcceptMappedClaims",
    "optionalClaims": "OptionalClaims",
    "groupMembershipClaims": "GroupMembershipClaims",
    "notes": "Notes",
    "description": "Description",
    "appRoleAssignmentRequired": "ExplicitAccessGrantRequired",
    "accountEnabled": "AccountEnabled",
}
DELETED = ("Delete application", "Remove service principal")
MADE = ("Add application", "Add service principal")


def properties(record: Record) -> dict[str, tuple[Any, Any]]:
    """Return what a record says of its first target: old and new value by name, as text."""
    first = record["targetResources"][0]
    return {each["displayName"]: (each["oldValue"], each["newValue"]) for each in first["modifiedProperties"]}


def name_of(element: Element) -> str:
    """Return the log's name for the property that an element is kept in; empty of a link."""
    return VALUES.get(element[2], "") if element[0] == "value" else PROPERTY.get(element[0], "")


def whole(record: Record, element: Element) -> bool:
    """Tell whether a record tells all about a change of an element: that very property with its values, or
    the link's facts.
    """
    said = properties(record)
    match element[0]:
        case "application" | "principal":
            return record["activityDisplayName"] in (*DELETED, *MADE)
        case "user" | "group":
            return record["activityDisplayName"].startswith("Delete ")
        case "name":
            return bool({"UserPrincipalName", "DisplayName"} & said.keys())
        case "assigned":
            return "AppRole.Id" in said
        case "consent":
            return {"DelegatedPermissionGrant.Scope", "DelegatedPermissionGrant.ConsentType"} <= said.keys()
        case "owner":
            return bool({"Application.ObjectID", "ServicePrincipal.ObjectID"} & said.keys())
        case _:
            return record["targetResources"][0]["id"] == element[1] and name_of(element) in said


@dataclass(frozen=True)
class Visible:
    """The records that could be read at a time, by id; `mirrors` leads from a registration to its service
    principal.
    """

    records: Mapping[str, Record]
    mirrors: Mapping[str, str]

    @classmethod
    def at(
        cls, log: Iterable[Record], when: datetime, delay: Callable[[str], float], mirrors: Mapping[str, str]
    ) -> Visible:
        """Read a log as of a time, with the delay in seconds of each record by its id."""
        there = (record for record in log if time(record) + timedelta(seconds=delay(record["id"])) <= when)
        return cls({record["id"]: record for record in there}, mirrors)

    def telling(self, ids: Iterable[str], element: Element) -> list[Record]:
        """Return the records of a call that tell a change of an element whole."""
        found = (self.records[id_] for id_ in ids if id_ in self.records)
        return [record for record in found if whole(record, element)]

    def orphans(self, element: Element, since: datetime) -> list[Record]:
        """Return what came later and only says that the object was touched, in a call of which no record
        says how.
        """
        name = name_of(element)
        # What is changed of a registration shows on its service principal; nothing shows the other way.
        mirror = self.mirrors.get(element[1], "") if not self._registration(element[1]) else ""
        objects = {element[1], mirror} - {""} if name else set()
        return [
            record
            for record in self.records.values()
            if time(record) >= since
            and record["targetResources"][0]["id"] in objects
            and (_stub(record) or name in _named(record))
            and not self._explained(record, element)
        ]

    def _registration(self, principal: str) -> str:
        return next((app for app, mirror in self.mirrors.items() if mirror == principal), "")

    def _explained(self, stub: Record, element: Element) -> bool:
        """Tell whether a record of the same call says what was changed: of the registration, or of this
        very object.
        """
        for record in self.records.values():
            if record["correlationId"] != stub["correlationId"] or record["targetResources"][0]["id"] not in {
                stub["targetResources"][0]["id"],
                element[1],
                self._registration(element[1]),
            }:
                continue
            if _valued(record) and (_stub(stub) or name_of(element) in properties(record)):
                return True
        return False


def time(record: Record) -> datetime:
    """Return when a record was written."""
    return read_stamp(record["activityDateTime"])


def _stub(record: Record) -> bool:
    return record["activityDisplayName"].startswith("Update ") and not _valued(record) and not _named(record)


def _valued(record: Record) -> bool:
    return any(not name.startswith(("TargetId.", "Included ")) for name in properties(record))


def _named(record: Record) -> set[str]:
    """Return what a record names without a value."""
    said = properties(record)
    listed = str((said.get("Included Updated Properties") or (None, None))[1] or "").strip('"')
    return {name for name in listed.split(", ") if name} - said.keys()
