"""POST /{tenant}/oauth2/v2.0/token: a form in, tokens or an AADSTS refusal out."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from entra_emulator.login import exchange, parties, resource_indicator
from entra_emulator.login.claims import BACKDATED
from entra_emulator.login.credentials import check_browser
from entra_emulator.login.errors import LoginError
from entra_emulator.login.grants import (
    authorization_code,
    client_credentials,
    device_code,
    on_behalf_of,
    password,
    refresh_token,
)
from entra_emulator.login.noting import note
from entra_emulator.login.scopes import of_resource
from entra_emulator.login.service import SignIn, TokenRequest

Redeem = Callable[[TokenRequest], Awaitable[dict[str, Any]]]

GRANTS: dict[str, Redeem] = {
    "authorization_code": authorization_code.redeem,
    "refresh_token": refresh_token.redeem,
    "client_credentials": client_credentials.redeem,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": on_behalf_of.redeem,
    "urn:ietf:params:oauth:grant-type:device_code": device_code.redeem,
    "device_code": device_code.redeem,
    "password": password.redeem,
}
# These come back to a page, which may be a single page app; all others never do.
_FROM_PAGES = {"authorization_code", "refresh_token"}
# They say whose tenant `common` stands for.
_AT_HOME = {*_FROM_PAGES, "device_code", "urn:ietf:params:oauth:grant-type:device_code"}


async def endpoint(service: SignIn, request: Request) -> Response:
    """Answer the token endpoint, its CORS preflight included."""
    if request.method == "OPTIONS":
        return Response(status_code=200, headers=exchange.cors_headers(request.headers.get("origin")))
    form: dict[str, str] = {}
    try:
        form = await exchange.form_of(request)
        response = await redeem(service, request, form)
    except LoginError as error:
        return exchange.refusal(service, request, error, form)
    return exchange.json_response(response, cors=request.headers.get("origin"))


async def endpoint_v1(service: SignIn, request: Request) -> Response:
    """Answer the v1 token endpoint: a `resource` instead of scopes in, numbers as text out."""
    form: dict[str, str] = {}
    try:
        form = await exchange.form_of(request)
        resource = form.pop("resource", "")
        if resource:
            form["scope"] = of_resource(resource)
        # The v1 endpoint calls a device's code just `code`.
        if form.get("grant_type") == "device_code" and "code" in form:
            form["device_code"] = form.pop("code")
        response = await redeem(service, request, form)
    except LoginError as error:
        return exchange.refusal(service, request, error, form)
    now = int(service.now().timestamp())
    times = {"expires_on": str(now + response["expires_in"]), "not_before": str(now - BACKDATED)}
    texts = {name: str(response[name]) for name in ("expires_in", "ext_expires_in")}
    body = {name: value for name, value in response.items() if name not in ("id_token", "scope")}
    return exchange.json_response({**body, **texts, **times, "resource": resource})


async def redeem(service: SignIn, request: Request, form: dict[str, str]) -> dict[str, Any]:
    """Check in the order seen: tenant, client, parameters, then what the grant demands."""
    note(client_id=form.get("client_id", ""), scope=form.get("scope", ""))
    segment = request.path_params["tenant"]
    tenant = parties.find_tenant(service.directory, segment)
    grant = form.get("grant_type")
    if not grant:
        raise LoginError(900144, parameter="grant_type")
    if grant not in GRANTS:
        raise LoginError(70003, grant=grant)
    if resource_indicator.NAME in form and not form.get("scope") and grant == "client_credentials":
        # A v1 client at the v2 endpoint.
        raise LoginError(901002)
    named, anywhere = form.get("client_id", ""), parties.is_alias(segment) and grant in _AT_HOME
    client = parties.find_client(service.directory, tenant, named, anywhere=anywhere)
    token_request = TokenRequest(
        service=service,
        tenant=tenant,
        segment=segment,
        form=form,
        client=client,
        own_origin=exchange.origin_of(request),
        browser_origin=request.headers.get("origin"),
        address=request.client.host if request.client else "127.0.0.1",
    )
    if grant not in _FROM_PAGES:
        check_browser(token_request, "web")
    return await GRANTS[grant](token_request)
