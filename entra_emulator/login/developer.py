"""What developers ask of sign-in without a browser: a token for somebody, and new signing keys."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from entra_emulator.login import exchange, parties, token_responses
from entra_emulator.login.claims import AccessTokenInput
from entra_emulator.login.errors import LoginError
from entra_emulator.login.parties import Party
from entra_emulator.login.scopes import parse
from entra_emulator.login.service import SignIn, TokenRequest
from entra_emulator.login.token_responses import SignInGrant
from entra_emulator.tenant import Tenant


async def token(service: SignIn, request: Request) -> Response:
    """Answer a token for a user or an application; grants and assignments decide as in any sign-in."""
    if request.headers.get("origin") is not None:
        # A page in the developer's browser must not sign in as somebody.
        raise LoginError(9002326, origin=request.headers["origin"])
    try:
        body = json.loads(await request.body())
        wanted = {name: str(body.get(name) or "") for name in ("tenant", "client_id", "scope", "user")}
    except (ValueError, AttributeError) as error:
        raise LoginError(9002313) from error
    return exchange.json_response(issue(service, request, wanted))


async def rotate(service: SignIn, request: Request) -> Response:
    """Sign with the next key; with `retire=true` the old keys are no longer published or accepted."""
    if request.headers.get("origin") is not None:
        raise LoginError(9002326, origin=request.headers["origin"])
    kid = service.keys.rotate().kid
    if request.query_params.get("retire") == "true":
        service.keys.retire()
    return exchange.json_response({"kid": kid})


def issue(service: SignIn, request: Request, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Return the token answer for `client_id`, `scope` and, where one is named, `user`; LoginError as in
    any sign-in.
    """
    tenant = parties.find_tenant(service.directory, wanted.get("tenant") or "common")
    client = parties.find_client(service.directory, tenant, wanted.get("client_id", ""))
    if not parse(wanted.get("scope", "")).by_resource:
        raise LoginError(900144, parameter="scope")
    if wanted.get("user"):
        return _for_user(service, request, tenant, client, wanted)
    return _for_app(service, tenant, client, wanted)


def _for_app(service: SignIn, tenant: Tenant, client: Party, wanted: Mapping[str, str]) -> dict[str, Any]:
    scope_request = parse(wanted["scope"]).by_resource[0]
    resource = parties.find_resource(service.directory, tenant, scope_request.resource)
    access = AccessTokenInput(tenant, service.origin, client, resource, scope_request.resource, "1")
    return {"token_type": "Bearer", **token_responses.signed(service, access)}


def _for_user(
    service: SignIn, request: Request, tenant: Tenant, client: Party, wanted: Mapping[str, str]
) -> dict[str, Any]:
    user = tenant.user_by_name(wanted["user"])
    if user is None:
        raise LoginError(50034, tenant=tenant.display_name)
    now = int(service.now().timestamp())
    grant = SignInGrant(
        user["id"], tenant.tenant_id, client.app_id, "publicClient", wanted["scope"], service.guid(), now, now
    )
    token_request = TokenRequest(
        service, tenant, tenant.tenant_id, wanted, client, exchange.origin_of(request), None, "127.0.0.1"
    )
    return token_responses.for_user(token_request, grant, parse(wanted["scope"]), "0")
