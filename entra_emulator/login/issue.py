"""A user who signed in and consented in; the code and tokens that /authorize sends back out."""

import dataclasses
import hashlib

from starlette.requests import Request
from starlette.responses import Response

from entra_emulator import seed
from entra_emulator.login import claims, claims_request, consent, parties, redirects, token_responses
from entra_emulator.login.claims import AccessTokenInput, IdTokenRequest
from entra_emulator.login.errors import LoginError
from entra_emulator.login.flow import Flow
from entra_emulator.login.keys import b64url
from entra_emulator.login.parties import Party, SignedIn
from entra_emulator.login.scopes import GRAPH, ScopeRequest
from entra_emulator.login.service import SignIn
from entra_emulator.login.token_responses import SignInGrant
from entra_emulator.tenant import Tenant


def response(service: SignIn, request: Request, flow: Flow, who: SignedIn) -> Response:
    """Send the user back with what was asked for."""
    tenant = service.directory.tenants[flow.tenant_id]
    client = with_service_principal(tenant, parties.find_client(service.directory, tenant, flow.client_id))
    parameters: dict[str, str] = {}
    if "code" in flow.response_types:
        parameters["code"] = grant_of(service, flow, who).sealed(service, "code")
    if "token" in flow.response_types or "id_token" in flow.response_types:
        address = request.client.host if request.client else "127.0.0.1"
        who = dataclasses.replace(who, address=address)
        parameters |= _implicit(service, tenant, client, flow, who, code=parameters.get("code"))
    if flow.client_info:
        parameters["client_info"] = token_responses.client_info(who.user, tenant)
    if flow.state is not None:
        parameters["state"] = flow.state
    parameters["session_state"] = who.session_id
    return redirects.response(flow.redirect_uri, flow.response_mode, parameters)


def grant_of(service: SignIn, flow: Flow, who: SignedIn) -> SignInGrant:
    """Write down what was granted, for the code."""
    return SignInGrant(
        user_id=str(who.user["id"]),
        tenant_id=flow.tenant_id,
        client_id=flow.client_id,
        platform=flow.platform,
        scope=flow.scope,
        session_id=who.session_id,
        auth_time=who.auth_time,
        issued=int(service.now().timestamp()),
        redirect_uri=flow.redirect_uri,
        challenge=flow.challenge,
        method=flow.method,
        nonce=flow.nonce,
        code_id=service.guid(),
        claims=flow.claims,
        max_age=flow.max_age,
    )


def with_service_principal(tenant: Tenant, client: Party) -> Party:
    """Make the service principal of an application that is used for the first time in a tenant."""
    if client.service_principal or not client.application:
        return client
    principal = seed.add_service_principal(tenant, dict(client.application))
    return dataclasses.replace(client, service_principal=principal)


def _implicit(
    service: SignIn, tenant: Tenant, client: Party, flow: Flow, who: SignedIn, *, code: str | None
) -> dict[str, str]:
    scopes = flow.scopes
    if len(scopes.by_resource) > 1 and "token" in flow.response_types:
        raise flow.failed(LoginError(28000, scope=scopes.text))
    scope_request = scopes.by_resource[0] if scopes.by_resource else ScopeRequest(GRAPH, ())
    resource, held = consent.resolve(service.directory, tenant, client, scope_request, who.user)
    requested = claims_request.read(flow.claims)
    access = AccessTokenInput(
        tenant,
        service.origin,
        client,
        resource,
        scope_request.resource,
        "0",
        who=who,
        scopes=held,
        entry_point="authorize",
        requested_claims=requested.access_token,
    )
    parameters: dict[str, str] = {}
    hashes: dict[str, str] = {}
    if code is not None:
        hashes["c_hash"] = _half_hash(code)
    if "token" in flow.response_types:
        signed = token_responses.signed(service, access)
        parameters = {
            "access_token": signed["access_token"],
            "token_type": "Bearer",
            "expires_in": str(signed["expires_in"]),
            "scope": " ".join(held if resource.is_graph else map(scope_request.prefixed, held)),
        }
        hashes["at_hash"] = _half_hash(signed["access_token"])
    if "id_token" in flow.response_types:
        wanted = IdTokenRequest(scopes.oidc, flow.nonce, requested.id_token, flow.max_age)
        body = claims.id_claims(access, who, wanted, now=service.now(), entropy=service.entropy)
        parameters["id_token"] = service.keys.sign(body | hashes)
    return parameters


def _half_hash(text: str) -> str:
    # OpenID Connect: the left half of the hash that the token's algorithm uses.
    return b64url(hashlib.sha256(text.encode()).digest()[:16])
