"""The properties of a group, and the rules of the documentation about them.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.entities.user import FORBIDDEN_IN_NICKNAMES
from entra_emulator.graph.errors import bad_request, invalid_value, missing_value
from entra_emulator.graph.properties import (
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

_HIDDEN = "hiddenmembership"
_TYPES = {"Unified", "DynamicMembership"}


def make_group(row_id: str, created: str) -> Row:
    """Make a security group with Graph's defaults (azure-cli recording of 2022-05-07, answers of 2023-12 to
    2024-10).
    """
    return GROUP.make(
        id=row_id,
        createdDateTime=created,
        renewedDateTime=created,
        securityIdentifier=security_identifier(row_id),
    )


def check_group(old: Row | None, new: Row) -> None:
    """Check a new or changed group as a whole."""
    before = old["visibility"] if old is not None else None
    hidden = _HIDDEN in (str(before).casefold(), str(new["visibility"]).casefold())
    if hidden and new["visibility"] != before and (old is not None or "Unified" not in new["groupTypes"]):
        # Groups of Microsoft 365 have it from the beginning, or never.
        raise invalid_value("visibility", GROUP.resource)
    name, nick, kinds = new["displayName"], new["mailNickname"], new["groupTypes"]
    known = GROUP.properties
    if not name or len(name) > known["displayName"].longest:
        raise invalid_value("displayName", GROUP.resource)
    if (
        not nick
        or len(nick) > known["mailNickname"].longest
        or not nick.isascii()
        or set(nick) & set(FORBIDDEN_IN_NICKNAMES)
    ):
        raise invalid_value("mailNickname", GROUP.resource)
    check_choices(GROUP, new)
    _check_types(new, kinds)
    if not new["securityEnabled"] and (not new["mailEnabled"] or new["isAssignableToRole"]):
        raise invalid_value("securityEnabled", GROUP.resource)
    if new["isAssignableToRole"] and "DynamicMembership" in kinds:
        raise invalid_value("isAssignableToRole", GROUP.resource)


def _check_types(new: Row, kinds: list[str]) -> None:
    if not set(kinds) <= _TYPES or len(set(kinds)) != len(kinds):
        raise invalid_value("groupTypes", GROUP.resource)
    if "Unified" in kinds and not new["mailEnabled"]:
        raise invalid_value("mailEnabled", GROUP.resource)
    if new["mailEnabled"] and "Unified" not in kinds:
        # microsoft-graph-docs#372
        raise bad_request(
            "The service does not currently support writes of mail-enabled groups. Please ensure that the "
            "mail-enablement "
            "property is unset and the security-enablement property is set."
        )
    if "DynamicMembership" in kinds and not new["membershipRule"]:
        raise missing_value("membershipRule", GROUP.resource)


GROUP = Entity(
    "group",
    "Group",
    "groups",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq in"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter="eq ge le", order=ADVANCED),
        Property("classification", filter=ADVANCED),
        Property("createdDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter="eq in ge le", order=ADVANCED),
        Property("creationOptions", "Collection(Edm.String)", published=False),
        Property("description", filter=ADVANCED),
        Property("displayName", filter="eq in startswith ge le", order=ALWAYS, longest=256),
        Property("expirationDateTime", "Edm.DateTimeOffset", filter="eq in ge le"),
        Property("groupTypes", "Collection(Edm.String)", filter="eq"),
        Property("isAssignableToRole", "Edm.Boolean", filter="eq"),
        Property("mail", set_by=GRAPH, filter="eq in startswith"),
        Property("mailEnabled", "Edm.Boolean", default=False, filter="eq in"),
        Property("mailNickname", filter="eq in startswith", longest=64),
        Property("membershipRule", filter=ADVANCED),
        Property("membershipRuleProcessingState", filter="eq in", choices=frozenset({"On", "Paused"})),
        Property("onPremisesDomainName"),
        Property("onPremisesLastSyncDateTime", "Edm.DateTimeOffset", filter=ADVANCED),
        Property("onPremisesNetBiosName"),
        Property("onPremisesSamAccountName", filter=ADVANCED),
        Property("onPremisesSecurityIdentifier"),
        Property("onPremisesSyncEnabled", "Edm.Boolean", filter="eq"),
        Property("preferredDataLocation"),
        Property("preferredLanguage", filter=ADVANCED),
        Property("proxyAddresses", "Collection(Edm.String)", set_by=GRAPH, filter="eq startswith"),
        Property("renewedDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter="eq in ge le"),
        Property("resourceBehaviorOptions", "Collection(Edm.String)"),
        Property("resourceProvisioningOptions", "Collection(Edm.String)"),
        Property("securityEnabled", "Edm.Boolean", default=True, filter="eq in"),
        Property("securityIdentifier", set_by=GRAPH),
        Property("theme", choices=frozenset({"Blue", "Green", "Orange", "Pink", "Purple", "Red", "Teal"})),
        Property("uniqueName", key=True, upserts=True, since="2023-12"),
        Property(
            "visibility",
            filter="eq",
            choices=frozenset({"HiddenMembership", "Hiddenmembership", "Private", "Public"}),
        ),
        Property("onPremisesProvisioningErrors", "Collection(onPremisesProvisioningError)"),
        Property("serviceProvisioningErrors", "Collection(serviceProvisioningError)", since="2023-08"),
        Property("isManagementRestricted", "Edm.Boolean", selected=True),
        Property(
            "writebackConfiguration",
            "groupWritebackConfiguration",
            default={"isEnabled": None, "onPremisesGroupType": None},
            beta=True,
        ),
    ),
    read=permissions.GROUP_READ,
    create=permissions.GROUP_CREATE,
    update=permissions.GROUP_WRITE,
    delete=permissions.GROUP_WRITE,
    others=(
        Property("accessType", "groupAccessType"),
        Property("allowExternalSenders", "Edm.Boolean"),
        Property("assignedLabels", "Collection(assignedLabel)"),
        Property(
            "assignedLicenses",
            "Collection(assignedLicense)",
            set_by=GRAPH,
            filter="eq",
            inside={"any/skuId": "eq", "$count": ADVANCED},
        ),
        Property("autoSubscribeNewMembers", "Edm.Boolean"),
        Property("hasMembersWithLicenseErrors", "Edm.Boolean", set_by=GRAPH, filter="eq"),
        Property("hideFromAddressLists", "Edm.Boolean"),
        Property("hideFromOutlookClients", "Edm.Boolean"),
        Property("infoCatalogs", "Collection(Edm.String)"),
        Property("isArchived", "Edm.Boolean"),
        Property("isFavorite", "Edm.Boolean"),
        Property("isSubscribedByMail", "Edm.Boolean"),
        Property("licenseProcessingState", "licenseProcessingState", set_by=GRAPH),
        Property("onPremisesExtensionAttributes", "onPremisesExtensionAttributes"),
        Property("organizationId"),
        Property("unseenConversationsCount", "Edm.Int32"),
        Property("unseenCount", "Edm.Int32"),
        Property("unseenMessagesCount", "Edm.Int32"),
        Property("welcomeMessageEnabled", "Edm.Boolean"),
    ),
    navigation=frozenset(
        [
            "acceptedSenders",
            "appRoleAssignments",
            "calendar",
            "calendarView",
            "conversations",
            "createdOnBehalfOf",
            "drive",
            "drives",
            "events",
            "extensions",
            "groupLifecyclePolicies",
            "memberOf",
            "members",
            "membersWithLicenseErrors",
            "onPremisesSyncBehavior",
            "onenote",
            "owners",
            "permissionGrants",
            "photo",
            "photos",
            "planner",
            "rejectedSenders",
            "settings",
            "sites",
            "team",
            "threads",
            "transitiveMemberOf",
            "transitiveMembers",
        ]
    ),
    counted=("members", "owners"),
    searchable=True,
    required=("displayName", "mailEnabled", "mailNickname", "securityEnabled"),
    audited={
        "Description": "description",
        "DisplayName": "displayName",
        "Mail": "mail",
        "MailEnabled": keep_false("mailEnabled"),
        "MailNickname": "mailNickname",
        "SecurityEnabled": keep_false("securityEnabled"),
        "IsAssignableToRole": "isAssignableToRole",
    },
    restorable=True,
    extensible=True,
    phrase="group",
    category="GroupManagement",
)
