"""The sign-in service in; the ASGI app with its endpoints, beside Graph on the same origin, out."""

from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from entra_emulator.clock import seconds_stamp
from entra_emulator.graph.reading import LARGEST
from entra_emulator.login import (
    admin_consent,
    arm,
    authorize,
    developer,
    device,
    discovery,
    exchange,
    logout,
    noting,
    token,
    userinfo,
)
from entra_emulator.login.errors import LoginError
from entra_emulator.login.exchange import Endpoint
from entra_emulator.login.service import SignIn
from entra_emulator.traffic import Exchange

# The tenant is the first segment, whatever clients put before the version.
ENDPOINTS: tuple[tuple[str, Endpoint, str], ...] = (
    ("/{tenant}/v2.0/.well-known/openid-configuration", discovery.v2, "GET"),
    ("/{tenant}//v2.0/.well-known/openid-configuration", discovery.v2, "GET"),
    ("/{tenant}/.well-known/openid-configuration", discovery.v1, "GET"),
    ("/{tenant}/discovery/v2.0/keys", discovery.keys, "GET"),
    ("/{tenant}/discovery/keys", discovery.keys, "GET"),
    ("/{tenant}/discovery/instance", discovery.instance, "GET"),
    ("/{tenant}/userrealm/{user}", discovery.user_realm, "GET"),
    ("/{tenant}/oauth2/v2.0/token", token.endpoint, "POST OPTIONS"),
    ("/{tenant}/oauth2/token", token.endpoint_v1, "POST"),
    ("/{tenant}/oauth2/v2.0/authorize", authorize.endpoint, "GET POST"),
    ("/{tenant}/oauth2/authorize", authorize.endpoint_v1, "GET POST"),
    ("/{tenant}/login", authorize.sign_in, "POST"),
    ("/{tenant}/consent", authorize.decide, "POST"),
    ("/{tenant}/adminconsent", admin_consent.endpoint, "GET POST"),
    ("/{tenant}/v2.0/adminconsent", admin_consent.endpoint, "GET POST"),
    ("/{tenant}/oauth2/v2.0/devicecode", device.code, "POST"),
    ("/{tenant}/oauth2/devicecode", device.code_v1, "POST"),
    ("/devicelogin", device.page, "GET POST"),
    ("/{tenant}/oauth2/v2.0/logout", logout.endpoint, "GET POST"),
    ("/{tenant}/oauth2/logout", logout.endpoint, "GET POST"),
    ("/oidc/userinfo", userinfo.endpoint, "GET POST OPTIONS"),
    ("/{tenant}/openid/userinfo", userinfo.endpoint, "GET POST OPTIONS"),
    ("/subscriptions", arm.subscriptions, "GET"),
    ("/tenants", arm.tenants, "GET"),
    ("/metadata/endpoints", arm.metadata, "GET"),
    ("/emulator/token", developer.token, "POST"),
    ("/emulator/rotate-keys", developer.rotate, "POST"),
)


def build(service: SignIn, more: list[BaseRoute] | None = None) -> Starlette:
    """Return the app; `more` are routes of others, such as the page at `/`."""
    routes: list[BaseRoute] = [
        Route(path, _bound(endpoint, service), methods=methods.split())
        for path, endpoint, methods in ENDPOINTS
    ]
    return Starlette(routes=[*(more or ()), *routes], exception_handlers={HTTPException: _not_found})


def _bound(endpoint: Endpoint, service: SignIn) -> Callable[[Request], Awaitable[Response]]:
    return partial(_serve, endpoint, service)


async def _serve(endpoint: Endpoint, service: SignIn, request: Request) -> Response:
    started = perf_counter()
    # Read once here, the body is there for the endpoint and for whoever looks at the traffic.
    body = await _read_body(request)
    if body is None:
        return _refused(413, f"A body has at most {LARGEST} bytes.")
    with noting.collecting() as facts:
        try:
            response = await endpoint(service, request)
        except LoginError as error:
            response = exchange.refusal(service, request, error, {})
    service.traffic.add(
        Exchange(
            seconds_stamp(service.now()),
            "Sign-in",
            request.method,
            request.url.path,
            request.url.query,
            response.status_code,
            round((perf_counter() - started) * 1000, 2),
            dict(request.headers),
            body,
            bytes(response.body),
            response.headers.get("content-type", ""),
            response.headers.get("location", ""),
            sign_in=facts,
        )
    )
    return response


async def _read_body(request: Request) -> bytes | None:
    """Return the body; None if it is larger than any that a client of sign-in sends."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST:
            return None
    body = b"".join(chunks)
    # Where Starlette looks for a body that was read.
    request._body = body  # noqa: SLF001  # it has no public way to give the body back
    return body


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _refused(status, f"The emulator serves nothing at {request.method} {request.url.path}.")


def _refused(status: int, message: str) -> Response:
    code = {404: "NotFound", 405: "MethodNotAllowed"}.get(status, "BadRequest")
    return JSONResponse({"error": {"code": code, "message": message}}, status)
