"""A user name and a password in, tokens or a refusal out (ROPC).

Source: Microsoft's page v2-oauth-ropc. The emulator keeps no passwords: every one is wrong, unless the tenant
chose `anyPasswordSignsIn`.
"""

import dataclasses
from typing import Any, NoReturn

from entra_emulator.login import parties, token_responses
from entra_emulator.login.credentials import authenticate
from entra_emulator.login.errors import LoginError
from entra_emulator.login.grants.device_code import is_public
from entra_emulator.login.lockout import WrongPasswords
from entra_emulator.login.noting import note
from entra_emulator.login.service import TokenRequest
from entra_emulator.login.token_responses import SignInGrant


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """Return tokens for the user whose name is given."""
    if request.segment.lower() in ("common", "consumers"):
        raise LoginError(9001023)
    name = request.require("username")
    password = request.require("password")
    request.require("scope")
    acr = await authenticate(request, public=is_public(request))
    request = _at_home(request, name)
    user = request.tenant.user_by_name(name)
    if user is None:
        raise LoginError(50034, tenant=request.tenant.display_name)
    note(person_id=user["id"])
    if not request.tenant.choices.any_password_signs_in:
        _refuse_password(request, user["id"], password)
    if user.get("accountEnabled") is False:
        raise LoginError(50057)
    if (user.get("passwordProfile") or {}).get("forceChangePasswordNextSignIn"):
        raise LoginError(50055)
    now = int(request.service.now().timestamp())
    grant = SignInGrant(
        user["id"],
        request.tenant.tenant_id,
        request.client.app_id,
        "publicClient",
        request.form["scope"],
        request.service.guid(),
        now,
        now,
    )
    return token_responses.for_user(request, grant, token_responses.requested(request, ""), acr)


def _refuse_password(request: TokenRequest, user_id: str, password: str) -> NoReturn:
    now = request.service.now()
    wrong = request.tenant.wrong_passwords.setdefault(user_id, WrongPasswords())
    if now < wrong.locked_until:
        raise LoginError(50053)
    wrong.count(password, now)
    raise LoginError(50126)


def _at_home(request: TokenRequest, name: str) -> TokenRequest:
    """Return the request in the tenant that the user name's domain belongs to, which `organizations` leaves
    open.
    """
    directory = request.service.directory
    home = directory.find(name.rpartition("@")[2]) if parties.is_alias(request.segment) else None
    if home is None:
        return request
    client = parties.find_client(directory, home, request.client.app_id)
    return dataclasses.replace(request, tenant=home, client=client)
