"""The code of a device whose user signed in elsewhere in, tokens or a refusal to wait for out."""

from typing import Any

from entra_emulator.login import resource_indicator, token_responses
from entra_emulator.login.credentials import authenticate
from entra_emulator.login.errors import LoginError
from entra_emulator.login.noting import note
from entra_emulator.login.service import TokenRequest
from entra_emulator.login.token_responses import SignInGrant


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """Return tokens once the user has signed in; until then `authorization_pending`."""
    code = request.require("device_code")
    acr = await authenticate(request, public=is_public(request))
    device = request.service.devices.get(code)
    if device is None or device.client_id != request.client.app_id:
        raise LoginError(70019)
    if request.service.now().timestamp() > device.expires:
        del request.service.devices[code]
        raise LoginError(70020)
    note(scope=device.scope)
    if device.declined:
        raise LoginError(65011)
    if device.grant is None:
        raise LoginError(70016)
    grant = SignInGrant(**device.grant)
    note(person_id=grant.user_id)
    request = token_responses.at_home(request, grant)
    scopes = token_responses.requested(request, device.scope)
    resource_indicator.check_token(request, scopes)
    response = token_responses.for_user(request, grant, scopes, acr)
    del request.service.devices[code]
    return response


def is_public(request: TokenRequest) -> bool:
    """Tell whether the application allows public client flows; Microsoft's own clients do."""
    application = request.client.application
    return not application or application.get("isFallbackPublicClient") is True
