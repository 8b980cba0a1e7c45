"""Permission grant policies: what a tenant has of them, and whether one of them covers a permission that a
client asks for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]

TABLE = "permissionGrantPolicies"
# What users may consent to in a tenant that chose nothing else: all that needs no administrator.
LEGACY = "microsoft-user-default-legacy"
ANYTHING: dict[str, Any] = {
    "permissionClassification": "all",
    "permissionType": "delegated",
    "resourceApplication": "any",
    "permissions": ["all"],
    "clientApplicationIds": ["all"],
    "clientApplicationTenantIds": ["all"],
    "clientApplicationPublisherIds": ["all"],
    "clientApplicationsFromVerifiedPublisherOnly": False,
}


@dataclass(frozen=True)
class ConsentRequest:
    """A delegated permission that a user is about to grant."""

    client_id: str
    # The tenant in which the client is registered.
    client_tenant: str
    # The id of the client's verified publisher, empty without one.
    publisher: str
    resource_id: str
    permission_id: str
    # Empty for a permission that nobody classified.
    classification: str
    needs_administrator: bool


def built_in(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """Give Microsoft's policies, those that its pages show, by their ids; the ids of their conditions are
    made up.
    """
    low = {**ANYTHING, "permissionClassification": "low"}
    ours = {
        **low,
        "id": "00000000-0000-4000-8000-000000000001",
        "clientApplicationTenantIds": [tenant.tenant_id],
    }
    verified = {
        **low,
        "id": "00000000-0000-4000-8000-000000000002",
        "clientApplicationsFromVerifiedPublisherOnly": True,
    }
    application = {**ANYTHING, "id": "00000000-0000-4000-8000-000000000003", "permissionType": "application"}
    delegated = {**ANYTHING, "id": "00000000-0000-4000-8000-000000000004"}
    # An application administrator consents to all but Graph's own application permissions.
    graph = {**application, "id": "00000000-0000-4000-8000-000000000005", "resourceApplication": GRAPH_APP_ID}
    consentable = {
        **ANYTHING,
        "id": "00000000-0000-4000-8000-000000000006",
        "permissionType": "delegatedUserConsentable",
    }
    policies: tuple[tuple[str, str, list[dict[str, Any]], list[dict[str, Any]]], ...] = (
        (LEGACY, "What needs no administrator, for members", [consentable], []),
        ("microsoft-user-default-low", "Low permissions, for members", [ours, verified], []),
        ("microsoft-application-admin", "For application administrators", [application, delegated], [graph]),
        ("microsoft-company-admin", "For global administrators", [application, delegated], []),
    )
    return {
        name: {
            "id": name,
            "displayName": text,
            "description": text,
            "includes": includes,
            "excludes": excludes,
        }
        for name, text, includes, excludes in policies
    }


def covered(tenant: Tenant, policies: Iterable[str], event: ConsentRequest) -> bool:
    """Say whether one of the named policies includes a permission and does not exclude it."""
    known = built_in(tenant)
    found = (known.get(name.casefold()) or tenant.tables[TABLE].get(name) for name in policies)
    return any(
        any(_matches(each, event) for each in policy["includes"])
        and not any(_matches(each, event) for each in policy["excludes"])
        for policy in found
        if policy is not None
    )


def _matches(conditions: Row, event: ConsentRequest) -> bool:
    """Say whether all conditions of a set are met (permissionGrantConditionSet documentation)."""
    kind = conditions["permissionType"]
    if kind == "application" or (kind == "delegatedUserConsentable" and event.needs_administrator):
        return False
    if conditions["clientApplicationsFromVerifiedPublisherOnly"] and not event.publisher:
        return False
    if conditions["permissionClassification"] not in ("all", event.classification):
        return False
    if conditions["resourceApplication"].casefold() not in ("any", event.resource_id):
        return False
    return (
        _lists(conditions["permissions"], event.permission_id)
        and _lists(conditions["clientApplicationIds"], event.client_id)
        and _lists(conditions["clientApplicationTenantIds"], event.client_tenant)
        and _lists(conditions["clientApplicationPublisherIds"], event.publisher)
    )


def _lists(values: list[str], value: str) -> bool:
    folded = {each.casefold() for each in values}
    return "all" in folded or (value != "" and value.casefold() in folded)
