"""An API's own access token of a user in, that user's token for the next API out."""

from typing import Any

import jwt

from entra_emulator.login import resource_indicator, token_responses
from entra_emulator.login.credentials import authenticate
from entra_emulator.login.errors import LoginError
from entra_emulator.login.keys import InvalidTokenError
from entra_emulator.login.noting import note
from entra_emulator.login.service import TokenRequest
from entra_emulator.login.token_responses import SignInGrant


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """Return a token for the next resource; only delegated scopes of the middle tier count."""
    assertion = request.require("assertion")
    request.require("scope")
    if request.require("requested_token_use") != "on_behalf_of":
        raise LoginError(90023, problem="The value of 'requested_token_use' must be 'on_behalf_of'.")
    acr = await authenticate(request)
    claims = _claims(request, assertion)
    note(person_id=claims["oid"])
    client = request.client
    if claims["aud"].rstrip("/") not in {name.rstrip("/") for name in client.identifiers}:
        raise LoginError(500131, audience=claims["aud"], app_id=client.app_id, name=client.name)
    if "scp" not in claims:
        raise LoginError(7000114, app_id=client.app_id)
    now = int(request.service.now().timestamp())
    scopes = token_responses.requested(request, "")
    resource_indicator.check_token(request, scopes)
    grant = SignInGrant(
        user_id=claims["oid"],
        tenant_id=claims["tid"],
        client_id=client.app_id,
        platform="web",
        scope=scopes.text,
        session_id=claims.get("sid", ""),
        auth_time=now,
        issued=now,
    )
    return token_responses.for_user(request, grant, scopes, acr)


def _claims(request: TokenRequest, assertion: str) -> dict[str, Any]:
    try:
        unverified = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise LoginError(50027) from error
    try:
        claims = request.service.keys.verify(assertion)
    except InvalidTokenError as error:
        now = request.service.now()
        if isinstance(unverified.get("exp"), int) and unverified["exp"] <= now.timestamp():
            end = str(unverified["exp"])
            raise LoginError(500133, now=now.strftime("%Y-%m-%dT%H:%M:%SZ"), end=end) from error
        raise LoginError(50013, app_id=request.client.app_id) from error
    if claims.get("tid") != request.tenant.tenant_id:
        raise LoginError(50013, app_id=request.client.app_id)
    if "azp" not in claims and "appid" not in claims:
        # An id_token has the client as audience too, but is no access token.
        raise LoginError(50013, app_id=request.client.app_id)
    return claims
