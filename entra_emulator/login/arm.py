"""The little of Azure Resource Manager that `az login` and Terraform ask before they talk to Graph."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from entra_emulator.login import exchange
from entra_emulator.login.keys import InvalidTokenError
from entra_emulator.login.service import SignIn


async def subscriptions(service: SignIn, request: Request) -> Response:
    """Answer that there are none: signing in then needs `--allow-no-subscriptions`."""
    return _guarded(service, request, {"value": []})


async def tenants(service: SignIn, request: Request) -> Response:
    """Answer the tenants of the directory."""
    rows = [
        {
            "id": f"/tenants/{tenant.tenant_id}",
            "tenantId": tenant.tenant_id,
            "displayName": tenant.display_name,
            "defaultDomain": tenant.domains[-1],
            "domains": tenant.domains,
            "tenantCategory": "Home",
            "countryCode": "DE",
            "tenantType": "AAD",
        }
        for tenant in service.directory.tenants.values()
    ]
    return _guarded(service, request, {"value": rows})


async def metadata(service: SignIn, request: Request) -> Response:
    """Answer where this cloud's endpoints are; Terraform and `az cloud register` start here."""
    del service
    origin = exchange.origin_of(request)
    body: dict[str, Any] = {
        "portal": origin,
        "authentication": {
            # No slash at the end: Terraform's provider puts one itself.
            "loginEndpoint": origin,
            "audiences": [origin, "https://management.azure.com"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "graphAudience": origin,
        "graph": origin,
        "name": "AzureEmulator",
        "suffixes": {},
        "resourceManager": origin,
        "microsoftGraphResourceId": origin,
    }
    # ARM_CLOUD_METADATA_URL takes a list; the provider and `az cloud register` take one object.
    return JSONResponse([body] if request.query_params.get("api-version") == "2019-05-01" else body)


def _guarded(service: SignIn, request: Request, body: dict[str, Any]) -> Response:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        service.keys.verify(token if scheme.lower() == "bearer" else "")
    except InvalidTokenError as error:
        challenge = f'Bearer authorization_uri="{exchange.origin_of(request)}/common", error="invalid_token"'
        failure = {"error": {"code": "AuthenticationFailed", "message": str(error)}}
        return JSONResponse(failure, 401, headers={"WWW-Authenticate": challenge})
    return JSONResponse(body)
