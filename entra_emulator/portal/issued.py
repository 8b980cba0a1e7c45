"""A client, a person or nobody, and scopes in; the token that sign-in would hand out, out."""

import base64
import json
from typing import Any

from entra_emulator.login import parties, token_responses
from entra_emulator.login.claims import AccessTokenInput
from entra_emulator.login.errors import LoginError
from entra_emulator.login.scopes import parse
from entra_emulator.login.service import SignIn, TokenRequest
from entra_emulator.login.token_responses import SignInGrant
from entra_emulator.tenant import Tenant


def issued(
    service: SignIn, tenant: Tenant, client_id: str, user_id: str, scope: str, *, kind: str = "access_token"
) -> tuple[str, dict[str, Any]]:
    """Return a token and its claims; LoginError as in any sign-in. Nothing is recorded of it.

    `kind` is `id_token` for what the client is told of the person, where `scope` has `openid`.
    """
    client = parties.find_client(service.directory, tenant, client_id)
    scopes = parse(scope)
    if not scopes.by_resource:
        raise LoginError(900144, parameter="scope")
    kept = {app_id: dict(seen) for app_id, seen in tenant.activity.items()}
    try:
        if user_id:
            now = int(service.now().timestamp())
            grant = SignInGrant(
                user_id, tenant.tenant_id, client.app_id, "publicClient", scope, service.guid(), now, now
            )
            request = TokenRequest(
                service, tenant, tenant.tenant_id, {}, client, service.origin, None, "127.0.0.1"
            )
            response = token_responses.for_user(request, grant, scopes, "0")
        else:
            scope_request = scopes.by_resource[0]
            resource = parties.find_resource(service.directory, tenant, scope_request.resource)
            access = AccessTokenInput(tenant, service.origin, client, resource, scope_request.resource, "1")
            response = token_responses.signed(service, access)
    finally:
        tenant.activity = kept
    text = str(response[kind])
    payload = text.split(".")[1]
    return text, json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
