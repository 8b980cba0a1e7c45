"""A granted sign-in in, the token endpoint's answer out."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entra_emulator.clock import seconds_stamp
from entra_emulator.login import claims, claims_request, consent, parties
from entra_emulator.login.claims import BACKDATED, AccessTokenInput, IdTokenRequest
from entra_emulator.login.errors import LoginError
from entra_emulator.login.keys import b64url
from entra_emulator.login.noting import note
from entra_emulator.login.parties import Party, Row, SignedIn, check_assignment
from entra_emulator.login.scopes import GRAPH, ScopeRequest, Scopes, parse
from entra_emulator.login.service import SignIn, TokenRequest
from entra_emulator.tenant import Tenant

SPA_SECONDS = 24 * 3600
INACTIVE_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True)
class SignInGrant:
    """What a user granted a client by signing in; sealed into codes and refresh tokens."""

    user_id: str
    tenant_id: str
    client_id: str
    platform: str
    scope: str
    session_id: str
    auth_time: int
    issued: int
    redirect_uri: str = ""
    challenge: str = ""
    method: str = ""
    nonce: str | None = None
    code_id: str = ""
    # What /authorize was asked for, for the tokens of its code; a refresh asks anew.
    claims: str = ""
    max_age: int | None = None

    def sealed(self, service: SignIn, purpose: str) -> str:
        """Return the grant as opaque text."""
        return service.seal.close(purpose, dataclasses.asdict(self))

    @classmethod
    def opened(cls, service: SignIn, purpose: str, text: str) -> "SignInGrant":
        """Read a grant; LoginError 9002313 for text that this emulator did not hand out."""
        data = service.seal.open(purpose, text)
        if data is None:
            raise LoginError(9002313)
        grant = cls(**data)
        note(person_id=grant.user_id, scope=grant.scope)
        return grant


def at_home(request: TokenRequest, grant: SignInGrant) -> TokenRequest:
    """Return the request in the tenant of the grant, which `common` and `organizations` leave open."""
    if not parties.is_alias(request.segment):
        return request
    directory = request.service.directory
    tenant = directory.tenants[grant.tenant_id]
    return dataclasses.replace(
        request, tenant=tenant, client=parties.find_client(directory, tenant, request.client.app_id)
    )


def user_of(tenant: Tenant, grant: SignInGrant) -> SignedIn:
    """Return the user of a grant as the directory has it now; 50034 if gone, 50057 if disabled."""
    user = tenant.users.get(grant.user_id)
    if user is None:
        raise LoginError(50034, tenant=tenant.display_name)
    if user.get("accountEnabled") is False:
        raise LoginError(50057)
    return SignedIn(user, grant.session_id, grant.auth_time)


def for_user(
    request: TokenRequest,
    grant: SignInGrant,
    scopes: Scopes,
    acr: str,
    *,
    nonce: str | None = None,
    refresh: bool = True,
) -> dict[str, Any]:
    """Return tokens for the first resource of `scopes`, as the user's grants allow."""
    who = user_of(request.tenant, grant)
    check_assignment(request.tenant, who.user, request.client)
    scope_request = scopes.by_resource[0] if scopes.by_resource else ScopeRequest(GRAPH, ())
    _check_itself(request.client, scope_request)
    resource, held = consent.resolve(
        request.service.directory, request.tenant, request.client, scope_request, who.user
    )
    check_assignment(request.tenant, who.user, resource)
    requested = request.claims.with_more(claims_request.read(grant.claims))
    access = AccessTokenInput(
        request.tenant,
        request.service.origin,
        request.client,
        resource,
        scope_request.resource,
        acr,
        who=dataclasses.replace(who, address=request.address),
        scopes=held,
        requested_claims=requested.access_token,
    )
    response: dict[str, Any] = {
        "token_type": "Bearer",
        "scope": _written(scope_request, resource, held),
        **signed(request.service, access),
    }
    if refresh and "offline_access" in scopes.oidc:
        kept = dataclasses.replace(grant, claims="", max_age=None)
        response["refresh_token"] = kept.sealed(request.service, "refresh_token")
        if grant.platform == "spa":
            left = grant.issued + SPA_SECONDS - int(request.service.now().timestamp())
            response["refresh_token_expires_in"] = left - 1
    if "openid" in scopes.oidc:
        wanted = IdTokenRequest(scopes.oidc, nonce, requested.id_token, grant.max_age)
        response["id_token"] = id_token(request.service, access, who, wanted)
    if request.form.get("client_info") == "1":
        response["client_info"] = client_info(who.user, request.tenant)
    return response


def signed(service: SignIn, access: AccessTokenInput) -> dict[str, Any]:
    """Return a signed access token and how long it lives."""
    now = service.now()
    body = claims.access_claims(access, now, service.entropy)
    headers: dict[str, Any] = {}
    if access.resource.token_version == 1:
        headers["x5t"] = service.keys.current.kid
    if access.resource.is_graph:
        # The header that makes Graph's tokens nobody else's to verify.
        headers["nonce"] = b64url(service.entropy(32))
    _note_activity(access, now)
    lives = body["exp"] - body["iat"] - BACKDATED - 1
    response: dict[str, Any] = {"expires_in": lives, "ext_expires_in": lives}
    if "xms_cc" in body:
        response["refresh_in"] = lives // 2
    return response | {"access_token": service.keys.sign(body, headers)}


def id_token(service: SignIn, access: AccessTokenInput, who: SignedIn, wanted: IdTokenRequest) -> str:
    """Return a signed id_token for the client."""
    return service.keys.sign(
        claims.id_claims(access, who, wanted, now=service.now(), entropy=service.entropy)
    )


def client_info(user: Row, tenant: Tenant) -> str:
    """Return the account's home ids as MSAL reads them."""
    return b64url(json.dumps({"uid": user["id"], "utid": tenant.tenant_id}, separators=(",", ":")).encode())


def requested(request: TokenRequest, default: str) -> Scopes:
    """Parse the request's scopes, or those of the grant where it names none."""
    scopes = parse(request.form.get("scope") or default)
    if scopes.mixes_default:
        text = ".default scope can't be combined with resource-specific scopes"
        raise LoginError(70011, scope=f"{scopes.text}. {text}")
    return scopes


def _written(scope_request: ScopeRequest, resource: Party, held: tuple[str, ...]) -> str:
    # Full URIs for custom APIs, short names for Graph; the token's own scp is always short.
    if resource.is_graph:
        return " ".join(name for name in held if name != "offline_access")
    return " ".join(scope_request.prefixed(name) for name in held)


def _check_itself(client: Party, scope_request: ScopeRequest) -> None:
    if (
        scope_request.resource.lower() != client.app_id
        and scope_request.resource.rstrip("/") in client.identifiers
    ):
        raise LoginError(90009, app_id=client.app_id, name=client.name)


def _note_activity(access: AccessTokenInput, now: datetime) -> None:
    """Write down an access token: by client and resource, with a person in it or without."""
    type_ = "delegated" if access.who is not None else "applicationAuthentication"
    for party, side in ((access.client, "Client"), (access.resource, "Resource")):
        access.tenant.activity.setdefault(party.app_id, {})[f"{type_}{side}SignInActivity"] = seconds_stamp(
            now
        )
