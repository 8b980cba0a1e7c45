"""What anybody may know of a tenant, found by its id or by one of its domains."""

from collections.abc import Callable

from entra_emulator.graph import permissions
from entra_emulator.graph.call import AlternateKey, Call, CollectionResponse
from entra_emulator.graph.errors import bad_request, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.tenant import Tenant


def by_tenant_id(call: Call) -> CollectionResponse:
    """Answer GET /tenantRelationships/findTenantInformationByTenantId(tenantId='…')."""
    return _find(call, "tenantId", lambda tenant, value: tenant.tenant_id == value)


def by_domain_name(call: Call) -> CollectionResponse:
    """Answer GET /tenantRelationships/findTenantInformationByDomainName(domainName='…')."""
    return _find(call, "domainName", lambda tenant, value: value in tenant.domains)


def _find(call: Call, name: str, fits: Callable[[Tenant, str], bool]) -> CollectionResponse:
    key = call.params[0]
    if not isinstance(key, AlternateKey):
        raise bad_request(f"The function needs the parameter '{name}'.", "BadRequest")
    found = next(
        (each for each in call.graph.directory.tenants.values() if fits(each, key.value.casefold())), None
    )
    if found is None:
        raise not_found(key.value)
    body = {
        "@odata.context": call.context("microsoft.graph.tenantInformation"),
        "tenantId": found.tenant_id,
        "federationBrandName": None,
        "displayName": found.display_name,
        "defaultDomainName": found.initial_domain,
    }
    return CollectionResponse(200, body)


_BASE = "tenantRelationships"
ROUTES: Routes = {
    ("GET", f"{_BASE}/{name}/*"): Route(handler, permissions.TENANT_INFORMATION_READ)
    for name, handler in (
        ("findTenantInformationByTenantId", by_tenant_id),
        ("findTenantInformationByDomainName", by_domain_name),
    )
}
