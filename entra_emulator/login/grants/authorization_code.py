"""A code of /authorize in, the user's tokens out."""

import hashlib
import hmac
from typing import Any

from entra_emulator.login import resource_indicator, token_responses
from entra_emulator.login.credentials import authenticate, check_browser
from entra_emulator.login.errors import LoginError
from entra_emulator.login.keys import b64url
from entra_emulator.login.service import SignIn, TokenRequest
from entra_emulator.login.token_responses import SignInGrant

CODE_SECONDS = 600


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """Return the tokens of a code that is fresh, unused, and this client's."""
    code, uri = request.require("code"), request.require("redirect_uri")
    grant = SignInGrant.opened(request.service, "code", code)
    request = token_responses.at_home(request, grant)
    check_browser(request, grant.platform)
    acr = await authenticate(request, public=grant.platform != "web")
    return response(request, grant, uri, acr)


def response(request: TokenRequest, grant: SignInGrant, uri: str, acr: str) -> dict[str, Any]:
    """Return the tokens of a code to a client that has proved itself."""
    service = request.service
    _check(request, grant, uri)
    _check_verifier(request, grant)
    scopes = token_responses.requested(request, grant.scope)
    if len(scopes.by_resource) > 1 and request.form.get("scope"):
        raise LoginError(28000, scope=scopes.text)
    resource_indicator.check_token(request, scopes)
    tokens = token_responses.for_user(request, grant, scopes, acr, nonce=grant.nonce)
    _mark_used(service, grant)
    return tokens


def _check(request: TokenRequest, grant: SignInGrant, uri: str) -> None:
    if grant.client_id != request.client.app_id:
        raise LoginError(9002313)
    if grant.tenant_id != request.tenant.tenant_id:
        raise LoginError(700005)
    if uri != grant.redirect_uri:
        raise LoginError(500112, uri=uri, expected=grant.redirect_uri)
    if grant.code_id in request.service.redeemed:
        raise LoginError(54005)
    if request.service.now().timestamp() > grant.issued + CODE_SECONDS:
        raise LoginError(70008)


def _check_verifier(request: TokenRequest, grant: SignInGrant) -> None:
    # A wrong verifier does not use the code up: the right one works afterwards (recorded).
    verifier = request.form.get("code_verifier", "")
    if not grant.challenge:
        if grant.platform == "spa":
            raise LoginError(9002325)
        if verifier:
            raise LoginError(50148)
        return
    if not verifier:
        raise LoginError(501481)
    digest = b64url(hashlib.sha256(verifier.encode()).digest())
    if not hmac.compare_digest(digest if grant.method == "S256" else verifier, grant.challenge):
        raise LoginError(501481)


def _mark_used(service: SignIn, grant: SignInGrant) -> None:
    now = service.now().timestamp()
    for code_id in [known for known, at in service.redeemed.items() if at + CODE_SECONDS < now]:
        del service.redeemed[code_id]
    service.redeemed[grant.code_id] = now
