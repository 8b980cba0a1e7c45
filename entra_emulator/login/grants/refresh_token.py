"""A refresh token in, new tokens for any resource that the user consented to out."""

import dataclasses
import datetime as dt
from typing import Any

from entra_emulator.clock import read_stamp
from entra_emulator.login import parties, resource_indicator, token_responses
from entra_emulator.login.credentials import authenticate, check_browser
from entra_emulator.login.errors import LoginError
from entra_emulator.login.scopes import parse
from entra_emulator.login.service import TokenRequest
from entra_emulator.login.token_responses import INACTIVE_SECONDS, SPA_SECONDS, SignInGrant


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """Return new tokens and a new refresh token; the old one stays valid, as in Entra."""
    grant = SignInGrant.opened(request.service, "refresh_token", request.require("refresh_token"))
    request = token_responses.at_home(request, grant)
    check_browser(request, grant.platform)
    acr = await authenticate(request, public=grant.platform != "web")
    if grant.client_id != request.client.app_id:
        raise LoginError(9002313)
    if grant.tenant_id != request.tenant.tenant_id:
        # A refresh token is bound to no tenant, but its user is at home in one and a guest nowhere here.
        home = request.service.directory.tenants[grant.tenant_id]
        raise parties.external(
            request.service.origin,
            home,
            token_responses.user_of(home, grant).user,
            request.tenant,
            request.client,
        )
    _check_age(request, grant)
    # Without a scope the token is for what was asked at sign-in.
    scopes = token_responses.requested(request, grant.scope)
    # Without a scope there is none that a `resource` could belong to: clients whose sign-in was taken with
    # it are refused when they renew with it alone (modelcontextprotocol/python-sdk#2578).
    resource_indicator.check_token(request, parse(request.form.get("scope", "")))
    if "offline_access" not in scopes.oidc:
        scopes = dataclasses.replace(scopes, oidc=(*scopes.oidc, "offline_access"))
    now = int(request.service.now().timestamp())
    # 90 days of inactivity, counted anew by each use; a SPA's 24 hours are never extended.
    fresh = grant if grant.platform == "spa" else dataclasses.replace(grant, issued=now)
    return token_responses.for_user(request, fresh, scopes, acr)


def _check_age(request: TokenRequest, grant: SignInGrant) -> None:
    issued = dt.datetime.fromtimestamp(grant.issued, dt.UTC)
    stamp = issued.strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    age = request.service.now().timestamp() - grant.issued
    if grant.platform == "spa" and age >= SPA_SECONDS:
        raise LoginError(700084, issued=stamp)
    if age >= INACTIVE_SECONDS:
        raise LoginError(700082, issued=stamp)
    valid = token_responses.user_of(request.tenant, grant).user.get("signInSessionsValidFromDateTime")
    if valid and issued < read_stamp(str(valid)).replace(microsecond=0):
        raise LoginError(50173, issued=stamp, valid=str(valid))
