"""A token request in; how its client proved itself ("0" not at all, "1" secret, "2" key) out."""

import datetime as dt
from collections.abc import Iterator

from entra_emulator.clock import read_stamp, seconds_stamp
from entra_emulator.identifiers import secret_digest
from entra_emulator.login.assertions import check_certificate, check_federated, names_issuer, read
from entra_emulator.login.errors import LoginError
from entra_emulator.login.parties import Row
from entra_emulator.login.service import TokenRequest

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def authenticate(request: TokenRequest, *, public: bool = False) -> str:
    """Check what the client presents; a public one must present nothing, any other must."""
    secret, assertion = request.form.get("client_secret"), request.form.get("client_assertion")
    if public:
        if secret or assertion:
            raise LoginError(700025)
        return "0"
    if assertion:
        if request.form.get("client_assertion_type") != JWT_BEARER:
            raise LoginError(900144, parameter="client_assertion_type")
        await _check_assertion(request, assertion)
        return "2"
    if secret:
        _check_secret(request, secret)
        return "1"
    raise LoginError(7000218)


def check_browser(request: TokenRequest, platform: str) -> None:
    """Hold the Origin rules: tokens of SPA redirect URIs cross-origin only, all others never."""
    if platform == "spa" and request.browser_origin is None:
        raise LoginError(9002327)
    if platform != "spa" and request.browser_origin is not None:
        raise LoginError(9002326, origin=request.browser_origin)


def _check_secret(request: TokenRequest, secret: str) -> None:
    digest, now = secret_digest(secret), request.service.now()
    matches = [row for row in _passwords(request) if digest in _digests(request, str(row["keyId"]))]
    if not matches:
        raise LoginError(7000215, app_id=request.client.app_id)
    valid = [row for row in matches if _is_valid(row, now)]
    if not valid:
        raise LoginError(7000222, app_id=request.client.app_id)
    request.tenant.key_uses[str(valid[0]["keyId"])] = seconds_stamp(now)


def _passwords(request: TokenRequest) -> Iterator[Row]:
    yield from request.client.application.get("passwordCredentials") or ()
    yield from request.client.service_principal.get("passwordCredentials") or ()


def _digests(request: TokenRequest, key_id: str) -> Iterator[str]:
    # A multi-tenant application's secret lies in its home tenant.
    for tenant in request.service.directory.tenants.values():
        if key_id in tenant.secrets:
            yield tenant.secrets[key_id]


def _is_valid(row: Row, now: dt.datetime) -> bool:
    start, end = row.get("startDateTime"), row.get("endDateTime")
    return (not start or read_stamp(start) <= now) and (not end or now < read_stamp(end))


async def _check_assertion(request: TokenRequest, assertion: str) -> None:
    parsed = read(assertion)
    if names_issuer(parsed.claims):
        await check_federated(request, parsed, _federated(request))
        return
    check_certificate(request, parsed, list(_certificates(request)))


def _certificates(request: TokenRequest) -> Iterator[Row]:
    yield from request.client.application.get("keyCredentials") or ()
    yield from request.client.service_principal.get("keyCredentials") or ()


def _federated(request: TokenRequest) -> list[Row]:
    application_id = str(request.client.application.get("id", ""))
    return [
        row
        for tenant in request.service.directory.tenants.values()
        for row in tenant.federated_identity_credentials.find("application", application_id.casefold())
    ]
