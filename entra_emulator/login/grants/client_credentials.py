"""An application that proved itself in, an app-only token out."""

from typing import Any

from entra_emulator.login import parties, resource_indicator, token_responses
from entra_emulator.login.claims import AccessTokenInput
from entra_emulator.login.credentials import authenticate
from entra_emulator.login.errors import LoginError
from entra_emulator.login.scopes import DEFAULT, ScopeRequest, parse
from entra_emulator.login.service import TokenRequest


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """Return an app-only token: exactly type, lifetimes and token."""
    if request.segment.lower() == "common":
        raise LoginError(9001023)
    request.require("scope")
    return response(request, await authenticate(request))


def response(request: TokenRequest, acr: str) -> dict[str, Any]:
    """Return the token to an application that has proved itself."""
    client = request.client
    if not client.id:
        raise LoginError(7000229, app_id=client.app_id, tenant=request.tenant.tenant_id)
    scope_request = _only_default(request.require("scope"))
    resource_indicator.check_token(request, parse(scope_request.prefixed(DEFAULT)))
    resource = parties.find_resource(request.service.directory, request.tenant, scope_request.resource)
    if resource.requires_assignment and resource.app_id != client.app_id:
        _check_role(request, resource, scope_request)
    requested = request.claims.access_token
    access = AccessTokenInput(
        request.tenant,
        request.service.origin,
        client,
        resource,
        scope_request.resource,
        acr,
        requested_claims=requested,
    )
    return {"token_type": "Bearer", **token_responses.signed(request.service, access)}


def _only_default(text: str) -> ScopeRequest:
    scopes = parse(text)
    # OpenID scopes beside .default are tolerated: MSAL for Go appends them.
    if len(scopes.by_resource) > 1 and all(scope_request.is_default for scope_request in scopes.by_resource):
        raise LoginError(70011, scope=text)
    if len(scopes.by_resource) != 1 or not scopes.by_resource[0].is_default or scopes.mixes_default:
        raise LoginError(1002012, scope=text)
    return scopes.by_resource[0]


def _check_role(request: TokenRequest, resource: parties.Party, scope_request: ScopeRequest) -> None:
    # Without the flag any client gets a token for any resource, simply without roles.
    if not parties.assigned(request.tenant, {request.client.id}, resource):
        raise LoginError(
            501051,
            app_id=request.client.app_id,
            name=request.client.name,
            resource=scope_request.resource,
            resource_name=resource.name,
        )
