"""Rules of an application's other properties, by Graph's documented limits; a refusal out where one is
broken.
"""

from entra_emulator.graph import restrictions
from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import (
    bad_request,
    duplicate_values,
    invalid_value,
    missing_value,
    taken,
)
from entra_emulator.graph.validation_permissions import check_authorized_clients, check_permissions
from entra_emulator.graph.validation_uris import check_identifier_uris, check_redirect_uris
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

AUDIENCES = {
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
}
PERSONAL = {"AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"}
# parentalControlSettings documentation
_AGE_RULES = (
    "Allow",
    "RequireConsentForPrivacyServices",
    "RequireConsentForMinors",
    "RequireConsentForKids",
    "BlockMinors",
)
_CLAIMS = {"None", "SecurityGroup", "All", "ApplicationGroup", "DirectoryRole"}
_LONGEST_NAME = 256
_LONGEST_DESCRIPTION = 1024
_MOST_RESOURCES = 50
_MOST_REQUIRED = 400


def check_application(call: Call, old: Row | None, new: Row, sent: set[str]) -> None:
    """Check a new or changed application as a whole; `sent` names the properties of the request."""
    _check_info(old, new)
    _check_texts(new)
    _check_tags(new)
    _check_tokens(new)
    _check_required(new)
    check_redirect_uris(old, new)
    check_identifier_uris(call, old, new)
    restrictions.check_audience(call, old, new)
    restrictions.check_keys(call, "applications", old, new)
    if old is None or {"api", "appRoles"} & sent:
        check_permissions(call, old, new)
    api = call.body.get("api")
    if isinstance(api, dict) and "preAuthorizedApplications" in api:
        check_authorized_clients(call, old, new)
    if new["uniqueName"] is not None and (old is None or old["uniqueName"] is None):
        check_unique_name(call.tenant, new["uniqueName"], new["id"])


def check_unique_name(tenant: Tenant, name: str, row_id: str) -> None:
    """Check that no live or soft-deleted object holds a unique name: a delete does not free it."""
    for table in ("applications", "groups", "deletedItems"):
        if any(row["id"] != row_id for row in tenant.tables[table].find("uniqueName", name.casefold())):
            raise taken("uniqueName")


def _check_info(old: Row | None, new: Row) -> None:
    before = old["info"]["logoUrl"] if old is not None else None
    if new["info"]["logoUrl"] is None:
        new["info"] = {**new["info"], "logoUrl": before}
    elif new["info"]["logoUrl"] != before:
        raise bad_request("Property 'info.logoUrl' is read-only and cannot be set.")
    rule = new["parentalControlSettings"]["legalAgeGroupRule"]
    if rule not in (None, *_AGE_RULES):
        raise invalid_value("parentalControlSettings", "Application")


def _check_texts(new: Row) -> None:
    name = new["displayName"]
    if name is None:
        raise missing_value("displayName", "Application")
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise invalid_value("displayName", "Application")
    if new["description"] is not None and len(new["description"]) > _LONGEST_DESCRIPTION:
        raise invalid_value("description", "Application")
    if new["uniqueName"] == "":
        raise invalid_value("uniqueName", "Application")


def _check_tags(new: Row) -> None:
    tags = new["tags"]
    if any(not 1 <= len(tag) <= 256 or any(c.isspace() for c in tag) for tag in tags):
        raise invalid_value("tags", "Application")
    if len(set(tags)) != len(tags):
        raise duplicate_values()


def _check_tokens(new: Row) -> None:
    if new["signInAudience"] not in AUDIENCES:
        raise invalid_value("signInAudience", "Application")
    version = new["api"]["requestedAccessTokenVersion"]
    if version not in {None, 1, 2} or (new["signInAudience"] in PERSONAL and version != 2):
        # Personal audiences need version 2 tokens.
        raise bad_request("Property api.requestedAccessTokenVersion is invalid.")
    claims = new["groupMembershipClaims"]
    if claims is not None and not {part.strip() for part in claims.split(",")} <= _CLAIMS:
        raise invalid_value("groupMembershipClaims", "Application")


def _check_required(new: Row) -> None:
    resources = new["requiredResourceAccess"]
    total = 0
    for resource in resources:
        if not is_guid(resource["resourceAppId"] or ""):
            raise invalid_value("requiredResourceAccess", "Application")
        for access in resource["resourceAccess"]:
            total += 1
            if access["type"] not in {"Scope", "Role"}:
                raise invalid_value("requiredResourceAccess", "Application")
    if len({resource["resourceAppId"].casefold() for resource in resources}) != len(resources):
        raise duplicate_values()
    if len(resources) > _MOST_RESOURCES or total > _MOST_REQUIRED:
        raise invalid_value("requiredResourceAccess", "Application")
