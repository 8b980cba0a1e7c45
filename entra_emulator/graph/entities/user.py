"""The properties of a user, and the rules of the documentation about them.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

import re
from typing import Any

from entra_emulator.graph import permissions
from entra_emulator.graph.errors import bad_request, invalid_value
from entra_emulator.graph.properties import (
    ADMINISTRATOR,
    ADVANCED,
    ALWAYS,
    GRAPH,
    Entity,
    Property,
    check_choices,
    keep_false,
)
from entra_emulator.identifiers import security_identifier
from entra_emulator.table import Row

_COUNTRY = re.compile(r"[A-Z]{2}")
FORBIDDEN_IN_NICKNAMES = '@()\\[]";:<>, '
_PRINCIPAL_NAME = re.compile(r"(?!\.)[A-Za-z0-9'._!#^~$-]{1,64}(?<!\.)@[A-Za-z0-9.-]{1,48}", re.ASCII)
_MAIL = re.compile(r"[^@\s\x80-\U0010ffff]+@[^@\s\x80-\U0010ffff]+")
_POLICIES = {"DisableStrongPassword", "DisablePasswordExpiration", "None"}
_LONGEST = 256


def make_user(row_id: str, principal_name: str, created: str, issuer: str) -> Row:
    """Make a user who signs in with a principal name."""
    return USER.make(
        id=row_id,
        userPrincipalName=principal_name,
        mailNickname=principal_name.split("@", 1)[0],
        createdDateTime=created,
        identities=[
            {"signInType": "userPrincipalName", "issuer": issuer, "issuerAssignedId": principal_name}
        ],
        securityIdentifier=security_identifier(row_id),
    )


def check_user(old: Row, new: Row) -> None:
    """Check what was set of a user: a value that was there before stays."""
    changed = {name: value for name, value in new.items() if value is not None and value != old.get(name)}
    check_choices(USER, changed)
    country = changed.get("usageLocation")
    if country is not None and not _COUNTRY.fullmatch(country):
        raise invalid_value("usageLocation", USER.resource)
    policies = changed.get("passwordPolicies")
    if policies is not None and not {part.strip() for part in policies.split(",")} <= _POLICIES:
        raise invalid_value("passwordPolicies", USER.resource)
    for name in ("displayName", "mailNickname"):
        if not new[name]:
            raise invalid_value(name, USER.resource)
    _check_lengths(changed)
    _check_addresses(changed)
    for identity in changed.get("identities", ()):
        if not all(identity.get(name) for name in ("signInType", "issuer", "issuerAssignedId")):
            raise invalid_value("identities", USER.resource)


def check_principal_name(name: Any) -> str:
    """Check a user's principal name but for its domain: 64 characters of the few that are allowed, an @,
    48 at most behind it.
    """
    if not isinstance(name, str) or not _PRINCIPAL_NAME.fullmatch(name):
        raise bad_request("Property userPrincipalName is invalid.")
    return name


def _check_lengths(changed: Row) -> None:
    for row in USER.limited:
        if row.name in changed and not 1 <= len(changed[row.name]) <= row.longest:
            # msgraph-sdk-dotnet#1453
            raise bad_request(f"The {row.name} should be between 1 and {row.longest} characters.")


def _check_addresses(changed: Row) -> None:
    nick = changed.get("mailNickname", "-")
    if not nick.isascii() or set(nick) & set(FORBIDDEN_IN_NICKNAMES):
        raise invalid_value("mailNickname", USER.resource)
    if len(changed.get("businessPhones", ())) > 1:
        raise invalid_value("businessPhones", USER.resource)
    others = changed.get("otherMails", [])
    if any(not 1 <= len(mail) <= _LONGEST for mail in others):
        raise bad_request(f"The otherMails should be between 1 and {_LONGEST} characters.")
    for name, mails in (("mail", [changed.get("mail", "a@b")]), ("otherMails", others)):
        if not all(_MAIL.fullmatch(mail) for mail in mails):
            raise invalid_value(name, USER.resource)


USER = Entity(
    "user",
    "User",
    "users",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq in"),
        Property("businessPhones", "Collection(Edm.String)", filter="eq"),
        Property("displayName", filter="eq in startswith ge le", order=ALWAYS, longest=256),
        Property("givenName", filter="eq in startswith ge le", longest=64),
        Property("jobTitle", filter="eq in startswith ge le", longest=128),
        Property("mail", filter="eq in startswith ge le"),
        Property("mobilePhone", filter=ADVANCED, longest=64),
        Property("officeLocation", filter=ADVANCED),
        Property("preferredLanguage", filter=ADVANCED),
        Property("surname", filter="eq in startswith ge le", longest=64),
        Property(
            "userPrincipalName", set_by=ADMINISTRATOR, filter="eq in startswith ge le", order=ALWAYS, key=True
        ),
        Property(
            "accountEnabled", "Edm.Boolean", default=True, set_by=ADMINISTRATOR, filter="eq in", selected=True
        ),
        Property(
            "userType",
            default="Member",
            set_by=ADMINISTRATOR,
            filter="eq in",
            selected=True,
            choices=frozenset({"Guest", "Member"}),
        ),
        Property("mailNickname", filter="eq in startswith ge le", selected=True, longest=64),
        Property(
            "createdDateTime",
            "Edm.DateTimeOffset",
            set_by=GRAPH,
            filter="eq in ge le",
            order=ADVANCED,
            selected=True,
        ),
        Property(
            "identities",
            "Collection(objectIdentity)",
            set_by=ADMINISTRATOR,
            inside={"any/issuer": "eq", "any/issuerAssignedId": "eq"},
            selected=True,
        ),
        Property("securityIdentifier", set_by=GRAPH, selected=True),
    ),
    read=permissions.USER_READ,
    create=permissions.USER_WRITE,
    update=permissions.USER_WRITE,
    delete=permissions.USER_WRITE,
    others=(
        Property("aboutMe"),
        Property("ageGroup", filter="eq in", choices=frozenset({"Adult", "Minor", "NotAdult"})),
        Property(
            "assignedLicenses",
            "Collection(assignedLicense)",
            set_by=GRAPH,
            filter="eq",
            inside={"any/skuId": "eq", "$count": ADVANCED},
        ),
        Property("assignedPlans", "Collection(assignedPlan)", set_by=GRAPH),
        Property("authorizationInfo", "authorizationInfo", merges=True),
        Property("birthday", "Edm.DateTimeOffset", nullable=False),
        Property("city", filter="eq in startswith ge", longest=128),
        Property("companyName", filter=ADVANCED, longest=64),
        Property(
            "consentProvidedForMinor", filter="eq in", choices=frozenset({"Denied", "Granted", "NotRequired"})
        ),
        Property("country", filter="eq in startswith ge le", longest=128),
        Property("creationType", set_by=GRAPH, filter="eq in"),
        Property("customSecurityAttributes", "customSecurityAttributeValue", merges=True),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter="eq ge le", order=ADVANCED),
        Property("department", filter="eq in startswith ge le", longest=64),
        Property("deviceEnrollmentLimit", "Edm.Int32", nullable=False),
        Property("employeeHireDate", "Edm.DateTimeOffset", filter=ADVANCED),
        Property("employeeId", filter="eq startswith", longest=16),
        Property("employeeLeaveDateTime", "Edm.DateTimeOffset"),
        Property(
            "employeeOrgData",
            "employeeOrgData",
            inside={"costCenter": ADVANCED, "division": ADVANCED},
            merges=True,
        ),
        Property("employeeType", filter=ADVANCED),
        Property("externalUserState", set_by=GRAPH),
        Property("externalUserStateChangeDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("faxNumber", filter=ADVANCED),
        Property("hireDate", "Edm.DateTimeOffset", nullable=False),
        Property("identityParentId", set_by=GRAPH),
        Property("imAddresses", "Collection(Edm.String)", set_by=GRAPH, filter="eq startswith ge le"),
        Property("interests", "Collection(Edm.String)"),
        Property("isManagementRestricted", "Edm.Boolean", set_by=GRAPH),
        Property("isResourceAccount", "Edm.Boolean", filter="eq"),
        Property("lastPasswordChangeDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("legalAgeGroupClassification", set_by=GRAPH),
        Property("licenseAssignmentStates", "Collection(licenseAssignmentState)", set_by=GRAPH),
        Property("mailboxSettings", "mailboxSettings", merges=True),
        Property("mySite"),
        Property("onPremisesDistinguishedName", set_by=GRAPH),
        Property("onPremisesDomainName", set_by=GRAPH),
        Property(
            "onPremisesExtensionAttributes",
            "onPremisesExtensionAttributes",
            inside={f"extensionAttribute{number}": ADVANCED for number in range(1, 16)},
            merges=True,
        ),
        Property("onPremisesImmutableId", set_by=ADMINISTRATOR, filter=ADVANCED),
        Property("onPremisesLastSyncDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter=ADVANCED),
        Property("onPremisesProvisioningErrors", "Collection(onPremisesProvisioningError)", set_by=GRAPH),
        Property("onPremisesSamAccountName", set_by=GRAPH, filter=ADVANCED),
        Property("onPremisesSecurityIdentifier", set_by=GRAPH, filter="eq in"),
        Property("onPremisesSyncEnabled", "Edm.Boolean", set_by=GRAPH, filter="eq in"),
        Property("onPremisesUserPrincipalName", set_by=GRAPH, filter="eq in startswith ge le"),
        Property("otherMails", "Collection(Edm.String)", filter="eq in startswith ge le"),
        Property("passwordPolicies", filter=ADVANCED),
        Property("passwordProfile", "passwordProfile", set_by=ADMINISTRATOR, merges=True),
        Property("pastProjects", "Collection(Edm.String)"),
        Property("postalCode", filter=ADVANCED, longest=40),
        Property("preferredDataLocation"),
        Property("preferredName"),
        Property("print", "userPrint", merges=True),
        Property("provisionedPlans", "Collection(provisionedPlan)", set_by=GRAPH),
        Property("proxyAddresses", "Collection(Edm.String)", set_by=GRAPH, filter="eq startswith ge le"),
        Property("responsibilities", "Collection(Edm.String)"),
        Property("schools", "Collection(Edm.String)"),
        Property("serviceProvisioningErrors", "Collection(serviceProvisioningError)", set_by=GRAPH),
        Property("showInAddressList", "Edm.Boolean", filter=ADVANCED),
        Property("signInActivity", "signInActivity", set_by=GRAPH, merges=True),
        Property("signInSessionsValidFromDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("skills", "Collection(Edm.String)"),
        Property("state", filter="eq in startswith ge le", longest=128),
        Property("streetAddress", filter=ADVANCED, longest=1024),
        Property("usageLocation", filter="eq in startswith ge le"),
    ),
    navigation=frozenset(
        [
            "activities",
            "adhocCalls",
            "agreementAcceptances",
            "appRoleAssignments",
            "authentication",
            "calendar",
            "calendarGroups",
            "calendarView",
            "calendars",
            "chats",
            "cloudClipboard",
            "cloudPCs",
            "contactFolders",
            "contacts",
            "createdObjects",
            "dataSecurityAndGovernance",
            "deviceManagementTroubleshootingEvents",
            "directReports",
            "drive",
            "drives",
            "employeeExperience",
            "events",
            "extensions",
            "followedSites",
            "inferenceClassification",
            "insights",
            "joinedTeams",
            "licenseDetails",
            "mailFolders",
            "managedAppRegistrations",
            "managedDevices",
            "manager",
            "memberOf",
            "messages",
            "oauth2PermissionGrants",
            "onPremisesSyncBehavior",
            "onenote",
            "onlineMeetings",
            "outlook",
            "ownedDevices",
            "ownedObjects",
            "people",
            "permissionGrants",
            "photo",
            "photos",
            "planner",
            "presence",
            "registeredDevices",
            "scopedRoleMemberOf",
            "settings",
            "solutions",
            "sponsorOf",
            "sponsors",
            "teamwork",
            "todo",
            "transitiveMemberOf",
        ]
    ),
    searchable=True,
    required=("accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"),
    keeps_others=True,
    id_last=True,
    audited={
        "AccountEnabled": keep_false("accountEnabled"),
        "DisplayName": "displayName",
        "MailNickname": "mailNickname",
        "UserPrincipalName": "userPrincipalName",
        "JobTitle": "jobTitle",
        "Department": "department",
    },
    restorable=True,
    extensible=True,
    phrase="user",
    category="UserManagement",
)
