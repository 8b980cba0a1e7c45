"""The tenant itself: organization and domains."""

from typing import Any

from entra_emulator.graph import permissions, queries, render, restrictions, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.errors import bad_request, not_found, unsupported_query
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.tenant import Tenant

_WRITABLE = {
    "marketingNotificationEmails",
    "privacyProfile",
    "securityComplianceNotificationMails",
    "securityComplianceNotificationPhones",
    "technicalNotificationMails",
}

# microsoft-graph-docs#12782 has the refusal of a filter; the words of the others were not seen.
_UNSUPPORTED = {
    "$filter": "Filtered searches against this resource are not supported.",
    "$top": "Paging is not supported for this resource.",
    "$orderby": "Sorting is not supported for this resource.",
    "$search": "Searching is not supported for this resource.",
    "$expand": "Expanding is not supported for this resource.",
    "$count": "Counting is not supported for this resource.",
}
# Objects of a tenant with a verified domain (service-limits documentation).
_USUAL_QUOTA = 300_000
# licensing-service-plan-reference documentation: names and ids of Microsoft Entra ID P1.
_P1 = {
    "accountId": None,
    "accountName": None,
    "appliesTo": "User",
    "capabilityStatus": "Enabled",
    "consumedUnits": 0,
    "prepaidUnits": {"enabled": 25, "lockedOut": 0, "suspended": 0, "warning": 0},
    "servicePlans": [
        {
            "appliesTo": "User",
            "provisioningStatus": "Success",
            "servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
            "servicePlanName": "AAD_PREMIUM",
        }
    ],
    "skuId": "078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
    "skuPartNumber": "AAD_PREMIUM",
    "subscriptionIds": [],
}


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /organization: a collection of one."""
    return CollectionResponse(
        200, render.listed(call, "organization", "organization", queries.Page([_organization(call)], None))
    )


def get(call: Call) -> CollectionResponse:
    """Answer GET /organization/{tenant id}."""
    if call.params[0] != call.tenant.tenant_id:
        raise not_found(str(call.params[0]))
    return CollectionResponse(
        200, render.entity(call, "organization", _organization(call), "organization/$entity")
    )


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /organization/{tenant id}: whom Microsoft writes to, and where the privacy statement
    is.
    """
    if call.params[0] != call.tenant.tenant_id:
        raise not_found(str(call.params[0]))
    sent = schema.check("organization", call.object_body("organization"))
    for name in sent:
        if name not in _WRITABLE:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    call.tenant.organization = {**call.tenant.organization, **sent}
    return NO_CONTENT


def list_domains(call: Call) -> CollectionResponse:
    """Answer GET /domains: of the query options there is only $select."""
    for name, text in _UNSUPPORTED.items():
        if call.options.get(name) is not None:
            raise unsupported_query(text)
    names = render.selected(call, "domain")
    choices = call.tenant.choices
    items = [
        _domain(call.tenant, name, names) for name in (*choices.verified_domains, *choices.unverified_domains)
    ]
    context = f"domains({','.join(names)})" if names else "domains"
    return CollectionResponse(200, {"@odata.context": call.context(context), "value": items})


def get_domain(call: Call) -> CollectionResponse:
    """Answer GET /domains/{name}."""
    name = str(call.params[0]).casefold()
    if name not in (*call.tenant.domains, *call.tenant.choices.unverified_domains):
        raise not_found(name)
    names = render.selected(call, "domain")
    context = f"domains({','.join(names)})/$entity" if names else "domains/$entity"
    return CollectionResponse(
        200, {"@odata.context": call.context(context), **_domain(call.tenant, name, names)}
    )


def list_skus(call: Call) -> CollectionResponse:
    """Answer GET /subscribedSkus: Entra ID P1, or nothing."""
    rows = [_P1] if call.tenant.choices.entra_plan == "P1" else []
    skus = [{**row, "id": f"{call.tenant.tenant_id}_{row['skuId']}"} for row in rows]
    return CollectionResponse(
        200, render.listed(call, "subscribedSku", "subscribedSkus", queries.Page(skus, None))
    )


def _organization(call: Call) -> dict[str, Any]:
    tenant = call.tenant
    body: dict[str, Any] = {
        "id": tenant.tenant_id,
        "deletedDateTime": None,
        "businessPhones": [],
        "city": None,
        "country": None,
        "countryLetterCode": None,
        "createdDateTime": "2025-01-01T00:00:00Z",
        "defaultUsageLocation": None,
        "displayName": tenant.display_name,
        "isMultipleDataLocationsForServicesEnabled": None,
        "marketingNotificationEmails": [],
        "onPremisesLastSyncDateTime": None,
        "onPremisesSyncEnabled": None,
        "partnerTenantType": None,
        "postalCode": None,
        "preferredLanguage": None,
        "securityComplianceNotificationMails": [],
        "securityComplianceNotificationPhones": [],
        "state": None,
        "street": None,
        "technicalNotificationMails": [],
        "tenantType": "AAD",
        "assignedPlans": [],
        "privacyProfile": None,
        "provisionedPlans": [],
        "verifiedDomains": [
            {
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": name == tenant.domains[-1],
                "isInitial": name == tenant.initial_domain,
                "name": name,
                "type": "Managed",
            }
            for name in tenant.domains
        ],
    }
    if call.version == "beta":
        # directorySizeQuota documentation; a tenant that counts nothing here has Microsoft's of one with a
        # verified domain.
        total = tenant.choices.object_quota
        body["directorySizeQuota"] = {
            "used": restrictions.used(call),
            "total": _USUAL_QUOTA if total is None else total,
        }
    return {**body, **tenant.organization}


def _domain(tenant: Tenant, name: str, names: list[str] | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "authenticationType": "Managed",
        "availabilityStatus": None,
        "id": name,
        "isAdminManaged": True,
        "isDefault": name == tenant.domains[-1],
        "isInitial": name == tenant.initial_domain,
        "isRoot": True,
        "isVerified": name in tenant.domains,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"] if name in tenant.domains else [],
        "passwordValidityPeriodInDays": 2147483647,
        "passwordNotificationWindowInDays": 14,
        "state": None,
    }
    return body if names is None else {key: body.get(key) for key in names}


ROUTES: Routes = {
    ("GET", "organization"): Route(list_all, permissions.ORGANIZATION_READ),
    ("GET", "organization/*"): Route(get, permissions.ORGANIZATION_READ),
    ("PATCH", "organization/*"): Route(update, permissions.ORGANIZATION_WRITE),
    ("GET", "subscribedSkus"): Route(list_skus, permissions.SKU_READ),
    ("GET", "domains"): Route(list_domains, permissions.DOMAIN_READ),
    ("GET", "domains/*"): Route(get_domain, permissions.DOMAIN_READ),
}
