"""POST /{tenant}/oauth2/v2.0/devicecode and the page on which the user enters the code."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from entra_emulator.login import consent, consent_log, exchange, pages, parties
from entra_emulator.login.authorize import approval_page
from entra_emulator.login.consent import Need
from entra_emulator.login.errors import LoginError
from entra_emulator.login.flow import check_audience
from entra_emulator.login.issue import with_service_principal
from entra_emulator.login.noting import note
from entra_emulator.login.parties import Party, Row
from entra_emulator.login.scopes import of_resource, parse
from entra_emulator.login.service import Device, SignIn
from entra_emulator.login.token_responses import SignInGrant

SECONDS = 900
INTERVAL = 5
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


async def code(service: SignIn, request: Request) -> Response:
    """Hand out a device code."""
    form = await exchange.form_of(request)
    return exchange.json_response(
        issue(service, request.path_params["tenant"], exchange.origin_of(request), form)
    )


async def code_v1(service: SignIn, request: Request) -> Response:
    """Hand out a device code at the v1 endpoint: a `resource` in, `verification_url` and numbers as text
    out.
    """
    form = await exchange.form_of(request)
    if "resource" not in form:
        raise LoginError(900144, parameter="resource")
    form["scope"] = of_resource(form["resource"])
    issued = issue(service, request.path_params["tenant"], exchange.origin_of(request), form)
    texts = {name: str(issued[name]) for name in ("expires_in", "interval")}
    renamed = {
        "verification_url" if name == "verification_uri" else name: value for name, value in issued.items()
    }
    return exchange.json_response({**renamed, **texts})


def issue(service: SignIn, segment: str, origin: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer that begins a device's sign-in: its own code, and the one that its user enters at
    `origin`.
    """
    note(client_id=form.get("client_id", ""), scope=form.get("scope", ""))
    tenant = parties.find_tenant(service.directory, segment)
    client = parties.find_client(service.directory, tenant, form.get("client_id", ""))
    check_audience(client, segment)
    if not form.get("scope"):
        raise LoginError(900144, parameter="scope")
    _forget_expired(service)
    user_code = "".join(LETTERS[byte % len(LETTERS)] for byte in service.entropy(9))
    device_code = service.seal.close("device", {"id": service.guid()})
    expires = service.now().timestamp() + SECONDS
    service.devices[device_code] = Device(user_code, client.app_id, tenant.tenant_id, form["scope"], expires)
    uri = f"{origin}/devicelogin"
    return {
        "user_code": user_code,
        "device_code": device_code,
        "verification_uri": uri,
        "expires_in": SECONDS,
        "interval": INTERVAL,
        "message": (
            f"To sign in, use a web browser to open the page {uri} and enter the code {user_code} to "
            "authenticate."
        ),
    }


async def page(service: SignIn, request: Request) -> Response:
    """Ask for the code, then whether the user means to sign in to that application, and as whom."""
    form = (
        {name: str(value) for name, value in (await request.form()).items()}
        if request.method == "POST"
        else {}
    )
    user_code = (form.get("user_code") or request.query_params.get("user_code", "")).strip().upper()
    device = next((one for one in service.devices.values() if one.user_code == user_code), None)
    if device is None or device.grant is not None or device.expires < service.now().timestamp():
        problem = "This code did not work. Check the code and try again." if user_code else ""
        return pages.page("device_code.html", problem=problem, user_code=user_code)
    note(client_id=device.client_id, scope=device.scope)
    if exchange.is_from_another_page(request):
        return _confirm(service, device)
    if form.get("decision") == "cancel":
        device.declined = True
        return pages.page(
            "done.html", title="You cancelled", text="The device was told that nobody signed in."
        )
    try:
        return (
            _accept(service, request, device, form)
            if form.get("decision") == "continue"
            else _confirm(service, device)
        )
    except LoginError as error:
        return pages.error_page(service, request, error)


def _accept(service: SignIn, request: Request, device: Device, form: dict[str, str]) -> Response:
    tenant = service.directory.tenants[device.tenant_id]
    client, user, needs = entered(service, device, (form.get("user") or form.get("username", "")).strip())
    if needs and not consent.may_consent(tenant, client, needs, user):
        return approval_page(service, request, client, needs, user, flow=None)
    if needs:
        client = with_service_principal(tenant, client)
        consent_log.consented(service, tenant, client, needs, user, everyone=False)
    accept(service, device, user)
    return pages.page(
        "done.html", title="You have signed in", text=f"You have signed in to {client.name} on your device."
    )


def entered(service: SignIn, device: Device, name: str) -> tuple[Party, Row, list[Need]]:
    """Return the client, the user who entered its code, and what still needs consent; LoginError where he
    is not let in.
    """
    tenant = service.directory.tenants[device.tenant_id]
    client = parties.find_client(service.directory, tenant, device.client_id)
    user = tenant.user_by_name(name)
    if user is None:
        raise LoginError(50034, tenant=tenant.display_name)
    note(person_id=user["id"])
    if user.get("accountEnabled") is False:
        raise LoginError(50057)
    parties.check_assignment(tenant, user, client)
    return client, user, consent.needed(service.directory, tenant, client, parse(device.scope), user)


def accept(service: SignIn, device: Device, user: Row) -> None:
    """Let the device have the tokens of this user."""
    now = int(service.now().timestamp())
    grant = SignInGrant(
        user["id"], device.tenant_id, device.client_id, "publicClient", device.scope, service.guid(), now, now
    )
    device.grant = dataclasses.asdict(grant)


def _confirm(service: SignIn, device: Device) -> Response:
    tenant = service.directory.tenants[device.tenant_id]
    client = parties.find_client(service.directory, tenant, device.client_id)
    users = sorted(
        (user for user in tenant.users if user.get("accountEnabled") is not False),
        key=lambda user: str(user.get("userPrincipalName", "")),
    )
    needs = {
        user["id"]: consent.needed(service.directory, tenant, client, parse(device.scope), user)
        for user in users[:50]
    }
    return pages.page(
        "device.html", client=client, tenant=tenant, users=users[:50], needs=needs, user_code=device.user_code
    )


def _forget_expired(service: SignIn) -> None:
    now = service.now().timestamp()
    for device_code in [code for code, device in service.devices.items() if device.expires + SECONDS < now]:
        del service.devices[device_code]
